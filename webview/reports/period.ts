/** The period of a report: a range of the header, or days that the reader chose; kept in the address. */
import { route } from '../routing/router.ts';
import { timeframeParams } from '../state/timeframe.ts';

export const DAY_MS = 86_400_000;

export interface PeriodParams {
  from?: string;
  to?: string;
  workspace?: string;
  /** Another period that it is compared with. */
  compareFrom?: string;
  compareTo?: string;
}

/** The period that is asked for; days of the address count more than the range of the header. */
export function periodParams(now = Date.now()): PeriodParams {
  const { from, to } = route.value.query;
  const ranged = timeframeParams(now);
  return {
    ...ranged,
    ...(isDay(from) ? { from: startOfDay(from) } : {}),
    ...(isDay(to) ? { to: endOfDay(to) } : {}),
  };
}

/** Whether it is a day as a date field gives it. */
export function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** `2026-11-01` → its first moment in UTC. */
export function startOfDay(day: string): string {
  return `${day}T00:00:00.000Z`;
}

/** `2026-11-01` → its last millisecond in UTC. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59.999Z`;
}

export interface Days {
  from: string;
  to: string;
}

/** The last `length` days, today among them, as days in UTC. */
export function lastDays(length: number, now = Date.now()): Days {
  return { from: dayAt(now - (length - 1) * DAY_MS), to: dayAt(now) };
}

/** As many days, ending the day before. */
export function daysBefore({ from, to }: Days): Days {
  const start = Date.parse(from);
  const length = Date.parse(to) - start + DAY_MS;
  return { from: dayAt(start - length), to: dayAt(start - DAY_MS) };
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
