/** Shows new alerts once, by their severity, and carries out what people do with them. */
import * as vscode from 'vscode';
import type { Alert } from '../../../core/contract/alert.ts';
import { t } from '../../text.ts';
import type { Dashboard } from '../dashboard.ts';
import { DisposableStore } from '../disposables.ts';
import type { EngineClient } from '../engine-client.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { evidenceRoute, inOrder, kindName, type NotifyFrom, worthNotifying } from './alert-text.ts';

/** Alerts that were shown, for all windows of this person. */
const SHOWN = 'aibos.alerts.shown';
const MOST_REMEMBERED = 1_000;
/** More at once are shown as one. */
const MOST_AT_ONCE = 2;

const SNOOZES: [label: () => string, hours: number][] = [
  [() => t('For an hour'), 1],
  [() => t('Until tomorrow'), 24],
  [() => t('For a week'), 7 * 24],
];

export class AlertWatch extends DisposableStore {
  readonly #engine: EngineClient;
  readonly #store: TelemetryStore;
  readonly #dashboard: Dashboard;
  readonly #memory: vscode.Memento;

  constructor(engine: EngineClient, store: TelemetryStore, dashboard: Dashboard, memory: vscode.Memento) {
    super('alert watch');
    this.#engine = engine;
    this.#store = store;
    this.#dashboard = dashboard;
    this.#memory = memory;
    this.add(store.onChange((part) => part === 'alerts' && void this.#notify()));
  }

  showEvidence(argument: unknown): void {
    const alert = alertOf(argument);
    if (alert) this.#dashboard.open(evidenceRoute(alert));
  }

  async acknowledge(argument: unknown): Promise<void> {
    const alert = alertOf(argument);
    if (alert) await this.#update({ id: alert.id, action: 'acknowledge' });
  }

  async snooze(argument: unknown): Promise<void> {
    const alert = alertOf(argument);
    if (!alert) return;
    const items = SNOOZES.map(([label, hours]) => ({ label: label(), hours }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: alert.title });
    if (chosen) await this.#snoozeFor(alert, chosen.hours);
  }

  async mute(argument: unknown): Promise<void> {
    const alert = alertOf(argument);
    if (!alert) return;
    await this.#engine.call('alerts.mute', { kind: alert.kind, muted: true });
    await this.#store.refresh('alerts');
    const undo = t('Undo');
    const said = t('Muted: {0}. They are still recorded.', kindName(alert.kind));
    if ((await vscode.window.showInformationMessage(said, undo)) === undo) await this.#hear(alert.kind);
  }

  async unmute(): Promise<void> {
    const { mutedAlerts } = await this.#engine.call('settings.get', {});
    if (mutedAlerts.length === 0) {
      void vscode.window.showInformationMessage(t('No kind of alert is muted.'));
      return;
    }
    const items = mutedAlerts.map((kind) => ({ label: kindName(kind), alertKind: kind }));
    const chosen = await vscode.window.showQuickPick(items, {
      placeHolder: t('Which kind should be heard again?'),
    });
    if (chosen) await this.#hear(chosen.alertKind);
  }

  async judge(argument: unknown, real: boolean): Promise<void> {
    const anomalyId = alertOf(argument)?.anomalyId;
    if (anomalyId === undefined) return;
    const { thresholdBefore, thresholdAfter, fewerAlerts } = await this.#engine.call('anomalies.judge', {
      anomalyId,
      real,
    });
    await this.#store.refresh('alerts');
    const before = thresholdBefore.toFixed(2);
    const after = thresholdAfter.toFixed(2);
    void vscode.window.showInformationMessage(
      fewerAlerts > 0
        ? t(
            'The threshold of this series went from {0} to {1}: {2} fewer alerts in the last 90 days.',
            before,
            after,
            fewerAlerts,
          )
        : t('The threshold of this series went from {0} to {1}.', before, after),
    );
  }

  async #notify(): Promise<void> {
    const from = vscode.workspace.getConfiguration('aibos').get<NotifyFrom>('alerts.notify', 'error');
    const shown = this.#memory.get<string[]>(SHOWN, []);
    const fresh = worthNotifying(this.#store.known.alerts, new Set(shown), from);
    if (fresh.length === 0) return;
    await this.#memory.update(SHOWN, [...shown, ...fresh.map(({ id }) => id)].slice(-MOST_REMEMBERED));
    if (fresh.length <= MOST_AT_ONCE) for (const alert of fresh) void this.#showOne(alert);
    else void this.#showMany(fresh);
  }

  async #showOne(alert: Alert): Promise<void> {
    const [evidence, snooze, mute] = [t('Show Evidence'), t('Snooze'), t('Mute This Kind')];
    const text = alert.action ? `${sentence(alert.title)} ${alert.action}` : alert.title;
    const chosen = await shower(alert)(text, evidence, snooze, mute);
    if (chosen === evidence) this.showEvidence(alert);
    else if (chosen === snooze) await this.#snoozeFor(alert, 24);
    else if (chosen === mute) await this.mute(alert);
  }

  async #showMany(alerts: readonly Alert[]): Promise<void> {
    const [worst] = inOrder(alerts);
    if (!worst) return;
    const show = t('Show Alerts');
    const text = t('{0} new alerts. The worst: {1}', alerts.length, worst.title);
    if ((await shower(worst)(text, show)) === show)
      await vscode.commands.executeCommand('aibos.alerts.focus');
  }

  async #snoozeFor({ id }: Alert, hours: number): Promise<void> {
    const until = new Date(Date.now() + hours * 3_600_000).toISOString();
    await this.#update({ id, action: 'snooze', until });
  }

  async #update(params: { id: string; action: 'acknowledge' | 'snooze'; until?: string }): Promise<void> {
    await this.#engine.call('alerts.update', params);
    await this.#store.refresh('alerts');
  }

  async #hear(kind: Alert['kind']): Promise<void> {
    await this.#engine.call('alerts.mute', { kind, muted: false });
    await this.#store.refresh('alerts');
  }
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

type Shower = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

function shower({ severity }: Alert): Shower {
  const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
  if (severity === 'critical') return (message, ...buttons) => showErrorMessage(message, ...buttons);
  if (severity === 'info') return (message, ...buttons) => showInformationMessage(message, ...buttons);
  return (message, ...buttons) => showWarningMessage(message, ...buttons);
}

/** An item of the view, or the alert itself. */
function alertOf(argument: unknown): Alert | undefined {
  const { alert } = (argument ?? {}) as { alert?: Alert };
  return alert ?? (argument as Alert | undefined);
}
