/** The schema page, and what its diagram is made of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clustersOf } from '../../webview/schema/diagram/clusters.ts';
import { layoutOf } from '../../webview/schema/diagram/layout.ts';
import { entityGraph, foreignKey } from '../../webview/schema/diagram/references.ts';
import { browser } from '../support/browser.ts';
import { chromium, needs } from '../support/requirements.ts';
import { ANSWERS, at } from './answers.ts';
import { violations } from './axe.ts';
import { openFake } from './fake-host.ts';
import { textOf } from './pages.ts';
import { driftOf, schemaOf, versionsOf } from './schema-data.ts';

if (chromium().found) await browser();

test('foreign keys are read as engines print them', () => {
  const cases: [string, ReturnType<typeof foreignKey>][] = [
    [
      'FOREIGN KEY (a, b) REFERENCES public.users(id, at) ON DELETE CASCADE',
      { columns: ['a', 'b'], table: 'public.users' },
    ],
    [
      'FOREIGN KEY ("Team") REFERENCES "My ""own"""."Order"(id)',
      { columns: ['Team'], table: 'My "own".Order' },
    ],
    ['FOREIGN KEY (`a`) REFERENCES `users` (`id`)', { columns: ['a'], table: 'users' }],
    ['PRIMARY KEY (id)', undefined],
  ];
  for (const [definition, expected] of cases) assert.deepEqual(foreignKey(definition), expected, definition);
});

test('every table is in one group, and no two tables overlap, however many there are', () => {
  for (const tables of [1, 2, 24, 200, 500]) {
    const graph = entityGraph(schemaOf(tables));
    const grouped = clustersOf(graph).flatMap((cluster) => cluster.tables);
    assert.deepEqual([...grouped].sort(), graph.entities.map(({ name }) => name).sort());
    for (const withColumns of [true, false]) {
      const layout = layoutOf(graph, withColumns);
      const boxes = [...layout.tables.values()];
      assert.equal(boxes.length, tables);
      const overlapping = boxes.filter((a, i) =>
        boxes.some(
          (b, j) =>
            j > i &&
            a.x < b.x + b.width &&
            b.x < a.x + a.width &&
            a.y < b.y + b.height &&
            b.y < a.y + a.height,
        ),
      );
      assert.deepEqual(overlapping, [], `${tables} tables`);
      assert.ok(
        boxes.every(
          ({ x, y, width, height }) =>
            x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height,
        ),
      );
      assert.deepEqual(layoutOf(graph, withColumns), layout, 'the same graph, the same layout');
    }
  }
});

test('tables that refer to each other are grouped under what they have in common', () => {
  const titles = clustersOf(entityGraph(schemaOf(80))).map(({ title }) => title);
  for (const domain of ['order', 'customer', 'product']) assert.ok(titles.includes(domain), titles.join());
});

describe('schema', needs(chromium()), () => {
  test('200 tables: found by name, centred, followed from one to the next, and listed as a table', async () => {
    const { page, errors } = await openFake(
      { ...ANSWERS, 'schema.get': () => ({ schema: schemaOf(200) }) },
      '#/schema?view=diagram',
      at(0),
    );
    await page.getByText('200 tables, 203 foreign keys').waitFor();
    const list = page.getByRole('list', { name: 'Tables' });
    await page.getByLabel('Search tables').fill('order_prices');
    await page.waitForFunction(() => document.querySelectorAll('.er-list button').length < 5);
    await list.getByRole('button', { name: 'order_prices', exact: true }).press('Enter');
    const selected = page.getByRole('region', { name: 'Selected table' });
    assert.match(await textOf(selected), /public.order_prices .*Refers to orders/);
    const canvas = page.getByRole('group', { name: /^Diagram/ });
    const middle = async (name: string) => {
      const frame = await canvas.boundingBox();
      const box = await page
        .locator('.er-table', { hasText: new RegExp(`^${name}$`) })
        .first()
        .boundingBox();
      assert.ok(frame && box);
      return Math.hypot(
        box.x + box.width / 2 - frame.x - frame.width / 2,
        box.y + box.height / 2 - frame.y - frame.height / 2,
      );
    };
    assert.ok((await middle('order_prices')) < 5, 'it stands in the middle');
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    assert.ok((await middle('order_prices')) > 60, 'arrow keys move the drawing');
    await selected.getByRole('button', { name: 'orders', exact: true }).click();
    assert.match(await textOf(selected), /^public.orders .*Referred to by/);
    await page.getByRole('button', { name: 'Show as table' }).click();
    assert.equal(await page.getByRole('table').locator('tbody tr').count(), 200);
    assert.deepEqual(errors, []);
  });

  test('200 tables from afar are groups with names one can read; one leads nearer, the small map elsewhere', async () => {
    const { page, errors } = await openFake(
      { ...ANSWERS, 'schema.get': () => ({ schema: schemaOf(200) }) },
      '#/schema?view=diagram',
      at(0),
    );
    const groups = page.locator('.er-group');
    await groups.first().waitFor();
    assert.equal(await page.locator('.er-table').count(), 0);
    const sizes = await groups.locator('.er-name').evaluateAll((names) =>
      names.map((name) => {
        const scale = (name as SVGTextElement).getScreenCTM()?.a ?? 0;
        return Number.parseFloat(getComputedStyle(name).fontSize) * scale;
      }),
    );
    assert.ok(Math.min(...sizes) > 11, `${Math.min(...sizes)} px`);
    const map = page.locator('.er-map');
    assert.equal(await map.count(), 0, 'all of it is seen');
    await groups.first().click();
    const tables = page.locator('.er-table');
    await tables.first().waitFor();
    const view = () => page.locator('.er-frame svg').getAttribute('viewBox');
    const before = await view();
    await map.click({ position: { x: 140, y: 80 } });
    assert.notEqual(await view(), before);
    await page.getByRole('button', { name: 'Fit all' }).click();
    await groups.first().waitFor();
    assert.deepEqual(errors, []);
  });

  test('a table and its neighbours alone, by keyboard, kept in the address', async () => {
    const { page, errors } = await openFake(
      { ...ANSWERS, 'schema.get': () => ({ schema: schemaOf(200) }) },
      '#/schema?view=diagram&table=public.order_prices',
      at(0),
    );
    const canvas = page.getByRole('group', { name: /^Diagram/ });
    await canvas.focus();
    await page.keyboard.press('n');
    await page.getByRole('img', { name: /^2 tables in 1 group/ }).waitFor();
    assert.match(page.url(), /near=1/);
    await page.reload();
    await page.getByRole('img', { name: /^2 tables/ }).waitFor();
    await canvas.focus();
    await page.keyboard.press('Escape');
    await page.getByRole('img', { name: /^200 tables/ }).waitFor();
    assert.doesNotMatch(page.url(), /near|table=/);
    assert.deepEqual(errors, []);
  });

  test('the list of tables is one stop of Tab, with arrow keys inside', async () => {
    const { page } = await openFake(
      { ...ANSWERS, 'schema.get': () => ({ schema: schemaOf(200) }) },
      '#/schema?view=diagram',
      at(0),
    );
    await page.getByLabel('Search tables').focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'audit_addresss');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const third = await focused();
    await page.keyboard.press('End');
    assert.match(await focused(), /^stocks?/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), third);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Selected table' }).getByText(`public.${third}`).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Neighbours');
  });

  test('a drag moves the drawing and chooses nothing', async () => {
    const { page } = await openFake(ANSWERS, '#/schema?view=diagram', at(0));
    const table = page.locator('.er-table').first();
    const box = await table.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 40, { steps: 4 });
    await page.mouse.up();
    const moved = await table.boundingBox();
    assert.ok(moved && moved.x - box.x > 40);
    assert.equal(await page.getByRole('region', { name: 'Selected table' }).count(), 0);
    await table.click();
    await page.getByRole('region', { name: 'Selected table' }).waitFor();
  });

  test('the compared moments are the last two that differ, and the chosen tab is seen where there is little room', async () => {
    const versions = versionsOf(60);
    const [newest, second] = versions.items;
    assert.ok(newest && second);
    newest.hash = second.hash;
    const { page } = await openFake(
      { ...ANSWERS, 'schema.versions': () => versions },
      '#/schema?view=compare',
      at(0),
      { viewport: { width: 320, height: 700 } },
    );
    assert.equal(
      await page.getByRole('combobox', { name: 'From' }).inputValue(),
      versions.items[2]?.migration,
    );
    await page.getByRole('tab', { name: 'Live database' }).click();
    await page.reload();
    const tab = await page.getByRole('tab', { name: 'Live database' }).boundingBox();
    assert.ok(tab && tab.x >= 0 && tab.x + tab.width <= 320);
  });

  test('a table that is gone keeps its history, and the list is one step away', async () => {
    const { page } = await openFake(ANSWERS, '#/schema?view=tables&table=public.gone', at(0));
    await page.getByText('It is not in this version').waitFor();
    await page.getByRole('heading', { name: 'Its history' }).waitFor();
    await page.locator('.timeline-item').first().waitFor();
    await page.getByRole('button', { name: 'All tables' }).click();
    await page.getByText('It is not in this version').waitFor({ state: 'detached' });
    await page.getByRole('columnheader', { name: 'Indexes' }).waitFor();
  });

  test('with nothing known, the desktop app says how a history comes in there', async () => {
    const { page } = await openFake(
      { ...ANSWERS, 'schema.versions': () => ({ items: [], total: 0 }) },
      '#/schema',
      at(0),
    );
    await page.getByText('Drop the folder of a project on this window').waitFor();
  });

  test('versions are filtered by what they moved and lead to what they changed', async () => {
    const { page, calls } = await openFake(ANSWERS, '#/schema', at(0));
    await page.getByRole('button', { name: /^Breaking/ }).click();
    assert.equal(await page.locator('.timeline-item').count(), 10);
    await page.getByRole('link', { name: 'What 0055_change_55 changed' }).click();
    await page.getByText('1 difference loses data.').waitFor();
    assert.deepEqual(calls.findLast(({ method }) => method === 'schema.diff')?.params, {
      workspace: 'shop~3fa2c1',
      history: 'db/migrations',
      from: '0054_change_54',
      to: '0055_change_55',
      sql: true,
    });
    await page.getByRole('combobox', { name: 'From' }).fill('2026-01-05');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.includes('from=2026-01-05'));
  });

  test('a live database: what differs, what to do about it, and its address kept nowhere', async () => {
    const address = 'postgres://reader:hush@db.test/shop';
    let result: 'pass' | 'warn' | 'fail' = 'fail';
    const { page, errors, calls } = await openFake(
      { ...ANSWERS, 'schema.drift': () => driftOf(result) },
      '#/schema?view=drift',
      at(0),
    );
    const field = page.getByLabel('Address of the database');
    await field.fill(address);
    assert.equal(await field.getAttribute('type'), 'password', 'nobody reads it over a shoulder');
    await page.getByLabel('Environment').selectOption('staging');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const found = page.locator('.drift-result');
    await found.getByText('in 3 places, 2 of them breaking').waitFor();
    assert.match(await textOf(found), /write it as a migration .* public\._prisma_migrations/);
    assert.equal(await page.getByRole('table', { name: 'Differences' }).locator('tbody tr').count(), 3);
    await page.getByText('SQL that would make what the migrations give').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(calls.findLast(({ method }) => method === 'schema.drift')?.params, {
      workspace: 'shop~3fa2c1',
      history: 'db/migrations',
      sql: true,
      url: address,
      environment: 'staging',
    });
    const kept = await page.evaluate(() =>
      JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }]),
    );
    assert.doesNotMatch(kept, /hush/);

    result = 'warn';
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await found.getByText(/^Run the 1.migration after 0059_change_59, up to 0060_change_60/).waitFor();
    result = 'pass';
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await found.getByText('db.test/shop is what its migrations give').waitFor();
    await page.getByRole('table', { name: 'Differences' }).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Diagram' }).click();
    await page.getByRole('tab', { name: 'Live database' }).click();
    assert.equal(await field.inputValue(), '', 'leaving the view forgets it');
    assert.deepEqual(errors, []);
  });
});
