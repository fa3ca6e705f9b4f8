import type { TelemetryReport } from '../../core/contract/report.ts';
import { workspaceName } from '../format/names.ts';
import type { PageFile } from '../hosts/host.ts';
import { reportMarkdown } from './markdown.ts';

/** The report as a file to take away; named by workspace and day. */
export function reportFile(report: TelemetryReport, format: 'markdown' | 'json'): PageFile {
  const about = report.workspace ? `-${workspaceName(report.workspace).replace(/[^\w.-]+/g, '-')}` : '';
  const name = `telemetry-report${about}-${report.generatedAt.slice(0, 10)}`;
  if (format === 'markdown')
    return { name: `${name}.md`, mediaType: 'text/markdown', text: reportMarkdown(report) };
  return {
    name: `${name}.json`,
    mediaType: 'application/json',
    text: `${JSON.stringify(report, undefined, 2)}\n`,
  };
}
