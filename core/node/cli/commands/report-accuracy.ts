/** `aibos report accuracy`: predicted against actual, as text, Markdown or JSON. */
import { accuracyMarkdown, accuracyText } from '../../../report/accuracy-text.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';
import { type TimeframeOptions, timeframeOf } from './analyze.ts';

export interface AccuracyOptions extends Omit<TimeframeOptions, 'format'> {
  format: GlobalOptions['format'] | 'markdown';
}

export async function reportAccuracyCommand(options: AccuracyOptions): Promise<number> {
  const { format } = options;
  const global: TimeframeOptions = { ...options, format: format === 'json' ? 'json' : 'text' };
  const report = await withClient(global, (client) => client.call('accuracy.get', timeframeOf(global)));
  if (format === 'json') printJson(report);
  else print(format === 'markdown' ? accuracyMarkdown(report) : accuracyText(report, terminalStyle()));
  return EXIT.done;
}
