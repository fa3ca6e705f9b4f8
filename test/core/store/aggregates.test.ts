/** Counts and quantiles over columns against the same worked out event by event. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventStatus, EventType } from '../../../core/contract/event.ts';
import { facetsOf } from '../../../core/contract/facets.ts';
import type { EventFilter } from '../../../core/contract/methods.ts';
import { quantile, seededRandom } from '../../../core/numbers.ts';
import {
  countEvents,
  countsByTypeAndTime,
  durationsByOperation,
  lastSequenceOf,
  spanOfEvents,
  tallyKinds,
  tallyNames,
  tallyTables,
} from '../../../core/store/aggregates.ts';
import { type BenchEvent, benchEvent, DAY_MS, FIRST_MS } from '../../bench/events.ts';
import { memoryStore } from '../../support/store.ts';

/** Enough for both ways in which quantiles are worked out. */
const COUNT = 36_000;
const HOUR = 3_600_000;
const random = seededRandom(7);
/** Mostly in order of time, some late, some with names that are no ASCII, one duration of 0 and one enormous. */
const events: BenchEvent[] = Array.from({ length: COUNT }, (_, n) => {
  const event = benchEvent(n, COUNT);
  const late = random() < 0.05 ? Math.floor(random() * DAY_MS) : 0;
  const data = { ...event.data, ...(n === 10 ? { durationMs: 0 } : n === 11 ? { durationMs: 1e12 } : {}) };
  const metadata = { ...event.metadata, ...(n % 50 === 0 ? { workspace: 'größe 名前' } : {}) };
  return {
    ...event,
    timestamp: new Date(Date.parse(event.timestamp) - late).toISOString(),
    data: data as BenchEvent['data'],
    metadata,
  };
});
/** Several partitions, so that names are numbered differently in each. */
const store = await memoryStore({ partitionEvents: 9_000 });
for (let n = 0; n < COUNT; n += 1_000) await store.append(events.slice(n, n + 1_000));

const from = new Date(FIRST_MS + 2 * DAY_MS).toISOString();
const to = new Date(FIRST_MS + 4.5 * DAY_MS).toISOString();
const filters: EventFilter[] = [
  {},
  { from, to },
  { from },
  { workspace: 'größe 名前' },
  { type: ['schema_operation', 'error_occurrence'], status: ['error'] },
  { from, to, workspace: 'workspace-3', type: ['performance_metric'] },
  { workspace: 'nowhere' },
  { from: to, to: from },
];

function matching(filter: EventFilter): BenchEvent[] {
  return events.filter((event) => {
    const at = Date.parse(event.timestamp);
    return (
      (!filter.from || at >= Date.parse(filter.from)) &&
      (!filter.to || at < Date.parse(filter.to)) &&
      (!filter.workspace || event.metadata.workspace === filter.workspace) &&
      (!filter.type || filter.type.includes(event.type)) &&
      (!filter.status || filter.status.includes(facetsOf(event).status))
    );
  });
}

function tally(names: readonly (string | undefined)[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
}

for (const filter of filters) {
  test(`figures of ${JSON.stringify(filter)} are those of its events`, () => {
    const found = matching(filter);
    const times = found.map(({ timestamp }) => Date.parse(timestamp));
    assert.equal(countEvents(store, filter), found.length);
    assert.deepEqual(spanOfEvents(store, filter), {
      first: found.length === 0 ? undefined : Math.min(...times),
      last: found.length === 0 ? undefined : Math.max(...times),
      count: found.length,
    });
    assert.deepEqual(tallyNames(store, filter, 'source'), tally(found.map(({ source }) => source)));
    const { types, statuses } = tallyKinds(store, filter);
    assert.deepEqual(types, byCount(tally(found.map(({ type }) => type)), types));
    assert.deepEqual(statuses, byCount(tally(found.map((event) => facetsOf(event).status)), statuses));
    const tables = found.flatMap(({ data }) => (data as { tables?: string[] }).tables ?? []);
    assert.deepEqual(tallyTables(store, filter), tally(tables));
  });

  test(`durations by operation of ${JSON.stringify(filter)} are exact`, () => {
    const groups = Map.groupBy(
      matching(filter).filter((event) => facetsOf(event).durationMs !== undefined),
      (event) => facetsOf(event).operation ?? '',
    );
    const found = durationsByOperation(store, filter, [0, 0.5, 0.95, 1]);
    assert.deepEqual(new Set(found.map(({ operation }) => operation)), new Set(groups.keys()));
    for (const { operation, count, failures, quantiles, max } of found) {
      const group = groups.get(operation) ?? [];
      const durations = group.map((event) => facetsOf(event).durationMs ?? Number.NaN);
      assert.equal(count, group.length);
      assert.equal(failures, group.filter((event) => facetsOf(event).status === 'error').length);
      assert.equal(max, Math.max(...durations));
      assert.deepEqual(
        quantiles,
        [0, 0.5, 0.95, 1].map((p) => quantile(durations, p)),
        operation,
      );
    }
  });
}

test('counts by type and hour add up, hour by hour', () => {
  const counts = countsByTypeAndTime(store, { from, to }, HOUR);
  const expected = tally(
    matching({ from, to }).map(
      ({ type, timestamp }) => `${Math.floor(Date.parse(timestamp) / HOUR) * HOUR} ${type}`,
    ),
  );
  assert.deepEqual(new Map(counts.map(({ at, type, count }) => [`${at} ${type}`, count])), new Map(expected));
});

test('the last event of some types is found by its sequence', () => {
  const types: EventType[] = ['migration_execution', 'model_update'];
  assert.equal(lastSequenceOf(store, types), events.findLastIndex(({ type }) => types.includes(type)) + 1);
  assert.equal(lastSequenceOf(store, ['model_update']), 0);
});

/** The tally in the order of what was found: equal counts may stand in any order there. */
function byCount(expected: [string, number][], found: readonly [string, number][]): [string, number][] {
  const order = new Map(found.map(([name], i): [string, number] => [name, i]));
  return expected.sort(([a], [b]) => (order.get(a as EventStatus) ?? 0) - (order.get(b) ?? 0));
}
