import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENESIS, hashOfEntry, tombstoneOf, verifyChain } from '../../../core/audit/chain.ts';
import type { TelemetryEvent } from '../../../core/contract/event.ts';
import { nodePlatform } from '../../../core/node/platform.ts';

/** Four entries; the last but one orders the erasure `e1`. */
function trail(): TelemetryEvent[] {
  const entries: TelemetryEvent[] = [];
  for (const [i, more] of [{}, { detail: 'x' }, { erasure: 'e1' }, {}].entries()) {
    const entry: TelemetryEvent = {
      id: `0${i}`,
      timestamp: new Date(i * 1_000).toISOString(),
      type: 'security_event',
      source: 'engine:telemetry-engine',
      metadata: { user: 'dev-aaaaaa' },
      sequence: 10 + i * 2,
      data: {
        kind: 'audit',
        severity: 'info',
        method: 'models.train',
        ...more,
        previous: entries.at(-1)?.data.hash ?? GENESIS,
      },
    };
    entries.push({ ...entry, data: { ...entry.data, hash: hashOfEntry(entry, nodePlatform) } });
  }
  return entries;
}

const at = (entries: TelemetryEvent[], i: number) => entries[i] as TelemetryEvent;
const hashAt = (entries: TelemetryEvent[], i: number) => String(at(entries, i).data.hash);

/** The sequence of the first broken entry, undefined for a whole trail. */
const cases: [string, (entries: TelemetryEvent[]) => TelemetryEvent[], number | undefined][] = [
  ['as it was written', (all) => all, undefined],
  ['read back from JSON with its fields in another order', (all) => all.map(reversed), undefined],
  ['none at all', () => [], undefined],
  ['the result changed', (all) => all.with(1, changed(at(all, 1), { method: 'keys.revoke' })), 12],
  ['a field added', (all) => all.with(1, changed(at(all, 1), { extra: 1 })), 12],
  ['the person changed', (all) => all.with(1, { ...at(all, 1), metadata: { user: 'dev-b' } }), 12],
  ['the time changed', (all) => all.with(1, { ...at(all, 1), timestamp: at(all, 2).timestamp }), 12],
  ['one taken out', (all) => all.toSpliced(1, 1), 14],
  ['the first taken out', (all) => all.slice(1), 12],
  ['two swapped', (all) => [at(all, 0), at(all, 2), at(all, 1), at(all, 3)], 14],
  ['one erased, as an entry tells', (all) => all.with(1, tombstoneOf(at(all, 1), 'e1')), undefined],
  ['one emptied, and no entry tells of it', (all) => all.with(1, tombstoneOf(at(all, 1), 'e2')), 12],
  ['the entry that tells of an erasure emptied', (all) => all.with(2, tombstoneOf(at(all, 2), 'e1')), 14],
];

for (const [what, change, firstBroken] of cases) {
  test(`audit chain: ${what}`, () => {
    const verdict = verifyChain(change(trail()), nodePlatform);
    assert.deepEqual([verdict.intact, verdict.firstBroken], [firstBroken === undefined, firstBroken]);
  });
}

test('audit chain: a kept head shows that the newest entries were cut off', () => {
  const all = trail();
  for (const head of [hashAt(all, 1), hashAt(all, 3)])
    assert.equal(verifyChain(all, nodePlatform, head).intact, true);
  const cut = verifyChain(all.slice(0, 2), nodePlatform, hashAt(all, 3));
  assert.deepEqual([cut.intact, cut.firstBroken, cut.head], [false, undefined, hashAt(all, 1)]);
  assert.match(cut.message, /cut off/);
});

test('audit chain: a tombstone holds neither person nor call', () => {
  const { id, timestamp, metadata, data } = tombstoneOf(at(trail(), 1), 'e1');
  assert.deepEqual(metadata, {});
  assert.deepEqual(Object.keys(data).sort(), ['erased', 'hash', 'kind', 'message', 'previous', 'severity']);
  assert.deepEqual([id, timestamp], ['01', '1970-01-01T00:00:01.000Z']);
});

function changed(entry: TelemetryEvent, more: object): TelemetryEvent {
  return { ...entry, data: { ...entry.data, ...more } };
}

function reversed(entry: TelemetryEvent): TelemetryEvent {
  const data = Object.fromEntries(Object.entries(entry.data).reverse());
  return JSON.parse(JSON.stringify({ ...entry, data })) as TelemetryEvent;
}
