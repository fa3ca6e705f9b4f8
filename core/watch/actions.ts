/**
 * What alerts set off, where the user asked for it in the settings: a notification, a webhook, a command, holding up
 * the next run. Rate-limited for each action, and each one done, refused or failed leaves an audit entry.
 */
import type { Alert, AlertAction } from '../contract/alert.ts';
import type { EventInput } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { isAtLeast } from './alert-rules.ts';
import { WATCH_SOURCE } from './samples.ts';

/** Carries out actions that reach beyond the engine. Implemented in `core/node/alerts`. */
export interface AlertActor {
  /** Resolves with what was done, in words without secrets; rejects where it failed. */
  webhook(target: string, alert: Alert): Promise<string>;
  command(target: string, alert: Alert): Promise<string>;
}

export interface AlertActionsOptions {
  actions: () => readonly AlertAction[];
  actor: AlertActor;
  record: (event: EventInput) => Promise<void>;
  platform: Pick<Platform, 'now'>;
}

/** What an action leaves on the alert itself: its readers do the rest. */
type Marks = Pick<Alert, 'notify' | 'blocksNextRun'>;

const HOUR = 3_600_000;

export class AlertActions {
  readonly #options: AlertActionsOptions;
  /** When each action was carried out within the last hour. */
  readonly #done = new Map<string, number[]>();

  constructor(options: AlertActionsOptions) {
    this.#options = options;
  }

  /** Carries out every action that wants this alert; gives what the alert has to carry from now on. */
  setOff(alert: Alert): Marks | undefined {
    let marks: Marks | undefined;
    for (const action of this.#options.actions()) {
      const wants = action.enabled && action.kinds.includes(alert.kind);
      if (!wants || !isAtLeast(alert.severity, action.leastSeverity)) continue;
      if (!this.#allowed(action)) {
        this.#audit(action, alert, 'refused', `more than ${action.mostPerHour} within an hour`);
        continue;
      }
      if (action.do === 'notify') marks = { ...marks, notify: true };
      if (action.do === 'block-next-run') marks = { ...marks, blocksNextRun: true };
      if (action.do === 'notify' || action.do === 'block-next-run')
        this.#audit(action, alert, 'done', `alert ${alert.id}`);
      else void this.#reach(action, alert);
    }
    return marks;
  }

  async #reach(action: AlertAction, alert: Alert): Promise<void> {
    const { actor } = this.#options;
    const { target } = action;
    if (!target) {
      this.#audit(action, alert, 'failed', 'it has no target');
      return;
    }
    try {
      const said = await (action.do === 'webhook'
        ? actor.webhook(target, alert)
        : actor.command(target, alert));
      this.#audit(action, alert, 'done', said);
    } catch (error) {
      this.#audit(action, alert, 'failed', error instanceof Error ? error.message : String(error));
    }
  }

  #allowed({ id, mostPerHour }: AlertAction): boolean {
    const now = this.#options.platform.now();
    const recent = (this.#done.get(id) ?? []).filter((at) => at > now - HOUR);
    const allowed = recent.length < mostPerHour;
    this.#done.set(id, allowed ? [...recent, now] : recent);
    return allowed;
  }

  #audit(action: AlertAction, alert: Alert, result: string, detail: string): void {
    const done = this.#options.record({
      type: 'security_event',
      source: WATCH_SOURCE,
      data: {
        kind: 'alert-action',
        severity: 'info',
        message: `${action.do} for “${alert.title.slice(0, 200)}”: ${result}, ${detail}`.slice(0, 1_000),
        action: action.id,
        do: action.do,
        alert: alert.id,
        result,
      },
      ...(alert.workspace ? { metadata: { workspace: alert.workspace } } : {}),
    });
    void done.catch(() => undefined);
  }
}
