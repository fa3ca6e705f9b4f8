/**
 * The loop, closed: a migration that is run in the terminal on a real PostgreSQL changes what is predicted of the next one,
 * which is open beside it. Nothing is loaded again, and nobody touches the editor in between.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startPostgres } from '../support/postgres.ts';
import { chromium, codeServer, needs, psql } from '../support/requirements.ts';
import { openEditor } from './editor-window.ts';

const run = promisify(execFile);

const FIRST = '0003_one_email.sql';
const NEXT = '0004_one_name.sql';
const ROWS = 50_000;

const column = (name: string) => ({ name, nullFraction: 0, distinct: -0.98, avgWidth: 12 });
const STATISTICS = {
  version: 1,
  dialect: 'postgres',
  serverVersion: '18.0',
  tables: [
    {
      relation: 'public.customers',
      rows: ROWS,
      bytes: 4_194_304,
      indexBytes: 1_130_496,
      columns: [column('name'), column('email')],
    },
  ],
};

test(
  'an outcome in the terminal changes the next prediction',
  needs(chromium(), codeServer(), psql()),
  async (t) => {
    const url = await startPostgres(t);
    const fill = (...files: string[]) =>
      run(psql().found ?? '', [url, '-q', '-v', 'ON_ERROR_STOP=1', ...files.flatMap((file) => ['-f', file])]);
    const { window, page, project, step, picture } = await openEditor(t, (project) => {
      const write = (name: string, sql: string) => writeFileSync(join(project, 'migrations', name), sql);
      write('0001_customers.sql', 'CREATE TABLE customers (id bigint PRIMARY KEY, name text, email text);\n');
      write('0002_orders.sql', 'CREATE TABLE orders (id bigint PRIMARY KEY);\n');
      write(FIRST, '');
      write(NEXT, 'ALTER TABLE customers ADD CONSTRAINT one_name UNIQUE (name);\n');
      writeFileSync(
        join(project, 'rows.sql'),
        `INSERT INTO customers SELECT n, 'name ' || n, n || '@example.org' FROM generate_series(1, ${ROWS}) n;\n`,
      );
      const data = join(dirname(project), 'data');
      mkdirSync(data, { recursive: true });
      writeFileSync(join(data, 'statistics.json'), JSON.stringify(STATISTICS));
    });
    const lens = (text: RegExp) => page.locator('.codelens-decoration a', { hasText: text });
    const about = lens(/may fail: duplicates in/);
    /** Share of failures and expected time that stand on the screen. */
    const said = async () => {
      const text = ((await about.first().textContent()) ?? '').replace(/\s+/g, ' ');
      return {
        text,
        risk: Number(/([\d.]+) % may fail/.exec(text)?.[1]),
        time: /~([^(]+)/.exec(text)?.[1]?.trim(),
      };
    };
    /** Until another text stands there than this one. */
    const changed = async (before: string) => {
      await page.waitForFunction(
        (was) =>
          [...document.querySelectorAll('.codelens-decoration a')].some((element) => {
            const text = (element.textContent ?? '').replace(/\s+/g, ' ');
            return text.includes('may fail: duplicates in') && text !== was;
          }),
        before,
        { timeout: 120_000 },
      );
      return said();
    };

    await step('before anything was run, the next migration has a prediction', async () => {
      await fill(join(project, 'migrations', '0001_customers.sql'), join(project, 'rows.sql'));
      await window.status('AI-BOS: not recording');
      await window.answer('Record');
      await window.status('AI-BOS: recording');
      await window.openFile(FIRST);
      await window.append('ALTER TABLE customers ADD CONSTRAINT one_email UNIQUE (email);\n');
      await lens(/may fail: duplicates in email/).waitFor();
      await window.openFile(NEXT);
      await lens(/may fail: duplicates in name/).waitFor();
      await picture('learning-before');
    });

    await step(
      'a run that goes well makes it less likely to fail, on the screen, by itself',
      async (context) => {
        const before = await said();
        await window.openTerminal();
        await window.run(`psql -q ${url} -v ON_ERROR_STOP=1 -f migrations/${FIRST}`);
        const after = await changed(before.text);
        context.diagnostic(`${before.text} → ${after.text}`);
        assert.ok(after.risk < before.risk, `${before.text} → ${after.text}`);
        await picture('learning-after');
        // The next one rests on it, and says so.
        await about.first().click();
        const hover = page.locator('.monaco-hover', { hasText: 'Rests on' });
        await hover.waitFor();
        assert.match((await hover.textContent()) ?? '', /outcome/);
        await picture('learning-hover');
        await page.keyboard.press('Escape');
      },
    );

    await step('how it went stands in the file that was run, and leads to its story', async () => {
      await window.openFile(FIRST);
      await lens(/succeeded in [\d.]+ m?s/).click();
      await window.dashboard
        .getByRole('heading', { name: /0003_one_email/ })
        .first()
        .waitFor();
      await picture('learning-story');
    });
  },
);
