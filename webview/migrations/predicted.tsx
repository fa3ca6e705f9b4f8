import { useMemo } from 'preact/hooks';
import type { MigrationStory } from '../../core/contract/migration-story.ts';
import type { PredictionRecord } from '../../core/contract/prediction.ts';
import { ChartFigure } from '../charts/figure.tsx';
import type { ChartSpec } from '../charts/spec.ts';
import { modelName } from '../format/names.ts';
import { duration, percent } from '../format/numbers.ts';
import { dateTime, momentLabels } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/states.tsx';
import { comparison } from './compared.tsx';

type Timed = PredictionRecord & { durationMs: NonNullable<PredictionRecord['durationMs']> };

/** The intervals that were predicted, beside what the runs took; and the chances of failure with what came. */
export function PredictedAndActual({ story }: { story: MigrationStory }) {
  const timed = story.predictions.filter((one): one is Timed => one.durationMs !== undefined);
  const failing = story.predictions.filter(({ failureProbability }) => failureProbability !== undefined);
  if (story.predictions.length === 0) {
    return (
      <Card title="Predicted and actual">
        <Empty title="Nothing was predicted">
          <p>A prediction is made when the migration is saved in the editor or checked before its run.</p>
        </Empty>
      </Card>
    );
  }
  return (
    <>
      {timed.length > 0 && <Durations predictions={timed} runs={story.runs} />}
      {failing.length > 0 && <Chances predictions={failing} />}
    </>
  );
}

interface Moment {
  at: string;
  name: string;
  interval?: Timed['durationMs'];
  actual?: number;
}

function Durations({ predictions, runs }: { predictions: readonly Timed[]; runs: MigrationStory['runs'] }) {
  const moments = useMemo(() => momentsOf(predictions, runs), [predictions, runs]);
  const spec = useMemo(
    (): ChartSpec => ({
      kind: 'lines',
      labels: momentLabels(moments.map(({ at }) => at)),
      names: moments.map(({ at, name }) => `${name}, ${dateTime(at)} UTC`),
      series: [
        {
          name: 'Predicted median',
          colour: 'accent',
          values: moments.map(({ interval }) => positive(interval?.p50)),
          dashed: true,
        },
        {
          name: 'Actual',
          colour: 'second',
          values: moments.map(({ actual }) => positive(actual)),
          points: true,
        },
      ],
      band: {
        name: 'Predicted, 8 of 10',
        low: moments.map(({ interval }) => positive(interval?.p10)),
        high: moments.map(({ interval }) => positive(interval?.p90)),
      },
      y: { title: 'Duration (log scale)', log: true, format: duration },
    }),
    [moments],
  );
  const last = predictions.at(-1);
  const actual = runs.findLast(({ durationMs }) => durationMs !== undefined)?.durationMs;
  return (
    <ChartFigure
      title="Predicted and actual duration"
      note="At each prediction and run, in order; times in UTC"
      summary={last ? comparison(last.durationMs, actual) : ''}
      spec={spec}
      rows={moments}
      keyOf={({ at, name }) => `${at} ${name}`}
      columns={[
        { head: 'At (UTC)', cell: ({ at }) => dateTime(at) },
        { head: 'What', cell: ({ name }) => name },
        { head: '10th', cell: ({ interval }) => (interval ? duration(interval.p10) : '–'), numeric: true },
        { head: 'Median', cell: ({ interval }) => (interval ? duration(interval.p50) : '–'), numeric: true },
        { head: '90th', cell: ({ interval }) => (interval ? duration(interval.p90) : '–'), numeric: true },
        {
          head: 'Took',
          cell: (one) => (one.actual === undefined ? '–' : duration(one.actual)),
          numeric: true,
        },
      ]}
    />
  );
}

/** Predictions and runs in order of time; a run shows the interval that was said last before it. */
function momentsOf(predictions: readonly Timed[], runs: MigrationStory['runs']): Moment[] {
  const said: Moment[] = predictions.map(({ at, modelId, durationMs }) => ({
    at,
    name: modelName(modelId),
    interval: durationMs,
  }));
  const ran: Moment[] = runs.flatMap(({ at, durationMs, environment }) =>
    durationMs === undefined ? [] : [{ at, name: `Run (${environment})`, actual: durationMs }],
  );
  let latest: Timed['durationMs'] | undefined;
  return [...said, ...ran]
    .sort((a, b) => a.at.localeCompare(b.at) || Number('actual' in a) - Number('actual' in b))
    .map((moment) => {
      latest = moment.interval ?? latest;
      return latest ? { ...moment, interval: latest } : moment;
    });
}

function Chances({ predictions }: { predictions: readonly PredictionRecord[] }) {
  return (
    <Card title="Chance of failure" note="As it was said before the run, and what came">
      <DataTable
        caption="Predicted chances of failure"
        shown={6}
        rows={predictions}
        keyOf={({ id }) => id}
        columns={[
          {
            head: 'Predicted (UTC)',
            cell: ({ id, at }) => (
              <Link to={href(['events'], { event: id })}>{dateTime(at).slice(0, 16)}</Link>
            ),
          },
          {
            head: 'Chance',
            cell: ({ failureProbability = 0 }) => percent(failureProbability),
            numeric: true,
          },
          { head: 'Came', cell: ({ outcome }) => outcome?.outcome.replaceAll('_', ' ') ?? 'not known yet' },
          {
            head: 'Why',
            cell: ({ reasons }) => <span class="text-quiet">{reasons.join('; ') || '–'}</span>,
            secondary: true,
          },
        ]}
      />
    </Card>
  );
}

/** A logarithmic axis has no zero. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
