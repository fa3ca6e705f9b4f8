/** `aibos analyze`: what the recorded events say about a timeframe. */
import type { TelemetryAIAnalysis } from '../../../contract/analysis.ts';
import { day, percent, plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface TimeframeOptions extends GlobalOptions {
  from?: string;
  to?: string;
  workspace?: string;
}

/** The timeframe of a command line as params. Times without a zone are taken as UTC days. */
export function timeframeOf({ from, to, workspace }: TimeframeOptions): {
  from?: string;
  to?: string;
  workspace?: string;
} {
  return {
    ...(from === undefined ? {} : { from: asTimestamp(from) }),
    ...(to === undefined ? {} : { to: asTimestamp(to) }),
    ...(workspace === undefined ? {} : { workspace }),
  };
}

/** A day is its midnight in UTC. */
export function asTimestamp(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00.000Z` : text;
}

export async function analyzeCommand(options: TimeframeOptions): Promise<number> {
  const analysis = await withClient(options, (client) =>
    client.call('analysis.run', { ...timeframeOf(options), fresh: true }),
  );
  if (options.format === 'json') printJson(analysis);
  else print(analysisText(analysis, terminalStyle()));
  return EXIT.done;
}

function analysisText(analysis: TelemetryAIAnalysis, style: Style): string {
  const { timeframe, eventsAnalysed, confidence, confidenceReason } = analysis;
  const list = (title: string, items: string[]) =>
    items.length === 0 ? [] : ['', style.bold(title), ...items.map((item) => `  ${item}`)];
  return [
    `${day(timeframe.from)} to ${day(timeframe.to)}: ${plural(eventsAnalysed, 'event')}, confidence ${percent(confidence)}`,
    style.dim(confidenceReason),
    ...list(
      'Insights',
      analysis.insights.map(({ title, note }) => (note ? `${title} ${style.dim(`(${note})`)}` : title)),
    ),
    ...list(
      'What to do',
      analysis.recommendations.map(({ action }) => action),
    ),
    ...list(
      'Anomalies',
      analysis.anomalies.map(({ at, title }) => `${day(at)}  ${title}`),
    ),
    ...list(
      'Patterns',
      analysis.patterns.map(({ title }) => title),
    ),
    ...list(
      'Trends',
      analysis.trends.map(({ title }) => title),
    ),
    ...list('Expected', analysis.predictions.map(expectation)),
  ].join('\n');
}

function expectation({
  title,
  value,
  low,
  high,
  unit,
  basis,
}: TelemetryAIAnalysis['predictions'][number]): string {
  const text = (number: number | undefined) =>
    unit === 'probability' ? percent(number ?? 0) : `${number} ${unit}`;
  return `${title}: ${text(value)} (${text(low)} to ${text(high)}), from ${basis.join(', ')}`;
}
