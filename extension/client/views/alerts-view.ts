/** Alerts, worst first. */
import * as vscode from 'vscode';
import type { Alert } from '../../../core/contract/alert.ts';
import { t } from '../../text.ts';
import { inOrder, isOpen, kindName } from '../alerts/alert-text.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { ago } from './ago.ts';
import { type Item, ItemsView } from './items-view.ts';

export interface AlertItem extends Item {
  alert: Alert;
}

export function alertsView(store: TelemetryStore): ItemsView<AlertItem> {
  const items = () => inOrder(store.known.alerts).map(alertItem);
  const badge = () => {
    const value = store.known.alerts.filter(isOpen).length;
    return value === 0
      ? undefined
      : { value, tooltip: value === 1 ? t('1 open alert') : t('{0} open alerts', value) };
  };
  return new ItemsView('aibos.alerts', 'alerts', store, items, badge);
}

function alertItem(alert: Alert): AlertItem {
  const { id, title, kind, severity, count, lastAt, action, anomalyId } = alert;
  const times = count > 1 ? [t('{0} times', count)] : [];
  return {
    id,
    alert,
    label: title,
    description: [...times, ago(lastAt)].join(' · '),
    tooltip: [title, ...(action ? [action] : []), kindName(kind)],
    icon: icon(severity),
    kind: anomalyId === undefined ? 'alert' : 'alert anomaly',
    command: { command: 'aibos.alert.showEvidence', title: t('Show Evidence'), arguments: [{ alert }] },
    spoken: `${severity}: ${title}`,
  };
}

function icon(severity: Alert['severity']): vscode.ThemeIcon {
  switch (severity) {
    case 'critical':
      return new vscode.ThemeIcon('flame', new vscode.ThemeColor('list.errorForeground'));
    case 'error':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'warning':
      return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    case 'info':
      return new vscode.ThemeIcon('info');
  }
}
