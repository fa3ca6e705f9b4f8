/** A judged statement in the words that a person reads beside it: short ones above it, long ones on hover. */
import type { CheckedStatement } from '../../../core/check/result.ts';
import { LOCK_MODES } from '../../../core/effects/lock-modes.ts';
import { significant } from '../../../core/numbers.ts';
import { duration, percent } from '../../../core/report/format.ts';
import type { TableFigures } from './messages.ts';

/** From here on a risk is worth a word. */
export const WORTH_SAYING = 0.08;
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

/** `31 %`; below one, what is left of it. Nothing is certain. */
export function riskText(chance: number): string {
  if (chance > 0.99) return 'over 99 %';
  return percent(chance < 0.01 ? significant(chance, 1) : Math.round(chance * 100) / 100);
}

/** `120k rows, 32 MB`. */
export function sizeText({ rows, bytes }: TableFigures): string {
  return `${amount(rows, 1_000, ['', 'k', 'M', 'G'])} ${rows === 1 ? 'row' : 'rows'}, ${amount(bytes, 1_024, [' B', ' kB', ' MB', ' GB', ' TB'])}`;
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

/** `ACCESS EXCLUSIVE on orders · ~12 s (4–40 s) · 31 % may fail: duplicates in email`. */
export function lensText(statement: CheckedStatement): string {
  const { abstained } = statement;
  const strongest = strongestLock(statement);
  const parts = [
    strongest ? `${strongest.mode} on ${strongest.tables}` : 'no lock on an existing table',
    ...(abstained ? unknown(statement) : [timeText(statement.durationMs), ...risk(statement)]),
    ...(statement.unanalysed === undefined || certainFailure(statement)
      ? []
      : [`not understood: ${statement.unanalysed}`]),
  ];
  return parts.join(' · ');
}

/** One word for a statement that does no harm. */
export function quietText(statement: CheckedStatement): string {
  return statement.unanalysed === undefined ? 'nothing waits' : `not understood: ${statement.unanalysed}`;
}

export function strongestLock({ locks }: CheckedStatement): { mode: string; tables: string } | undefined {
  const rank = (mode: string) => LOCK_MODES.indexOf(mode as (typeof LOCK_MODES)[number]);
  const top = locks.toSorted((a, b) => rank(b.mode) - rank(a.mode))[0];
  if (!top) return undefined;
  const names = locks.filter(({ mode }) => mode === top.mode).map(({ relation }) => shortName(relation));
  const shown = names.slice(0, 2).join(', ');
  return { mode: top.mode, tables: names.length > 2 ? `${shown} and ${names.length - 2} more` : shown };
}

/** What may go wrong is said without a figure, and why there is none. */
function unknown(statement: CheckedStatement): string[] {
  const because = statement.failsIf?.length ? whyItMayFail(statement) : undefined;
  const reason = statement.reasons?.at(-1) ?? 'unlike anything seen so far';
  return [...(because ? [`may fail: ${because}`] : []), `no estimate: ${reason.replaceAll(' public.', ' ')}`];
}

function risk(statement: CheckedStatement): string[] {
  const { failureProbability } = statement;
  const because = whyItMayFail(statement);
  if (failureProbability < WORTH_SAYING) return [];
  return [`${riskText(failureProbability)} may fail${because ? `: ${because}` : ''}`];
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
  const inner = sentence.replace(/^(?:it )?fails (?:if|while|where|when) /i, '').replace(/\.$/, '');
  const found = /^(.+) of \S+ has (duplicates|NULLs)$/.exec(inner);
  const text = found ? `${found[2]} in ${found[1]}` : inner;
  const plain = text.replaceAll('`', '').replace(/\s+/g, ' ');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}

/** The chance that one of several steps fails, taken as independent. */
export function chanceOfAny(chances: readonly number[]): number {
  return 1 - chances.reduce((product, chance) => product * (1 - chance), 1);
}
