import type { TelemetryReport } from '../../core/contract/report.ts';
import { MODEL_STATUS_NAMES, sentence } from '../format/names.ts';
import { percent, plural } from '../format/numbers.ts';
import { metricValue } from '../models/metric-text.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';

/** The four models in a table: on data they had not seen, and since. */
export function ModelTable({ models }: { models: TelemetryReport['models'] }) {
  return (
    <Card
      title="Model performance"
      note="On data the models had not seen, beside a simple baseline, and since then"
    >
      <DataTable
        caption="Model performance"
        rows={models}
        keyOf={({ model }) => model.id}
        columns={[
          { head: 'Model', cell: ({ model }) => <Link to={href(['models', model.id])}>{model.name}</Link> },
          {
            head: 'Status',
            cell: ({ model }) => (model.version === '0' ? 'Never trained' : MODEL_STATUS_NAMES[model.status]),
          },
          { head: 'Version', cell: ({ model }) => model.version, numeric: true, secondary: true },
          {
            head: 'Figure',
            cell: ({ model }) => sentence(model.performance?.headline?.name ?? model.message ?? ''),
            class: 'subject',
            secondary: true,
          },
          { head: 'Value', cell: ({ model }) => headline(model, 'value'), numeric: true, secondary: true },
          {
            head: 'Baseline',
            cell: ({ model }) => headline(model, 'baseline'),
            numeric: true,
            secondary: true,
          },
          {
            head: 'Right so far',
            cell: ({ performance: { realised } }) =>
              realised.accuracy === undefined
                ? 'no outcomes yet'
                : `${percent(realised.accuracy)} of ${plural(realised.resolved, 'outcome')}`,
            numeric: true,
          },
        ]}
      />
    </Card>
  );
}

function headline(
  { performance }: TelemetryReport['models'][number]['model'],
  of: 'value' | 'baseline',
): string {
  const metric = performance?.headline;
  const value = metric?.[of];
  return metric && value !== undefined ? metricValue(metric, value) : '–';
}
