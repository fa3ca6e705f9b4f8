/** The audit trail: who called what that changes something, in a chain of hashes that is part of the journal. */
import { TelemetryError } from '../contract/errors.ts';
import type { EventInput, TelemetryEvent } from '../contract/event.ts';
import type { AuditEntry, AuditVerdict } from '../contract/governance.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { Platform } from '../platform.ts';
import { redactDeep } from '../privacy/redact.ts';
import type { UnstoredEvent } from '../store/encode.ts';
import { eventsOfType } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import { AUDIT_KIND, GENESIS, hashOfEntry, verifyChain } from './chain.ts';

/** Where entries come from; nobody else may record events of kind `audit`. */
export const AUDIT_SOURCE = 'engine:telemetry-engine';

/** What stands for every field of an entry that was erased. */
export const ERASED_ENTRY = '(erased)';

/** A call as it is told to the trail. */
export interface AuditedCall {
  method: string;
  role: string;
  via: string;
  /** `done`, or the code of the error. */
  result: string;
  /** Pseudonym of who called. */
  user?: string | undefined;
  params?: unknown;
  /** The erasure that it ordered: the entry itself is never erased. */
  erasure?: string | undefined;
}

export interface TrailOptions {
  reader: EventReader;
  platform: Pick<Platform, 'sha256'>;
  /** The event with id, time and no secrets. */
  complete: (event: EventInput) => UnstoredEvent;
  /** Stores an event as it is; resolves once it is durable. */
  store: (event: UnstoredEvent) => Promise<void>;
}

const LONGEST_DETAIL = 300;
const DEFAULT_LIMIT = 50;

export class AuditTrail {
  readonly #options: TrailOptions;
  #head: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TrailOptions) {
    this.#options = options;
  }

  /** Adds an entry; resolves once it is durable. One after the other: each needs the hash before it. */
  record(call: AuditedCall): Promise<void> {
    const added = this.#last.then(() => this.#add(call));
    this.#last = added.catch(() => undefined);
    return added;
  }

  /** Newest first. */
  list({ method, user, from, to, limit, cursor }: Params<'audit.list'>): Result<'audit.list'> {
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
    if (Number.isNaN(before)) throw new TelemetryError('invalid-request', 'The cursor is not of this list.');
    const wanted = this.#entries({ ...(from ? { from } : {}), ...(to ? { to } : {}) })
      .reverse()
      .map(asEntry)
      .filter(
        (entry) =>
          entry.sequence < before &&
          (method === undefined || `${entry.method}.`.startsWith(`${method}.`)) &&
          (user === undefined || entry.user === user),
      );
    const most = limit ?? DEFAULT_LIMIT;
    const items = wanted.slice(0, most);
    const last = items.at(-1);
    return { items, ...(wanted.length > most && last ? { nextCursor: String(last.sequence) } : {}) };
  }

  verify(head?: string): AuditVerdict {
    return verifyChain(this.#entries(), this.#options.platform, head?.trim().toLowerCase());
  }

  async #add({ method, role, via, result, user, params, erasure }: AuditedCall): Promise<void> {
    const { complete, store, platform } = this.#options;
    this.#head ??= String(this.#entries().at(-1)?.data.hash ?? GENESIS);
    const detail = detailOf(params);
    const entry = complete({
      type: 'security_event',
      source: AUDIT_SOURCE,
      data: {
        kind: AUDIT_KIND,
        severity: 'info',
        message: `${method} by ${role}: ${result}`,
        method,
        role,
        via,
        result,
        ...(detail ? { detail } : {}),
        ...(erasure ? { erasure } : {}),
        previous: this.#head,
      },
      ...(user ? { metadata: { user } } : {}),
    });
    const hash = hashOfEntry(entry, platform);
    await store({ ...entry, data: { ...entry.data, hash } });
    this.#head = hash;
  }

  /** In order of recording. */
  #entries(within: { from?: string; to?: string } = {}): TelemetryEvent[] {
    return eventsOfType(this.#options.reader, 'security_event', {
      ...within,
      source: AUDIT_SOURCE,
      operation: AUDIT_KIND,
    })
      .filter(({ data }) => typeof data.hash === 'string')
      .sort((a, b) => a.sequence - b.sequence);
  }
}

/** The params in short and without secrets; nothing for none. */
function detailOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || Object.keys(params).length === 0) return undefined;
  const text = JSON.stringify(redactDeep(params));
  return text.length <= LONGEST_DETAIL ? text : `${text.slice(0, LONGEST_DETAIL - 1)}…`;
}

function asEntry({ id, sequence, timestamp, data, metadata }: TelemetryEvent): AuditEntry {
  const text = (value: unknown) => (typeof value === 'string' && value ? value : ERASED_ENTRY);
  return {
    eventId: id,
    sequence,
    at: timestamp,
    method: text(data.method),
    role: text(data.role),
    via: text(data.via),
    result: text(data.result),
    ...(metadata.user ? { user: metadata.user } : {}),
    ...(typeof data.detail === 'string' ? { detail: data.detail } : {}),
    hash: String(data.hash),
  };
}
