import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../../../core/contract/event.ts';
import { MigrationIndex } from '../../../core/stories/migration-index.ts';
import { Stories } from '../../../core/stories/stories.ts';
import { startEngine } from '../../support/engine.ts';
import { storeOf } from '../../support/store.ts';

const START = Date.parse('2026-11-20T09:00:00Z');
const HOUR = 3_600_000;
const PREDICTION = '01890000-0000-7000-8000-000000000001';
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();

async function stories(events: EventInput[]) {
  const { store, record } = await storeOf(events, START);
  return { store, record, stories: new Stories(store.tables, () => Promise.resolve()) };
}

const metadata = { workspace: 'shop', user: 'dev-a' };
const run = (migration: string, hours: number, data: object = {}): EventInput => ({
  type: 'migration_execution',
  source: 'cli:run',
  timestamp: at(hours),
  metadata,
  data: {
    migration,
    outcome: 'succeeded',
    durationMs: 120,
    environment: 'staging',
    tables: ['public.users'],
    operations: ['add_column'],
    ...data,
  },
});

const whole: EventInput[] = [
  ...[0, 1].map(
    (statement): EventInput => ({
      type: 'schema_operation',
      source: 'vscode',
      timestamp: at(0),
      metadata,
      data: {
        operation: 'add_column',
        migration: 'm2',
        statement,
        sql: `ALTER ${statement}`,
        objects: ['public.users'],
      },
    }),
  ),
  {
    id: PREDICTION,
    type: 'ai_prediction',
    source: 'engine:ai-service',
    timestamp: at(1),
    metadata,
    data: {
      modelId: 'performance-prediction',
      subject: 'm2',
      subjectType: 'migration',
      confidence: 0.8,
      durationMs: { p10: 50, p50: 100, p90: 300 },
    },
  },
  run('m2', 2, { outcome: 'failed', error: { message: 'column exists' } }),
  run('m2', 3),
  {
    type: 'ai_accuracy',
    source: 'engine:ai-service',
    timestamp: at(3),
    metadata,
    data: { predictionId: PREDICTION, modelId: 'performance-prediction', accuracy: 0.9, subject: 'm2' },
  },
  {
    type: 'learning_feedback',
    source: 'vscode',
    timestamp: at(4),
    metadata,
    data: { eventId: PREDICTION, actualOutcome: 'fine', accuracy: 1, feedback: 'good to know' },
  },
];

test('a migration’s story: edit, prediction, runs, outcome, feedback, and what is like it', async () => {
  const { stories: told } = await stories([
    ...whole,
    run('m1', -20),
    run('m0', -30, { operations: ['create_table'], tables: ['public.orders'] }),
  ]);
  const { summary, steps, statements, predictions, runs, similar } = await told.get({ name: 'm2' });
  assert.deepEqual(
    steps.map(({ step, title }) => `${step}: ${title}`),
    [
      'edit: Edited: 2 statements',
      'prediction: Predicted: takes 100 ms (50 ms to 300 ms)',
      'run: Failed in staging after 120 ms',
      'run: Succeeded in staging after 120 ms',
      'outcome: Performance prediction was 90 % right',
      'feedback: Somebody said what happened: it was right',
    ],
  );
  assert.deepEqual(
    [
      summary.outcome,
      summary.runs,
      summary.edits,
      summary.statements,
      summary.accuracy,
      summary.predicted?.p50,
    ],
    ['succeeded', 2, 1, 2, 0.9, 100],
  );
  assert.deepEqual(
    statements.map(({ index, sql }) => [index, sql]),
    [
      [0, 'ALTER 0'],
      [1, 'ALTER 1'],
    ],
  );
  assert.deepEqual(
    [predictions[0]?.state, predictions[0]?.accuracy, predictions[0]?.feedback.length],
    ['resolved', 0.9, 1],
  );
  assert.deepEqual(
    runs.map(({ outcome, error }) => [outcome, error]),
    [
      ['failed', 'column exists'],
      ['succeeded', undefined],
    ],
  );
  assert.deepEqual(similar, [
    {
      name: 'm1',
      workspace: 'shop',
      because: 'also does add column; touches public.users',
      outcome: 'succeeded',
      durationMs: 120,
    },
  ]);
});

test('the list is newest first, filtered, in pages, and knows what comes later', async () => {
  const { stories: told, record } = await stories(Array.from({ length: 7 }, (_, i) => run(`m${i}`, i)));
  const first = await told.list({ limit: 3 });
  assert.deepEqual([first.total, first.items.map(({ name }) => name)], [7, ['m6', 'm5', 'm4']]);
  const second = await told.list({ limit: 3, cursor: first.nextCursor ?? '' });
  const third = await told.list({ limit: 3, cursor: second.nextCursor ?? '' });
  assert.deepEqual(
    [...second.items, ...third.items].map(({ name }) => name),
    ['m3', 'm2', 'm1', 'm0'],
  );
  assert.equal(third.nextCursor, undefined);
  await record([run('m1', 20, { outcome: 'failed' })]);
  const failed = await told.list({ outcome: ['failed'] });
  assert.deepEqual(
    failed.items.map(({ name, runs }) => [name, runs]),
    [['m1', 2]],
  );
  assert.equal((await told.list({ text: 'M3', table: 'public.users', from: at(3), to: at(4) })).total, 1);
  assert.equal((await told.list({ workspace: 'other' })).total, 0);
  await assert.rejects(told.list({ cursor: '!' }), /cursor/);
});

test('a name that several workspaces have needs its workspace', async () => {
  const { stories: told } = await stories([run('m', 0), { ...run('m', 1), metadata: { workspace: 'bank' } }]);
  await assert.rejects(told.get({ name: 'm' }), /Several workspaces.*bank, shop/);
  assert.equal((await told.get({ name: 'm', workspace: 'bank' })).summary.workspace, 'bank');
  await assert.rejects(told.get({ name: 'none' }), /There is no migration none/);
});

test('of too many migrations those that nothing has happened to for longest go', async () => {
  const { store, record } = await stories(Array.from({ length: 30 }, (_, i) => run(`m${i}`, i)));
  const index = new MigrationIndex(store.tables, () => Promise.resolve(), 20);
  const names = async () => (await index.all()).map(({ name }) => name);
  assert.deepEqual([(await names()).length, (await names())[0]], [18, 'm12']);
  await record([run('m3', 40), run('m31', 41)]);
  assert.deepEqual((await names()).slice(-2), ['m3', 'm31']);
});

test('a run that names no tables is found by the tables of what was saved of it', async () => {
  const { stories: found } = await stories([
    {
      type: 'schema_operation',
      source: 'vscode',
      timestamp: at(0),
      metadata,
      data: { operation: 'create_index', migration: 'm9', statement: 0, objects: ['public.orders'] },
    },
    run('m9', 1, { tables: undefined, operations: undefined }),
  ]);
  const { items } = await found.list({ table: 'public.orders' });
  assert.deepEqual(
    items.map(({ name, runs, tables }) => [name, runs, tables]),
    [['m9', 1, ['public.orders']]],
  );
});

test('migrations that were erased are gone at once, and there again when that is taken back', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', {
    events: [run('here', 0), { ...run('there', 1), metadata: { workspace: 'other' } }],
  });
  const names = async () => (await client.call('migrations.list', {})).items.map(({ name }) => name).sort();
  assert.deepEqual(await names(), ['here', 'there']);
  const { id } = await client.call('privacy.erase', { workspace: 'other', confirm: true });
  assert.deepEqual(await names(), ['here']);
  await client.call('privacy.undo', { id });
  assert.deepEqual(await names(), ['here', 'there']);
});
