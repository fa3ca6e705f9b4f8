import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { Metric, ModelId } from '../../core/contract/model.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { metricValue } from './metric-text.ts';

type Update = TelemetryEvent<'model_update'>;

/** What became of each version, newest first. */
export function Versions({ id }: { id: ModelId }) {
  const client = useClient();
  const query = useQuery(`versions ${id}`, async () => {
    const { items } = await client.call('events.list', { type: ['model_update'], operation: id, limit: 50 });
    return items as Update[];
  });
  return (
    <Card title="Versions" note="Newest first; times in UTC">
      <Loaded query={query}>
        {(updates) =>
          updates.length === 0 ? (
            <Empty title="No version yet" />
          ) : (
            <DataTable
              caption="Versions"
              rows={updates}
              keyOf={({ sequence }) => sequence}
              columns={[
                {
                  head: 'Version',
                  cell: (update) => (
                    <Link to={href(['events'], { event: update.id, type: 'model_update' })}>
                      {update.data.version}
                    </Link>
                  ),
                },
                { head: 'When (UTC)', cell: ({ timestamp }) => dateTime(timestamp) },
                { head: 'Became', cell: ({ data }) => data.status },
                { head: 'Why', cell: ({ data }) => data.reason ?? '' },
                {
                  head: 'Model',
                  cell: (update) => headlineText(update, 'value'),
                  numeric: true,
                  secondary: true,
                },
                {
                  head: 'Baseline',
                  cell: (update) => headlineText(update, 'baseline'),
                  numeric: true,
                  secondary: true,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

/** The engine keeps the whole model in the update. */
function headlineText({ data }: Update, of: 'value' | 'baseline'): string {
  const { model } = data as { model?: { performance?: { headline?: Metric } } };
  const headline = model?.performance?.headline;
  const value = headline?.[of];
  return headline && value !== undefined ? metricValue(headline, value) : '';
}
