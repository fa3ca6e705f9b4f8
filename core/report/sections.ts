/** The sections that reports are put together from. Each says so where there is nothing to say. */
import { endOf } from '../analyse/statistics.ts';
import type { AccuracyReport } from '../contract/accuracy.ts';
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { Health } from '../contract/health.ts';
import type { TelemetryReport } from '../contract/report.ts';
import type { Comparison } from '../contract/report-file.ts';
import type { Statistics } from '../contract/statistics.ts';
import { significant } from '../numbers.ts';
import type { Block, Section } from './document.ts';
import { count, duration, percent, plural } from './format.ts';
import { insightNote } from './insight-text.ts';

/** A time as the reader's clock shows it. */
export type Clock = (timestamp: string, withTime?: boolean) => string;

const MOST_ANOMALIES = 20;
const MOST_ROWS = 10;
/** Newest stretches of time that are drawn. */
const MOST_BUCKETS = 200;

export function activitySection(statistics: Statistics, clock: Clock): Section {
  const { migrations, events, bucket } = statistics;
  const series = withEmptyBuckets(statistics);
  const { total, succeeded, failed, other, durationP50, durationP95 } = migrations;
  const labels = series.map(({ at }) => clock(at, bucket === 'hour'));
  const blocks: Block[] = [
    {
      figures: [
        {
          label: 'Migrations',
          value: count(total),
          note: `${count(succeeded)} succeeded, ${count(other)} unknown`,
        },
        {
          label: 'Failed',
          value: count(failed),
          ...(total > 0 ? { note: `${percent(failed / total)} of all` } : {}),
        },
        ...(durationP50 === undefined ? [] : [{ label: 'Half took up to', value: duration(durationP50) }]),
        ...(durationP95 === undefined ? [] : [{ label: '95 % took up to', value: duration(durationP95) }]),
        { label: 'Events', value: count(events) },
      ],
    },
  ];
  if (series.some((one) => one.migrations > 0))
    blocks.push({
      chart: 'bars',
      title: `Migrations by ${bucket}`,
      unit: 'migrations',
      labels,
      format: count,
      series: [
        { name: 'not failed', tone: 'accent', values: series.map((one) => one.migrations - one.failures) },
        { name: 'failed', tone: 'bad', values: series.map(({ failures }) => failures) },
      ],
    });
  if (series.some(({ p50 }) => p50 !== undefined))
    blocks.push({
      chart: 'lines',
      title: `How long migrations took, by ${bucket}`,
      unit: 'duration, logarithmic',
      logarithmic: true,
      labels,
      format: duration,
      series: [
        { name: 'median', tone: 'accent', values: series.map(({ p50 }) => p50) },
        { name: '95th percentile', tone: 'quiet', dashed: true, values: series.map(({ p95 }) => p95) },
      ],
    });
  return { title: 'Activity', blocks };
}

export function statementsSection({ durations, tables, errors }: Statistics): Section {
  const blocks: Block[] = [];
  if (durations.length > 0)
    blocks.push({
      caption: 'Statements that ran, slowest kinds first',
      head: [
        { text: 'Operation' },
        ...['Runs', 'Failures', 'Median', '95 %', 'Slowest'].map((text) => ({ text, numeric: true })),
      ],
      rows: durations.map((row) => [
        row.operation,
        count(row.count),
        count(row.failures),
        duration(row.p50),
        duration(row.p95),
        duration(row.max),
      ]),
    });
  if (tables.length > 0) blocks.push(tally('Most changed tables', 'Table', tables));
  if (errors.length > 0) blocks.push(tally('Why migrations failed', 'Message', errors));
  return { title: 'Statements and tables', blocks: orNothing(blocks, 'No statement was recorded.') };
}

export function findingsSection(
  { insights, recommendations, patterns, anomalies }: TelemetryAIAnalysis,
  clock: Clock,
): Section {
  const actionOf = (id: string) => recommendations.find(({ insight }) => insight === id)?.action;
  const blocks: Block[] = [];
  if (insights.length > 0)
    blocks.push({
      items: insights.map((insight) => {
        const { id, title, severity } = insight;
        const note = [insightNote(insight), actionOf(id)].filter(Boolean).join('. ');
        const tone = severity === 'info' ? undefined : severity === 'warning' ? 'warn' : 'bad';
        return { text: title, ...(note ? { note } : {}), ...(tone ? { tone } : {}) };
      }),
    });
  if (patterns.length > 0)
    blocks.push(
      { text: 'Patterns, with how often each was seen:' },
      { items: patterns.map(({ title }) => ({ text: title })) },
    );
  if (anomalies.length > 0)
    blocks.push({
      caption: `Anomalies, worst first${anomalies.length > MOST_ANOMALIES ? ` (${MOST_ANOMALIES} of ${anomalies.length})` : ''}`,
      head: [{ text: 'When' }, { text: 'What' }, { text: 'Score', numeric: true }],
      rows: anomalies
        .slice(0, MOST_ANOMALIES)
        .map(({ at, title, score }) => [clock(at, true), title, score.toFixed(2)]),
    });
  return { title: 'What stands out', blocks: orNothing(blocks, 'Nothing stands out.') };
}

export function trendsSection({ trends, predictions }: TelemetryAIAnalysis, clock: Clock): Section {
  const blocks: Block[] = [];
  for (const trend of trends) {
    blocks.push({ text: `${trend.title}${trend.title.endsWith('.') ? '' : '.'}` });
    const { history = [], forecast = [], backtest } = trend;
    if (history.length === 0) continue;
    const format = (value: number) =>
      trend.shownUnit === 'ms' ? duration(value) : String(significant(value));
    const pad = history.map(() => undefined);
    blocks.push({
      chart: 'lines',
      title: trend.series,
      unit: `${trend.shownUnit ?? trend.unit}${backtest ? `; forecast with an 80 % interval, off by ${format(backtest.error)} in the past, ${format(backtest.naiveError)} for “as last week”` : ''}`,
      labels: [...history, ...forecast].map(({ at }) => clock(at)),
      format,
      series: [
        { name: 'seen', tone: 'accent', values: history.map(({ value }) => value) },
        ...(forecast.length > 0
          ? [
              {
                name: 'expected',
                tone: 'accent' as const,
                dashed: true,
                values: [...pad, ...forecast.map(({ value }) => value)],
              },
              {
                name: 'at least',
                tone: 'quiet' as const,
                dashed: true,
                values: [...pad, ...forecast.map(({ low }) => low)],
              },
              {
                name: 'at most',
                tone: 'quiet' as const,
                dashed: true,
                values: [...pad, ...forecast.map(({ high }) => high)],
              },
            ]
          : []),
      ],
    });
  }
  if (predictions.length > 0)
    blocks.push({
      items: predictions.map(({ title, value, low, high, unit, basis }) => {
        const text = (figure: number | undefined) =>
          figure === undefined
            ? '–'
            : unit === 'probability'
              ? percent(figure)
              : unit === 'ms'
                ? duration(figure)
                : String(figure);
        return {
          text: `${title}: ${text(value)} (${text(low)} to ${text(high)})`,
          note: `from ${basis.join(', ')}`,
        };
      }),
    });
  return {
    title: 'Trends and what to expect',
    blocks: orNothing(blocks, 'Too little is recorded for a trend.'),
  };
}

export function modelsSection(models: TelemetryReport['models']): Section {
  return {
    title: 'Models',
    blocks: models.flatMap(({ model, performance }): Block[] => {
      const { resolved, accuracy } = performance.realised;
      const realised =
        accuracy === undefined
          ? 'no outcomes yet'
          : `${percent(accuracy)} right over ${plural(resolved, 'outcome')}`;
      const metrics = model.performance?.metrics ?? [];
      const intro = `${model.name}, version ${model.version}, ${model.status}. ${model.message ?? ''} Realised: ${realised}.`;
      if (metrics.length === 0) return [{ text: intro }];
      return [
        { text: intro },
        {
          caption: `${model.name} on migrations that it had not seen`,
          head: [{ text: 'Figure' }, { text: 'Model', numeric: true }, { text: 'Baseline', numeric: true }],
          rows: metrics.map(({ name, value, baseline, unit = '' }) => [
            name,
            `${value}${unit}`,
            baseline === undefined ? '–' : `${baseline}${unit}`,
          ]),
        },
      ];
    }),
  };
}

export function healthSection({ state, engines, store, resources }: Health): Section {
  return {
    title: 'System health',
    blocks: [
      {
        figures: [
          { label: 'State', value: state },
          { label: 'Events stored', value: count(store.events) },
          ...(resources.memoryBytes === undefined
            ? []
            : [{ label: 'Memory', value: `${Math.round(resources.memoryBytes / 1e6)} MB` }]),
          ...(resources.diskFreeBytes === undefined
            ? []
            : [{ label: 'Disk free', value: `${significant(resources.diskFreeBytes / 1e9)} GB` }]),
        ],
      },
      {
        caption: 'Engines',
        head: [{ text: 'Engine' }, { text: 'State' }, { text: 'Says' }],
        rows: engines.map(({ name, state: own, message }) => [name, own, message]),
      },
    ],
  };
}

export function accuracySections(report: AccuracyReport | undefined, why: string): Section[] {
  if (!report) return [{ title: 'Accuracy', blocks: [{ text: why }] }];
  const { failure, duration: time, predictions, resolved, awaiting, abstained } = report;
  const figure = (value: number | undefined) => (value === undefined ? '–' : String(significant(value)));
  const row = (name: string, model: number | undefined, baseline?: number) => [
    name,
    figure(model),
    figure(baseline),
  ];
  const head = [{ text: 'Figure' }, { text: 'Model', numeric: true }, { text: 'Baseline', numeric: true }];
  const slices = (title: string, all: AccuracyReport['byVersion']): Block[] =>
    all.length === 0
      ? []
      : [
          {
            caption: title,
            head: [
              { text: '' },
              ...['Outcomes', 'Failed', 'Brier', 'Baseline', 'Duration error', 'In interval'].map((text) => ({
                text,
                numeric: true,
              })),
            ],
            rows: all.map(({ name, failure: failed, duration: took }) => [
              name,
              count(failed?.resolved ?? took?.resolved ?? 0),
              count(failed?.failed ?? 0),
              figure(failed?.brier),
              figure(failed?.baselineBrier),
              figure(took?.medianAbsoluteLogRatio),
              took?.coverage80 === undefined ? '–' : percent(took.coverage80),
            ]),
          },
        ];
  const calibration = failure.calibration.filter((bin) => bin.count > 0);
  return [
    {
      title: 'Predicted against actual',
      blocks: [
        {
          figures: [
            { label: 'Predictions', value: count(predictions), note: `${count(abstained)} abstained` },
            { label: 'With an outcome', value: count(resolved), note: `${count(awaiting)} await theirs` },
            {
              label: 'Failures told apart',
              value: failure.auroc === undefined ? '–' : significant(failure.auroc).toFixed(2),
              note: 'AUROC: 0.5 is chance, 1 is always',
            },
            {
              label: 'In the 80 % interval',
              value: time.coverage80 === undefined ? '–' : percent(time.coverage80),
            },
          ],
        },
        {
          caption: 'Beside a simple baseline; lower is better',
          head,
          rows: [
            row('Brier score of failure probabilities', failure.brier, failure.baselineBrier),
            row('Expected calibration error', failure.calibrationError),
            row(
              'Duration error, median |ln(predicted / actual)|',
              time.medianAbsoluteLogRatio,
              time.baselineMedianAbsoluteLogRatio,
            ),
          ],
        },
        ...(calibration.length > 1
          ? [
              {
                chart: 'diagonal' as const,
                title: 'Calibration: how often it failed where so much was predicted',
                unit: 'share that failed, by predicted probability',
                labels: calibration.map(({ predicted }) => percent(predicted)),
                format: percent,
                series: [
                  {
                    name: 'observed',
                    tone: 'accent' as const,
                    values: calibration.map(({ observed }) => observed),
                  },
                ],
              },
            ]
          : []),
      ],
    },
    {
      title: 'By version, operation and month',
      blocks: orNothing(
        [
          ...slices('By model version', report.byVersion),
          ...slices('By operation', report.byOperation),
          ...slices('By month', report.overTime),
        ],
        'No outcome yet.',
      ),
    },
  ];
}

export function comparedSection(items: readonly Comparison[], before: string): Section {
  const text = (value: number | undefined, unit: string) =>
    value === undefined
      ? '–'
      : unit === 'ms'
        ? duration(value)
        : unit === 'share'
          ? percent(value)
          : `${value} ${unit}`;
  const noteworthy = items.filter((item) => item.noteworthy);
  return {
    title: 'Compared with the period before',
    blocks: [
      {
        text:
          noteworthy.length === 0
            ? `Beside ${before}, nothing differs by more than chance would explain.`
            : `Beside ${before}, ${plural(noteworthy.length, 'figure')} differ by more than chance would explain; they are marked.`,
      },
      {
        caption: 'Figures of both periods',
        head: [
          { text: 'Figure' },
          { text: 'Now', numeric: true },
          { text: 'Before', numeric: true },
          { text: 'Change', numeric: true },
          { text: '' },
        ],
        rows: items.map(({ name, unit, now, before: then, change, noteworthy: marked }) => [
          name,
          text(now, unit),
          text(then, unit),
          change === undefined
            ? '–'
            : `${change > 0 ? '+' : change < 0 ? '−' : ''}${percent(Math.abs(change))}`,
          marked ? 'noteworthy' : '',
        ]),
      },
    ],
  };
}

/** Statistics leave out stretches without events; a time axis needs them. */
function withEmptyBuckets({ series, bucket }: Statistics): Statistics['series'] {
  const known = new Map(series.map((one) => [Date.parse(one.at), one]));
  const last = Date.parse(series.at(-1)?.at ?? '');
  const filled: Statistics['series'] = [];
  for (let at = Date.parse(series[0]?.at ?? ''); at <= last; at = endOf(at, bucket))
    filled.push(known.get(at) ?? { at: new Date(at).toISOString(), events: 0, migrations: 0, failures: 0 });
  return filled.slice(-MOST_BUCKETS);
}

function tally(caption: string, noun: string, rows: readonly { name: string; count: number }[]): Block {
  return {
    caption,
    head: [{ text: noun }, { text: 'Migrations', numeric: true }],
    rows: rows.slice(0, MOST_ROWS).map(({ name, count: times }) => [name, count(times)]),
  };
}

function orNothing(blocks: Block[], nothing: string): Block[] {
  return blocks.length > 0 ? blocks : [{ text: nothing }];
}
