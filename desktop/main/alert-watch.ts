/**
 * Open alerts, for the tray and for notifications: asked for when the engine is ready, soon after something happened, and
 * now and then. Each alert is announced once; those that were open when the app started are counted, not announced.
 */
import type { Alert } from '../../core/contract/alert.ts';
import type { Transport } from '../../core/contract/client.ts';
import type { Delay, EngineState } from './engine-supervisor.ts';

export interface AlertWatchOptions {
  call: Transport;
  /** How many are open. */
  show(open: number): void;
  announce(notice: AlertNotice): void;
  after: Delay;
}

/** What a notification says, and where its evidence is. */
export interface AlertNotice {
  title: string;
  body: string;
  route: string;
}

const EVERY_MS = 60_000;
/** Events come in groups; they are waited for, so that one question is enough. */
const SOON_MS = 2_000;
/** More at once are one notification that counts them. */
const MOST_NOTICES = 3;

export class AlertWatch {
  readonly #options: AlertWatchOptions;
  #announced: Set<string> | undefined;
  #takeBack = () => {};
  #isSoon = false;
  #asking = false;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
  }

  enter(state: EngineState): void {
    if (state.kind === 'ready') void this.#ask();
    else this.#wait(undefined);
  }

  /** Something was recorded. */
  happened(): void {
    if (this.#isSoon || this.#asking) return;
    this.#isSoon = true;
    this.#wait(SOON_MS);
  }

  stop(): void {
    this.#wait(undefined);
  }

  #wait(ms: number | undefined): void {
    this.#takeBack();
    this.#takeBack = ms === undefined ? () => {} : this.#options.after(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#isSoon = false;
    this.#asking = true;
    try {
      const { items, open } = await this.#options.call('alerts.list', { state: ['open'], limit: 100 });
      this.#options.show(open);
      this.#announce(items.filter(({ muted }) => !muted));
    } catch {
      // The engine is away or busy: the page says so, and the next question comes.
    } finally {
      this.#asking = false;
      this.#wait(EVERY_MS);
    }
  }

  #announce(alerts: readonly Alert[]): void {
    const known = this.#announced;
    const fresh = known ? alerts.filter(({ id }) => !known.has(id)) : [];
    this.#announced = new Set(alerts.map(({ id }) => id));
    if (fresh.length > MOST_NOTICES) {
      const worst = fresh[0] as Alert;
      this.#options.announce({
        title: `${fresh.length} new alerts`,
        body: worst.title,
        route: '#/overview',
      });
      return;
    }
    for (const alert of fresh)
      this.#options.announce({ title: alert.title, body: alert.action ?? '', route: routeOf(alert) });
  }
}

/** The series where there is one, else the newest event behind it. */
export function routeOf({ series, evidence }: Pick<Alert, 'series' | 'evidence'>): string {
  if (series !== undefined) return `#/anomalies/${encodeURIComponent(series)}`;
  const event = evidence.events.at(-1);
  return event === undefined ? '#/overview' : `#/events?event=${event}`;
}

/** `AI-BOS Telemetry: 2 open alerts`. */
export function trayText(title: string, open: number): string {
  if (open === 0) return `${title}: no open alerts`;
  return `${title}: ${open} open ${open === 1 ? 'alert' : 'alerts'}`;
}
