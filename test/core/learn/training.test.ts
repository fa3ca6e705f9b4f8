import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EventInput } from '../../../core/contract/event.ts';
import type { LearningModel, ModelId, TrainingResult } from '../../../core/contract/model.ts';
import { keptInMemory } from '../../../core/kept.ts';
import type { Algorithm } from '../../../core/learn/candidates.ts';
import type { Example } from '../../../core/learn/examples.ts';
import { holdOut } from '../../../core/learn/hold-out.ts';
import { runTraining, type Trainer, type TrainingTask } from '../../../core/learn/models.ts';
import { triggerOf } from '../../../core/learn/retraining.ts';
import { type Prepared, type Row, unseenRepositories } from '../../../core/learn/supervised.ts';
import type { Trained } from '../../../core/learn/trainable.ts';
import { trainInThread } from '../../../core/node/training/thread.ts';
import { seededRandom } from '../../../core/numbers.ts';
import {
  type LearningEngine,
  learningEngine,
  migrations,
  prediction,
  trainHere,
} from '../../support/learning.ts';

const ERRORS = 'error-prediction' satisfies ModelId;

async function trained(
  t: TestContext,
  events: EventInput[],
  options: Parameters<typeof learningEngine>[1] = {},
) {
  const made = await learningEngine(t, options);
  await made.engine.recordEvents(events);
  return made;
}

async function train(
  { engine }: Pick<LearningEngine, 'engine'>,
  id: ModelId = ERRORS,
): Promise<TrainingResult> {
  const [result] = await engine.learning.train([id]);
  return result as TrainingResult;
}

function examplesOf({ engine }: Pick<LearningEngine, 'engine'>): Example[] {
  return engine.learning.labels().examples;
}

function versionOf({ engine }: Pick<LearningEngine, 'engine'>, model: LearningModel) {
  return engine.learning.registry.version(model.id, model.version);
}

test('a version keeps how it came about', async (t) => {
  const made = await trained(t, migrations(240));
  const { model, activated, message } = await train(made);
  assert.ok(activated, message);
  const version = versionOf(made, model);
  assert.deepEqual(
    version.candidates.map(({ algorithm }) => algorithm),
    ['neural network (brain.js)', 'logistic regression', 'boosted trees'],
  );
  assert.equal(version.candidates.filter(({ chosen }) => chosen).length, 1);
  assert.ok(version.candidates.every(({ metrics }) => Number.isFinite(metrics['Brier score'])));
  assert.match(version.importance[0]?.feature ?? '', /^operations_(?:retype|column)$/);
  assert.ok(version.seed && model.trainingData.fingerprint && model.nextRetrain);
  assert.equal(version.reference.length, model.features.length);
});

test('a challenger on the same data does not win against its twin, and the champion stays', async (t) => {
  const made = await trained(t, migrations(240));
  await train(made);
  const { model, activated, message } = await train(made);
  assert.equal(activated, false);
  assert.match(message, /not clearly better than version 1/);
  const { contest } = versionOf(made, model);
  assert.deepEqual([contest?.champion, contest?.challenger, contest?.won], ['1', '2', false]);
  assert.match(contest?.rule ?? '', /90 % bootstrap interval/);
  assert.equal(made.engine.learning.registry.active(ERRORS)?.model.version, '1');
});

test('a challenger that knows more wins, and the champion can come back', async (t) => {
  const made = await trained(t, migrations(60, { shuffled: true }));
  const { registry } = made.engine.learning;
  const poor = runTraining({ modelId: ERRORS, examples: examplesOf(made), seed: 1 });
  await addAsChampion(made, poor);
  await made.engine.recordEvents(migrations(300, { from: 60, seed: 7 }));
  const { model, activated, message } = await train(made);
  assert.ok(activated, message);
  assert.equal(versionOf(made, model).contest?.won, true);
  const back = await registry.rollback(ERRORS, 'for the test');
  assert.deepEqual([back.model.version, back.champion], ['1', true]);
  assert.equal(registry.version(ERRORS, model.version).model.status, 'deprecated');
  await registry.promote(ERRORS, model.version, 'again');
  assert.equal(registry.active(ERRORS)?.model.version, model.version);
  const compared = await made.engine.learning.compare(ERRORS, '1', model.version);
  assert.ok(compared.won && compared.difference.low > 0);
});

/** Makes a version active that has not earned it. */
async function addAsChampion(made: LearningEngine, { artifact }: Trained): Promise<void> {
  const { registry } = made.engine.learning;
  const text = JSON.stringify(artifact);
  const [listed] = (await made.engine.listModels()).filter(({ id }) => id === ERRORS);
  const model = { ...(listed as LearningModel), version: '1', status: 'active', artifact: 'poor' } as const;
  await registry.add(model, { seed: 1, candidates: [], importance: [], reference: [] }, text, 'for the test');
}

test('outcomes that have nothing to do with the migration make no active model', async (t) => {
  for (let seed = 1; seed <= 6; seed++) {
    const made = await trained(t, migrations(200, { shuffled: true, seed }));
    const { activated, message } = await train(made);
    assert.equal(activated, false, `seed ${seed}: ${message}`);
    assert.match(message, /does not beat its baseline|that may be chance/);
    assert.equal(made.engine.learning.registry.active(ERRORS), undefined);
  }
});

test('a feature that tells the outcome by itself is left out, and named', async (t) => {
  const plain = migrations(240);
  const leaking = plain.map((event) => ({
    ...event,
    data: {
      ...event.data,
      features: {
        exit_code: Number(event.data.outcome === 'failed'),
        elapsed: Number(event.data.durationMs) * 2,
      },
    },
  }));
  const [honest, caught] = [await trained(t, plain), await trained(t, leaking)];
  const without = await train(honest);
  const { model, message } = await train(caught);
  assert.match(message, /exit_code was left out: it tells failures by itself \(AUROC 1\)/i);
  const brier = (one: LearningModel) => one.performance?.headline?.value ?? 0;
  assert.ok(
    Math.abs(brier(model) - brier(without.model)) < 0.02,
    `${brier(model)} and ${brier(without.model)}`,
  );
  assert.match((await train(caught, 'performance-prediction')).message, /elapsed was left out/i);
});

test('a figure that a sender knew before is learnt from', () => {
  const random = seededRandom(3);
  const examples = Array.from({ length: 240 }, (_, i): Example => {
    const rows = random();
    return {
      eventId: `e${i}`,
      name: `m${i}`,
      at: i * 1000,
      workspace: 'w',
      author: undefined,
      statements: 1,
      bytes: 100,
      operations: { set_not_null: 1 },
      destructive: 0,
      further: { rows },
      failed: random() < rows ** 2,
      durationMs: 1,
    };
  });
  const { beatsBaseline, importance, leaks } = runTraining({ modelId: ERRORS, examples, seed: 1 });
  assert.ok(beatsBaseline);
  assert.equal(importance[0]?.feature, 'rows');
  assert.deepEqual(leaks, []);
});

test('too little data is said in numbers, and trains nothing', async (t) => {
  const made = await trained(t, migrations(12));
  const { trained: done, message } = await train(made);
  assert.equal(done, false);
  assert.equal(message, 'not enough data: 12 of 40 migrations with a known outcome');
});

test('nothing of a migration is on both sides of the hold-out, nor of its copies', () => {
  const items = Array.from({ length: 40 }, (_, i) => ({
    i,
    keys: [i === 35 ? 'w\0m3' : `w\0m${i}`, `#${i % 37}`],
  }));
  const { train: before, test: after } = holdOut(items, ({ keys }) => keys);
  const known = new Set(before.flatMap(({ keys }) => keys));
  assert.deepEqual(
    before.map(({ i }) => i),
    Array.from({ length: 30 }, (_, i) => i),
  );
  assert.deepEqual(
    after.map(({ i }) => i),
    [30, 31, 32, 33, 34, 36],
  );
  assert.ok(after.every(({ keys }) => keys.every((key) => !known.has(key))));
});

test('feedback corrects what is learnt, and what is taken back is forgotten byte for byte', async (t) => {
  const events = migrations(160).map((event, i) => ({
    ...event,
    id: `0198c0de-0000-7000-8000-${String(i).padStart(12, '0')}`,
  }));
  const [plain, corrected] = [await trained(t, events), await trained(t, events)];
  const artifactOf = async (made: LearningEngine) =>
    JSON.stringify(await made.engine.learning.registry.artifact(versionOf(made, (await train(made)).model)));
  const given: string[] = [];
  for (const { id, data } of events.slice(0, 30)) {
    const opposite = data.outcome === 'failed' ? 'succeeded' : 'failed';
    given.push((await corrected.engine.provideFeedback(id, { outcome: opposite, durationMs: 5 })).id);
  }
  assert.equal(examplesOf(corrected)[0]?.durationMs, 5);
  const never = await artifactOf(plain);
  assert.notEqual(await artifactOf(corrected), never);
  for (const id of given)
    assert.equal((await corrected.engine.learning.withdraw(id, 'a mistake')).withdrawn, true);
  await assert.rejects(corrected.engine.learning.withdraw(given[0] ?? '', undefined), { code: 'conflict' });
  assert.equal(await artifactOf(corrected), never);
  const active = corrected.engine.learning.registry.active(ERRORS)?.model;
  assert.equal(active?.trainingData.feedback, undefined, 'the champion that had learnt from it is gone');
});

test('a person’s answer about a prediction corrects the run that it was about', async (t) => {
  const made = await learningEngine(t);
  const { ids } = await made.engine.recordEvents([prediction('m1', 0.9)]);
  await made.engine.recordEvents([
    { ...(migrations(1)[0] as EventInput), data: { migration: 'm1', outcome: 'failed', durationMs: 9 } },
  ]);
  await made.engine.learning.joined();
  const { effect } = await made.engine.provideFeedback(ids[0] ?? '', 'wrong');
  assert.deepEqual(
    examplesOf(made).map(({ failed }) => failed),
    [false],
  );
  assert.equal(effect?.accuracyBefore, 0.9);
  assert.equal(effect?.accuracyAfter, 0.1);
  assert.equal(
    effect?.moved,
    'Error prediction: 90 % right before, 10 % now, on 1 outcome, because you say that it succeeded where a failure had been expected with 90 %; with so few outcomes one answer moves it much.',
  );
  assert.match(effect?.nextPrediction ?? '', /0 of 1 cases here \(before your answer 1 of 1\)/);
});

test('a training that crashes leaves the active version as it is', async (t) => {
  let crash = false;
  const trainer: Trainer = (task, onProgress) =>
    crash
      ? { result: Promise.reject(new Error('out of memory')), cancel: () => undefined }
      : trainHere(task, onProgress);
  const made = await trained(t, migrations(240), { trainer });
  await train(made);
  const before = await made.engine.listModels();
  crash = true;
  const { trained: done, message } = await train(made);
  assert.equal(done, false);
  assert.match(message, /out of memory Version 1 stays active/);
  assert.deepEqual(await made.engine.listModels(), before);
  assert.equal(made.engine.learning.trainings.status().recent[0]?.state, 'failed');
});

test('a training thread that is killed, or cancelled, leaves the active version as it is', async (t) => {
  const made = await trained(t, migrations(240), { trainer: trainInThread });
  await train(made);
  const before = await made.engine.listModels();
  const { learning } = made.engine;
  const results = learning.train([ERRORS, 'performance-prediction']);
  results.catch(() => undefined);
  while (learning.trainings.status().running?.modelId === undefined)
    await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(learning.trainings.cancel(), true);
  await assert.rejects(results, { code: 'conflict' });
  assert.deepEqual(await made.engine.listModels(), before);
  assert.equal(learning.trainings.status().recent[0]?.state, 'cancelled');
  assert.equal(learning.trainings.cancel(), false);
  const { activated, model } = await train(made);
  assert.deepEqual([activated, model.version], [false, '2'], 'and the next one works');
});

test('a thread trains what this one would, byte for byte', async (t) => {
  const here = await trained(t, migrations(160));
  const task: TrainingTask = { modelId: ERRORS, examples: examplesOf(here), seed: 5 };
  const steps: string[] = [];
  const inThread = await trainInThread(task, (step) => steps.push(step)).result;
  assert.equal(JSON.stringify(inThread.artifact), JSON.stringify(runTraining(task).artifact));
  assert.ok(steps.includes('training the boosted trees'));
});

test('new labels start a training once they have all arrived; with too few nothing starts', async (t) => {
  const made = await trained(t, migrations(240));
  const { learning } = made.engine;
  assert.equal(learning.tick(), undefined, 'more may be coming');
  made.clock.now += 10_000;
  assert.equal(learning.tick()?.trigger, 'labels');
  await learning.trainings.settled();
  assert.equal(learning.outlook(ERRORS).newLabels, 0);
  await made.engine.recordEvents(migrations(19, { from: 240 }));
  made.clock.now += 10_000;
  assert.equal(learning.tick(), undefined);
  assert.equal(learning.outlook(ERRORS).newLabels, 19);
  made.clock.now += 8 * 86_400_000;
  assert.equal(learning.tick()?.trigger, 'schedule');
  await learning.trainings.settled();
});

test('migrations unlike those of the training start one, and the drift is named', async (t) => {
  const made = await trained(t, migrations(240));
  const { learning, settings } = made.engine;
  await train(made);
  await settings.update({ retrain: { ...settings.current().retrain, everyLabels: 1_000 } });
  const unlike = migrations(60, { from: 240 }).map((event) => ({
    ...event,
    data: { ...event.data, operationCounts: { create_index: 9 }, bytes: 90_000 },
  }));
  await made.engine.recordEvents(unlike);
  const { drift } = learning.outlook(ERRORS);
  const drifted = drift.filter(({ state }) => state === 'drifted').map(({ feature }) => feature);
  assert.ok(drifted.includes('operations_index') && drifted.includes('sql_length'), drifted.join());
  assert.equal(drift.find(({ feature }) => feature === 'statements')?.state, 'steady');
  made.clock.now += 10_000;
  assert.equal(learning.tick()?.trigger, 'drift');
  await learning.trainings.settled();
});

test('a model that has become wrong is trained again, whatever its features look like', async (t) => {
  const made = await trained(t, migrations(240));
  const { learning, settings } = made.engine;
  await train(made);
  const version = learning.registry.active(ERRORS)?.model.version ?? '';
  await settings.update({ retrain: { ...settings.current().retrain, everyLabels: 1_000 } });
  const runs = migrations(60, { from: 240 });
  const saying = (isRight: boolean) =>
    runs.map(({ data }) =>
      prediction(data.migration, (data.outcome === 'failed') === isRight ? 0.97 : 0.03, {
        modelVersion: version,
      }),
    );
  const right = await trained(t, migrations(240));
  await train(right);
  for (const [one, isRight] of [
    [right, true],
    [made, false],
  ] as const) {
    await one.engine.recordEvents(saying(isRight));
    await one.engine.recordEvents(runs);
    await one.engine.learning.joined();
    assert.equal(one.engine.learning.outlook(ERRORS).errorDrift, !isRight);
  }
  const newest = learning.registry.newest(ERRORS)?.model;
  const retrain = settings.current().retrain;
  const due = (errorDrift: boolean) =>
    triggerOf(newest, 60, retrain, made.clock.now, () => ({
      ...learning.outlook(ERRORS),
      drift: [],
      errorDrift,
    }));
  assert.deepEqual([due(true), due(false)], ['drift', undefined]);
  made.clock.now += 10_000;
  assert.equal(learning.tick()?.trigger, 'drift');
  await learning.trainings.settled();
});

test('what was learnt from somebody who is erased goes with them, and is learnt again from what is left', async (t) => {
  const own = migrations(240);
  const theirs = migrations(60, { from: 240, shuffled: true, seed: 3 }).map((event) => ({
    ...event,
    metadata: { ...event.metadata, workspace: 'theirs' },
  }));
  const made = await trained(t, [...own, ...theirs]);
  const { registry, trainings } = made.engine.learning;
  await train(made);
  const [before, ...others] = made.artifacts.keys();
  assert.deepEqual([others, typeof before], [[], 'string']);
  await made.engine.privacy.erase({ workspace: 'theirs', confirm: true });
  assert.ok(made.artifacts.has(before ?? ''), 'it can still be taken back');
  await made.engine.privacy.erase({ now: true, confirm: true });
  assert.equal(made.artifacts.has(before ?? ''), false);
  assert.deepEqual(
    [registry.version(ERRORS, '1').model.status, registry.version(ERRORS, '1').model.artifact],
    ['deprecated', undefined],
  );
  await assert.rejects(registry.promote(ERRORS, '1', 'by hand'), /has no weights any more/);
  await trainings.settled();
  const never = await trained(t, own);
  await train(never);
  assert.deepEqual([...made.artifacts.values()], [...never.artifacts.values()]);
});

test('erasing what taught nothing leaves the models', async (t) => {
  const made = await trained(t, migrations(240));
  await train(made);
  await made.engine.recordEvents([
    {
      type: 'user_interaction',
      source: 'test',
      data: { action: 'opened' },
      metadata: { workspace: 'theirs' },
    },
  ]);
  await made.engine.privacy.erase({ workspace: 'theirs', confirm: true });
  await made.engine.privacy.erase({ now: true, confirm: true });
  assert.equal(made.artifacts.size, 1);
  assert.ok(made.engine.learning.registry.active(ERRORS));
});

test('the history of trainings outlives the program; one that was cut off says so', async (t) => {
  const kept = keptInMemory();
  const made = await trained(t, migrations(240), { trainings: kept });
  await train(made);
  const { recent } = made.engine.learning.trainings.status();
  const again = await learningEngine(t, { trainings: kept });
  assert.deepEqual(again.engine.learning.trainings.status(), { recent });
  kept.write({ runs: [{ ...recent[0], state: 'running', step: 'half way', progress: 0.5 }, 'nonsense'] });
  const cut = await learningEngine(t, { trainings: kept });
  const [run, ...others] = cut.engine.learning.trainings.status().recent;
  assert.deepEqual([others, run?.state, run?.step], [[], 'failed', undefined]);
  assert.match(run?.messages.at(-1) ?? '', /The program ended before it was through/);
});

test('with several repositories a model says how it does on those that it had not seen', async (t) => {
  const of = (workspace: string, seed: number) =>
    migrations(120, { seed }).map((event, i) => ({
      ...event,
      timestamp: new Date(Date.parse(event.timestamp ?? '') + i).toISOString(),
      metadata: { ...event.metadata, workspace },
    }));
  const figures = (made: LearningEngine, id: ModelId) =>
    made.engine.learning.registry
      .newest(id)
      ?.model.performance?.metrics.filter(({ name }) => name.endsWith('in repositories it had not seen'));
  const several = await trained(t, [...of('a', 7), ...of('b', 8), ...of('c', 9)]);
  for (const id of [ERRORS, 'performance-prediction'] as const) {
    await train(several, id);
    const [figure, ...others] = figures(several, id) ?? [];
    assert.deepEqual(others, []);
    assert.ok((figure?.value ?? 9) < (figure?.baseline ?? 0), `${id}: ${JSON.stringify(figure)}`);
  }
  const one = await trained(t, of('a', 7));
  await train(one);
  assert.deepEqual(figures(one, ERRORS), [], 'one repository says nothing of others');
});

test('a copy of a migration in a clone goes with the repository that is held out', () => {
  const example = (workspace: string, n: number): Example => ({
    eventId: `${workspace}-${n}`,
    name: `m${n}`,
    at: n,
    workspace,
    author: undefined,
    statements: 1,
    bytes: 10,
    operations: {},
    destructive: 0,
    checksum: `same-${n}`,
    failed: n % 3 === 0,
    durationMs: 5,
  });
  const names = ['original', 'clone'];
  const train = Array.from({ length: 100 }, (_, i): Row => {
    const one = example(names[i % 2] ?? '', Math.floor(i / 2));
    return { example: one, features: [], target: Number(one.failed) };
  });
  const prepared = { train, leftOut: [], entrants: [] } as unknown as Prepared;
  const unused = { fit: () => assert.fail('nothing is left to learn from') } as unknown as Algorithm;
  assert.deepEqual(unseenRepositories(prepared, unused, 1), []);
});
