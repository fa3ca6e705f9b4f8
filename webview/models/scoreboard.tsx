import type { AccuracyReport, AccuracySlice } from '../../core/contract/accuracy.ts';
import type { Environment } from '../../core/contract/event.ts';
import type { Metric } from '../../core/contract/model.ts';
import { sentence, words } from '../format/names.ts';
import { count, figure, percent, plural } from '../format/numbers.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import {
  biasText,
  durationMetrics,
  durationVerdict,
  estimateText,
  failureMetrics,
  failureVerdict,
  type Verdict,
} from './accuracy-metrics.ts';
import { Comparison } from './comparison.tsx';
import { factor, factorOff } from './curves.ts';
import { DurationAccuracyCharts } from './duration-accuracy.tsx';
import { FailureAccuracyCharts } from './failure-accuracy.tsx';

const ENVIRONMENTS: readonly Environment[] = [
  'production',
  'staging',
  'test',
  'development',
  'shadow',
  'unknown',
];

/** Which half of the scoreboard: probabilities of failure, durations, or both. */
export type Half = 'failure' | 'duration';

/** Predicted against actual, for everyone to see: what was said, what came of it, and what a simple baseline reached. */
export function Scoreboard({ halves }: { halves: readonly Half[] }) {
  const client = useClient();
  const { environment, workspace } = route.value.query;
  const asked = ENVIRONMENTS.find((one) => one === environment);
  const params = {
    ...(asked ? { environment: asked } : {}),
    ...(workspace ? { workspace } : {}),
  };
  const query = useQuery(`accuracy ${JSON.stringify(params)}`, () => client.call('accuracy.get', params));
  return (
    <>
      <div class="page-actions section-head">
        <div>
          <h2>Predicted against actual</h2>
          <p class="note">What was said before, what came of it, and what a simple baseline reached</p>
        </div>
        <label class="select">
          Ran in{' '}
          <select
            value={asked ?? ''}
            onChange={({ currentTarget }) => change({ environment: currentTarget.value || undefined })}
          >
            <option value="">any environment</option>
            {ENVIRONMENTS.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={query} lines={8}>
        {(report) => <Board report={report} halves={halves} />}
      </Loaded>
    </>
  );
}

function Board({ report, halves }: { report: AccuracyReport; halves: readonly Half[] }) {
  const { predictions, resolved, awaiting, abstained, failure, duration } = report;
  if (predictions === 0)
    return (
      <Card title="Nothing to compare yet">
        <Empty title="No prediction was recorded">
          <p>Predictions are recorded when a migration is saved, checked or imported.</p>
        </Empty>
      </Card>
    );
  return (
    <div class="models">
      <p class="lead">
        {plural(predictions, 'prediction')}: {count(resolved)} with an outcome, {count(awaiting)} awaiting
        one, {count(abstained)} abstained because nothing like it was known.
      </p>
      {halves.includes('failure') && (
        <>
          <Figures
            title="Will it fail?"
            verdict={failureVerdict(failure)}
            metrics={failureMetrics(failure)}
            notes={[estimateText(report), `How that is expected: ${report.estimated.method}.`]}
          />
          {failure.resolved > 0 && <FailureAccuracyCharts report={report} />}
        </>
      )}
      {halves.includes('duration') && (
        <>
          <Figures
            title="How long will it take?"
            verdict={durationVerdict(duration)}
            metrics={durationMetrics(duration)}
            notes={[biasText(duration.bias)]}
          />
          {duration.resolved > 0 && <DurationAccuracyCharts report={report} />}
        </>
      )}
      <Slices title="By operation" head="Operation" slices={report.byOperation} halves={halves} />
      <Slices title="By version" head="Version" slices={report.byVersion} halves={halves} />
    </div>
  );
}

interface FiguresProps {
  title: string;
  verdict: Verdict;
  metrics: readonly Metric[];
  notes: readonly (string | undefined)[];
}

/** The verdict in a sentence, then each figure beside its baseline. */
function Figures({ title, verdict, metrics, notes }: FiguresProps) {
  return (
    <Card title={title}>
      <p class={`judgement tone-${verdict.tone}`}>
        <Icon name={verdict.tone} />
        <span>{verdict.text}</span>
      </p>
      {metrics.length > 0 && (
        <div class="comparisons">
          {metrics.map((metric) => (
            <Comparison key={metric.name} metric={metric} explained />
          ))}
        </div>
      )}
      {notes
        .filter((note) => note !== undefined)
        .map((note) => (
          <p class="note baseline-note" key={note}>
            {note}
          </p>
        ))}
    </Card>
  );
}

interface SlicesProps {
  title: string;
  head: string;
  slices: readonly AccuracySlice[];
  halves: readonly Half[];
}

function Slices({ title, head, slices, halves }: SlicesProps) {
  const rows = slices.filter((slice) => halves.some((half) => (slice[half]?.resolved ?? 0) > 0));
  if (rows.length === 0) return null;
  const failure = halves.includes('failure');
  const duration = halves.includes('duration');
  const dash = (text: string | undefined) => text ?? '–';
  return (
    <Card title={title} note="The same figures in parts; few outcomes say little">
      <DataTable
        caption={title}
        rows={rows}
        shown={12}
        keyOf={({ name }) => name}
        columns={[
          {
            head,
            cell: ({ name }) => sentence(words(name)).replace(/ 0$/, ', before any training'),
            class: 'subject',
          },
          ...(failure
            ? [
                {
                  head: 'Failed',
                  cell: (row: AccuracySlice) =>
                    row.failure ? `${count(row.failure.failed)} of ${count(row.failure.resolved)}` : '–',
                  numeric: true,
                },
                {
                  head: 'Brier score',
                  cell: (row: AccuracySlice) => dash(mapped(row.failure?.brier, figure)),
                  numeric: true,
                },
                {
                  head: 'of the baseline',
                  cell: (row: AccuracySlice) => dash(mapped(row.failure?.baselineBrier, figure)),
                  numeric: true,
                  secondary: true,
                },
              ]
            : []),
          ...(duration
            ? [
                {
                  head: 'Timed',
                  cell: (row: AccuracySlice) => count(row.duration?.resolved ?? 0),
                  numeric: true,
                  secondary: true,
                },
                {
                  head: 'Factor off',
                  cell: (row: AccuracySlice) =>
                    dash(mapped(factorOff(row.duration?.medianAbsoluteLogRatio), factor)),
                  numeric: true,
                },
                {
                  head: 'by the baseline',
                  cell: (row: AccuracySlice) =>
                    dash(mapped(factorOff(row.duration?.baselineMedianAbsoluteLogRatio), factor)),
                  numeric: true,
                  secondary: true,
                },
                {
                  head: 'In the interval',
                  cell: (row: AccuracySlice) => dash(mapped(row.duration?.coverage80, percent)),
                  numeric: true,
                  secondary: true,
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function mapped(value: number | undefined, format: (value: number) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}
