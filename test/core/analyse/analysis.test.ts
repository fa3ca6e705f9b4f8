import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAnomalies } from '../../../core/analyse/anomalies.ts';
import { unlikeAnyOther, usagePatterns } from '../../../core/analyse/by-models.ts';
import { findingsOf } from '../../../core/analyse/findings.ts';
import { InsightLog } from '../../../core/analyse/insight-log.ts';
import type { AnalysedMigration } from '../../../core/analyse/migrations.ts';
import { SortedWindow } from '../../../core/analyse/sorted-window.ts';
import { startOf } from '../../../core/analyse/statistics.ts';
import { findTrends } from '../../../core/analyse/trends.ts';
import { keptInMemory } from '../../../core/kept.ts';
import { runTraining } from '../../../core/learn/models.ts';
import { quantile, seededRandom, wilson } from '../../../core/numbers.ts';
import { atOnce } from '../../support/steps.ts';

const DAY = 86_400_000;
const START = Date.parse('2025-01-06T10:00:00Z');

function migration(n: number, extra: Partial<AnalysedMigration> = {}): AnalysedMigration {
  return {
    eventId: `event-${n}`,
    name: `m${n}`,
    at: START + n * DAY,
    workspace: 'w',
    author: 'dev-a',
    statements: 1,
    bytes: 100,
    operations: { add_column: 1 },
    destructive: 0,
    failed: false,
    durationMs: 10,
    tables: [`public.t${n % 10}`],
    message: undefined,
    sqlState: undefined,
    committedAt: START + n * DAY,
    changes: [],
    indexes: { blocking: 0, concurrent: 0 },
    ...extra,
  };
}

const history = (count: number, extra: (n: number) => Partial<AnalysedMigration> = () => ({})) =>
  Array.from({ length: count }, (_, n) => migration(n, extra(n)));

test('a quiet history says nothing alarming', () => {
  const random = seededRandom(1);
  const quiet = history(100, () => ({ durationMs: 8 + 4 * random() }));
  assert.deepEqual(atOnce(findAnomalies(quiet)), []);
  assert.deepEqual(atOnce(findingsOf(quiet)).insights, []);
  assert.deepEqual(
    atOnce(findTrends(quiet)).map(({ series, direction }) => [series, direction]),
    [
      ['migrations per week', 'steady'],
      ['duration of migrations', 'steady'],
      ['statements per migration', 'steady'],
    ],
  );
});

test('a run far outside its range is found, with the range', () => {
  const random = seededRandom(2);
  const slow = history(60, (n) => ({ durationMs: n === 50 ? 900 : 8 + 4 * random() }));
  const [found, ...others] = atOnce(findAnomalies(slow));
  assert.deepEqual([found?.eventId, found?.value, others.length], ['event-50', 900, 0]);
  assert.ok((found?.expected.high ?? 0) < 13 && (found?.score ?? 0) > 0.9);
  assert.match(found?.title ?? '', /took \d+ times as long/);
});

test('nothing is judged by what comes after it', () => {
  const random = seededRandom(3);
  const whole = history(80, (n) => ({
    durationMs: n % 17 === 16 ? 500 : 5 + 10 * random(),
    failed: n > 50 && n < 55,
  }));
  const all = atOnce(findAnomalies(whole));
  for (const length of [20, 40, 60]) {
    const early = atOnce(findAnomalies(whole.slice(0, length)))
      .map(({ id }) => id)
      .sort();
    const limit = whole[length - 1]?.at ?? 0;
    const expected = all
      .filter(({ at }) => Date.parse(at) <= limit)
      .map(({ id }) => id)
      .sort();
    assert.deepEqual(early, expected);
  }
});

test('a burst of failures is found once', () => {
  const found = atOnce(findAnomalies(history(60, (n) => ({ failed: n >= 40 && n < 46 }))));
  assert.deepEqual(
    found.map(({ series }) => series),
    ['failed migrations'],
  );
  assert.match(found[0]?.title ?? '', /3 of 8 migrations in a row failed; 0 % did before/);
});

test('insights carry their numbers and their evidence', () => {
  const data = history(60, (n) => ({
    failed: n % 20 === 0,
    message: 'could not create unique index "u"',
    sqlState: '23505',
    indexes: { blocking: n < 5 ? 1 : 0, concurrent: n === 6 ? 1 : 0 },
    destructive: n === 7 ? 2 : 0,
  }));
  const { insights, recommendations } = atOnce(findingsOf(data));
  assert.deepEqual(
    insights.map(({ id }) => id),
    ['failures', 'blocking-indexes', 'lost-data'],
  );
  const [failures, indexes] = insights;
  assert.deepEqual([failures?.numbers.failed, failures?.numbers.total, failures?.evidence.count], [3, 60, 3]);
  assert.match(failures?.title ?? '', /3 of 60 migrations failed \(5 %\).*\(3 times, SQLSTATE 23505\)/);
  assert.match(indexes?.title ?? '', /5 of 6 indexes on existing tables/);
  assert.deepEqual(
    recommendations.map(({ insight }) => insight),
    ['failures', 'blocking-indexes'],
  );
});

test('someone fails more often only where the intervals are apart', () => {
  const clear = history(80, (n) => ({
    author: n % 4 === 0 ? 'dev-b' : 'dev-a',
    failed: n % 4 === 0 && n % 8 === 0,
  }));
  const found = atOnce(findingsOf(clear)).insights.find(({ id }) => id === 'fails-more:dev-b');
  assert.match(
    found?.title ?? '',
    /Migrations by dev-b fail in 50 % of 20 cases, others in 0 % of 60 \(95 % interval of the difference 29 % to 70 %\)/,
  );
  const unclear = history(20, (n) => ({ author: n % 4 === 0 ? 'dev-b' : 'dev-a', failed: n < 5 }));
  assert.equal(
    atOnce(findingsOf(unclear)).insights.some(({ id }) => id.startsWith('fails-more')),
    false,
  );
});

test('of many groups that differ by chance none is told; the correction counts patterns and single factors together', () => {
  const chance = (seed: number) => {
    const random = seededRandom(seed);
    return history(400, () => ({ author: `dev-${Math.floor(random() * 30)}`, failed: random() < 0.15 }));
  };
  const told = Array.from({ length: 40 }, (_, seed) => atOnce(findingsOf(chance(seed + 1))).insights);
  const wrong = told.filter((insights) => insights.some(({ kind }) => kind === 'risk')).length;
  assert.ok(
    wrong <= 4,
    `${wrong} of 40 histories made by chance were told to have somebody who fails more often`,
  );
  const planted = history(400, (n) => ({
    author: `dev-${n % 10}`,
    failed: n % 10 === 3 ? n % 20 === 3 : n % 37 === 0,
  }));
  const [risk] = atOnce(findingsOf(planted)).insights.filter(({ id }) => id === 'fails-more:dev-3');
  assert.ok((risk?.numbers.p ?? 1) < 0.001 && (risk?.numbers.tested ?? 0) > 20);
});

test('insights are ranked by the hours and failures that they would have saved', () => {
  const data = history(60, (n) => ({
    failed: n % 20 === 0,
    sqlState: '23505',
    durationMs: n < 5 ? 6 * 3_600_000 : 10,
    indexes: { blocking: n < 5 ? 1 : 0, concurrent: 0 },
  }));
  const { insights } = atOnce(findingsOf(data));
  assert.deepEqual(
    insights.slice(0, 2).map(({ id, saves }) => [id, saves]),
    [
      ['blocking-indexes', { failures: 0, hours: 30 }],
      ['failures', { failures: 3, hours: 6 }],
    ],
  );
});

test('an insight that is found again is the same one: first seen, last seen, kept between runs', () => {
  const kept = keptInMemory();
  const { insights } = atOnce(findingsOf(history(60, (n) => ({ failed: n % 20 === 0 }))));
  const [first] = new InsightLog(kept).note(insights, 'shop', START);
  assert.deepEqual([first?.firstSeen, first?.lastSeen], [first?.lastSeen, new Date(START).toISOString()]);
  const log = new InsightLog(kept);
  const [again] = log.note(insights, 'shop', START + 3 * DAY);
  assert.deepEqual(
    [again?.firstSeen, again?.lastSeen],
    [first?.firstSeen, new Date(START + 3 * DAY).toISOString()],
  );
  const [elsewhere] = log.note(insights, 'other', START + 3 * DAY);
  assert.equal(elsewhere?.firstSeen, elsewhere?.lastSeen, 'another workspace has its own');
  const [late] = log.note(insights, 'shop', START + 200 * DAY);
  assert.equal(late?.firstSeen, first?.firstSeen);
  log.forget();
  const [anew] = new InsightLog(kept).note(insights, 'shop', START + 201 * DAY);
  assert.equal(anew?.firstSeen, anew?.lastSeen, 'erased');
});

test('medians of a sliding window are those of sorting it', () => {
  const random = seededRandom(3);
  const window = new SortedWindow(20);
  const all: number[] = [];
  for (let i = 0; i < 200; i++) {
    const value = Math.round(random() * 30);
    window.push(value);
    all.push(value);
    const last = all.slice(-20);
    const centre = quantile(last, 0.5);
    assert.equal(window.quantile(0.5), centre);
    assert.equal(
      window.medianDistance(centre),
      quantile(
        last.map((one) => Math.abs(one - centre)),
        0.5,
      ),
    );
  }
});

test('columns that did not last are counted', () => {
  const changes = (n: number) => {
    if (n < 4) return [{ kind: 'column_added', object: `public.t.c${n}` }];
    if (n < 8) return [{ kind: 'column_removed', object: `public.t.c${n - 4}` }];
    return [];
  };
  const found = atOnce(findingsOf(history(20, (n) => ({ changes: changes(n) })))).insights.find(
    ({ id }) => id === 'short-lived-columns',
  );
  assert.deepEqual(found?.numbers, { dropped: 4, added: 4 });
});

test('tables that change together are found, those that happen to meet are not', () => {
  const data = history(100, (n) => ({
    tables: n % 10 === 0 ? ['public.a', 'public.b'] : [`public.t${n % 7}`, `public.s${n % 11}`],
  }));
  const together = atOnce(findingsOf(data)).patterns.filter(({ kind }) => kind === 'co_occurrence');
  assert.deepEqual(
    together.map(({ id, support, strength }) => [id, support, strength]),
    [['together:public.a:public.b', 10, 10]],
  );
});

test('a trend is named only when the test is sure', () => {
  const rising = atOnce(findTrends(history(200, (n) => ({ durationMs: 10 * 1.02 ** n }))));
  const trend = rising.find(({ series }) => series === 'duration of migrations');
  assert.equal(trend?.direction, 'rising');
  assert.match(trend?.title ?? '', /rose by a factor of 5\d over 199 days/);
  assert.ok((trend?.confidence ?? 0) > 0.99);
});

test('buckets begin where people expect', () => {
  const iso = (text: string, bucket: Parameters<typeof startOf>[1]) =>
    new Date(startOf(Date.parse(text), bucket)).toISOString();
  assert.equal(iso('2026-11-25T13:45:00Z', 'hour'), '2026-11-25T13:00:00.000Z');
  assert.equal(iso('2026-11-25T13:45:00Z', 'day'), '2026-11-25T00:00:00.000Z');
  assert.equal(iso('2026-11-25T13:45:00Z', 'week'), '2026-11-23T00:00:00.000Z');
  assert.equal(iso('2026-11-29T23:59:59Z', 'week'), '2026-11-23T00:00:00.000Z');
  assert.equal(iso('2026-11-25T13:45:00Z', 'month'), '2026-11-01T00:00:00.000Z');
});

test('small statistics', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([1, 2, 3, 4, 5], 0.9), 4.6);
  const { low, high } = wilson(8, 10);
  assert.deepEqual([low.toFixed(3), high.toFixed(3)], ['0.490', '0.943']);
});

test('trained models add what they see: groups of like migrations, and the one unlike all others', () => {
  const random = seededRandom(5);
  const data = history(120, (n) => ({
    operations: n % 3 === 0 ? { create_index: 1 } : { add_column: 1 },
    durationMs: (n % 3 === 0 ? 100 : 5) * (0.9 + 0.2 * random()),
  }));
  const trained = (modelId: 'usage-pattern' | 'anomaly-detection') =>
    runTraining({ modelId, examples: data, seed: 1 }).artifact;
  const groups = atOnce(usagePatterns(trained('usage-pattern'), data));
  assert.deepEqual(
    groups.map(({ support }) => support),
    [80, 40],
  );
  assert.match(groups[1]?.title ?? '', /40 migrations of one kind \(indexes\); none failed/);

  const anomaly = trained('anomaly-detection');
  const odd = migration(120, {
    operations: { drop_table: 30, insert: 40 },
    statements: 70,
    bytes: 90_000,
    durationMs: 60_000,
  });
  const found = atOnce(unlikeAnyOther(anomaly, [...data, odd]));
  assert.ok(found.some(({ eventId }) => eventId === odd.eventId));
  assert.ok(found.length <= 5, `${found.length} of 121 are called unlike all others`);
});
