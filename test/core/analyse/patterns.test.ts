import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePoint } from '../../../core/analyse/change-point.ts';
import { findingsOf } from '../../../core/analyse/findings.ts';
import { forecast } from '../../../core/analyse/forecast.ts';
import type { AnalysedMigration } from '../../../core/analyse/migrations.ts';
import { benjaminiHochberg, fisher, mannWhitney, newcombe } from '../../../core/analyse/significance.ts';
import { findTrends } from '../../../core/analyse/trends.ts';
import { seededRandom } from '../../../core/numbers.ts';
import { atOnce } from '../../support/steps.ts';

const HOUR = 3_600_000;
const START = Date.parse('2025-01-06T00:00:00Z');

/** Migrations by chance: any author, hour, table, operation and outcome. */
function byChance(seed: number, count = 300): AnalysedMigration[] {
  const random = seededRandom(seed);
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let at = START;
  return Array.from({ length: count }, (_, n) => {
    at += 40 * HOUR * random();
    return {
      eventId: `event-${n}`,
      name: `m${n}`,
      at,
      workspace: 'w',
      author: any(['dev-a', 'dev-b', 'dev-c']),
      statements: 1,
      bytes: 100,
      operations: { [any(['add_column', 'create_index', 'create_table', 'drop_column'])]: 1 },
      destructive: 0,
      failed: random() < 0.15,
      durationMs: 50 * (0.5 + random()),
      tables: [`public.t${Math.floor(random() * 12)}`],
      message: undefined,
      sqlState: undefined,
      committedAt: at,
      changes: [],
      indexes: { blocking: 0, concurrent: 0 },
    };
  });
}

const late = ({ committedAt = 0 }: AnalysedMigration) => {
  const hour = new Date(committedAt).getUTCHours();
  return hour >= 18 || hour < 6;
};

test('migrations by chance have no patterns', () => {
  const told = Array.from({ length: 40 }, (_, seed) => atOnce(findingsOf(byChance(seed + 1))).patterns);
  const wrong = told.filter((patterns) => patterns.length > 0).length;
  assert.ok(wrong <= 4, `${wrong} of 40 histories made by chance were told to have a pattern`);
});

test('a planted concentration is found, with support, effect and interval; shuffled outcomes lose it', () => {
  const random = seededRandom(7);
  const planted = byChance(7).map((migration) => {
    const own = migration.author === 'dev-b' && late(migration);
    return { ...migration, failed: random() < (own ? 0.5 : 0.08) };
  });
  const [found] = atOnce(findingsOf(planted)).patterns.filter(({ kind }) => kind === 'concentration');
  assert.match(
    found?.title ?? '',
    /^Migrations of dev-b between 18:00 and 06:00 UTC fail [\d.]+ times as often: \d+ of \d+ \(95 % interval/,
  );
  assert.ok((found?.interval?.low ?? 0) > 0.1 && (found?.p ?? 1) < 0.001 && (found?.tested ?? 0) > 20);
  assert.equal(found?.support, found?.evidence.count);
  const outcomes: (boolean | undefined)[] = planted.map(({ failed }) => failed);
  for (let i = outcomes.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [outcomes[i], outcomes[j]] = [outcomes[j] as boolean | undefined, outcomes[i] as boolean | undefined];
  }
  const shuffled = planted.map((migration, i) => ({ ...migration, failed: outcomes[i] }));
  assert.deepEqual(atOnce(findingsOf(shuffled)).patterns, []);
});

test('a planted sequence is found: what follows what', () => {
  const random = seededRandom(9);
  const planted = byChance(9);
  for (let i = 1; i < planted.length; i++) {
    const before = planted[i - 1]?.operations.create_table;
    if (before && random() < 0.7)
      planted[i] = { ...(planted[i] as AnalysedMigration), operations: { create_index: 1 } };
  }
  const found = atOnce(findingsOf(planted)).patterns.find(({ id }) => id === 'sequence:table:index');
  assert.match(
    found?.title ?? '',
    /After a migration about “table” comes one about “index” in \d+ of \d+ cases/,
  );
  assert.ok((found?.effect ?? 0) > 0.3);
});

test('tables that are changed again at once are told beside what chance would do', () => {
  const planted = byChance(11).flatMap((migration, i) =>
    i % 3 === 0 ? [migration, { ...migration, eventId: `again-${i}`, at: migration.at + HOUR }] : [migration],
  );
  const found = atOnce(findingsOf(planted)).patterns.find(({ id }) => id === 'follow-ups');
  assert.match(
    found?.title ?? '',
    /^1\d\d of 400 migrations change a table again within a day.*by chance it would be \d+$/,
  );
});

test('tests and intervals have the values of the books', () => {
  // R: fisher.test(matrix(c(3, 1, 1, 3), 2))$p.value
  assert.equal(fisher(3, 4, 1, 4).toFixed(4), '0.4857');
  // R: fisher.test(matrix(c(10, 2, 3, 15), 2))$p.value
  assert.equal(fisher(10, 12, 3, 18).toFixed(7), '0.0005367');
  // Newcombe 1998, table II, (a): 56/70 and 48/80.
  const { low, high } = newcombe(56, 70, 48, 80);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['0.0524', '0.3339']);
  assert.deepEqual(benjaminiHochberg([0.01, 0.04, 0.03, 0.9]), [true, false, false, false]);
  assert.deepEqual(benjaminiHochberg([0.01, 0.02, 0.03, 0.9]), [true, true, true, false]);
  assert.ok(mannWhitney([1, 2, 3, 4, 5, 6, 7, 8], [11, 12, 13, 14, 15, 16, 17, 18]) < 0.01);
  assert.equal(mannWhitney([1, 2, 3], [1, 2, 3]).toFixed(6), '1.000000');
});

test('a step is found where it is, and noise has none', () => {
  const random = seededRandom(5);
  const noise = Array.from({ length: 120 }, () => random());
  const stepped = noise.map((value, i) => value + (i >= 80 ? 0.8 : 0));
  const found = changePoint(stepped);
  assert.ok(found && Math.abs(found.index - 80) <= 3 && found.p < 0.001, JSON.stringify(found));
  assert.ok((changePoint(noise)?.p ?? 0) > 0.05);
});

test('a forecast beats “as last week” on noise around a level, and its interval holds about eight of ten', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 200 }, () => 20 + 10 * (random() - 0.5));
  const { ahead, backtest } = forecast(values) ?? assert.fail();
  assert.ok(backtest.error < 0.9 * backtest.naiveError, JSON.stringify(backtest));
  assert.ok(backtest.coverage > 0.7 && backtest.coverage < 0.9, JSON.stringify(backtest));
  assert.equal(ahead.length, 4);
  for (const { low, value, high } of ahead) assert.ok(low < value && value < high);
  assert.equal(forecast(values.slice(0, 17)), undefined);
});

test('a trend carries its weeks, its step, and what is expected', () => {
  const history = byChance(13).map((migration, i) => ({
    ...migration,
    failed: false,
    durationMs: (migration.durationMs ?? 0) * (i >= 200 ? 6 : 1),
  }));
  const trend = atOnce(findTrends(history)).find(({ series }) => series === 'duration of migrations');
  assert.match(trend?.title ?? '', /; the level stepped from [\d.]+ to \d+ ms around 2025-/);
  assert.ok((trend?.changePoint?.after ?? 0) > 4 * (trend?.changePoint?.before ?? 0));
  assert.equal(trend?.shownUnit, 'ms');
  assert.ok((trend?.history?.length ?? 0) > 20 && trend?.forecast?.length === 4);
  const [next] = trend?.forecast ?? [];
  assert.ok((next?.low ?? 0) < 300 && (next?.high ?? 0) > 250, JSON.stringify(next));
});
