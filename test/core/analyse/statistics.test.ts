import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOf, statistics } from '../../../core/analyse/statistics.ts';
import { isType } from '../../../core/contract/event.ts';
import { groupBy, quantile, quantileInPlace, seededRandom, significant } from '../../../core/numbers.ts';
import { benchEvent, FIRST_MS, SPAN_MS } from '../../bench/events.ts';
import { memoryStore } from '../../support/store.ts';

test('a quantile by selection is that of sorting, for ties too', () => {
  const random = seededRandom(11);
  for (const length of [1, 2, 3, 10, 101, 1_000])
    for (const distinct of [1, 3, 1e9]) {
      const values = Array.from({ length }, () => Math.floor(random() * distinct));
      for (const p of [0, 0.05, 0.5, 0.95, 1])
        assert.equal(quantileInPlace(Float64Array.from(values), p), quantile(values, p), `${length} ${p}`);
    }
  assert.ok(Number.isNaN(quantileInPlace(new Float64Array(), 0.5)));
});

test('figures over time and of migrations are those of the events, whole and for a timeframe and a workspace', async () => {
  const store = await memoryStore();
  const events = Array.from({ length: 4_000 }, (_, n) => benchEvent(n, 4_000));
  await store.append(events);
  const middle = {
    from: new Date(FIRST_MS + SPAN_MS / 3).toISOString(),
    to: new Date(FIRST_MS + SPAN_MS / 2).toISOString(),
  };
  for (const params of [{}, middle, { workspace: 'workspace-3' }, { ...middle, workspace: 'workspace-3' }]) {
    const { migrations, series, bucket, events: count } = statistics(store, params, FIRST_MS + SPAN_MS);
    const own = events.filter(
      ({ timestamp, metadata }) =>
        (!('from' in params) || (timestamp >= params.from && timestamp < params.to)) &&
        (!('workspace' in params) || metadata.workspace === params.workspace),
    );
    const runs = own
      .filter((event) => event.type === 'migration_execution')
      .map((event) => {
        assert.ok(isType(event as never, 'migration_execution'));
        return event.data as { outcome: string; durationMs: number };
      });
    const durations = runs.map(({ durationMs }) => durationMs);
    assert.equal(count, own.length);
    assert.deepEqual(migrations, {
      total: runs.length,
      succeeded: runs.filter(({ outcome }) => outcome === 'succeeded').length,
      failed: runs.filter(({ outcome }) => outcome === 'failed').length,
      other: 0,
      durationP50: significant(quantile(durations, 0.5)),
      durationP95: significant(quantile(durations, 0.95)),
    });
    const byTime = groupBy(own, ({ timestamp }) => startOf(Date.parse(timestamp), bucket));
    assert.deepEqual(
      series.map(({ at, events }) => [Date.parse(at), events]),
      [...byTime].sort(([a], [b]) => a - b).map(([at, some]) => [at, some.length]),
    );
    assert.equal(
      series.reduce((sum, { migrations: some }) => sum + some, 0),
      runs.length,
    );
  }
});
