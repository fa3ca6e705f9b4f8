/** The telemetry report as Markdown. */
import type { TelemetryReport } from '../../core/contract/report.ts';
import { measured } from '../findings/measured.ts';
import { ENGINE_LABELS, HEALTH_NAMES, MODEL_STATUS_NAMES, words, workspaceName } from '../format/names.ts';
import { count, duration, percent, plural, withUnit } from '../format/numbers.ts';
import { dateTime, day } from '../format/time.ts';
import { metricValue } from '../models/metric-text.ts';

/** The whole report as one document that reads well as plain text too. */
export function reportMarkdown(report: TelemetryReport): string {
  const { timeframe, workspace, metrics, generatedAt } = report;
  const parts = [
    `# Telemetry report${workspace ? `: ${escaped(workspaceName(workspace))}` : ''}`,
    `${day(timeframe.from)} to ${day(timeframe.to)} (UTC), ${plural(metrics.events, 'event')}. Made ${dateTime(generatedAt)} UTC.`,
    ...migrations(report),
    ...findings(report),
    ...models(report),
    ...health(report),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`.replaceAll('\u00a0', ' ');
}

function migrations({ metrics }: TelemetryReport): string[] {
  const { total, succeeded, failed, other, durationP50, durationP95 } = metrics.migrations;
  const known = succeeded + failed;
  return [
    '## Migrations',
    `${plural(total, 'migration')}: ${count(succeeded)} succeeded, ${count(failed)} failed${known ? ` (${percent(failed / known)})` : ''}, ${count(other)} unknown.`,
    durationP50 === undefined || durationP95 === undefined
      ? ''
      : `Median duration ${duration(durationP50)}, 95th percentile ${duration(durationP95)}.`,
    table(
      ['Operation', 'Runs', 'Failed', 'Median', '95th', 'Slowest'],
      metrics.durations.map((row) => [
        words(row.operation),
        count(row.count),
        count(row.failures),
        duration(row.p50),
        duration(row.p95),
        duration(row.max),
      ]),
    ),
    section(
      '### Most changed tables',
      metrics.tables.map(({ name, count: times }) => `${name}: ${plural(times, 'migration')}`),
    ),
    section(
      '### Most frequent errors',
      metrics.errors.map(({ name, count: times }) => `${name} (${count(times)})`),
    ),
  ];
}

function findings({ analysis }: TelemetryReport): string[] {
  const { insights, recommendations, patterns, anomalies, trends, predictions } = analysis;
  return [
    section(
      '## Insights',
      insights.map(({ severity, title }) => `${severity}: ${title}`),
    ),
    section(
      '## Recommendations',
      recommendations.map(({ action, because }) => `${action} Because: ${because}`),
    ),
    section(
      '## Patterns',
      patterns.map(({ title }) => title),
    ),
    section(
      '## Anomalies',
      anomalies.map((anomaly) => `${dateTime(anomaly.at)}: ${anomaly.title} (${measured(anomaly)})`),
    ),
    section(
      '## Trends',
      trends.map(({ title, confidence }) => `${title} (confidence ${percent(confidence)})`),
    ),
    section(
      '## Predictions',
      predictions.map(({ title, value, low, high, unit, basis }) => {
        const said = value === undefined ? 'unknown' : withUnit(value, unit);
        const interval =
          low === undefined || high === undefined
            ? ''
            : ` (${withUnit(low, unit)} to ${withUnit(high, unit)})`;
        return `${title}: ${said}${interval}, from ${basis.join(', ')}`;
      }),
    ),
  ];
}

function models({ models: all }: TelemetryReport): string[] {
  const rows = all.map(({ model, performance: { realised } }) => {
    const headline = model.performance?.headline;
    return [
      model.name,
      model.version,
      model.version === '0' ? 'Never trained' : MODEL_STATUS_NAMES[model.status],
      headline ? `${headline.name} ${metricValue(headline, headline.value)}` : (model.message ?? ''),
      headline?.baseline === undefined ? '' : metricValue(headline, headline.baseline),
      realised.accuracy === undefined
        ? 'no outcomes yet'
        : `${percent(realised.accuracy)} of ${plural(realised.resolved, 'outcome')}`,
    ];
  });
  return ['## Models', table(['Model', 'Version', 'Status', 'Hold-out', 'Baseline', 'Right so far'], rows)];
}

function health({ systemHealth }: TelemetryReport): string[] {
  return [
    '## System health',
    `${HEALTH_NAMES[systemHealth.state]}. Version ${systemHealth.version}, ${plural(systemHealth.store.events, 'event')} stored.`,
    systemHealth.engines
      .map(
        ({ name, state, message }) => `- ${ENGINE_LABELS[name]}: ${HEALTH_NAMES[state]}, ${escaped(message)}`,
      )
      .join('\n'),
  ];
}

function section(heading: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${heading}\n\n${items.map((item) => `- ${escaped(item)}`).join('\n')}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that was recorded may not become markup, nor break out of its line or its cell. */
function escaped(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*<>[\]|]/g, (sign) => `\\${sign}`);
}
