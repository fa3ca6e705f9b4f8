import { type TelemetryReport, telemetryReport } from '../../core/contract/report.ts';
import { DurationsChart } from '../charts/durations-chart.tsx';
import { MigrationsChart } from '../charts/migrations-chart.tsx';
import { Anomalies } from '../findings/anomalies.tsx';
import { Insights } from '../findings/insights.tsx';
import { workspaceName } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { dateTime, day } from '../format/time.ts';
import { Operations, Tables } from '../overview/operations.tsx';
import { change, route } from '../routing/router.ts';
import { useHost } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { DayField } from './day-field.tsx';
import { ExportMenu } from './export-menu.tsx';
import { MigrationTotals } from './migration-totals.tsx';
import { ModelTable } from './model-table.tsx';
import { Patterns, Predictions, Recommendations, Trends } from './outlook.tsx';
import { periodParams } from './period.ts';
import { SystemHealth } from './system-health.tsx';

/** Everything about a timeframe in one document, to read, print or take away. */
export function ReadReport() {
  const { client } = useHost();
  const params = periodParams();
  const { from, to } = route.value.query;
  const query = useQuery(JSON.stringify(params), () => telemetryReport(client, params));
  return (
    <div class="report">
      <div class="page-actions report-buttons">
        <div class="inline-form">
          <DayField label="From" value={from} onValue={(day) => change({ from: day })} />
          <DayField label="to" value={to} onValue={(day) => change({ to: day })} />
          {(from || to) && (
            <button
              type="button"
              class="button quiet small"
              onClick={() => change({ from: undefined, to: undefined })}
            >
              Whole range
            </button>
          )}
        </div>
        <ExportMenu period={params} />
      </div>
      <Loaded query={query} lines={12}>
        {(report) => <Report report={report} />}
      </Loaded>
    </div>
  );
}

function Report({ report }: { report: TelemetryReport }) {
  const { metrics, analysis, models, systemHealth, timeframe, workspace, generatedAt } = report;
  return (
    <article class="report">
      <div class="page-actions">
        <p class="lead">
          {workspace ? workspaceName(workspace) : 'All workspaces'}, {day(timeframe.from)} to{' '}
          {day(timeframe.to)} (UTC). {plural(analysis.eventsAnalysed, 'event')} analysed; confidence{' '}
          {percent(analysis.confidence)} ({analysis.confidenceReason}). Made {dateTime(generatedAt)} UTC.
        </p>
      </div>
      <MigrationTotals metrics={metrics} />
      <div class="pair">
        <MigrationsChart statistics={metrics} />
        <DurationsChart statistics={metrics} />
      </div>
      <div class="columns">
        <div class="column">
          <Card title="Insights" note="What stands out, strongest first">
            <Insights analysis={analysis} shown={8} />
          </Card>
          <Card title="Predictions" note="What to expect of the next migration, with its interval">
            <Predictions predictions={analysis.predictions} />
          </Card>
          <Card title="Patterns" note="What keeps happening">
            <Patterns patterns={analysis.patterns} />
          </Card>
          <Operations durations={metrics.durations} />
        </div>
        <div class="column">
          <Card title="Recommendations" note="What to do about it">
            <Recommendations recommendations={analysis.recommendations} />
          </Card>
          <Card title="Trends" note="Over the whole period">
            <Trends trends={analysis.trends} />
          </Card>
          <Card
            title="Anomalies"
            note={`${count(analysis.anomalies.length)} outside of the range that earlier migrations set; times in UTC`}
          >
            <Anomalies anomalies={analysis.anomalies} shown={8} />
          </Card>
          <Tables tables={metrics.tables} />
        </div>
      </div>
      <ModelTable models={models} />
      <SystemHealth health={systemHealth} />
    </article>
  );
}
