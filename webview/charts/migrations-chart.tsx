import { useMemo } from 'preact/hooks';
import type { Statistics } from '../../core/contract/statistics.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { bucketLabels, bucketName } from '../format/time.ts';
import { range } from '../state/timeframe.ts';
import { Empty } from '../ui/states.tsx';
import { ChartFigure } from './figure.tsx';
import { filledSeries } from './series.ts';
import type { ChartSpec } from './spec.ts';

/** Migrations over time, those that failed on top of the others. */
export function MigrationsChart({ statistics }: { statistics: Statistics }) {
  const { series, bucket, migrations, timeframe } = statistics;
  const from = range.value === 'all' ? undefined : timeframe.from;
  const filled = useMemo(() => filledSeries(series, bucket, from), [series, bucket, from]);
  const spec = useMemo(
    (): ChartSpec => ({
      kind: 'bars',
      labels: bucketLabels(
        filled.map(({ at }) => at),
        bucket,
      ),
      names: filled.map(({ at }) => bucketName(at, bucket)),
      series: [
        {
          name: 'Not failed',
          colour: 'accent',
          values: filled.map((step) => step.migrations - step.failures),
        },
        { name: 'Failed', colour: 'error', values: filled.map(({ failures }) => failures) },
      ],
      y: { title: 'Migrations', whole: true, format: count },
    }),
    [filled, bucket],
  );
  const rows = migrations.total === 0 ? [] : filled.filter((step) => step.migrations > 0);
  return (
    <ChartFigure
      title="Migrations and failures"
      note={`Number per ${bucket}, UTC`}
      summary={`${plural(migrations.total, 'migration')}, ${count(migrations.failed)} failed.`}
      spec={spec}
      rows={rows}
      keyOf={({ at }) => at}
      columns={[
        { head: `From (UTC)`, cell: ({ at }) => bucketName(at, bucket) },
        { head: 'Migrations', cell: (step) => count(step.migrations), numeric: true },
        { head: 'Failed', cell: ({ failures }) => count(failures), numeric: true },
        { head: 'Share', cell: (step) => percent(step.failures / step.migrations), numeric: true },
      ]}
      empty={<Empty title="No migrations in this period" />}
    />
  );
}
