/** The telemetry report as Markdown; reads well as plain text too. */
import type { TelemetryReport } from '../contract/report.ts';
import { count, day, duration, percent, plural, workspaceName } from './format.ts';

export function reportMarkdown(report: TelemetryReport): string {
  const { timeframe, workspace, metrics, analysis, models, systemHealth } = report;
  const { total, succeeded, failed, other } = metrics.migrations;
  const rate = total === 0 ? '' : ` (${percent(failed / total)} failed)`;
  const parts = [
    `# Telemetry report${workspace ? `: ${workspaceName(workspace)}` : ''}`,
    `${day(timeframe.from)} to ${day(timeframe.to)}, ${plural(metrics.events, 'event')}; made ${report.generatedAt}.`,
    '## Migrations',
    `${plural(total, 'migration')}: ${count(succeeded)} succeeded, ${count(failed)} failed, ${count(other)} unknown${rate}.` +
      (metrics.migrations.durationP50 === undefined
        ? ''
        : ` Half took up to ${duration(metrics.migrations.durationP50)}, 95 % up to ${duration(metrics.migrations.durationP95 ?? 0)}.`),
    table(
      ['Operation', 'Runs', 'Failures', 'Median', '95 %', 'Slowest'],
      metrics.durations.map((row) => [
        row.operation,
        count(row.count),
        count(row.failures),
        duration(row.p50),
        duration(row.p95),
        duration(row.max),
      ]),
    ),
    list(
      'Most changed tables',
      metrics.tables.map(({ name, count: times }) => `${name}: ${plural(times, 'migration')}`),
    ),
    list(
      'Insights',
      analysis.insights.map(({ title }) => title),
    ),
    list(
      'What to do',
      analysis.recommendations.map(({ action }) => action),
    ),
    list(
      'Anomalies',
      analysis.anomalies.slice(0, 20).map(({ at, title }) => `${day(at)}: ${title}`),
    ),
    list(
      'Patterns',
      analysis.patterns.map(({ title }) => title),
    ),
    list(
      'Trends',
      analysis.trends.map(({ title }) => title),
    ),
    '## Models',
    ...models.map(({ model, performance }) => {
      const metricsText = (model.performance?.metrics ?? [])
        .map(({ name, value, baseline, unit = '' }) =>
          baseline === undefined
            ? `${name} ${value}${unit}`
            : `${name} ${value}${unit} (baseline ${baseline}${unit})`,
        )
        .join('; ');
      const { resolved, accuracy } = performance.realised;
      const realised =
        accuracy === undefined
          ? 'no outcomes yet'
          : `${percent(accuracy)} right over ${plural(resolved, 'outcome')}`;
      return `- **${model.name}** version ${model.version}, ${model.status}. ${metricsText || model.message || ''} Realised: ${realised}.`;
    }),
    '## System health',
    `State: ${systemHealth.state}. ${plural(systemHealth.store.events, 'event')} stored.`,
    ...systemHealth.engines.map(({ name, state, message }) => `- ${name}: ${state}, ${message}`),
  ];
  return `${parts
    .filter(Boolean)
    .join('\n\n')
    .replace(/(\n- [^\n]*)\n(?=\n- )/g, '$1')}\n`;
}

function list(title: string, items: string[]): string {
  return items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function table(heads: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
