/** What is stored, about whom; a copy of it; its end. */
import { TelemetryError } from '../contract/errors.ts';
import type { Erasure, PrivacyOverview } from '../contract/governance.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { SettingsKeeper } from '../settings/settings.ts';
import { listEvents } from '../store/event-queries.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Erasures } from './erasures.ts';
import { People } from './people.ts';
import { REDACTION } from './redact.ts';
import { isSelected } from './selection.ts';

export interface PrivacyOptions {
  store: EventStore;
  settings: SettingsKeeper;
  erasures: Erasures;
  newId: () => string;
  /** Pseudonym of whoever runs the engine. */
  me?: string | undefined;
  /** Where everything is kept. */
  folder?: DataPlace | undefined;
}

export interface DataPlace {
  path: string;
  bytes(): number;
}

/** Lines in a page of an export, events that are looked at for one at most, and read at a time. */
const LINES = 5_000;
const LOOKED_AT = 20_000;
const READ = 500;

export class Privacy {
  readonly erasures: Erasures;
  readonly #options: PrivacyOptions;
  readonly #people: People;

  constructor(options: PrivacyOptions) {
    this.#options = options;
    this.erasures = options.erasures;
    this.#people = new People(options.store);
    this.#people.restart(this.erasures.hidden);
    this.erasures.onChanged(() => this.#people.restart(this.erasures.hidden));
  }

  overview(): PrivacyOverview {
    const { store, settings, me, folder } = this.#options;
    const spans = store.sources().flatMap(({ span }) => (span ? [span] : []));
    const { retentionDays, alertActions } = settings.current();
    return {
      dataFolder: folder?.path ?? '',
      bytes: folder?.bytes() ?? store.info().bytes,
      events: store.count,
      ...(spans.length === 0
        ? {}
        : {
            from: new Date(Math.min(...spans.map(({ first }) => first))).toISOString(),
            to: new Date(Math.max(...spans.map(({ last }) => last))).toISOString(),
          }),
      ...(me ? { me } : {}),
      ...this.#people.list(),
      ...(retentionDays === undefined ? {} : { retentionDays }),
      erasures: this.erasures.pending(),
      redaction: [...REDACTION],
      leavesTheMachine: alertActions
        .filter(({ enabled, do: what }) => enabled && (what === 'webhook' || what === 'command'))
        .map(({ do: what, target = '', kinds }) => {
          const about = kinds.length > 0 ? kinds.join(', ') : 'all';
          return what === 'webhook'
            ? `alerts (${about}) go to ${target}`
            : `alerts (${about}) are handed to the command ${target}`;
        }),
    };
  }

  /** A page of events as lines of JSON, oldest first; the same as the journal has them, with their sequence. */
  export({ user, workspace, cursor }: Params<'privacy.export'>): Result<'privacy.export'> {
    const lines: string[] = [];
    let next = cursor;
    for (let looked = 0; lines.length < LINES && looked < LOOKED_AT; looked += READ) {
      const page = listEvents(
        this.#options.store.tables,
        { ...(workspace ? { workspace } : {}) },
        { limit: READ, order: 'oldest', ...(next ? { cursor: next } : {}) },
      );
      for (const event of page.items) {
        const line = JSON.stringify(event);
        if (user === undefined || isSelected({ user }, line)) lines.push(line);
      }
      next = page.nextCursor;
      if (next === undefined) return { lines };
    }
    return { lines, ...(next ? { nextCursor: next } : {}) };
  }

  /** A preview, or an order; see {@link Erasures}. */
  async erase({ confirm, now, ...selection }: Params<'privacy.erase'>): Promise<Erasure> {
    if (now && Object.keys(selection).length === 0) {
      if (!confirm) {
        const waiting = this.erasures.pending();
        return {
          id: this.#options.newId(),
          events: waiting.reduce((sum, { events }) => sum + events, 0),
          done: false,
        };
      }
      const done = await this.erasures.carryOutDue(true);
      const [first] = done;
      if (!first)
        throw new TelemetryError('not-found', 'No erasure was ordered that waits to be carried out.');
      return { id: first.id, events: done.reduce((sum, { events }) => sum + events, 0), done: true };
    }
    if (!confirm) return this.erasures.preview(selection);
    return now ? this.erasures.order(selection, 0) : this.erasures.order(selection);
  }
}
