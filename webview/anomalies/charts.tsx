import { useMemo } from 'preact/hooks';
import type { SeriesDetail, SeriesPoint } from '../../core/contract/series.ts';
import { ChartFigure } from '../charts/figure.tsx';
import type { ChartSpec } from '../charts/spec.ts';
import { sentence } from '../format/names.ts';
import { percent, plural, scaledUnit, withUnit } from '../format/numbers.ts';
import { dateTime, momentLabels } from '../format/time.ts';
import type { Column } from '../ui/data-table.tsx';
import { Empty } from '../ui/states.tsx';

interface ValuesProps {
  detail: SeriesDetail;
  threshold: number;
}

/** The values with the range that was expected of each, and those outside of it marked. */
export function Values({ detail: { series, points }, threshold }: ValuesProps) {
  const { unit, title } = series;
  const format = (value: number) => withUnit(value, unit);
  const log = isWide(points) && series.kind === 'duration';
  const spec = useMemo((): ChartSpec => {
    const shown = (value: number | undefined) =>
      log && value !== undefined && value <= 0 ? undefined : value;
    return {
      kind: 'lines',
      labels: momentLabels(points.map(({ at }) => at)),
      names: points.map(({ at }) => `${dateTime(at)} UTC`),
      series: [
        { name: 'Value', colour: 'accent', values: points.map(({ value }) => shown(value)) },
        {
          name: 'Anomaly',
          colour: 'error',
          points: true,
          values: points.map(({ value, score }) => (score >= threshold ? shown(value) : undefined)),
        },
      ],
      band: {
        name: 'Expected',
        low: points.map(({ low }) => shown(low)),
        high: points.map(({ high }) => shown(high)),
      },
      // The title says the unit, where it is the same for every figure.
      y: {
        title: `${sentenceOf(unit)}${log ? ' (log scale)' : ''}`,
        log,
        format: (value) => withUnit(value, scaledUnit(unit)),
      },
    };
  }, [points, threshold, unit, log]);
  const unusual = points.filter(({ score }) => score >= threshold).length;
  return (
    <ChartFigure
      title="Values and what was expected"
      note={`${title}; times in UTC`}
      summary={`${plural(points.length, 'point')}, ${unusual} outside of what was expected.`}
      spec={spec}
      rows={points}
      keyOf={({ at }, index) => `${at} ${index}`}
      columns={columns(format, threshold)}
      tall
      empty={<Empty title="No point in this period" />}
    />
  );
}

/** The score of each point beside the threshold from which it counts: what one says of an anomaly moves that line. */
export function Scores({
  detail: { points },
  threshold,
  before,
}: ValuesProps & { before: number | undefined }) {
  const moved = before !== undefined && before !== threshold;
  const spec = useMemo(
    (): ChartSpec => ({
      kind: 'lines',
      labels: momentLabels(points.map(({ at }) => at)),
      names: points.map(({ at }) => `${dateTime(at)} UTC`),
      series: [
        { name: 'Score', colour: 'accent', values: points.map(({ score }) => score) },
        {
          name: `Threshold, ${percent(threshold)}`,
          colour: 'error',
          values: points.map(() => threshold),
          dashed: true,
        },
        ...(moved
          ? [
              {
                name: `Before, ${percent(before)}`,
                colour: 'quiet' as const,
                values: points.map(() => before),
                dashed: true,
              },
            ]
          : []),
      ],
      y: { title: 'Score', min: 0, max: 1, format: percent },
    }),
    [points, threshold, before, moved],
  );
  return (
    <ChartFigure
      title="How unusual each point was"
      note="Score from 0 to 100 %; points on or above the threshold are reported"
      summary={`The threshold is ${percent(threshold)}.`}
      spec={spec}
      rows={points}
      keyOf={({ at }, index) => `${at} ${index}`}
      columns={[
        { head: 'At (UTC)', cell: ({ at }) => dateTime(at) },
        { head: 'Score', cell: ({ score }) => percent(score), numeric: true },
        { head: 'Reported', cell: ({ score }) => (score >= threshold ? 'yes' : 'no') },
      ]}
    />
  );
}

function columns(format: (value: number) => string, threshold: number): Column<SeriesPoint>[] {
  const known = (value: number | undefined) => (value === undefined ? '–' : format(value));
  return [
    { head: 'At (UTC)', cell: ({ at }) => dateTime(at) },
    { head: 'Value', cell: ({ value }) => format(value), numeric: true },
    { head: 'Expected from', cell: ({ low }) => known(low), numeric: true },
    { head: 'to', cell: ({ high }) => known(high), numeric: true },
    { head: 'Score', cell: ({ score }) => percent(score), numeric: true },
    {
      head: 'Kind',
      cell: ({ kind, score }) => (score >= threshold ? (kind ?? 'unusual') : '').replaceAll('-', ' '),
      secondary: true,
    },
  ];
}

/** Values that differ by more than this need a logarithmic axis. */
const WIDE = 50;

function isWide(points: readonly SeriesPoint[]): boolean {
  const values = points.map(({ value }) => value).filter((value) => value > 0);
  return values.length > 0 && Math.max(...values) / Math.min(...values) > WIDE;
}

function sentenceOf(unit: string): string {
  if (unit === 'ms') return 'Duration';
  return unit === 'probability' ? 'Share' : sentence(unit);
}
