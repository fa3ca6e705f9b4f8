import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Preferences } from '../../extension/protocol.ts';
import { editorIn, FACES, lensesOf, STATISTICS } from './language-editor.ts';
import type { Editor } from './language-server.ts';

const FIRST = {
  ...STATISTICS,
  'migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
};
const LAST = 'migrations/0002_orders.sql';
const TEXT = 'CREATE TABLE orders (id int);\nALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\n';
const ON: Partial<Preferences> = { recording: 'on', statisticsFile: 'stats.json' };

async function predictions(vscode: Editor, count: number) {
  const { items } = await vscode.until(
    () => vscode.call('events.list', { type: ['ai_prediction'], order: 'oldest' }),
    (page) => page.items.length >= count,
  );
  return items;
}

test('a saved version is predicted once: the whole, and each statement at risk; lenses carry the ids', async (t) => {
  const vscode = await editorIn(t, FIRST, ON);
  await vscode.open(LAST, '');
  await vscode.type(LAST, TEXT);
  await lensesOf(vscode, LAST);
  await vscode.save(LAST, TEXT);
  const [whole, statement, ...more] = await predictions(vscode, 2);
  assert.deepEqual(more, []);
  const { data } = whole ?? assert.fail();
  assert.deepEqual(
    [data.subject, data.subjectType, data.file, data.line, data.tool, data.modelId],
    ['0002_orders', 'migration', LAST, 1, 'numbered', 'error-prediction'],
  );
  assert.deepEqual(
    [statement?.data.subject, statement?.data.subjectType, statement?.data.statement, statement?.data.line],
    ['0002_orders', 'statement', 1, 2],
  );
  assert.match(String(statement?.data.reasons), /duplicates in email.*unique-builds-index: /);

  const ids = async () =>
    (await lensesOf(vscode, LAST)).flatMap(({ command }) => command?.arguments?.[0]?.predictionId ?? []);
  const now = await vscode.until(ids, (list) => list.length > 0);
  assert.deepEqual([...new Set(now)], [whole?.id, statement?.id]);

  await vscode.save(LAST, TEXT);
  await vscode.save(LAST, `${TEXT}SELECT 1;\n`);
  assert.equal((await predictions(vscode, 4)).length, 4);
  await vscode.type(LAST, `${TEXT}SELECT 2;\n`);
  assert.deepEqual(await ids(), [], 'what is typed has no prediction yet');
});

test('what came of a prediction here moves the next one, and a file that is open says so', async (t) => {
  const vscode = await editorIn(t, FIRST, ON);
  const unique = 'ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\n';
  await vscode.open(LAST, '');
  await vscode.save(LAST, unique);
  const [whole, ...more] = await predictions(vscode, 1);
  assert.deepEqual(more, [], 'one statement is predicted with its file');
  const { workspace } = whole?.metadata ?? assert.fail();
  const risk = async () => {
    const titles = (await lensesOf(vscode, LAST)).map(({ command }) => command?.title ?? '');
    return Number(/([\d.]+) % may fail: duplicates/.exec(titles.join('\n'))?.[1]);
  };
  const before = await risk();
  await vscode.call('events.record', {
    events: [
      {
        type: 'migration_execution',
        source: 'test',
        data: { migration: '0002_orders', file: LAST, outcome: 'succeeded', durationMs: 40 },
        metadata: { workspace: workspace ?? assert.fail() },
      },
    ],
  });
  const after = await vscode.until(risk, (now) => now !== before);
  assert.ok(after < before, `${before} % before it went well, ${after} % after`);
  await vscode.type(LAST, `${unique}\n`);
  assert.equal(await risk(), after, 'what is typed next is judged by it too');
});

test('how a migration went on a database stands in its file, as soon as it is known; a run in the shadow is none', async (t) => {
  const vscode = await editorIn(t, FIRST, ON);
  await vscode.open(LAST, '');
  await vscode.save(LAST, TEXT);
  const [whole] = await predictions(vscode, 2);
  const { workspace } = whole?.metadata ?? assert.fail();
  const ran = (environment: 'shadow' | 'development', outcome: 'succeeded' | 'failed') =>
    vscode.call('events.record', {
      type: 'migration_execution',
      source: 'test',
      data: { migration: '0002_orders', file: LAST, outcome, durationMs: 40, environment },
      metadata: { workspace: workspace ?? assert.fail() },
    });
  const summary = async () =>
    (await lensesOf(vscode, LAST)).flatMap(({ range, command }) =>
      range.start.line === 0 ? (command?.title.replace('\u00a0', ' ') ?? '') : [],
    );
  await ran('shadow', 'succeeded');
  await ran('development', 'failed');
  const failed = await vscode.until(summary, (titles) => titles.includes('$(error) failed in 40 ms'));
  assert.deepEqual(failed.slice(1, 4), ['$(play) run', '$(error) failed in 40 ms', 'what happened?']);
  await ran('development', 'succeeded');
  await vscode.until(summary, (titles) => titles.includes('$(pass) succeeded in 40 ms'));
  const [story] = (await lensesOf(vscode, LAST)).filter(
    ({ command }) => command?.command === 'aibos.openDashboard',
  );
  assert.deepEqual(story?.command?.arguments, ['#/migrations/0002_orders']);
});

test('nothing is recorded in a pause, before the question is answered, of excluded files, of what is no migration', async (t) => {
  const vscode = await editorIn(t, FIRST, ON);
  await vscode.open(LAST, '');
  await vscode.save(LAST, TEXT);
  await predictions(vscode, 2);
  await vscode.prefer({ recording: 'paused', trusted: true, faces: FACES, statisticsFile: 'stats.json' });
  await vscode.save(LAST, `${TEXT}SELECT 1;\n`);
  await vscode.prefer({ recording: 'undecided', trusted: true, faces: FACES, statisticsFile: 'stats.json' });
  await vscode.save(LAST, `${TEXT}SELECT 2;\n`);
  await vscode.prefer({
    recording: 'on',
    trusted: true,
    faces: FACES,
    statisticsFile: 'stats.json',
    exclude: ['migrations'],
  });
  await vscode.save(LAST, `${TEXT}SELECT 3;\n`);
  await vscode.prefer({ recording: 'on', trusted: true, faces: FACES, statisticsFile: 'stats.json' });
  await vscode.open('report.sql', 'SELECT 1;\n');
  await vscode.save('report.sql', 'SELECT 2;\n');
  await delay(300);
  assert.equal((await predictions(vscode, 2)).length, 2);
});
