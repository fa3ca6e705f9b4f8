import { type TelemetryReport, telemetryReport } from '../../core/contract/report.ts';
import { DurationsChart } from '../charts/durations-chart.tsx';
import { MigrationsChart } from '../charts/migrations-chart.tsx';
import { Anomalies } from '../findings/anomalies.tsx';
import { Insights } from '../findings/insights.tsx';
import { workspaceName } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { dateTime, day } from '../format/time.ts';
import { Operations, Tables } from '../overview/operations.tsx';
import { useHost } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { MigrationTotals } from './migration-totals.tsx';
import { ModelTable } from './model-table.tsx';
import { Patterns, Predictions, Recommendations, Trends } from './outlook.tsx';
import { reportFile } from './report-file.ts';
import './report.css';
import { SystemHealth } from './system-health.tsx';

/** Everything about a timeframe in one document, to read, print or take away. */
export function ReportPage() {
  const { client } = useHost();
  const params = timeframeParams();
  const query = useQuery(JSON.stringify(params), () => telemetryReport(client, params));
  return (
    <Loaded query={query} lines={12}>
      {(report) => <Report report={report} />}
    </Loaded>
  );
}

function Report({ report }: { report: TelemetryReport }) {
  const { metrics, analysis, models, systemHealth, timeframe, workspace, generatedAt } = report;
  const host = useHost();
  return (
    <article class="report">
      <div class="page-actions">
        <p class="lead">
          {workspace ? workspaceName(workspace) : 'All workspaces'}, {day(timeframe.from)} to{' '}
          {day(timeframe.to)} (UTC). {plural(analysis.eventsAnalysed, 'event')} analysed; confidence{' '}
          {percent(analysis.confidence)} ({analysis.confidenceReason}). Made {dateTime(generatedAt)} UTC.
        </p>
        <div class="report-buttons">
          <button type="button" class="button" onClick={() => host.save(reportFile(report, 'markdown'))}>
            <Icon name="download" /> Download as Markdown
          </button>
          <button type="button" class="button" onClick={() => host.save(reportFile(report, 'json'))}>
            <Icon name="download" /> Download as JSON
          </button>
          {host.name !== 'vscode' && (
            <button type="button" class="button" onClick={() => print()}>
              <Icon name="print" /> Print
            </button>
          )}
        </div>
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
