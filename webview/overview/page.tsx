import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import type { TelemetryAIAnalysis } from '../../core/contract/analysis.ts';
import type { Statistics } from '../../core/contract/statistics.ts';
import { DurationsChart } from '../charts/durations-chart.tsx';
import { MigrationsChart } from '../charts/migrations-chart.tsx';
import { Anomalies } from '../findings/anomalies.tsx';
import { Insights } from '../findings/insights.tsx';
import { useClient } from '../state/host.ts';
import { type Query, useQuery } from '../state/query.ts';
import { statistics } from '../state/statistics.ts';
import { timeframeParams, workspace } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Accuracy } from './accuracy.tsx';
import { Alerts } from './alerts.tsx';
import { Engines } from './engines.tsx';
import { NextSteps } from './next-steps.tsx';
import { NoMigrations } from './no-migrations.tsx';
import { Operations, Tables } from './operations.tsx';
import './overview.css';
import { Tiles } from './tiles.tsx';

/** Is anything wrong, what happened, and how good are the predictions: in one look. */
export function OverviewPage() {
  const client = useClient();
  const params = timeframeParams();
  const key = JSON.stringify(params);
  const counts = useQuery(key, () => statistics(client, params));
  // What takes long waits for the figures, which are what one comes for.
  const figures = () => statistics(client, params).catch(() => undefined);
  const analysis = useQuery(key, async () => {
    await figures();
    return client.call('analysis.run', params);
  });
  const health = useQuery('health', () => client.call('health.get', {}));

  const place = workspace.value === undefined ? {} : { workspace: workspace.value };
  const alerts = useQuery(JSON.stringify(place), () => client.call('alerts.list', { ...place, limit: 100 }));
  const accuracy = useQuery(key, async () => {
    await figures();
    return client.call('accuracy.get', params);
  });

  const state = health.value?.state;
  const troubled = state === 'degraded' || state === 'failing';
  const engines = (
    <Loaded query={health} lines={2}>
      {(value) => <Engines health={value} />}
    </Loaded>
  );

  return (
    <div class="overview">
      <Alerts query={alerts} statistics={counts.value} />
      {troubled && engines}
      <Loaded query={counts} lines={12}>
        {(value) => (
          <>
            <Tiles statistics={value} accuracy={accuracy.value} />
            {value.migrations.total === 0 && value.durations.length === 0 ? (
              <NoMigrations />
            ) : (
              <Findings statistics={value} analysis={analysis} accuracy={accuracy} />
            )}
          </>
        )}
      </Loaded>
      {!troubled && engines}
    </div>
  );
}

function Findings({
  statistics,
  analysis,
  accuracy,
}: {
  statistics: Statistics;
  analysis: Query<TelemetryAIAnalysis>;
  accuracy: Query<AccuracyReport>;
}) {
  return (
    <>
      <div class="pair">
        <MigrationsChart statistics={statistics} />
        <DurationsChart statistics={statistics} />
      </div>
      <div class="columns">
        <div class="column">
          <NextSteps analysis={analysis.value} accuracy={accuracy.value} />
          <Card title="Insights" note="What stands out, strongest first">
            <Loaded query={analysis}>
              {(value) => <Insights analysis={value} shown={5} adviceElsewhere />}
            </Loaded>
          </Card>
          <Operations durations={statistics.durations} />
        </div>
        <div class="column">
          <Accuracy query={accuracy} />
          <Card title="Anomalies" note="Outside of the range that earlier migrations set; times in UTC">
            <Loaded query={analysis}>
              {({ anomalies }) => <Anomalies anomalies={anomalies} shown={5} />}
            </Loaded>
          </Card>
          <Tables tables={statistics.tables} />
        </div>
      </div>
    </>
  );
}
