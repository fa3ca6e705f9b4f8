/**
 * The alerts, one open one for each kind and group. Each change is a `system_health` event of component `alerts` whose
 * `alert` is the alert as it is from then on; the book is what these events say, so it can be made anew from them.
 * A count is recorded at 2, 3, 5, 10, 20, 50…, and when the engine ends: an alert that repeats a thousand times is no
 * thousand events.
 */
import type { Alert, AlertKind } from '../contract/alert.ts';
import { TelemetryError } from '../contract/errors.ts';
import { type EventInput, isType, type TelemetryEvent } from '../contract/event.ts';
import type { Params, Result } from '../contract/methods.ts';
import { derivedUuid } from '../events/ids.ts';
import type { Platform } from '../platform.ts';
import { isAtLeast, type Raise, type Settle, worstFirst } from './alert-rules.ts';
import { shortHash, WATCH_SOURCE } from './samples.ts';

export const ALERTS_COMPONENT = 'alerts';
const MOST_ALERTS = 500;
const MOST_EVENTS = 50;
const DEFAULT_LIMIT = 100;
/** Alerts in a day are snoozed for so long where nobody says until when. */
const SNOOZE_MS = 24 * 3_600_000;
const STATES = { info: 'ok', warning: 'degraded', error: 'failing', critical: 'failing' } as const;

type Change = 'opened' | 'counted' | 'settled' | Params<'alerts.update'>['action'];
type Kept = Omit<Alert, 'muted'>;

export interface AlertBookOptions {
  platform: Pick<Platform, 'now' | 'sha256'>;
  /** Resolves once the event is durable. */
  record: (event: EventInput) => Promise<void>;
  muted: () => readonly AlertKind[];
  /** Called with an alert that has just opened and is not muted. */
  opened: (alert: Alert) => void;
}

export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #alerts = new Map<string, { alert: Kept; revision: number; recorded: number }>();

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  /** Takes a recorded change; of two of the same alert the later one counts. */
  fold(event: TelemetryEvent): void {
    if (event.source !== WATCH_SOURCE || !isType(event, 'system_health')) return;
    const { alert, revision } = event.data as { alert?: Kept; revision?: number };
    if (!alert || revision === undefined) return;
    const known = this.#alerts.get(alert.id);
    if (known && known.revision >= revision) return;
    this.#keep(alert, revision, revision);
  }

  /** Opens an alert, or adds to the one that is open. What was counted already is not counted again. */
  raise(raised: Raise): void {
    const at = new Date(raised.at).toISOString();
    const open = this.#open(raised.kind, raised.group);
    if (!open) {
      const { events, at: _, ...said } = raised;
      const id = `${raised.kind}:${shortHash(raised.group)}:${raised.at.toString(36)}`;
      if (this.#alerts.has(id)) return;
      const alert: Kept = {
        ...said,
        id,
        state: 'open',
        openedAt: at,
        lastAt: at,
        count: 1,
        evidence: { events, count: events.length },
      };
      this.#keep(alert, 1, 1);
      void this.#record(alert, 1, 'opened').catch(() => undefined);
      if (!this.#options.muted().includes(alert.kind)) this.#options.opened(this.#shown(alert));
      return;
    }
    const fresh = raised.events.filter((event) => !open.alert.evidence.events.includes(event));
    if (fresh.length === 0) return;
    const worse = !isAtLeast(open.alert.severity, raised.severity);
    const alert: Kept = {
      ...open.alert,
      title: raised.title,
      ...(raised.action ? { action: raised.action } : {}),
      ...(raised.anomalyId ? { anomalyId: raised.anomalyId } : {}),
      severity: worse ? raised.severity : open.alert.severity,
      lastAt: new Date(Math.max(raised.at, Date.parse(open.alert.lastAt))).toISOString(),
      count: open.alert.count + 1,
      evidence: {
        events: [...open.alert.evidence.events, ...fresh].slice(-MOST_EVENTS),
        count: open.alert.evidence.count + fresh.length,
      },
    };
    const revision = open.revision + 1;
    const say = worse || isRound(alert.count);
    this.#keep(alert, revision, say ? revision : open.recorded);
    if (say) void this.#record(alert, revision, 'counted').catch(() => undefined);
  }

  /** Closes the open alert of a kind and group because what it was about has ended. */
  settle({ kind, group, because, at, event }: Settle): void {
    const open = this.#open(kind, group);
    if (!open || Date.parse(open.alert.lastAt) > at) return;
    const alert: Kept = {
      ...open.alert,
      state: 'closed',
      action: `Nothing more to do: ${because}.`,
      lastAt: new Date(at).toISOString(),
      evidence: {
        events: [...open.alert.evidence.events, event].slice(-MOST_EVENTS),
        count: open.alert.evidence.count + 1,
      },
    };
    this.#keep(alert, open.revision + 1, open.revision + 1);
    void this.#record(alert, open.revision + 1, 'settled').catch(() => undefined);
  }

  /** Worst first. */
  list({ workspace, state, kind, limit }: Params<'alerts.list'>): Result<'alerts.list'> {
    const all = [...this.#alerts.values()].map(({ alert }) => this.#shown(alert));
    const here = all.filter((alert) => !workspace || !alert.workspace || alert.workspace === workspace);
    const wanted = state ?? ['open'];
    return {
      items: here
        .filter((alert) => wanted.includes(alert.state) && (!kind || kind.includes(alert.kind)))
        .sort(worstFirst)
        .slice(0, limit ?? DEFAULT_LIMIT),
      open: here.filter((alert) => alert.state === 'open' && !alert.muted).length,
    };
  }

  /** Durable when it resolves. Throws `not-found`, or `invalid-request` for a snooze that is over already. */
  async update({ id, action, until }: Params<'alerts.update'>): Promise<Alert> {
    const known = this.#alerts.get(id);
    if (!known) throw new TelemetryError('not-found', `There is no alert ${id}.`);
    const { snoozedUntil: _, ...rest } = known.alert;
    const now = this.#options.platform.now();
    const end = until === undefined ? now + SNOOZE_MS : Date.parse(until);
    if (action === 'snooze' && end <= now)
      throw new TelemetryError('invalid-request', 'A snooze must end in the future.', {
        errors: [{ pointer: '/until', message: 'must be later than now' }],
      });
    const alert: Kept = {
      ...rest,
      state: { acknowledge: 'acknowledged', snooze: 'snoozed', close: 'closed', reopen: 'open' }[
        action
      ] as Alert['state'],
      ...(action === 'snooze' ? { snoozedUntil: new Date(end).toISOString() } : {}),
    };
    const revision = known.revision + 1;
    await this.#record(alert, revision, action);
    this.#keep(alert, revision, revision);
    return this.#shown(alert);
  }

  /** Notes on an alert what it has set off. */
  mark(id: string, marks: Pick<Kept, 'notify' | 'blocksNextRun'>): void {
    const known = this.#alerts.get(id);
    if (!known) return;
    const alert = { ...known.alert, ...marks };
    this.#keep(alert, known.revision + 1, known.revision + 1);
    void this.#record(alert, known.revision + 1, 'counted').catch(() => undefined);
  }

  /** Records the counts that were not worth an event of their own. */
  async flush(): Promise<void> {
    for (const { alert, revision, recorded } of [...this.#alerts.values()])
      if (recorded < revision) await this.#record(alert, revision, 'counted').catch(() => undefined);
  }

  #open(kind: AlertKind, group: string) {
    for (const kept of this.#alerts.values())
      if (kept.alert.kind === kind && kept.alert.group === group && kept.alert.state !== 'closed')
        return kept;
    return undefined;
  }

  #keep(alert: Kept, revision: number, recorded: number): void {
    this.#alerts.delete(alert.id);
    this.#alerts.set(alert.id, { alert, revision, recorded });
    if (this.#alerts.size <= MOST_ALERTS) return;
    const closed = [...this.#alerts.values()].find(({ alert: { state } }) => state === 'closed');
    const oldest = closed?.alert.id ?? [...this.#alerts.keys()][0];
    if (oldest !== undefined) this.#alerts.delete(oldest);
  }

  /** As it is now: a snooze that is over has ended. */
  #shown(alert: Kept): Alert {
    const muted = this.#options.muted().includes(alert.kind);
    const { snoozedUntil, ...rest } = alert;
    const over = snoozedUntil !== undefined && Date.parse(snoozedUntil) <= this.#options.platform.now();
    if (alert.state !== 'snoozed' || !over) return { ...alert, muted };
    return { ...rest, state: 'open', muted };
  }

  #record(alert: Kept, revision: number, change: Change): Promise<void> {
    const { platform, record } = this.#options;
    const now = platform.now();
    return record({
      // The same change told again, after a crash, has the same id and is stored once.
      id: derivedUuid(Date.parse(alert.lastAt), platform.sha256(`${alert.id} ${revision} ${change}`)),
      timestamp: new Date(now).toISOString(),
      type: 'system_health',
      source: WATCH_SOURCE,
      data: {
        component: ALERTS_COMPONENT,
        state: alert.state === 'open' ? STATES[alert.severity] : 'ok',
        message: alert.title.slice(0, 500),
        change,
        revision,
        alert,
      },
      ...(alert.workspace ? { metadata: { workspace: alert.workspace } } : {}),
    });
  }
}

function isRound(count: number): boolean {
  const size = 10 ** Math.floor(Math.log10(count));
  return [1, 2, 5].includes(count / size) || count === 3;
}
