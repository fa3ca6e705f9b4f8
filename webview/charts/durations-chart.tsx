import { useMemo } from 'preact/hooks';
import type { Statistics, TimeBucket } from '../../core/contract/statistics.ts';
import { count, duration } from '../format/numbers.ts';
import { bucketLabels, bucketName } from '../format/time.ts';
import { range } from '../state/timeframe.ts';
import { Empty } from '../ui/states.tsx';
import { ChartFigure } from './figure.tsx';
import { filledSeries, USUAL_STEPS, usualRange } from './series.ts';
import type { ChartSpec } from './spec.ts';

type Timed = TimeBucket & { p50: number; p95: number };

/** How long migrations took over time, on a logarithmic axis because they differ by powers of ten. */
export function DurationsChart({ statistics }: { statistics: Statistics }) {
  const { series, bucket, migrations, timeframe } = statistics;
  const from = range.value === 'all' ? undefined : timeframe.from;
  const filled = useMemo(() => filledSeries(series, bucket, from), [series, bucket, from]);
  const usual = useMemo(() => usualRange(filled), [filled]);
  const spec = useMemo(
    (): ChartSpec => ({
      kind: 'lines',
      band: {
        name: 'Usual',
        low: usual.map((range) => positive(range?.low)),
        high: usual.map((range) => positive(range?.high)),
      },
      labels: bucketLabels(
        filled.map(({ at }) => at),
        bucket,
      ),
      names: filled.map(({ at }) => bucketName(at, bucket)),
      series: [
        {
          name: '95th percentile',
          colour: 'second',
          values: filled.map(({ p95 }) => positive(p95)),
          dashed: true,
        },
        { name: 'Median', colour: 'accent', values: filled.map(({ p50 }) => positive(p50)) },
      ],
      y: { title: 'Duration (log scale)', log: true, format: duration },
    }),
    [filled, usual, bucket],
  );
  const rows = filled.filter((step): step is Timed => step.p50 !== undefined && step.p95 !== undefined);
  const { durationP50 = 0, durationP95 = 0 } = migrations;
  return (
    <ChartFigure
      title="Duration of migrations"
      note={`Median and 95th percentile per ${bucket}, UTC; usual: from the lowest median to the highest 95th percentile of the ${USUAL_STEPS} before`}
      summary={`Median ${duration(durationP50)}, 95th percentile ${duration(durationP95)}.`}
      spec={spec}
      rows={rows}
      keyOf={({ at }) => at}
      columns={[
        { head: 'From (UTC)', cell: ({ at }) => bucketName(at, bucket) },
        { head: 'Migrations', cell: (step) => count(step.migrations), numeric: true },
        { head: 'Median', cell: ({ p50 }) => duration(p50), numeric: true },
        { head: '95th percentile', cell: ({ p95 }) => duration(p95), numeric: true },
      ]}
      empty={<Empty title="No durations in this period" />}
    />
  );
}

/** A logarithmic axis has no zero. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
