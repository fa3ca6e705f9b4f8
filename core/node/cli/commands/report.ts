/** `aibos report`: the telemetry report as Markdown or JSON. */
import { telemetryReport } from '../../../contract/report.ts';
import { reportMarkdown } from '../../../report/markdown.ts';
import { withClient } from '../context.ts';
import { EXIT, print, printJson } from '../output.ts';
import { type TimeframeOptions, timeframeOf } from './analyze.ts';

export async function reportCommand(options: TimeframeOptions): Promise<number> {
  const report = await withClient(options, (client) => telemetryReport(client, timeframeOf(options)));
  if (options.format === 'json') printJson(report);
  else print(reportMarkdown(report));
  return EXIT.done;
}
