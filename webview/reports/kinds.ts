/** Kinds and formats of reports, as people call them. */
import type { ReportFormat, ReportKind, ReportSchedule } from '../../core/contract/report-file.ts';

export const KINDS: Record<ReportKind, string> = {
  telemetry: 'Whole report',
  models: 'Models',
  health: 'System health',
  trends: 'Trends',
  accuracy: 'Predicted against actual',
};

export const FORMATS: Record<ReportFormat, string> = {
  html: 'HTML',
  pdf: 'PDF',
  markdown: 'Markdown',
  csv: 'CSV',
  json: 'JSON',
  'aibos-report': 'AI-BOS file',
};

export const EVERY: Record<ReportSchedule['every'], string> = {
  day: 'Every day',
  week: 'Every week',
  month: 'Every month',
};
