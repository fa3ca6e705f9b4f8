/** Reads `--stats FILE`: our own format, or rows of PostgreSQL's catalogue as JSON or CSV. */
import { TelemetryError } from '../contract/errors.ts';
import { check } from '../events/validate.ts';
import { CATALOGUE_HELP, fromCatalogueRows, isCatalogueHeader } from './catalogue-rows.ts';
import { type NamedRow, namesOf, readDelimited } from './delimited.ts';
import { StatisticsFile } from './statistics.ts';

/** Problems beyond these are counted, not listed. */
const MOST_PROBLEMS = 5;
/** Of a first line that nobody understands, so much is quoted. */
const MOST_QUOTED = 200;

/**
 * The statistics in a text. Throws `invalid-json` or `invalid-request`, with every field at fault, or with what is
 * missing and what to do.
 * @param name what the text is called in messages
 */
export function readStatistics(text: string, name = 'statistics'): StatisticsFile {
  const plain = text.replace(/^\uFEFF/, '').trimStart();
  if (!/^[[{]/.test(plain)) return fromText(plain, name);
  const value = parsed(plain, name);
  const rows = rowsIn(value);
  return rows ? fromRows(rows, name) : ownFormat(value, name);
}

function fromText(text: string, name: string): StatisticsFile {
  const rows = readDelimited(text, isCatalogueHeader);
  if (rows) return fromRows(rows, name);
  const first = text.slice(0, text.search(/[\r\n]|$/)).slice(0, MOST_QUOTED);
  throw new TelemetryError(
    'invalid-request',
    `${name} holds no table statistics: it is neither JSON nor a table whose first line names its columns (it begins with “${first}”). ${CATALOGUE_HELP}`,
  );
}

function fromRows(rows: readonly NamedRow[], name: string): StatisticsFile {
  const file = fromCatalogueRows(rows);
  if (typeof file !== 'string') return ownFormat(file, name);
  throw new TelemetryError(
    'invalid-request',
    `${name} holds no table statistics that can be used: ${file}. ${CATALOGUE_HELP}`,
  );
}

/** JSON, or a JSON object on each line. */
function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line));
    } catch {
      // The first fault says more.
    }
    throw new TelemetryError(
      'invalid-json',
      `${name} is not valid JSON: ${cause instanceof Error ? cause.message : cause}. ${CATALOGUE_HELP}`,
      { cause },
    );
  }
}

/** Rows of the catalogue: a list of them, or an object of such lists; undefined for anything else. */
function rowsIn(value: unknown): NamedRow[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && 'version' in value) return undefined;
  const lists = Array.isArray(value) ? [value] : Object.values(value).filter(Array.isArray);
  const rows = lists.flat().flatMap((row: unknown) => {
    if (typeof row !== 'object' || row === null) return [];
    const entries = Object.entries(row);
    const names = namesOf(entries.map(([key]) => key));
    return [Object.fromEntries(entries.map(([, field], i) => [names[i] ?? '', field]))];
  });
  return rows.some((row) => isCatalogueHeader(Object.keys(row))) ? rows : undefined;
}

function ownFormat(value: unknown, name: string): StatisticsFile {
  const checked = check<StatisticsFile>(StatisticsFile, value);
  if (checked.ok) return checked.value;
  const { errors } = checked;
  const shown = errors
    .slice(0, MOST_PROBLEMS)
    .map(({ pointer, message }) => `${pointer || '/'} ${message}`)
    .join('; ');
  const more = errors.length > MOST_PROBLEMS ? `; and ${errors.length - MOST_PROBLEMS} more` : '';
  throw new TelemetryError(
    'invalid-request',
    `${name} holds no table statistics: ${shown}${more}. ${CATALOGUE_HELP}`,
    { errors },
  );
}
