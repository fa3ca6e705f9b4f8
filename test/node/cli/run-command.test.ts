/** `aibos run -- COMMAND…`: the command runs as it is, and what it ran is recorded. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allEvents } from '../../../core/contract/client.ts';
import { isType } from '../../../core/contract/event.ts';
import { DataFolder } from '../../../core/node/data-folder.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const CLI = join(import.meta.dirname, '../../../core/node/cli/aibos.ts');
/** Speaks like goose, and ends as it is told to. */
const GOOSE = `#!/usr/bin/env node
console.log('2026/01/01 10:00:00 OK   0001_a.sql (12.5ms)');
if (process.env.FAILS) {
  console.error('2026/01/01 10:00:00 ERROR 0002_b.sql: failed to run SQL migration: ERROR: relation "x" does not exist (SQLSTATE 42P01)');
  process.exit(1);
}
`;

function project(t: Parameters<typeof temporaryFolder>[0]) {
  const root = realpathSync(temporaryFolder(t));
  const data = temporaryFolder(t);
  writeTree(root, {
    'migrations/0001_a.sql': '-- +goose Up\nSELECT 1;',
    'migrations/0002_b.sql': '-- +goose Up\nSELECT 2;',
    'bin/goose.mjs': GOOSE,
    'package.json': '{"scripts":{"migrate":"goose -dir migrations up"}}',
  });
  const run = (env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [CLI, '--data-dir', data, 'run', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  const recorded = async () => {
    const { client } = await startEngine(t, new DataFolder(data));
    const events = await allEvents(client, { type: ['migration_execution'] });
    return events.flatMap((event) => (isType(event, 'migration_execution') ? [event.data] : []));
  };
  return { run, recorded };
}

test('a command that fails keeps its output and exit code, and each migration its own outcome', async (t) => {
  const { run, recorded } = project(t);
  const line = 'goose() { node bin/goose.mjs "$@"; }; goose -dir migrations up';
  const { status, stdout, stderr } = run({ FAILS: '1' }, '--', 'bash', '-c', line);
  assert.equal(status, 1);
  assert.match(stdout, /OK {3}0001_a\.sql/);
  assert.match(stderr, /aibos: recorded 0002_b: failed/);
  const [first, second] = await recorded();
  assert.deepEqual([first?.migration, first?.outcome, first?.durationMs], ['0001_a', 'succeeded', 12.5]);
  assert.deepEqual([second?.migration, second?.outcome], ['0002_b', 'failed']);
  assert.equal(second?.error?.sqlState, '42P01');
  assert.equal(second?.tool, 'goose');
});

test('a command that runs no migrations is run, and nothing is recorded', async (t) => {
  const { run, recorded } = project(t);
  const { status, stdout, stderr } = run({}, '--', 'node', '-e', 'console.log(6 * 7); process.exitCode = 5');
  assert.deepEqual([status, stdout], [5, '42\n']);
  assert.match(stderr, /no migration tool is known/);
  assert.deepEqual(await recorded(), []);
});

test('a program that is not there is one clear error', (t) => {
  const { run } = project(t);
  const { status, stderr } = run({}, '--', 'no-such-program');
  assert.equal(status, 3);
  assert.match(stderr, /no-such-program cannot be started/);
});
