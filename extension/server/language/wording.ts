/** A judged statement in the words that a person reads beside it: short ones above it, long ones on hover. */

import type { CheckedStatement } from '../../../core/check/result.ts';
import { LOCK_MODES } from '../../../core/effects/lock-modes.ts';
import { significant } from '../../../core/numbers.ts';
import { duration, percent } from '../../../core/report/format.ts';
import { t } from '../../text.ts';
import type { TableFigures } from './messages.ts';

/** From here on a risk is worth a word. */
export const WORTH_SAYING = 0.08;
/** What stands above a line must leave room for the answers behind it. */
const LONGEST_REASON = 60;
/** Shorter work is not worth a figure. */
const NOTICED_MS = 1_000;

/** `public.orders` is `orders` to whoever reads it; other schemas are named. */
export function shortName(relation: string): string {
  return relation.startsWith('public.') ? relation.slice('public.'.length) : relation;
}

/** `~12 s (4–40 s)`. An estimate: two digits are all that it can mean. */
export function timeText({ p10, p50, p90 }: CheckedStatement['durationMs']): string {
  const [low, middle, high] = [p10, p50, p90].map((ms) => duration(significant(ms, 2)));
  const [figure, unit, ...more] = low?.split(' ') ?? [];
  const sameUnit = more.length === 0 && high?.split(' ').slice(1).join(' ') === unit;
  return `~${middle} (${sameUnit ? figure : low}–${high})`;
}

/** Of work that nobody notices the middle alone: there is little room above a line. */
function briefTime(time: CheckedStatement['durationMs']): string {
  return time.p90 < NOTICED_MS ? `~${duration(significant(time.p50, 2))}` : timeText(time);
}

/** `31 %`; below one, what is left of it. Nothing is certain. */
export function riskText(chance: number): string {
  if (chance > 0.99) return t('over 99 %');
  return percent(chance < 0.01 ? significant(chance, 1) : Math.round(chance * 100) / 100);
}

/** `120k rows, 32 MB`. */
export function sizeText({ rows, bytes }: TableFigures): string {
  const size = amount(bytes, 1_024, [' B', ' kB', ' MB', ' GB', ' TB']);
  return rows === 1
    ? t('1 row, {0}', size)
    : t('{0} rows, {1}', amount(rows, 1_000, ['', 'k', 'M', 'G']), size);
}

function amount(value: number, base: number, units: readonly string[]): string {
  let [left, unit] = [value, 0];
  while (left >= base && unit < units.length - 1) {
    left /= base;
    unit++;
  }
  return `${left < 10 && unit > 0 ? Number(left.toFixed(1)) : Math.round(left)}${units[unit]}`;
}

/** Somebody could come to harm: others wait, it may fail, or it takes its time. */
export function isWorthALook(statement: CheckedStatement): boolean {
  const { blocks, failureProbability, findings, durationMs } = statement;
  return (
    blocks !== 'nothing' ||
    failureProbability >= WORTH_SAYING ||
    findings.some(({ severity }) => severity !== 'info') ||
    durationMs.p50 >= NOTICED_MS ||
    statement.abstained === true
  );
}

/** At risk, and not unlike everything that is known: it is predicted by itself, beside its file. */
export function hasOwnPrediction({ failureProbability, abstained }: CheckedStatement): boolean {
  return failureProbability >= WORTH_SAYING && abstained !== true;
}

/** `ACCESS EXCLUSIVE on orders · ~12 s (4–40 s) · 31 % may fail: duplicates in email`, short enough for a line of lenses. */
export function lensText(statement: CheckedStatement): string {
  return statementText(statement, briefTime);
}

/** The same with every figure, for where there is room. */
export function headingText(statement: CheckedStatement): string {
  return statementText(statement, timeText);
}

function statementText(statement: CheckedStatement, time: typeof timeText): string {
  const { abstained } = statement;
  const parts = [
    lockText(statement),
    ...(abstained ? unknown(statement) : [time(statement.durationMs), ...risk(statement)]),
    ...(statement.unanalysed === undefined || certainFailure(statement)
      ? []
      : [t('not understood: {0}', statement.unanalysed)]),
  ];
  return parts.join(' · ');
}

/** `ACCESS EXCLUSIVE on orders`. */
export function lockText(statement: CheckedStatement): string {
  const strongest = strongestLock(statement);
  return strongest ? t('{0} on {1}', strongest.mode, strongest.tables) : t('no lock on an existing table');
}

/** One word for a statement that does no harm. */
export function quietText({ unanalysed }: CheckedStatement): string {
  return unanalysed === undefined ? t('nothing waits') : t('not understood: {0}', unanalysed);
}

function strongestLock({ locks }: CheckedStatement): { mode: string; tables: string } | undefined {
  const rank = (mode: string) => LOCK_MODES.indexOf(mode as (typeof LOCK_MODES)[number]);
  const top = locks.toSorted((a, b) => rank(b.mode) - rank(a.mode))[0];
  if (!top) return undefined;
  const names = locks.filter(({ mode }) => mode === top.mode).map(({ relation }) => shortName(relation));
  const shown = names.slice(0, 2).join(', ');
  return {
    mode: top.mode,
    tables: names.length > 2 ? t('{0} and {1} more', shown, names.length - 2) : shown,
  };
}

/** What may go wrong is said without a figure; else why there is none, for which the hover has room in any case. */
function unknown(statement: CheckedStatement): string[] {
  const because = statement.failsIf?.length ? whyItMayFail(statement) : undefined;
  return because
    ? [t('may fail: {0}', because), t('no prediction yet')]
    : [t('no prediction yet: {0}', whyNoPrediction(statement))];
}

/** Why a statement has no figures, in words. */
export function whyNoPrediction({ reasons }: CheckedStatement): string {
  return (reasons?.at(-1) ?? t('unlike anything seen so far')).replaceAll(' public.', ' ');
}

function risk(statement: CheckedStatement): string[] {
  const { failureProbability } = statement;
  const because = whyItMayFail(statement);
  if (failureProbability < WORTH_SAYING) return [];
  const chance = riskText(failureProbability);
  return [because ? t('{0} may fail: {1}', chance, because) : t('{0} may fail', chance)];
}

/** The shortest thing that says why; undefined where nothing in particular does. */
export function whyItMayFail(statement: CheckedStatement): string | undefined {
  const { failsIf } = statement;
  const text = certainFailure(statement) ?? failsIf?.[0] ?? statement.reasons?.[0];
  return text && shorten(text);
}

/** What a parser or the shadow said against it, without the code that only a log needs. */
function certainFailure({ findings }: CheckedStatement): string | undefined {
  const found = findings.find(({ rule }) => rule === 'syntax-error' || rule === 'fails-in-shadow');
  return found?.message.replace(/ \(SQLSTATE \w+\)$/, '');
}

/** ``fails if `email` of public.users has duplicates`` → `duplicates in email`. */
function shorten(sentence: string): string {
  const text = conditionOf(sentence);
  const has = HAS.exec(text);
  if (has) return has[2] === 'NULLs' ? t('NULLs in {0}', has[1] ?? '') : t('duplicates in {0}', has[1] ?? '');
  const lost = /^(.+) of \S+ holds a value that (\S+) does not have$/.exec(text);
  if (lost) return t('{0} not in {1}', lost[1] ?? '', shortName(lost[2] ?? ''));
  const plain = text.replaceAll(/\bpublic\./g, '');
  return plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON - 1)}…` : plain;
}

const HAS = /^(.+) of \S+ has (duplicates|NULLs)$/;

/** Whether a reason says with a figure what a statement fails by: `duplicates in email: about half of its values`. */
export function isSaidBy(reason: string, sentence: string): boolean {
  const has = HAS.exec(conditionOf(sentence));
  return has !== null && reason.startsWith(`${has[2]} in ${has[1]}`);
}

/** `Fails if … .` without its frame, on one line. */
function conditionOf(sentence: string): string {
  const inner = sentence.replace(/^(?:it )?fails (?:if|while|where|when) /i, '').replace(/\.$/, '');
  return inner.replaceAll('`', '').replace(/\s+/g, ' ');
}

/** The chance that one of several steps fails, taken as independent. */
export function chanceOfAny(chances: readonly number[]): number {
  return 1 - chances.reduce((product, chance) => product * (1 - chance), 1);
}

/** `succeeded in 12 s`. */
export function outcomeText(outcome: string, durationMs: number | undefined): string {
  const ended = OUTCOMES[outcome]?.() ?? outcome;
  return durationMs === undefined ? ended : t('{0} in {1}', ended, duration(durationMs));
}

/** Of a run; `not run` has no word of its own. */
const OUTCOMES: Record<string, () => string> = {
  succeeded: () => t('succeeded'),
  failed: () => t('failed'),
  rolled_back: () => t('rolled back'),
  skipped: () => t('not run'),
  unknown: () => t('outcome unknown'),
};
