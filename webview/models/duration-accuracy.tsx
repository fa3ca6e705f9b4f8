import { useMemo } from 'preact/hooks';
import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import { ChartFigure } from '../charts/figure.tsx';
import type { ChartSpec } from '../charts/spec.ts';
import { count, duration, percent, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Empty } from '../ui/states.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { durationErrorOverTime, durationScatter, factor, factorOff } from './curves.ts';

const NOTHING: ChartSpec = {
  kind: 'scatter',
  groups: [],
  x: { title: 'Actual', format: duration },
  y: { title: 'Predicted', format: duration },
};

type Outcome = AccuracyReport['scatter'][number];

/** How far durations were off, one by one and by month. */
export function DurationAccuracyCharts({ report }: { report: AccuracyReport }) {
  const { scatter, overTime } = report;
  const points = useMemo(() => durationScatter(scatter) ?? NOTHING, [scatter]);
  const months = overTime.filter((month) => month.duration?.medianAbsoluteLogRatio !== undefined);
  const error = useMemo(() => durationErrorOverTime(overTime), [overTime]);
  const timed = scatter.filter(
    ({ predictedMs, actualMs }) => predictedMs !== undefined && actualMs !== undefined,
  );
  return (
    <div class="pair">
      <ChartFigure
        title="Predicted against actual durations"
        note={`The newest ${plural(timed.length, 'outcome')}, with intervals that should hold 8 of 10; both axes logarithmic, on the line they are the same`}
        summary={`${plural(timed.length, 'outcome')}, ${count(timed.filter(isCovered).length)} inside of their interval.`}
        spec={points}
        rows={timed}
        keyOf={({ predictionId }) => predictionId}
        columns={[
          { head: 'Migration', cell: ({ subject }) => <Wrapped name={subject} />, class: 'subject' },
          { head: 'When (UTC)', cell: ({ at }) => dateTime(at), secondary: true },
          { head: 'Predicted', cell: (row) => timeOr(row.predictedMs), numeric: true },
          {
            head: '8 of 10 between',
            cell: (row) => `${timeOr(row.lowMs)} and ${timeOr(row.highMs)}`,
            numeric: true,
            secondary: true,
          },
          { head: 'Actual', cell: (row) => timeOr(row.actualMs), numeric: true },
        ]}
        empty={<Empty title="No outcome with a duration yet" />}
      />
      <ChartFigure
        title="Error of durations over time"
        note="Typical factor off per month (UTC), 1× is exact, beside always saying the median so far"
        summary={`${plural(months.length, 'month')} with outcomes.`}
        spec={error}
        rows={months}
        keyOf={({ name }) => name}
        columns={[
          { head: 'Month (UTC)', cell: ({ name }) => name },
          { head: 'Outcomes', cell: (month) => count(month.duration?.resolved ?? 0), numeric: true },
          {
            head: 'Model',
            cell: (month) => factorText(month.duration?.medianAbsoluteLogRatio),
            numeric: true,
          },
          {
            head: 'Baseline',
            cell: (month) => factorText(month.duration?.baselineMedianAbsoluteLogRatio),
            numeric: true,
          },
          {
            head: 'In the 80 % interval',
            cell: ({ duration: month }) =>
              month?.coverage80 === undefined ? '–' : percent(month.coverage80),
            numeric: true,
          },
        ]}
        empty={<Empty title="No month with enough outcomes yet" />}
      />
    </div>
  );
}

function isCovered({ actualMs = 0, lowMs = Number.POSITIVE_INFINITY, highMs = 0 }: Outcome): boolean {
  return actualMs >= lowMs && actualMs <= highMs;
}

function timeOr(ms: number | undefined): string {
  return ms === undefined ? '–' : duration(ms);
}

function factorText(logRatio: number | undefined): string {
  const off = factorOff(logRatio);
  return off === undefined ? '–' : factor(off);
}
