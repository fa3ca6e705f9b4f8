/** Alerts in words, in order, and which of them are worth a notification. Pure. */
import type { Alert } from '../../../core/contract/alert.ts';
import type { Severity } from '../../../core/contract/event.ts';
import { t } from '../../text.ts';

/** From the least to the worst. */
export const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

export type NotifyFrom = 'off' | Severity;

/** Worst first, then the newest. */
export function inOrder(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort(
    (a, b) =>
      rank(b.severity) - rank(a.severity) || b.lastAt.localeCompare(a.lastAt) || a.id.localeCompare(b.id),
  );
}

export function isOpen({ state, muted }: Alert): boolean {
  return state === 'open' && !muted;
}

/** What needs someone now: it alone makes the status item red. */
export function needsAction(alerts: readonly Alert[]): boolean {
  return alerts.some((alert) => isOpen(alert) && alert.severity === 'critical');
}

/** Open alerts that were not shown yet and are bad enough. */
export function worthNotifying(
  alerts: readonly Alert[],
  shown: ReadonlySet<string>,
  from: NotifyFrom,
): Alert[] {
  if (from === 'off') return [];
  return inOrder(
    alerts.filter((alert) => isOpen(alert) && !shown.has(alert.id) && rank(alert.severity) >= rank(from)),
  );
}

const KIND_NAMES: Record<Alert['kind'], () => string> = {
  'slow-run': () => t('Slow runs'),
  'failure-burst': () => t('Bursts of failures'),
  'failed-migration': () => t('Failed migrations'),
  anomaly: () => t('Anomalies'),
  'schema-drift': () => t('Drift between schema and database'),
  'accuracy-dropped': () => t('Accuracy that drops'),
  security: () => t('Security'),
  engine: () => t('The engine itself'),
};

export function kindName(kind: Alert['kind']): string {
  return KIND_NAMES[kind]();
}

/** Where the dashboard shows what an alert rests on. */
export function evidenceRoute({
  anomalyId,
  series,
  evidence,
}: Pick<Alert, 'anomalyId' | 'series' | 'evidence'>): string {
  if (series !== undefined) {
    const query = anomalyId === undefined ? '' : `?anomaly=${encodeURIComponent(anomalyId)}`;
    return `#/anomalies/${encodeURIComponent(series)}${query}`;
  }
  const [event] = evidence.events;
  if (event !== undefined) return `#/events?event=${encodeURIComponent(event)}`;
  const query = new URLSearchParams(
    Object.entries(evidence.filter ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return `#/events${query.size > 0 ? `?${query}` : ''}`;
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
