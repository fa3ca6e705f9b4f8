/**
 * Which events raise which alert, and which end one. One pass: what a rule has to remember of earlier events is small
 * and bounded. Imports and shadow runs raise nothing: what failed there has harmed nobody.
 */
import type { Alert, AlertKind } from '../contract/alert.ts';
import type { Anomaly } from '../contract/analysis.ts';
import { isType, type Severity, type TelemetryEvent } from '../contract/event.ts';
import { MODEL_NAMES } from '../contract/model.ts';
import { mean, significant } from '../numbers.ts';
import { duration, percent } from '../report/format.ts';
import { WATCH_SOURCE } from './samples.ts';

/** Something that deserves an alert. The same kind and group again only adds to it. */
export interface Raise {
  kind: AlertKind;
  group: string;
  severity: Severity;
  title: string;
  action?: string;
  at: number;
  workspace?: string;
  events: string[];
  anomalyId?: string;
  series?: string;
}

/** Ends the open alert of a kind and group. */
export interface Settle {
  kind: AlertKind;
  group: string;
  because: string;
  at: number;
  event: string;
}

export interface Said {
  raise: Raise[];
  settle: Settle[];
}

/** Runs that a burst of failures is looked for in, and the failures that make one. */
const BURST_WINDOW = 8;
const BURST_FAILURES = 3;
/** Judged predictions that the recent accuracy is taken over, and those before it. */
const RECENT_ACCURACY = 20;
const EARLIER_ACCURACY = 60;
const LEAST_DROP = 0.1;
const MOST_REMEMBERED = 200;

export interface RuleState {
  /** Of each workspace: the last runs with a known outcome. */
  runs: [string, { failed: boolean; event: string }[]][];
  /** Of each model: accuracies, newest last. */
  accuracy: [string, number[]][];
}

export class AlertRules {
  readonly #runs: Map<string, { failed: boolean; event: string }[]>;
  readonly #accuracy: Map<string, number[]>;

  constructor(state: RuleState = { runs: [], accuracy: [] }) {
    this.#runs = new Map(state.runs);
    this.#accuracy = new Map(state.accuracy);
  }

  save(): RuleState {
    return { runs: [...this.#runs], accuracy: [...this.#accuracy] };
  }

  /** What an event, and the anomalies that it made known, say. Call it once for each event, in order. */
  hear(event: TelemetryEvent, anomalies: readonly Anomaly[]): Said {
    const said: Said = { raise: [], settle: [] };
    if (event.source === WATCH_SOURCE) return said;
    this.#migration(event, said);
    this.#accuracyOf(event, said);
    health(event, said);
    security(event, said);
    drift(event, said);
    for (const anomaly of anomalies) said.raise.push(...ofAnomaly(event, anomaly));
    return said;
  }

  #migration(event: TelemetryEvent, { raise, settle }: Said): void {
    if (!isType(event, 'migration_execution')) return;
    const { migration, outcome, environment, error, reason, file, dryRun } = event.data;
    if (environment === 'shadow' || event.source.startsWith('import:') || dryRun === true) return;
    const workspace = event.metadata.workspace ?? '';
    const group = workspace ? `${migration} in ${workspace}` : migration;
    const at = Date.parse(event.timestamp);
    if (outcome === 'succeeded') {
      settle.push({
        kind: 'failed-migration',
        group,
        because: `${migration} has succeeded since`,
        at,
        event: event.id,
      });
    }
    if (outcome !== 'failed' && outcome !== 'succeeded') return;
    const runs = [
      ...(this.#runs.get(workspace) ?? []),
      { failed: outcome === 'failed', event: event.id },
    ].slice(-BURST_WINDOW);
    remember(this.#runs, workspace, runs);
    const failures = runs.filter(({ failed }) => failed);
    if (outcome === 'succeeded' && failures.length === 0)
      settle.push({
        kind: 'failure-burst',
        group: workspace || 'all',
        because: `the last ${runs.length} runs succeeded`,
        at,
        event: event.id,
      });
    if (outcome === 'succeeded') return;
    const production = environment === 'production';
    const where = environment && environment !== 'unknown' ? ` in ${environment}` : '';
    const why = error?.message ?? reason;
    raise.push({
      kind: 'failed-migration',
      group,
      severity: production ? 'critical' : 'error',
      title: `${migration} failed${where}${why ? `: ${why}` : ''}`.slice(0, 400),
      action: `Open ${file ?? migration}${error?.line === undefined ? '' : ` at line ${error.line}`}, mend it, and run “aibos check” on it before the next try.`,
      at,
      ...(workspace ? { workspace } : {}),
      events: [event.id],
    });
    if (failures.length >= BURST_FAILURES)
      raise.push({
        kind: 'failure-burst',
        group: workspace || 'all',
        severity: production ? 'critical' : 'error',
        title: `${failures.length} of the last ${runs.length} migration runs failed`,
        action:
          'Stop and compare the failures: the same table, the same author or the same server usually explains them.',
        at,
        ...(workspace ? { workspace } : {}),
        events: failures.map((failure) => failure.event),
      });
  }

  /** The recent mean is lower by a tenth and by two standard errors than that of the judgements before. */
  #accuracyOf(event: TelemetryEvent, { raise, settle }: Said): void {
    if (!isType(event, 'ai_accuracy') || event.source.startsWith('import:')) return;
    const { modelId, accuracy } = event.data;
    const all = [...(this.#accuracy.get(modelId) ?? []), accuracy].slice(
      -(RECENT_ACCURACY + EARLIER_ACCURACY),
    );
    remember(this.#accuracy, modelId, all);
    const recent = all.slice(-RECENT_ACCURACY);
    const earlier = all.slice(0, -RECENT_ACCURACY);
    if (earlier.length < RECENT_ACCURACY) return;
    const [now, before] = [mean(recent), mean(earlier)];
    const error = Math.sqrt(variance(recent) / recent.length + variance(earlier) / earlier.length);
    const at = Date.parse(event.timestamp);
    const dropped = before - now >= LEAST_DROP && before - now > 2 * error;
    if (!dropped) {
      if (now >= before)
        settle.push({
          kind: 'accuracy-dropped',
          group: modelId,
          because: `it is right again: ${percent(now)}`,
          at,
          event: event.id,
        });
      return;
    }
    raise.push({
      kind: 'accuracy-dropped',
      group: modelId,
      severity: 'warning',
      title: `${nameOf(modelId)} was right to ${percent(now)} over its last ${recent.length} outcomes; ${percent(before)} on the ${earlier.length} before`,
      action: `Look at what has changed, then retrain it: aibos train ${modelId}`,
      at,
      events: [event.id],
    });
  }
}

/** What people call a model. */
function nameOf(modelId: string): string {
  return (MODEL_NAMES as Readonly<Record<string, string>>)[modelId] ?? modelId;
}

function health(event: TelemetryEvent, { raise, settle }: Said): void {
  if (!isType(event, 'system_health')) return;
  const { component, state, message } = event.data;
  const at = Date.parse(event.timestamp);
  if (state === 'ok')
    settle.push({
      kind: 'engine',
      group: component,
      because: `${component} is well again`,
      at,
      event: event.id,
    });
  if (state !== 'degraded' && state !== 'failing') return;
  raise.push({
    kind: 'engine',
    group: component,
    severity: state === 'failing' ? 'error' : 'warning',
    title: `${component}: ${message ?? state}`,
    action: 'Run “aibos doctor”: it says what is wrong and what helps.',
    at,
    events: [event.id],
  });
}

function security(event: TelemetryEvent, { raise }: Said): void {
  if (!isType(event, 'security_event')) return;
  const { kind, severity, message } = event.data;
  if (severity === 'info') return;
  const { workspace } = event.metadata;
  raise.push({
    kind: 'security',
    group: workspace ? `${kind} in ${workspace}` : kind,
    severity,
    title: message ?? kind,
    action: 'Open the event, see who did what, and take back what should not have happened.',
    at: Date.parse(event.timestamp),
    ...(workspace ? { workspace } : {}),
    events: [event.id],
  });
}

/** A database whose schema is not what its migrations say. */
function drift(event: TelemetryEvent, { raise, settle }: Said): void {
  if (!isType(event, 'compliance_check') || !/\bdrift\b/.test(event.data.rule)) return;
  const { result, subject, message } = event.data;
  const group = subject ?? event.data.rule;
  const at = Date.parse(event.timestamp);
  if (result === 'pass')
    settle.push({
      kind: 'schema-drift',
      group,
      because: `${group} is as its migrations say`,
      at,
      event: event.id,
    });
  if (result !== 'fail' && result !== 'warn') return;
  raise.push({
    kind: 'schema-drift',
    group,
    severity: result === 'fail' ? 'error' : 'warning',
    title: message ?? `${group} differs from what its migrations say`,
    action:
      result === 'fail'
        ? 'See the differences with “aibos schema drift --sql”, then write the migration that is missing, or undo the change.'
        : 'Run the migrations that wait, then compare again.',
    at,
    ...(event.metadata.workspace ? { workspace: event.metadata.workspace } : {}),
    events: [event.id],
  });
}

function ofAnomaly(event: TelemetryEvent, anomaly: Anomaly): Raise[] {
  if (anomaly.severity === 'info' || event.source.startsWith('import:')) return [];
  if ((event.data as { environment?: string }).environment === 'shadow') return [];
  const slowRun = isType(event, 'migration_execution') && anomaly.unit === 'ms';
  const workspace = event.metadata.workspace;
  return [
    {
      kind: slowRun ? 'slow-run' : 'anomaly',
      group: slowRun ? event.data.migration : anomaly.series,
      severity: slowRun ? 'warning' : anomaly.severity,
      title: slowRun
        ? `${event.data.migration} took ${duration(anomaly.value)}, ${significant(anomaly.value / Math.max(anomaly.expected.median, 0.001), 2)} times the usual`
        : anomaly.title,
      action: slowRun
        ? 'Look at its statements: the one that waited for a lock or wrote the table anew took the time.'
        : 'Open the series and say whether it is real; its threshold follows.',
      at: Date.parse(event.timestamp),
      ...(workspace ? { workspace } : {}),
      events: anomaly.evidence.events,
      anomalyId: anomaly.id,
      series: anomaly.series,
    },
  ];
}

function remember<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_REMEMBERED && oldest !== undefined) kept.delete(oldest);
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

/** Least to worst. */
const ORDER: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(least);
}

/** Worst first, then newest first. */
export function worstFirst(a: Alert, b: Alert): number {
  return ORDER.indexOf(b.severity) - ORDER.indexOf(a.severity) || (a.lastAt < b.lastAt ? 1 : -1);
}
