/** Checks against the manifest, counted: which rules find something, and how often. */
import type { EventData, TelemetryEvent } from '../../core/contract/event.ts';

export type Check = TelemetryEvent<'compliance_check'>;
export type CheckResult = EventData<'compliance_check'>['result'];

/** One finding of a check. */
export interface Finding {
  rule: string;
  result: CheckResult;
  message: string;
  object?: string;
  line?: number;
}

export interface RuleTally {
  rule: string;
  fail: number;
  warn: number;
  /** When it found something the last time. */
  lastAt: string;
}

/** What a check found; a check without a list of findings is its own, unless it passed. */
export function findingsOf({ data }: Check): Finding[] {
  if (Array.isArray(data.findings)) return (data.findings as unknown[]).flatMap(asFinding);
  if (data.result === 'pass' || data.result === 'not_applicable') return [];
  return [{ rule: data.rule, result: data.result, message: data.message ?? '' }];
}

/** The rules that found something, those that fail most first. */
export function talliesOf(checks: readonly Check[]): RuleTally[] {
  const tallies = new Map<string, RuleTally>();
  for (const check of checks) {
    for (const { rule, result } of findingsOf(check)) {
      const tally = tallies.get(rule) ?? { rule, fail: 0, warn: 0, lastAt: check.timestamp };
      if (result === 'fail') tally.fail++;
      else tally.warn++;
      if (check.timestamp > tally.lastAt) tally.lastAt = check.timestamp;
      tallies.set(rule, tally);
    }
  }
  return [...tallies.values()].sort((a, b) => b.fail - a.fail || b.warn - a.warn);
}

export interface MonthOfChecks {
  /** `2026-11`. */
  month: string;
  pass: number;
  warn: number;
  fail: number;
}

/** Checks by month in UTC, oldest first, also months without any. */
export function byMonth(checks: readonly Check[]): MonthOfChecks[] {
  const months = new Map<string, MonthOfChecks>();
  for (const { timestamp, data } of checks) {
    if (data.result === 'not_applicable') continue;
    const month = timestamp.slice(0, 7);
    const entry = months.get(month) ?? { month, pass: 0, warn: 0, fail: 0 };
    entry[data.result]++;
    months.set(month, entry);
  }
  const names = [...months.keys()].sort();
  const filled: MonthOfChecks[] = [];
  for (let month = names[0]; month !== undefined && month <= (names.at(-1) ?? ''); month = monthAfter(month))
    filled.push(months.get(month) ?? { month, pass: 0, warn: 0, fail: 0 });
  return filled;
}

function monthAfter(month: string): string {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of)).toISOString().slice(0, 7);
}

function asFinding(value: unknown): Finding[] {
  const { rule, result, message, object, line } = (value ?? {}) as Record<string, unknown>;
  if (typeof rule !== 'string') return [];
  return [
    {
      rule,
      result: result === 'fail' ? 'fail' : 'warn',
      message: typeof message === 'string' ? message : '',
      ...(typeof object === 'string' ? { object } : {}),
      ...(typeof line === 'number' ? { line } : {}),
    },
  ];
}
