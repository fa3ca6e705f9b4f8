/** `aibos report`: a report as Markdown on standard output, or in any format as a file. */
import { resolve } from 'node:path';
import { TelemetryError } from '../../../contract/errors.ts';
import type { ReportFormat, ReportKind } from '../../../contract/report-file.ts';
import { writeReport } from '../../report/report-files.ts';
import { withClient } from '../context.ts';
import { EXIT, print } from '../output.ts';
import { type TimeframeOptions, timeframeOf } from './analyze.ts';

export interface ReportOptions extends Omit<TimeframeOptions, 'format'> {
  format?: ReportFormat | 'text';
  kind?: ReportKind;
  timeZone?: string;
  output?: string;
}

export async function reportCommand(options: ReportOptions): Promise<number> {
  const { kind = 'telemetry', timeZone, output, dataDir } = options;
  const format = options.format === undefined || options.format === 'text' ? 'markdown' : options.format;
  if (format === 'pdf' && output === undefined)
    throw new TelemetryError('invalid-request', 'A PDF needs a file: add -o FILE.');
  const file = await withClient({ format: 'text', ...(dataDir ? { dataDir } : {}) }, (client) =>
    client.call('reports.make', {
      ...timeframeOf({ ...options, format: 'text' }),
      kind,
      format,
      ...(timeZone ? { timeZone } : {}),
    }),
  );
  if (output === undefined) print(file.content);
  else process.stderr.write(`${writeReport(resolve(output), file)}\n`);
  return EXIT.done;
}
