/** Figures for people. */
import { significant } from '../numbers.ts';

/** `42 µs`, `0.83 ms`, `31 ms`, `4.2 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 0.1) return `${round(ms * 1_000, 0)} µs`;
  if (ms < 1) return `${round(ms, 2)} ms`;
  if (ms < 10) return `${round(ms, 1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${round(ms / 1_000, 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms - minutes * 60_000) / 1_000);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}

/** `12`, `1,204`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `3.1 %`. */
export function percent(share: number): string {
  return `${round(share * 100, 1)} %`;
}

/** A share of which only the first two digits say something: `12 %`, `0.31 %`. */
export function roughly(share: number): string {
  return `${significant(share * 100, 2)} %`;
}

/** `1 migration`, `2 migrations`. */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** `2026-11-23`. */
export function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}

const utcDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
});
const utcMonth = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', year: 'numeric', month: 'short' });

/**
 * `1 Apr 2026`, or `Apr 2026` for a month: the name of a stretch of time that begins there. Figures are gathered by days
 * in UTC, so in no other time zone would it be the right day.
 */
export function dayInUtc(timestamp: string, month = false): string {
  return (month ? utcMonth : utcDay).format(new Date(timestamp));
}

/** A workspace as people call it: its name without the hash of its place. */
export function workspaceName(workspace: string): string {
  return workspace.replace(/~[0-9a-f]{6}$/, '');
}

/** With a capital at its beginning and a full stop at its end. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
