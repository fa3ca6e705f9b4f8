import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { dispatcher } from '../../../core/api/dispatch.ts';
import type { EventInput } from '../../../core/contract/event.ts';
import type { MethodName, Params, Result } from '../../../core/contract/methods.ts';
import { eventsOfType } from '../../../core/store/event-queries.ts';
import { type LearningEngine, learningEngine, migrations, prediction } from '../../support/learning.ts';

interface Loop extends LearningEngine {
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Records and gives the ids. */
  record(...events: EventInput[]): Promise<string[]>;
}

async function loop(t: TestContext, options: Parameters<typeof learningEngine>[1] = {}): Promise<Loop> {
  const made = await learningEngine(t, options);
  const dispatch = dispatcher(made.engine, { current: () => ({}), run: (_context, work) => work() });
  return {
    ...made,
    call: (method, params) => dispatch(method, params, { role: 'admin', via: 'test' }),
    async record(...events) {
      const { ids, rejected } = await made.engine.recordEvents(events);
      assert.deepEqual(rejected, []);
      await made.engine.learning.joined();
      return ids;
    },
  };
}

function ran(
  migration: string,
  outcome: string,
  more: Record<string, unknown> = {},
  workspace = 'w',
): EventInput {
  return {
    type: 'migration_execution',
    source: 'test',
    data: {
      migration,
      outcome,
      environment: 'test',
      operations: ['add_column'],
      ...more,
    } as EventInput['data'],
    metadata: { workspace, user: 'ann' },
  };
}

test('a run closes the open predictions about it, once, by itself', async (t) => {
  const { call, record, store } = await loop(t);
  const timing = {
    modelId: 'performance-prediction',
    failureProbability: undefined,
    durationMs: { p10: 50, p50: 100, p90: 200 },
  };
  const [failure, duration] = await record(prediction('m1', 0.9), {
    ...prediction('m1', 0, timing),
    data: JSON.parse(JSON.stringify({ ...prediction('m1', 0, timing).data })),
  });
  assert.equal((await call('predictions.list', {})).awaiting, 2);
  const [runId] = await record(ran('m1', 'succeeded', { durationMs: 150 }));
  const { items, awaiting } = await call('predictions.list', {});
  assert.equal(awaiting, 0);
  const found = Object.fromEntries(items.map((item) => [item.id, item]));
  assert.equal(found[failure ?? '']?.accuracy, 0.1);
  assert.equal(found[duration ?? '']?.accuracy, 0.667);
  assert.deepEqual(found[failure ?? '']?.outcome?.outcome, 'succeeded');
  assert.equal(found[failure ?? '']?.outcome?.eventId, runId);
  await record(ran('m1', 'failed'));
  assert.equal(eventsOfType(store.tables, 'ai_accuracy').length, 2, 'a second run judges nothing again');
  assert.equal((await call('predictions.get', { id: failure ?? '' })).accuracy, 0.1);
});

const notClosing: [string, EventInput, Record<string, unknown>][] = [
  ['another workspace', ran('m1', 'failed', {}, 'elsewhere'), {}],
  ['another migration', ran('m2', 'failed'), {}],
  ['a run in the shadow', ran('m1', 'failed', { environment: 'shadow' }), {}],
  ['a run elsewhere of what was said of production', ran('m1', 'failed'), { environment: 'production' }],
  ['a run outside of what was said of the shadow', ran('m1', 'failed'), { environment: 'shadow' }],
  ['a dry run', ran('m1', 'rolled_back'), {}],
  ['a run of which nobody knows how it ended', ran('m1', 'unknown'), {}],
];
for (const [name, run, more] of notClosing) {
  test(`${name} closes no prediction`, async (t) => {
    const { call, record } = await loop(t);
    await record(prediction('m1', 0.9, more));
    await record(run);
    assert.equal((await call('predictions.list', {})).awaiting, 1);
  });
}

test('statements are judged by what was written down of each', async (t) => {
  const { call, record } = await loop(t);
  const statement = (index: number) =>
    prediction('m1', 0.2, {
      subject: `m1 ${index}`,
      subjectType: 'statement',
      migration: 'm1',
      statement: index,
    });
  await record(statement(0), statement(1), statement(2));
  const operation = (index: number, outcome: string): EventInput => ({
    type: 'schema_operation',
    source: 'test',
    data: { operation: 'add_column', migration: 'm1', statement: index, outcome } as EventInput['data'],
    metadata: { workspace: 'w' },
  });
  await record(
    operation(0, 'rolled_back'),
    operation(1, 'failed'),
    operation(2, 'skipped'),
    ran('m1', 'failed', { failedStatement: 1 }),
  );
  const { items } = await call('predictions.list', {});
  const outcomes = Object.fromEntries(
    items.map(({ subject, outcome, state }) => [subject, outcome?.outcome ?? state]),
  );
  assert.deepEqual(outcomes, { 'm1 0': 'succeeded', 'm1 1': 'failed', 'm1 2': 'awaiting' });
});

test('an outcome without an event is recorded as one, and says what surprised', async (t) => {
  const { call, record, engine } = await loop(t);
  const [wrong] = await record(prediction('m1', 0.95), prediction('m2', 0.1));
  const { resolved, surprising } = await call('predictions.resolve', {
    migration: 'm1',
    workspace: 'w',
    outcome: 'succeeded',
    durationMs: 12,
  });
  assert.deepEqual(surprising, [wrong]);
  assert.deepEqual(
    resolved.map(({ state, outcome }) => [state, outcome?.durationMs]),
    [['resolved', 12]],
  );
  assert.deepEqual(
    engine.learning.labels().examples.map(({ failed }) => failed),
    [false],
  );
  assert.deepEqual(
    (await call('predictions.resolve', { migration: 'm2', workspace: 'w', outcome: 'unknown' })).resolved,
    [],
  );
});

test('the scoreboard holds predicted against actual, beside the baseline', async (t) => {
  const { call, record } = await loop(t);
  for (let i = 0; i < 40; i++) {
    const failed = i % 4 === 0;
    await record(
      prediction(`m${i}`, failed ? 0.8 : 0.1),
      prediction(`m${i}`, 0, {
        modelId: 'performance-prediction',
        failureProbability: undefined,
        durationMs: { p10: 60, p50: 100, p90: 160 },
      }),
    );
    await record(ran(`m${i}`, failed ? 'failed' : 'succeeded', { durationMs: i % 3 === 0 ? 200 : 100 }));
  }
  await record(prediction('later', 0.3), prediction('abstained', 0.5, { abstained: true }));
  const report = await call('accuracy.get', {});
  assert.deepEqual([report.predictions, report.resolved, report.awaiting, report.abstained], [82, 80, 1, 1]);
  const { failure, duration, estimated } = report;
  assert.deepEqual([failure.resolved, failure.failed, failure.auroc], [40, 10, 1]);
  assert.equal(failure.brier, 0.0175);
  assert.ok((failure.baselineBrier ?? 0) > 0.15);
  assert.equal(failure.calibrationError, 0.125);
  assert.deepEqual(failure.confusion, {
    truePositive: 10,
    falsePositive: 0,
    trueNegative: 30,
    falseNegative: 0,
  });
  assert.deepEqual(failure.roc.at(-1), { falsePositiveRate: 1, truePositiveRate: 1 });
  assert.deepEqual(failure.precisionRecall[0], { recall: 1, precision: 1 });
  assert.deepEqual([duration.resolved, duration.medianAbsoluteLogRatio, duration.coverage80], [30, 0, 0.667]);
  assert.deepEqual([estimated.awaiting, estimated.brier, estimated.accuracy], [1, 0.21, 0.7]);
  assert.deepEqual(
    report.byOperation.map(({ name }) => name),
    ['column'],
  );
  assert.deepEqual(
    report.overTime.map(({ name }) => name),
    ['2026-06'],
  );
  assert.equal(report.scatter.length, 70);
  assert.equal((await call('accuracy.get', { workspace: 'other' })).predictions, 0);
});

test('the journal gives the same scoreboard, queue and registry again', async (t) => {
  const first = await loop(t);
  await first.record(...migrations(160));
  await first.call('models.train', {});
  for (let i = 0; i < 10; i++) {
    await first.record(prediction(`p${i}`, i / 10));
    await first.record(ran(`p${i}`, i % 2 ? 'failed' : 'succeeded', { durationMs: 5 + i }));
  }
  const [open] = await first.record(prediction('open', 0.5));
  await first.call('feedback.provide', { eventId: open ?? '', actualOutcome: 'failed' });
  const all = async (one: Loop) => ({
    accuracy: await one.call('accuracy.get', {}),
    predictions: await one.call('predictions.list', { limit: 500 }),
    versions: await one.call('models.versions', { id: 'error-prediction' }),
    models: await one.call('models.list', {}),
    agreement: await one.call('feedback.agreement', {}),
  });
  const before = await all(first);
  const again = await loop(t, { store: first.store });
  assert.deepEqual(await all(again), before);
});
