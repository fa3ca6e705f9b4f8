/** Several folders in a window, and several windows on one engine, in a real VS Code. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import type { CodeServer } from './code-server.ts';
import { MIGRATION } from './editor-home.ts';
import { openEditor } from './editor-window.ts';
import { Workbench } from './workbench.ts';

const OTHER = '0001_invoices.sql';

/** A second project beside the first one, and a workspace of both. */
function twoFolders(project: string): void {
  const billing = join(dirname(project), 'billing');
  mkdirSync(join(billing, 'migrations'), { recursive: true });
  writeFileSync(join(billing, 'migrations', OTHER), '');
  const folders = [{ path: 'shop' }, { path: 'billing' }];
  writeFileSync(join(dirname(project), 'both.code-workspace'), JSON.stringify({ folders }));
}

const beside = ({ address, project }: CodeServer, name: string, how: string) => {
  const url = new URL(address);
  url.search = `?${how}=${encodeURIComponent(join(dirname(project), name))}`;
  return url.href;
};

test(
  'two folders in a window, and a second window on the same engine',
  needs(chromium(), codeServer()),
  async (t) => {
    let second = '';
    const { window, page, ask, step, picture } = await openEditor(t, twoFolders, {
      opened: (server) => {
        second = beside(server, 'billing', 'folder');
        return beside(server, 'both.code-workspace', 'workspace');
      },
    });
    const saved = () =>
      ask(async (client) => {
        const { items } = await client.call('events.list', {
          source: 'vscode',
          type: ['schema_operation'],
          order: 'oldest',
        });
        return items.map(
          ({ data, metadata }) => `${metadata.workspace?.split('~')[0]} ${data.operation} ${data.file}`,
        );
      });

    await step('each folder is a workspace of its own, recorded and judged on its own history', async () => {
      await window.status('AI-BOS: not recording');
      await window.answer('Record');
      await window.status('AI-BOS: recording');
      await window.openFile(MIGRATION);
      await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
      await window.openFile(OTHER);
      await window.append('CREATE TABLE invoices (id int);\nALTER TABLE orders ADD COLUMN x int;\n');
      await window.status(/AI-BOS: [3-9] today/);
      assert.deepEqual(await saved(), [
        `shop add_column migrations/${MIGRATION}`,
        `billing create_table migrations/${OTHER}`,
        `billing add_column migrations/${OTHER}`,
      ]);
      // The orders of the other folder are none of its tables: its shadow says so.
      await page.locator('.squiggly-error').first().waitFor();
      await picture('multi-root');
    });

    await step(
      'a second window attaches to the engine of the first, and each sees what the other records',
      async () => {
        const other = await page.context().newPage();
        await other.goto(second);
        const beside = await Workbench.in(other);
        await beside.status(/AI-BOS: \d+ today/);
        assert.match(await beside.tooltip(), /running in another process/);
        const before = (await saved()).length;
        await beside.openFile(OTHER);
        await beside.append('CREATE TABLE dunning (id int);\n');
        for (let left = 60; (await saved()).length === before; left--) {
          assert.ok(left > 0, 'nothing was recorded in the second window');
          await delay(500);
        }
        assert.equal((await saved()).at(-1), `billing create_table migrations/${OTHER}`);
        await other.close();
      },
    );
  },
);
