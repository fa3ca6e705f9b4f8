import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../../core/learn/examples.ts';
import { runTraining } from '../../../core/learn/models.ts';
import { sessionsOf } from '../../../core/learn/sessions.ts';
import type { Artifact } from '../../../core/learn/trainable.ts';
import { type UsageCluster, usageGroup } from '../../../core/learn/usage-model.ts';
import { seededRandom } from '../../../core/numbers.ts';

const KINDS: [string[], number][] = [
  [['create_table', 'create_index'], 0.1],
  [['update'], 0.5],
  [['add_column', 'set_not_null'], 0.2],
];

/** Three kinds of work, each with its own order of steps and its own rate of failures. */
function work(count: number, from = 0): Example[] {
  const random = seededRandom(11);
  return Array.from({ length: from + count }, (_, i): Example => {
    const [steps, rate] = KINDS[Math.floor(random() * KINDS.length)] as [string[], number];
    const times = () => 3 + Math.floor(random() * 5);
    const comments = Math.floor(random() * 3);
    return {
      eventId: `e${i}`,
      name: `m${i}`,
      at: i * 2 * 3_600_000 + Math.floor(i / 5) * 9 * 3_600_000,
      workspace: 'w',
      author: 'ann',
      statements: steps.length,
      bytes: 100,
      operations: { ...Object.fromEntries(steps.map((name) => [name, times()])), comment: comments },
      steps,
      destructive: 0,
      failed: random() < rate,
      durationMs: 10,
    };
  }).slice(from);
}

function train(examples: Example[], champion?: Artifact) {
  return runTraining({ modelId: 'usage-pattern', examples, seed: 1, ...(champion ? { champion } : {}) });
}

function clusters({ artifact }: { artifact: Artifact }): UsageCluster[] {
  return artifact.clusters as UsageCluster[];
}

test('migrations are grouped by what they do, with order of steps, size, sessions and how they end', () => {
  const trained = train(work(200));
  const found = clusters(trained);
  assert.deepEqual(found.map(({ name }) => name).sort(), [
    'data',
    'new columns and constraints',
    'new tables and indexes',
  ]);
  const columns = found.find(({ name }) => name === 'new columns and constraints');
  assert.deepEqual(columns?.steps, ['column', 'constraint']);
  const data = found.find(({ name }) => name === 'data');
  assert.ok((data?.failed ?? 0) > 0.35 && (data?.failed ?? 1) < 0.65);
  assert.equal(
    found.reduce((sum, { size }) => sum + size, 0),
    150,
  );
  assert.ok(found.every(({ sessions }) => sessions > 0));
  assert.ok(trained.beatsBaseline && trained.headline.value > 0.6 && (trained.headline.baseline ?? 1) < 0.1);
  assert.equal(usageGroup(trained.artifact)({ operations: { update: 3 } }).name, 'data');
});

test('the same data give the same names, and a little more of it renames nothing', () => {
  const first = train(work(200));
  assert.deepEqual(clusters(train(work(200))), clusters(first));
  let champion = first.artifact;
  for (const count of [205, 215, 230]) {
    const next = train(work(count), champion);
    assert.deepEqual(
      clusters(next).map(({ name }) => name),
      clusters(first).map(({ name }) => name),
      `${count} migrations`,
    );
    champion = next.artifact;
  }
});

test('a session ends with a pause, and with its author', () => {
  const at = (hours: number, author: string) => ({
    ...(work(1)[0] as Example),
    at: hours * 3_600_000,
    author,
  });
  const sessions = sessionsOf([at(0, 'ann'), at(1, 'ben'), at(3, 'ann'), at(8, 'ann'), at(8.5, 'ben')]);
  assert.deepEqual(
    sessions.map(({ author, migrations }) => [author, migrations.length]),
    [
      ['ann', 2],
      ['ben', 1],
      ['ann', 1],
      ['ben', 1],
    ],
  );
});
