/**
 * What a test sent and what was acknowledged, kept outside the store; and the one question of every fault test: is
 * every acknowledged event there exactly once, and nothing that was never sent?
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { derivedUuid } from '../../core/events/ids.ts';
import type { UnstoredEvent } from '../../core/store/event-store.ts';

const FIRST_MS = Date.UTC(2026, 0, 1);

/**
 * Event number `n` of a sender: the same whenever it is asked for, so that another process can tell what it should
 * look like. Its size differs from number to number, some hold letters of several bytes.
 */
export function numberedEvent(sender: string, n: number): UnstoredEvent {
  const digest = createHash('sha256').update(`${sender} ${n}`).digest('hex');
  const at = FIRST_MS + n * 1_000;
  return {
    id: derivedUuid(at, digest),
    timestamp: new Date(at).toISOString(),
    type: 'user_interaction',
    source: sender,
    data: { action: 'test', target: `${digest.repeat(1 + (n % 7))} ${n % 3 ? 'plain' : 'größer → 大'} ${n}` },
    metadata: {},
  };
}

export function numberedEvents(sender: string, from: number, count: number): UnstoredEvent[] {
  return Array.from({ length: count }, (_, i) => numberedEvent(sender, from + i));
}

/** An event that somebody found, in the store or in the journal. */
export interface Found {
  id: string;
  source: string;
  sequence: number;
  data: unknown;
}

/** The figures that each fault test prints. */
export interface Counts {
  rounds: number;
  acknowledged: number;
  found: number;
}

export class Ledger {
  readonly #sent = new Map<string, UnstoredEvent>();
  readonly #acknowledged = new Set<string>();

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get sent(): number {
    return this.#sent.size;
  }

  /** Call it before the events are handed over. */
  send(events: readonly UnstoredEvent[]): void {
    for (const event of events) this.#sent.set(keyOf(event), event);
  }

  /** Call it with what was sent and is known to be stored. */
  acknowledge(events: readonly UnstoredEvent[]): void {
    for (const event of events) this.#acknowledged.add(keyOf(event));
  }

  /** Events that were sent and for which no answer came. */
  unanswered(): UnstoredEvent[] {
    return [...this.#sent].filter(([key]) => !this.#acknowledged.has(key)).map(([, event]) => event);
  }

  /** Throws an assertion that begins with `where` unless `found` is what it must be; returns how many there are. */
  check(found: readonly Found[], where: string): number {
    const seen = new Set<string>();
    const sequences = new Set<number>();
    for (const event of found) {
      const key = keyOf(event);
      assert.ok(!seen.has(key), `${where}: event ${key} is there twice`);
      assert.ok(!sequences.has(event.sequence), `${where}: sequence ${event.sequence} is there twice`);
      seen.add(key);
      sequences.add(event.sequence);
      const sent = this.#sent.get(key);
      assert.ok(sent, `${where}: event ${key} was never sent`);
      assert.deepEqual(event.data, sent.data, `${where}: event ${key} is not as it was sent`);
    }
    const lost = [...this.#acknowledged].filter((key) => !seen.has(key));
    assert.equal(lost.length, 0, `${where}: acknowledged and lost: ${lost.slice(0, 3).join(', ')} …`);
    return seen.size;
  }
}

/** What the journal's reader found, as a ledger checks it. */
export function foundIn(events: readonly { sequence: number; text: string }[]): Found[] {
  return events.map(({ sequence, text }) => ({ ...(JSON.parse(text) as Omit<Found, 'sequence'>), sequence }));
}

/** Of events that stand there several times the first, as replaying a journal counts them. */
export function firstOfEach(found: readonly Found[]): Found[] {
  const byKey = new Map<string, Found>();
  for (const event of found) if (!byKey.has(keyOf(event))) byKey.set(keyOf(event), event);
  return [...byKey.values()];
}

export function countsText({ rounds, acknowledged, found }: Counts): string {
  return `${rounds} rounds, ${acknowledged} events acknowledged, ${found} found`;
}

function keyOf({ source, id }: { source: string; id: string }): string {
  return `${source} ${id}`;
}
