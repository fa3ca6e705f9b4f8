/** Dates as migrations use them to name partitions: `2026-01-31`, with a time behind where there is one. In UTC. */

const DATE = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

export function isDate(text: string): boolean {
  return DATE.test(text);
}

/** A date from its text, or from PostgreSQL's words for one. */
export function dateOf(text: string): string | undefined {
  const day = new Date();
  switch (text.toLowerCase()) {
    case 'now':
      return day.toISOString().slice(0, 19).replace('T', ' ');
    case 'today':
      return written(day);
    case 'tomorrow':
      return shifted(written(day), '1 day', 1);
    case 'yesterday':
      return shifted(written(day), '1 day', -1);
    default:
      break;
  }
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (compact) return compact.slice(1).join('-');
  return isDate(text) ? text : undefined;
}

function written(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function parsed(text: string): Date {
  return new Date(`${text.slice(0, 10)}T${text.slice(11, 19) || '00:00:00'}Z`);
}

/** Later or earlier by an interval, `1 day` or `2 months`, or by days; undefined for other intervals. */
export function shifted(text: string, interval: string, sign: 1 | -1): string | undefined {
  const match = /^\s*([+-]?\d+)\s*(day|week|month|year|hour)?s?\s*$/i.exec(interval);
  if (!match) return undefined;
  const amount = sign * Number(match[1]);
  const date = parsed(text);
  switch ((match[2] ?? 'day').toLowerCase()) {
    case 'hour':
      date.setUTCHours(date.getUTCHours() + amount);
      return date.toISOString().slice(0, 19).replace('T', ' ');
    case 'week':
      date.setUTCDate(date.getUTCDate() + 7 * amount);
      break;
    case 'month':
      date.setUTCMonth(date.getUTCMonth() + amount);
      break;
    case 'year':
      date.setUTCFullYear(date.getUTCFullYear() + amount);
      break;
    default:
      date.setUTCDate(date.getUTCDate() + amount);
  }
  return text.length > 10 ? date.toISOString().slice(0, 19).replace('T', ' ') : written(date);
}

/** `date_trunc`: weeks begin on Monday. */
export function truncated(unit: string, text: string): string | undefined {
  if (!isDate(text)) return undefined;
  const date = parsed(text.slice(0, 10));
  switch (unit.toLowerCase()) {
    case 'day':
      break;
    case 'week':
      date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
      break;
    case 'month':
      date.setUTCDate(1);
      break;
    case 'year':
      date.setUTCMonth(0, 1);
      break;
    default:
      return undefined;
  }
  return written(date);
}

/** `to_char` for the parts that names of partitions are made of. */
export function formatDate(text: string, pattern: string): string {
  const parts: Record<string, string> = {
    YYYY: text.slice(0, 4),
    MM: text.slice(5, 7),
    DD: text.slice(8, 10),
    HH24: text.slice(11, 13) || '00',
    MI: text.slice(14, 16) || '00',
    SS: text.slice(17, 19) || '00',
  };
  const plain = pattern.replace(/"([^"]*)"/g, '$1');
  return plain.replace(/YYYY|MM|DD|HH24|MI|SS/gi, (part) => parts[part.toUpperCase()] ?? part);
}
