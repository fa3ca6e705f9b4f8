/**
 * The chain of the audit trail: each entry carries a SHA-256 over itself and over the hash before it, so nobody can
 * change, add or take out one in between without breaking every hash behind it. That the newest ones are all there only
 * a hash that was kept elsewhere can show.
 *
 * Where an entry is erased for privacy, a tombstone stays in its place: id, time and hashes. A tombstone counts only
 * where an entry that is whole tells of its erasure.
 */
import type { TelemetryEvent } from '../contract/event.ts';
import type { AuditVerdict } from '../contract/governance.ts';
import type { Platform } from '../platform.ts';
import { plural } from '../report/format.ts';

/** What stands before the first entry. */
export const GENESIS = '0'.repeat(64);
export const AUDIT_KIND = 'audit';

type Unhashed = Omit<TelemetryEvent, 'sequence'>;

/** Of everything in an entry but its own hash, whatever the order of its fields. */
export function hashOfEntry(entry: Unhashed, { sha256 }: Pick<Platform, 'sha256'>): string {
  const { hash: _hash, ...data } = entry.data;
  const { id, timestamp, type, source, metadata } = entry;
  return sha256(JSON.stringify(inOrder({ id, timestamp, type, source, metadata, data })));
}

/** What stays of an entry that is erased. */
export function tombstoneOf<E extends Unhashed>(entry: E, erasure: string): E {
  const { previous, hash } = entry.data as { previous?: unknown; hash?: unknown };
  return {
    ...entry,
    metadata: {},
    data: { kind: AUDIT_KIND, severity: 'info', message: 'erased', erased: erasure, previous, hash },
  };
}

/**
 * Walks the chain in order of recording.
 *
 * @param head a hash that must be in it: proves that nothing up to there was cut off
 */
export function verifyChain(
  entries: readonly TelemetryEvent[],
  platform: Pick<Platform, 'sha256'>,
  head?: string,
): AuditVerdict {
  let last = GENESIS;
  let seen = head === undefined;
  let erased = 0;
  const erasures = new Set<unknown>();
  const tombstones: { sequence: number; erasure: unknown }[] = [];
  const broken = (sequence: number, why: string): AuditVerdict => ({
    entries: entries.length,
    intact: false,
    firstBroken: sequence,
    ...(last === GENESIS ? {} : { head: last }),
    message: `The trail is broken at event ${sequence}: ${why}.`,
  });
  for (const entry of entries) {
    const { previous, hash, erased: erasure, erasure: tells } = entry.data;
    if (previous !== last) return broken(entry.sequence, 'what was before it is not what it names');
    if (erasure !== undefined) {
      tombstones.push({ sequence: entry.sequence, erasure });
      erased++;
    } else if (hash !== hashOfEntry(entry, platform)) {
      return broken(entry.sequence, 'it was changed');
    } else if (tells !== undefined) {
      erasures.add(tells);
    }
    last = hash as string;
    seen ||= last === head;
  }
  const alone = tombstones.find(({ erasure }) => !erasures.has(erasure));
  if (alone) return broken(alone.sequence, 'it was emptied, and no entry tells of that erasure');
  const count = `${plural(entries.length, 'entry', 'entries')}${erased > 0 ? `, ${erased} of them erased for privacy` : ''}`;
  return {
    entries: entries.length,
    intact: seen,
    ...(last === GENESIS ? {} : { head: last }),
    message: seen
      ? `The trail is whole: ${count}.`
      : `The hash ${head} is not in the trail: entries were cut off, or it is of another trail.`,
  };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(pairs.map(([key, item]) => [key, inOrder(item)]));
}
