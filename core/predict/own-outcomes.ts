/**
 * What came of earlier predictions on this machine, and how it moves the next ones: a factor on durations, one for each
 * kind of statement drawn towards it, and for each danger how often it came true. A pure function of outcomes.
 */
import { median, quantile } from '../numbers.ts';
import type { DangerKind } from './dangers.ts';
import type { LogRange } from './duration-model.ts';
import type { Kind } from './features.ts';

/** What the prior alone said of something, and what came of it. */
export interface Outcome {
  kind: Kind;
  /** Milliseconds; both absent where it was not timed or not predicted. */
  predictedMs?: { p10: number; p50: number; p90: number };
  actualMs?: number;
  /** What the statement could fail by, with the probability that was said. */
  dangers?: { kind: DangerKind; p: number }[];
  /** Whether it failed, by itself or by what a person said. */
  failed?: boolean;
}

/** JSON; small. `version` changes with every outcome that moved it. */
export interface OwnOutcomes {
  version: string;
  duration: {
    count: number;
    /** log₁₀ of the factor, and by kind what comes on top. */
    shift: number;
    byKind: Partial<Record<Kind, number>>;
    /** How much wider the interval is than the prior's (log₁₀). */
    wider: number;
  };
  /** By danger, and whether it was thought likely: how many, and how many came true. */
  failure: Partial<Record<`${DangerKind} ${'likely' | 'unlikely'}`, { count: number; failed: number }>>;
}

/** So many outcomes weigh as much as the prior. */
const PRIOR_DURATIONS = 3;
const PRIOR_KIND = 4;
const PRIOR_FAILURES = 5;
/** Outcomes before a width is believed. */
const ENOUGH_FOR_WIDTH = 10;

/** Undefined where there is nothing to learn from. */
export function learnOwnOutcomes(outcomes: readonly Outcome[]): OwnOutcomes | undefined {
  const timed = outcomes.flatMap(({ kind, predictedMs, actualMs, failed }) =>
    predictedMs && actualMs !== undefined && actualMs > 0 && failed !== true
      ? [{ kind, predicted: predictedMs, ratio: Math.log10(actualMs / predictedMs.p50) }]
      : [],
  );
  const shift = shrunk(
    timed.map(({ ratio }) => ratio),
    PRIOR_DURATIONS,
  );
  const byKind: OwnOutcomes['duration']['byKind'] = {};
  for (const [kind, own] of Map.groupBy(timed, ({ kind }) => kind))
    byKind[kind] = rounded(
      shrunk(
        own.map(({ ratio }) => ratio - shift),
        PRIOR_KIND,
      ),
    );
  const misses = timed.map(({ kind, predicted, ratio }) => {
    const rest = ratio - shift - (byKind[kind] ?? 0);
    const [low, high] = [
      Math.log10(predicted.p10 / predicted.p50),
      Math.log10(predicted.p90 / predicted.p50),
    ];
    return Math.max(low - rest, rest - high);
  });
  const wider = misses.length < ENOUGH_FOR_WIDTH ? 0 : Math.max(-0.1, quantile(misses, 0.8) / 2);
  const failure: OwnOutcomes['failure'] = {};
  for (const { dangers = [], failed } of outcomes) {
    if (failed === undefined) continue;
    // Which of several dangers it was is not known: the most likely one takes it.
    const [worst] = [...dangers].sort((a, b) => b.p - a.p);
    if (!worst) continue;
    const key = keyOf(worst.kind, worst.p);
    const { count, failed: before } = failure[key] ?? { count: 0, failed: 0 };
    failure[key] = { count: count + 1, failed: before + Number(failed) };
  }
  if (timed.length === 0 && Object.keys(failure).length === 0) return undefined;
  const duration = { count: timed.length, shift: rounded(shift), byKind, wider: rounded(wider) };
  const sum = Object.values(failure).reduce((all, { count, failed }) => all + count * 1_009 + failed, 0);
  return { version: `${timed.length}-${duration.shift}-${duration.wider}-${sum}`, duration, failure };
}

/** The prior's range on this machine. */
export function rescaled(own: OwnOutcomes | undefined, kind: Kind, { p10, p50, p90 }: LogRange): LogRange {
  if (!own) return { p10, p50, p90 };
  const { shift, byKind, wider } = own.duration;
  const moved = shift + (byKind[kind] ?? 0);
  return {
    p10: Math.min(p50, p10 - wider) + moved,
    p50: p50 + moved,
    p90: Math.max(p50, p90 + wider) + moved,
  };
}

/**
 * What a danger’s probability is after what came of those before it: beta-binomial, in which what is said now weighs as
 * much as {@link PRIOR_FAILURES} outcomes.
 */
export function corrected(own: OwnOutcomes | undefined, kind: DangerKind, p: number): number {
  const seen = own?.failure[keyOf(kind, p)];
  if (!seen) return p;
  return (PRIOR_FAILURES * p + seen.failed) / (PRIOR_FAILURES + seen.count);
}

function keyOf(kind: DangerKind, p: number): `${DangerKind} ${'likely' | 'unlikely'}` {
  return `${kind} ${p >= 0.5 ? 'likely' : 'unlikely'}`;
}

/** The median, drawn towards 0 by so many outcomes that say nothing. */
function shrunk(values: readonly number[], weight: number): number {
  return values.length === 0 ? 0 : (median(values) * values.length) / (values.length + weight);
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
