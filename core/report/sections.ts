/** The sections that reports are put together from. Each says so where there is nothing to say. */
import { endOf } from '../analyse/statistics.ts';
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { Health } from '../contract/health.ts';
import type { TelemetryReport } from '../contract/report.ts';
import type { Statistics } from '../contract/statistics.ts';
import { significant } from '../numbers.ts';
import { amount } from './amount.ts';
import type { Block, Section } from './document.ts';
import { count, dayInUtc, duration, percent, plural, sentence } from './format.ts';

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
  const times = series.map(({ at }) => at);
  const labels = times.map((at) => (bucket === 'hour' ? clock(at, true) : dayInUtc(at, bucket === 'month')));
  const blocks: Block[] = [
    {
      figures: [
        {
          label: 'Migrations',
          value: amount.count(total),
          note: `${count(succeeded)} succeeded, ${count(other)} unknown`,
        },
        {
          label: 'Failed',
          value: amount.count(failed),
          ...(total > 0 ? { note: `${percent(failed / total)} of all` } : {}),
        },
        ...(durationP50 === undefined
          ? []
          : [{ label: 'Half took up to', value: amount.duration(durationP50) }]),
        ...(durationP95 === undefined
          ? []
          : [{ label: '95 % took up to', value: amount.duration(durationP95) }]),
        { label: 'Events', value: amount.count(events) },
      ],
    },
  ];
  if (series.some((one) => one.migrations > 0))
    blocks.push({
      chart: 'bars',
      title: `Migrations by ${bucket}`,
      unit: 'migrations',
      valueUnit: '',
      labels,
      times,
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
      valueUnit: 'ms',
      logarithmic: true,
      labels,
      times,
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
        amount.count(row.count),
        amount.count(row.failures),
        amount.duration(row.p50),
        amount.duration(row.p95),
        amount.duration(row.max),
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
        const notes = [insight.note, actionOf(id)].flatMap((text) => text || []);
        const note = notes.map(sentence).join(' ');
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
        .map(({ at, title, score }) => [
          clock(at, true),
          title,
          { text: score.toFixed(2), value: score, unit: '' },
        ]),
    });
  return { title: 'What stands out', blocks: orNothing(blocks, 'Nothing stands out.') };
}

export function trendsSection({ trends, predictions }: TelemetryAIAnalysis): Section {
  const blocks: Block[] = [];
  for (const trend of trends) {
    blocks.push({ text: `${trend.title}${trend.title.endsWith('.') ? '' : '.'}` });
    const { history = [], forecast = [], backtest } = trend;
    if (history.length === 0) continue;
    const format = (value: number) =>
      trend.shownUnit === 'ms' ? duration(value) : String(significant(value));
    const pad = history.map(() => undefined);
    const times = [...history, ...forecast].map(({ at }) => at);
    blocks.push({
      chart: 'lines',
      title: trend.series,
      unit: `${trend.shownUnit ?? trend.unit}${backtest ? `; forecast with an 80 % interval, off by ${format(backtest.error)} in the past, ${format(backtest.naiveError)} for “as last week”` : ''}`,
      valueUnit: trend.shownUnit ?? trend.unit,
      labels: times.map((at) => dayInUtc(at)),
      times,
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
      const message = model.message ? ` ${sentence(model.message)}` : '';
      const intro = `${model.name}, version ${model.version}, ${model.status}.${message} Realised: ${realised}.`;
      if (metrics.length === 0) return [{ text: intro }];
      return [
        { text: intro },
        {
          caption: `${model.name} on migrations that it had not seen`,
          head: [{ text: 'Figure' }, { text: 'Model', numeric: true }, { text: 'Baseline', numeric: true }],
          rows: metrics.map(({ name, value, baseline, unit = '' }) => [
            name,
            amount.plain(value, unit),
            baseline === undefined ? '–' : amount.plain(baseline, unit),
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
          { label: 'Events stored', value: amount.count(store.events) },
          ...(resources.memoryBytes === undefined
            ? []
            : [{ label: 'Memory', value: amount.plain(Math.round(resources.memoryBytes / 1e6), ' MB') }]),
          ...(resources.diskFreeBytes === undefined
            ? []
            : [
                {
                  label: 'Disk free',
                  value: amount.plain(significant(resources.diskFreeBytes / 1e9), ' GB'),
                },
              ]),
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
    rows: rows.slice(0, MOST_ROWS).map(({ name, count: times }) => [name, amount.count(times)]),
  };
}

export function orNothing(blocks: Block[], nothing: string): Block[] {
  return blocks.length > 0 ? blocks : [{ text: nothing }];
}
