/** Names and values of an event's fields as text. */
import { modelName, OUTCOME_NAMES, sentence, words } from '../format/names.ts';
import { bytes, count, duration, figure, percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';

const LABELS: Record<string, string> = {
  durationMs: 'Duration',
  sqlState: 'SQLSTATE',
  modelId: 'Model',
  endLine: 'Last line',
  bytes: 'Length of the SQL',
  committedAt: 'Committed (UTC)',
  operationCounts: 'Operations, counted',
  indexesOnExisting: 'Indexes on existing tables',
  eventLoopLagMs: 'Event loop lag',
  predictionId: 'Prediction',
  eventId: 'About',
  exitCode: 'Exit code',
  cpuPercent: 'CPU',
};

/** Shown elsewhere in the panel, or as part of another. */
const ELSEWHERE = new Set(['sql', 'error', 'model', 'operationCounts']);
const SHARES = new Set(['accuracy', 'confidence', 'failureProbability', 'anomalyScore']);

/** The fields to list, without those that say nothing and those that stand elsewhere. */
export function shownFields(data: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(data).filter(
    ([name, value]) =>
      !ELSEWHERE.has(name) &&
      value !== undefined &&
      value !== null &&
      !(Array.isArray(value) && value.length === 0),
  );
}

export function labelOf(name: string): string {
  return LABELS[name] ?? sentence(words(name));
}

/** The value of a field in words. Total: what has no words is shown as JSON. */
export function textOf(name: string, value: unknown): string {
  if (typeof value === 'number') return numberText(name, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return stringText(name, value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map((item) => textOf(name, item)).join(', ');
  const { p10, p50, p90, kind, object } = value as Record<string, unknown>;
  if (typeof p10 === 'number' && typeof p50 === 'number' && typeof p90 === 'number')
    return `${duration(p50)} (8 of 10 between ${duration(p10)} and ${duration(p90)})`;
  if (typeof kind === 'string' && typeof object === 'string') return `${words(kind)}: ${object}`;
  const entries = Object.entries(value);
  if (entries.every(([, one]) => typeof one !== 'object'))
    return entries.map(([key, one]) => `${words(key)}: ${textOf(key, one)}`).join(', ');
  return JSON.stringify(value);
}

function numberText(name: string, value: number): string {
  if (SHARES.has(name)) return percent(value);
  if (/Ms$/.test(name)) return duration(value);
  if (/bytes$/i.test(name)) return bytes(value);
  if (/Percent$/.test(name)) return percent(value / 100);
  if (/^(?:exitCode|line|endLine|position|column)$/.test(name)) return String(value);
  return Number.isInteger(value) ? count(value) : figure(value);
}

function stringText(name: string, value: string): string {
  if (name === 'modelId') return modelName(value);
  if (name === 'outcome' && value in OUTCOME_NAMES) return OUTCOME_NAMES[value as keyof typeof OUTCOME_NAMES];
  if (/At$/.test(name) && !Number.isNaN(Date.parse(value))) return dateTime(value);
  return name === 'operation' || name === 'operations' ? words(value) : value;
}
