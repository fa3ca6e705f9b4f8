import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serve } from '../../core/node/cli/dashboard.ts';
import { openPage } from '../support/browser.ts';
import { startEngine, startServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { openPages } from './pages.ts';

const noise = (errors: string[]) =>
  errors.filter((text) => !/status of 401|ERR_CONNECTION|ERR_INCOMPLETE/.test(text));

describe('sign-in', needs(chromium()), () => {
  test('the code goes from the address before anything else, and a reload needs none', async (t) => {
    const server = await startServer(t);
    const { page, errors } = await openPage();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(page.url(), `${server.base}/`);
    assert.ok(
      requested.every((url) => url.startsWith(server.base) && !url.includes('code=')),
      requested.join('\n'),
    );
    assert.equal(await page.evaluate(() => history.length), 2, 'about:blank and this one page');
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.deepEqual(errors, []);
  });

  test('without a session it says how to get one; takes an address, a code or the token', async (t) => {
    const server = await startServer(t);
    for (const pasted of [server.url, new URL(server.url).hash.replace('#code=', ''), server.token]) {
      const { page, errors } = await openPage();
      await page.goto(`${server.base}/#/models`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      assert.ok(await page.getByText('npx aibos serve').isVisible());
      const field = page.getByLabel(/paste that address/);
      await field.fill('wrong');
      await field.press('Enter');
      await page
        .getByRole('alert')
        .getByText(/not from this server/)
        .waitFor();
      await field.fill(pasted);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Models' }).waitFor();
      assert.match(page.url(), /#\/models$/);
      assert.deepEqual(noise(errors), []);
    }
  });

  test('an open page takes the address of a new server that is pasted over the old one', async (t) => {
    const server = await startServer(t);
    const { page } = await openPage();
    await page.goto(`${server.base}/`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.doesNotMatch(page.url(), /code/);
  });

  test('a server that goes away is said, what is there stays, and the page goes on when it is back', async (t) => {
    const { session } = await startEngine(t);
    const first = await serve(session, 0);
    const port = Number(new URL(first.base).port);
    const { page, errors } = await openPages(first);
    await page.getByLabel('Key figures').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await first.close();
    await page.getByRole('alert').getByText('The engine does not answer.').waitFor();
    assert.ok(await page.getByLabel('Key figures').isVisible());
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByText('The engine does not answer', { exact: true }).waitFor();
    const second = await serve(session, port);
    t.after(() => second.close());
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 15_000 });
    await page.getByLabel(/paste that address/).fill(second.url);
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: 'Usage pattern' }).waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(noise(errors), []);
  });
});
