/** Lines of `timestamp,value`, read one by one. Never throws: what is wrong with a line is part of the answer. */

export type Line =
  | { kind: 'blank' }
  | { kind: 'header' }
  | {
      kind: 'data';
      /** Milliseconds since 1970; absent where the line has none that is understood. */
      time?: number;
      /** NaN where the line has none. */
      value: number;
      /** What could not be used, and what is done about it. */
      problem?: string;
    };

const MISSING = /^(?:|nan|null|none|nil|na|n\/a|-)$/i;
const SHOWN = 40;

/** `first`: only blank lines came before, so this may be the header. */
export function readLine(text: string, first: boolean): Line {
  const line = text.trim();
  if (line === '') return { kind: 'blank' };
  const [left = '', right] = fields(line);
  const timestamp = right === undefined ? '' : left;
  const written = right ?? left;
  const value = MISSING.test(written) ? Number.NaN : Number(written);
  const time = timestamp === '' ? undefined : readTime(timestamp);
  if (first && Number.isNaN(value) && time === undefined && !MISSING.test(written)) return { kind: 'header' };

  const at = time === undefined || time === 'count' ? {} : { time };
  if (!Number.isFinite(value)) {
    const problem = MISSING.test(written)
      ? 'has no value; its score is 0 and nothing is learnt from it'
      : `“${shorten(written)}” is not a finite number; the score is 0 and nothing is learnt from it`;
    return { kind: 'data', ...at, value: Number.NaN, problem };
  }
  if (timestamp !== '' && time === undefined) {
    const problem = `“${shorten(timestamp)}” is not a time; the value is judged in order of arrival. Write 2026-11-23 14:05:00 or seconds since 1970`;
    return { kind: 'data', value, problem };
  }
  return { kind: 'data', ...at, value };
}

/** The first two fields, without quotes; with one field, only that. */
function fields(line: string): string[] {
  const separator = line.includes(',') ? ',' : line.includes(';') ? ';' : '\t';
  return line
    .split(separator, 2)
    .map((field) => field.trim())
    .map((field) => (field.length > 1 && /^(["']).*\1$/.test(field) ? field.slice(1, -1).trim() : field));
}

const ISO =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * Milliseconds since 1970 of an ISO 8601 time (UTC where it names no zone) or of a number of seconds, milli-, micro- or
 * nanoseconds, told apart by size. `count` for a smaller number: a mere index. `undefined` for anything else.
 */
export function readTime(text: string): number | 'count' | undefined {
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '0', zone] = iso;
    const parts = [
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    ] as const;
    const midnight = Date.UTC(parts[0], parts[1], parts[2]);
    const exists =
      new Date(midnight).getUTCDate() === parts[2] && parts[3] < 25 && parts[4] < 60 && parts[5] < 61;
    if (!exists) return undefined;
    return Date.UTC(...parts) + Number(`0.${fraction}`) * 1000 - offset(zone);
  }
  const number = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return undefined;
  const size = Math.abs(number);
  if (size >= 1e17) return number / 1e6;
  if (size >= 1e14) return number / 1e3;
  if (size >= 1e11) return number;
  return size >= 1e8 ? number * 1000 : 'count';
}

function offset(zone: string | undefined): number {
  if (zone === undefined || /^(?:z|utc)$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
