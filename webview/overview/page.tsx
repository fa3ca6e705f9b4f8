import { DurationsChart } from '../charts/durations-chart.tsx';
import { MigrationsChart } from '../charts/migrations-chart.tsx';
import { Anomalies } from '../findings/anomalies.tsx';
import { Insights } from '../findings/insights.tsx';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Engines } from './engines.tsx';
import { NoMigrations } from './no-migrations.tsx';
import { Operations, Tables } from './operations.tsx';
import './overview.css';
import { scoreboard } from './scoreboard.ts';
import { Tiles } from './tiles.tsx';

/** Is anything wrong, what happened, and how good are the predictions: in one look. */
export function OverviewPage() {
  const client = useClient();
  const params = timeframeParams();
  const key = JSON.stringify(params);
  const statistics = useQuery(key, () => client.call('stats.get', params));
  const analysis = useQuery(key, () => client.call('analysis.run', params));
  const health = useQuery('health', () => client.call('health.get', {}));
  const scores = useQuery('scores', () => scoreboard(client));

  return (
    <div class="overview">
      <Loaded query={health} lines={2}>
        {(value) => <Engines health={value} />}
      </Loaded>
      <Loaded query={statistics} lines={4}>
        {(value) => (
          <>
            <Tiles statistics={value} scoreboard={scores.value} />
            {value.migrations.total === 0 && <NoMigrations />}
          </>
        )}
      </Loaded>
      <Loaded query={statistics} lines={6}>
        {(value) => (
          <div class="pair">
            <MigrationsChart statistics={value} />
            <DurationsChart statistics={value} />
          </div>
        )}
      </Loaded>
      <div class="pair">
        <Card title="Insights" note="What stands out, strongest first">
          <Loaded query={analysis}>{(value) => <Insights analysis={value} shown={5} />}</Loaded>
        </Card>
        <Card title="Anomalies" note="Outside of the range that earlier migrations set; times in UTC">
          <Loaded query={analysis}>{({ anomalies }) => <Anomalies anomalies={anomalies} shown={5} />}</Loaded>
        </Card>
      </div>
      <Loaded query={statistics} lines={6}>
        {({ durations, tables }) => (
          <div class="pair">
            <Operations durations={durations} />
            <Tables tables={tables} />
          </div>
        )}
      </Loaded>
    </div>
  );
}
