/** What reports need of the machine: where schedules are kept, a browser that prints, files written in one step. */
import { statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import type { ReportFile } from '../../contract/report-file.ts';
import type { PrintPdf } from '../../report/make.ts';
import type { ReportPorts } from '../../report/reports.ts';
import { replaceFile } from '../store/durable-file.ts';
import { keptFile } from '../store/kept-file.ts';
import { printPdf } from './pdf.ts';

export function reportFiles(schedulesFile: string, pdf: PrintPdf = printPdf): ReportPorts {
  return {
    schedules: keptFile(schedulesFile),
    pdf,
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    writeFile: async (folder, file) => writeReport(join(folder, basename(file.fileName)), file),
    isAbsolute,
  };
}

/** Readers see the old file or the new one. Gives its path; throws `storage-failed` where it cannot be written. */
export function writeReport(path: string, { content, encoding }: ReportFile): string {
  try {
    if (!statSync(join(path, '..')).isDirectory()) throw new Error('its folder is no folder');
    replaceFile(path, [Buffer.from(content, encoding)]);
    return path;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TelemetryError('storage-failed', `${path} cannot be written (${why}).`, { cause });
  }
}
