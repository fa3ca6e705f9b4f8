import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { DataFolder } from '../../../core/node/data-folder.ts';
import { workspaceOf } from '../../../core/node/import/import-repository.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/temp.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../../core/node/cli/aibos.ts');

test('a failed migration holds up the next run where the settings ask for it, until somebody overrides', async (t) => {
  const project = realpathSync(temporaryFolder(t));
  const data = temporaryFolder(t);
  writeFileSync(join(project, '001_a.sql'), 'CREATE TABLE a (id integer);');
  // An empty file is an empty database.
  writeFileSync(join(project, 'x.db'), '');
  const { client } = await startEngine(t, new DataFolder(data));
  await client.call('settings.update', {
    alertActions: [
      {
        id: 'hold',
        do: 'block-next-run',
        kinds: ['failed-migration'],
        leastSeverity: 'error',
        mostPerHour: 5,
        enabled: true,
      },
    ],
  });
  await client.call('events.record', {
    events: [
      {
        type: 'migration_execution',
        source: 'test',
        data: { migration: '000_x', outcome: 'failed', environment: 'staging' },
        metadata: { workspace: workspaceOf(project) },
      },
    ],
  });
  const aibos = (...args: string[]) =>
    run(
      process.execPath,
      [CLI, '--data-dir', data, 'run', '001_a.sql', '--url', `sqlite:${join(project, 'x.db')}`, ...args],
      {
        cwd: project,
      },
    );
  await assert.rejects(aibos(), /An alert holds up the next run: 000_x failed in staging.*--override/s);
  const { stdout } = await aibos('--override');
  assert.match(stdout, /001_a\.sql/);
});
