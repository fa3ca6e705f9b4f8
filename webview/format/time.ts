/** Times for people. Everything is in UTC, as it is stored and counted. */
import type { Statistics } from '../../core/contract/statistics.ts';
import { duration, plural } from './numbers.ts';

type Bucket = Statistics['bucket'];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-23`. */
export function day(timestamp: string): string {
  return iso(timestamp).slice(0, 10);
}

/** `18:49:05`. */
export function clock(timestamp: string): string {
  return iso(timestamp).slice(11, 19);
}

/** `2026-11-23 18:49:05`. */
export function dateTime(timestamp: string): string {
  return `${day(timestamp)} ${clock(timestamp)}`;
}

/** `just now`, `5 minutes ago`, `3 days ago`, and the day itself when it is longer ago than a month. */
export function ago(timestamp: string, now: number): string {
  const age = now - Date.parse(timestamp);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${plural(Math.floor(age / MINUTE), 'minute')} ago`;
  if (age < DAY) return `${plural(Math.floor(age / HOUR), 'hour')} ago`;
  if (age < 31 * DAY) return `${plural(Math.floor(age / DAY), 'day')} ago`;
  return `on ${day(timestamp)}`;
}

/** How long something has been running: `42 s`, `3 min 20 s`. */
export function elapsed(ms: number): string {
  return duration(Math.floor(ms / 1_000) * 1_000);
}

const YEAR = 365 * DAY;

/** Points of an axis whose steps are not even: `14:05:09`, `23 Nov 14:05`, `23 Nov`, `Nov 2026`, as long as it lasts. */
export function momentLabels(timestamps: readonly string[]): string[] {
  const times = timestamps.map((timestamp) => Date.parse(timestamp));
  const span = Math.max(...times) - Math.min(...times);
  return timestamps.map((timestamp) => {
    if (span >= YEAR) return bucketLabel(timestamp, 'month');
    if (span >= 14 * DAY) return bucketLabel(timestamp, 'day');
    return span >= DAY ? bucketLabel(timestamp, 'hour') : clock(timestamp);
  });
}

/** A point of a time axis: `14:00`, `23 Nov`, `Nov 2026`. */
export function bucketLabel(timestamp: string, bucket: Bucket): string {
  const date = new Date(timestamp);
  const month = MONTHS[date.getUTCMonth()];
  if (bucket === 'month') return `${month} ${date.getUTCFullYear()}`;
  const dayOfMonth = `${date.getUTCDate()} ${month}`;
  if (bucket !== 'hour') return dayOfMonth;
  return `${dayOfMonth} ${clock(timestamp).slice(0, 5)}`;
}

/** The points of a time axis; days and weeks of more than one year say which. */
export function bucketLabels(timestamps: readonly string[], bucket: Bucket): string[] {
  const years = new Set(timestamps.map((timestamp) => new Date(timestamp).getUTCFullYear()));
  const sayYear = years.size > 1 && (bucket === 'day' || bucket === 'week');
  return timestamps.map((timestamp) => {
    const label = bucketLabel(timestamp, bucket);
    return sayYear ? `${label} ${new Date(timestamp).getUTCFullYear()}` : label;
  });
}

/** The first point of a bucket in full, for tables and tooltips: `week from 2026-11-23`. */
export function bucketName(timestamp: string, bucket: Bucket): string {
  if (bucket === 'hour') return dateTime(timestamp).slice(0, 16);
  if (bucket === 'month') return day(timestamp).slice(0, 7);
  return bucket === 'week' ? `week from ${day(timestamp)}` : day(timestamp);
}

function iso(timestamp: string): string {
  const ms = Date.parse(timestamp);
  return Number.isNaN(ms) ? timestamp : new Date(ms).toISOString();
}
