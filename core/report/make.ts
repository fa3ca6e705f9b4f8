/** Makes a report as a file: gathers its parts by the methods that every face uses, then writes it in a format. */
import { TelemetryError } from '../contract/errors.ts';
import type { MethodName, Params, Result } from '../contract/methods.ts';
import { telemetryReport } from '../contract/report.ts';
import type { ReportFile, ReportKind } from '../contract/report-file.ts';
import { accuracySections, comparedSection } from './accuracy-sections.ts';
import type { ReportDocument, Section } from './document.ts';
import { day, workspaceName } from './format.ts';
import { reportHtml } from './html.ts';
import { documentCsv, documentMarkdown } from './plain.ts';
import {
  activitySection,
  type Clock,
  findingsSection,
  healthSection,
  modelsSection,
  statementsSection,
  trendsSection,
} from './sections.ts';

/** Asks the engine, as a client does. */
export type Call = <M extends MethodName>(method: M, params: Params<M>) => Promise<Result<M>>;

/** Prints an HTML page as PDF. Rejects with `unavailable` and what to install where it cannot. */
export type PrintPdf = (html: string) => Promise<Uint8Array>;

const TITLES: Record<ReportKind, string> = {
  telemetry: 'Telemetry report',
  models: 'Model report',
  health: 'System health report',
  trends: 'Trend report',
  accuracy: 'Accuracy of predictions',
};

const CONTENT_TYPES = {
  html: 'text/html; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  pdf: 'application/pdf',
  'aibos-report': 'application/vnd.aibos.report+html; charset=utf-8',
} as const;
const EXTENSIONS = {
  html: 'html',
  markdown: 'md',
  csv: 'csv',
  json: 'json',
  pdf: 'pdf',
  'aibos-report': 'aibos-report',
} as const;

export async function makeReport(
  call: Call,
  params: Params<'reports.make'>,
  pdf: PrintPdf,
  toBase64: (bytes: Uint8Array) => string,
): Promise<ReportFile> {
  const { kind = 'telemetry', format, timeZone = 'UTC', compareFrom, compareTo, ...timeframe } = params;
  const clock = clockOf(timeZone);
  const { data, sections, from, to } = await parts(call, kind, timeframe, clock);
  const comparable = compareFrom && compareTo;
  const where = timeframe.workspace ? { workspace: timeframe.workspace } : {};
  const compared = comparable
    ? await call('reports.compare', { from, to, compareFrom, compareTo, ...where })
    : undefined;
  if (compared && compareFrom && compareTo)
    sections.splice(1, 0, comparedSection(compared.items, `${clock(compareFrom)} to ${clock(compareTo)}`));
  const scope = timeframe.workspace ? `: ${workspaceName(timeframe.workspace)}` : '';
  const document: ReportDocument = {
    title: `${TITLES[kind]}${scope}`,
    subtitle: `${clock(from)} to ${clock(to)}; made ${clock(data.generatedAt, true)}. Times in ${timeZone}.`,
    sections,
  };
  const fileName = `aibos-${kind}-${day(from)}-to-${day(to)}.${EXTENSIONS[format]}`;
  const text = {
    html: reportHtml,
    markdown: documentMarkdown,
    csv: documentCsv,
    'aibos-report': reportHtml,
  };
  const contentType = CONTENT_TYPES[format];
  if (format === 'pdf')
    return { fileName, contentType, encoding: 'base64', content: toBase64(await pdf(reportHtml(document))) };
  const content =
    format === 'json'
      ? `${JSON.stringify({ ...data, ...(compared ? { compared: compared.items } : {}) }, null, 2)}\n`
      : text[format](document);
  return { fileName, contentType, encoding: 'utf8', content };
}

async function parts(
  call: Call,
  kind: ReportKind,
  timeframe: Params<'analysis.run'>,
  clock: Clock,
): Promise<{ data: { generatedAt: string }; sections: Section[]; from: string; to: string }> {
  if (kind === 'accuracy') {
    const accuracy = await call('accuracy.get', timeframe).catch((error: unknown) => {
      if (TelemetryError.is(error) && error.code === 'unavailable') return error.message;
      throw error;
    });
    const known = typeof accuracy === 'string' ? undefined : accuracy;
    const stats = await call('stats.get', timeframe);
    const { from, to } = known?.timeframe ?? stats.timeframe;
    const data = known ?? { generatedAt: to };
    return {
      data,
      sections: accuracySections(known, typeof accuracy === 'string' ? accuracy : ''),
      from,
      to,
    };
  }
  const report = await telemetryReport({ call }, timeframe);
  const { metrics, analysis, models, systemHealth } = report;
  const sections: Record<Exclude<ReportKind, 'accuracy'>, () => Section[]> = {
    telemetry: () => [
      activitySection(metrics, clock),
      findingsSection(analysis, clock),
      statementsSection(metrics),
      trendsSection(analysis),
      modelsSection(models),
      healthSection(systemHealth),
    ],
    models: () => [modelsSection(models)],
    health: () => [healthSection(systemHealth), findingsSection(analysis, clock)],
    trends: () => [activitySection(metrics, clock), trendsSection(analysis)],
  };
  return { data: report, sections: sections[kind](), ...report.timeframe };
}

/** Throws `invalid-request` for a time zone that nobody knows. */
function clockOf(timeZone: string): Clock {
  try {
    const date = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
    });
    const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    return (timestamp, withTime) => {
      const at = new Date(timestamp);
      return withTime ? `${date.format(at)}, ${time.format(at)}` : date.format(at);
    };
  } catch {
    throw new TelemetryError('invalid-request', `There is no time zone ${timeZone}.`, {
      errors: [{ pointer: '/timeZone', message: 'must be a name such as Europe/Berlin' }],
    });
  }
}
