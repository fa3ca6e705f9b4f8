import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TelemetryError } from '../../core/contract/errors.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import {
  type Answer,
  DOCTOR,
  EVENTS,
  type EventsParams,
  IMPORT,
  IMPORT_PROGRESS,
  type ImportReport,
  SUBSCRIBE,
  UNSUBSCRIBE,
} from '../../extension/protocol.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { Editor } from './language-server.ts';

const FILE = 'migrations/0001_users.sql';
const CREATE = 'CREATE TABLE users (id bigint PRIMARY KEY);\n';

function project(t: TestContext) {
  const root = realpathSync(temporaryFolder(t, 'aibos-project-'));
  return { root, folder: temporaryDataFolder(t) };
}

const lastStatus = ({ statuses }: Editor) => statuses.at(-1);

test('the status follows: starting, running, what is recorded', async (t) => {
  const { root, folder } = project(t);
  const editor = await Editor.start(t, { root, folder });
  await editor.until(
    () => lastStatus(editor),
    (status) => status?.engine === 'running',
  );
  assert.equal(editor.statuses[0]?.engine, 'starting');
  assert.equal(lastStatus(editor)?.hostedHere, true);
  assert.equal(lastStatus(editor)?.dataFolder, folder.path);
  await editor.open(FILE, '');
  await editor.save(FILE, CREATE);
  const status = await editor.until(
    () => lastStatus(editor),
    (now) => now?.last !== undefined,
  );
  assert.deepEqual(status?.today, [{ type: 'schema_operation', count: 1 }]);
  assert.equal(status?.last?.what, 'create_table on public.users');
  assert.equal(status?.last?.file, FILE);
  assert.equal(status?.last?.line, 1);
  assert.deepEqual(
    status?.folders.map((one) => one.root),
    [root],
  );
});

test('a second window attaches, and takes over within a second when the first one crashes', async (t) => {
  const { root, folder } = project(t);
  const first = await Editor.start(t, { root, folder });
  await first.call('health.get', {});
  const second = await Editor.start(t, { root, folder });
  await second.until(
    () => lastStatus(second),
    (status) => status?.engine === 'running',
  );
  assert.equal(lastStatus(second)?.hostedHere, false);
  await first.open(FILE, '');
  await first.save(FILE, CREATE);
  await first.recorded(1);
  await first.kill();
  const started = performance.now();
  await second.until(
    () => lastStatus(second),
    (status) => status?.hostedHere === true,
  );
  const took = performance.now() - started;
  assert.ok(took < 1_500, `took ${Math.round(took)} ms`);
  assert.equal((await second.recorded(1)).length, 1);
});

test('a data folder that cannot be made is said in the status, and tried again', async (t) => {
  const { root } = project(t);
  const blocker = join(temporaryFolder(t), 'file');
  const folder = new DataFolder(temporaryFolder(t));
  writeFileSync(blocker, '');
  const blocked = { path: join(blocker, 'data') } as DataFolder;
  const editor = await Editor.start(t, { root, folder: blocked });
  const status = await editor.until(
    () => lastStatus(editor),
    (now) => now?.engine === 'lost',
  );
  assert.match(status?.problem ?? '', /cannot be made/);
  assert.notEqual(folder.path, blocked.path);
});

test('calls carry the method table, and errors come back as themselves', async (t) => {
  const { root, folder } = project(t);
  const editor = await Editor.start(t, { root, folder });
  const health = await editor.call('health.get', {});
  assert.equal(health.processId, editor.process.pid);
  await assert.rejects(editor.call('events.get', { id: '018f0000-0000-7000-8000-000000000000' }), (error) =>
    TelemetryError.is(error, 'not-found'),
  );
  await assert.rejects(editor.call('no.such' as never, {} as never), (error) => TelemetryError.is(error));
});

test('live events come in batches until the subscription ends', async (t) => {
  const { root, folder } = project(t);
  const editor = await Editor.start(t, { root, folder });
  const seen: EventsParams[] = [];
  editor.connection.onNotification(EVENTS, (params: EventsParams) => {
    seen.push(params);
  });
  await editor.connection.sendRequest(SUBSCRIBE, { subscription: 7, filter: { type: ['schema_operation'] } });
  await editor.open(FILE, '');
  await editor.save(FILE, CREATE);
  await editor.until(
    () => seen.length,
    (count) => count > 0,
  );
  assert.equal(seen[0]?.subscription, 7);
  assert.equal(seen[0]?.events[0]?.data.operation, 'create_table');
  await editor.connection.sendRequest(UNSUBSCRIBE, 7);
  await editor.save(FILE, `${CREATE}DROP TABLE old;\n`);
  await editor.recorded(2);
  assert.equal(seen.length, 1);
});

test('an import reports its progress and its summary', async (t) => {
  const { root, folder } = project(t);
  mkdirSync(join(root, 'migrations'));
  writeFileSync(join(root, FILE), CREATE);
  writeFileSync(join(root, 'migrations/0002_broken.sql'), 'ALTER TABLE nobody ADD COLUMN email text;\n');
  const editor = await Editor.start(t, { root, folder });
  const progress: string[] = [];
  editor.connection.onNotification(IMPORT_PROGRESS, ({ message }: { message: string }) => {
    progress.push(message);
  });
  const answer = await editor.connection.sendRequest<Answer<ImportReport>>(IMPORT, { root });
  assert.ok('result' in answer, JSON.stringify(answer));
  const { summaryFile, ...counts } = answer.result;
  assert.deepEqual(counts, { histories: 1, imported: 2, failed: 1, cancelled: false });
  assert.match(readFileSync(summaryFile, 'utf8'), /1 of 2 applied, 1 failed/);
  assert.ok(progress.some((message) => /\d+ of \d+/.test(message)));
  const { items } = await editor.call('events.list', { type: ['migration_execution'] });
  assert.equal(items.length, 2);
});

test('the doctor looks at the engine that runs here', async (t) => {
  const { root, folder } = project(t);
  const editor = await Editor.start(t, { root, folder });
  await editor.call('health.get', {});
  const answer = await editor.connection.sendRequest<Answer<string[]>>(DOCTOR, { editor: 'an editor 1.0' });
  assert.ok('result' in answer);
  const text = answer.result.join('\n');
  assert.match(text, /✓ editor +an editor 1\.0/);
  assert.match(text, /✓ engine .*hosted by process/);
  assert.match(text, new RegExp(`hosted by process ${editor.process.pid}`));
});
