import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_IDS } from '../../../core/contract/model.ts';
import { accuracyOf, durationAccuracy, failureAccuracy } from '../../../core/learn/accuracy.ts';
import type { Example } from '../../../core/learn/examples.ts';
import { FEATURE_NAMES, featureRows, groupOf } from '../../../core/learn/features.ts';
import { auc, brier, confusion, scores, silhouette } from '../../../core/learn/metrics.ts';
import { runTraining, trainableModels } from '../../../core/learn/models.ts';
import { loadNetwork, trainNetwork } from '../../../core/learn/network.ts';
import { seededRandom } from '../../../core/numbers.ts';

/**
 * Migrations of which those that change types fail four times in five and take a hundred times as long, and longer ones
 * take longer. With `shuffled` outcomes that have nothing to do with what the migration does.
 */
function examples(count: number, shuffled = false): Example[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const retype = random() < 0.4;
    const label = shuffled ? random() < 0.4 : retype;
    const bytes = 50 + Math.floor(random() * 2_000);
    return {
      eventId: `e${i}`,
      name: `m${i}`,
      at: 1_700_000_000_000 + i * 3_600_000,
      workspace: 'w',
      author: undefined,
      statements: 1 + Math.floor(random() * 3),
      bytes,
      operations: retype ? { alter_column_type: 1 } : { add_column: 1 },
      destructive: 0,
      failed: label && random() < 0.8,
      durationMs: (label ? 2 : 0.02) * bytes * (0.8 + 0.4 * random()),
    };
  });
}

test('every model trains on what carries a signal, and beats its baseline there', () => {
  const data = examples(240);
  for (const modelId of MODEL_IDS) {
    assert.equal(trainableModels[modelId].shortage(data), undefined, modelId);
    const trained = runTraining({ modelId, examples: data, seed: 1 });
    const { name, value, baseline } = trained.headline;
    assert.ok(trained.beatsBaseline, `${modelId}: ${name} ${value}, baseline ${baseline}`);
    assert.ok(
      trained.metrics.every((metric) => Number.isFinite(metric.value)),
      modelId,
    );
    assert.ok(trained.tested >= 20);
  }
});

test('outcomes that have nothing to do with the migration give no skill', () => {
  const trained = runTraining({ modelId: 'error-prediction', examples: examples(400, true), seed: 1 });
  const measured = trained.metrics.find(({ name }) => name === 'AUC')?.value ?? 0;
  assert.ok(measured > 0.35 && measured < 0.65, `AUC ${measured} on shuffled outcomes`);
});

test('the same data and seed give the same model, byte for byte; another seed another network', () => {
  const data = examples(120);
  for (const modelId of MODEL_IDS) {
    const artifact = (seed: number) =>
      JSON.stringify(runTraining({ modelId, examples: data, seed }).artifact);
    assert.equal(artifact(1), artifact(1), modelId);
    if (modelId === 'anomaly-detection') assert.notEqual(artifact(1), artifact(2), modelId);
  }
});

test('too little data is said in numbers', () => {
  const shortages = Object.fromEntries(
    MODEL_IDS.map((id) => [id, trainableModels[id].shortage(examples(10))]),
  );
  assert.deepEqual(shortages, {
    'performance-prediction': {
      have: examples(10).filter(({ failed }) => !failed).length,
      need: 40,
      of: 'migrations with a known duration',
    },
    'anomaly-detection': { have: 10, need: 60, of: 'migrations with a known duration' },
    'usage-pattern': { have: 10, need: 30, of: 'migrations with statements' },
    'error-prediction': { have: 10, need: 40, of: 'migrations with a known outcome' },
  });
  const allGood = examples(60).map((example) => ({ ...example, failed: false }));
  assert.deepEqual(trainableModels['error-prediction'].shortage(allGood), {
    have: 0,
    need: 8,
    of: 'failed migrations',
  });
});

test('features look at what came before only', () => {
  const data = examples(60);
  const rows = featureRows(data);
  assert.equal(rows[0]?.length, FEATURE_NAMES.length);
  assert.deepEqual(featureRows(data.slice(0, 20)), rows.slice(0, 20), 'a prefix gives the same rows');
  const changed = data.map((example, i) => (i < 30 ? example : { ...example, failed: !example.failed }));
  assert.deepEqual(featureRows(changed).slice(0, 31), rows.slice(0, 31), 'an outcome is not in its own row');
  assert.ok(rows.every((row) => row.every((value) => Number.isFinite(value) || Number.isNaN(value))));
});

test('operations fall into kinds', () => {
  const kinds: [string, string][] = [
    ['create_table', 'table'],
    ['add_column', 'column'],
    ['rename_column', 'column'],
    ['drop_column', 'drop'],
    ['drop_not_null', 'constraint'],
    ['drop_index_concurrently', 'drop'],
    ['alter_column_type', 'retype'],
    ['add_foreign_key', 'constraint'],
    ['create_unique_index', 'index'],
    ['update', 'data'],
    ['create_function', 'routine'],
    ['add_enum_value', 'type'],
    ['vacuum', 'other'],
  ];
  for (const [operation, kind] of kinds) assert.equal(groupOf(operation), kind, operation);
});

test('figures of merit on cases worked out by hand', () => {
  assert.equal(auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]), 0.75);
  assert.equal(auc([1, 1], [true, false]), 0.5);
  assert.ok(Number.isNaN(auc([1], [true])));
  assert.equal(brier([1, 0.5], [true, false]), 0.125);
  assert.deepEqual(scores(confusion([true, true, false, false], [true, false, true, false])), {
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
  });
  assert.ok(silhouette([[0], [0.1], [5], [5.1]], [0, 0, 1, 1]) > 0.95);
  assert.ok(silhouette([[0], [0.1], [5], [5.1]], [0, 1, 0, 1]) < 0);
});

test('accuracy of predictions of every shape', () => {
  assert.equal(failureAccuracy(0.25, false), 0.75);
  assert.equal(durationAccuracy(50, 100), 0.5);
  assert.equal(durationAccuracy(200, 100), 0.5);
  const cases: [unknown, unknown, number | undefined][] = [
    ['failed', 'Failed ', 1],
    ['failed', 'succeeded', 0],
    [{ failureProbability: 0.9 }, 'failed', 0.9],
    [{ failureProbability: 0.9 }, { outcome: 'succeeded' }, 0.1],
    [{ durationMs: { p10: 1, p50: 10, p90: 20 } }, { durationMs: 20 }, 0.5],
    [{ failureProbability: 0, durationMs: { p50: 10 } }, { outcome: 'succeeded', durationMs: 10 }, 1],
    [undefined, 'failed', undefined],
    [{ failureProbability: 0.9 }, 'who knows', undefined],
    [['a'], ['a'], undefined],
  ];
  for (const [predicted, actual, expected] of cases) {
    const found = accuracyOf(predicted, actual);
    assert.equal(
      found === undefined ? undefined : Number(found.toFixed(6)),
      expected,
      JSON.stringify([predicted, actual]),
    );
  }
});

test('a network refuses what would poison it, and survives being stored', () => {
  const plan = { hidden: [3], iterations: 50, learningRate: 0.3, seed: 1 };
  assert.throws(() => trainNetwork([[Number.NaN]], [[1]], plan), RangeError);
  const weights = trainNetwork([[0], [1]], [[0], [1]], plan);
  const direct = loadNetwork(weights)([1]);
  assert.deepEqual(loadNetwork(JSON.parse(JSON.stringify(weights)))([1]), direct);
});
