/** What is known of how something went: from a run, or from what a person says of it. */

export interface Truth {
  failed?: boolean;
  /** Milliseconds. */
  durationMs?: number;
}

const FAILED = new Set(['failed', 'failure', 'fail', 'error']);
const SUCCEEDED = new Set(['succeeded', 'success', 'ok', 'passed']);
const RIGHT = new Set(['right', 'correct']);
const WRONG = new Set(['wrong', 'incorrect', 'false positive', 'false negative']);

/**
 * What an answer says of the truth. It may name the outcome, give `{ outcome, durationMs }`, or judge the prediction as
 * right or wrong, which tells the outcome where the prediction leans to one side. Corrections count most.
 */
export function truthOf(
  answer: { actualOutcome: unknown; corrections?: readonly { field: string; corrected: unknown }[] },
  predicted?: { failureProbability?: number | undefined },
): Truth {
  const truth = ofOutcome(answer.actualOutcome, predicted?.failureProbability);
  for (const { field, corrected } of answer.corrections ?? []) {
    const name = field.toLowerCase();
    if (/^duration/.test(name)) {
      const ms = typeof corrected === 'number' ? corrected : (corrected as { p50?: unknown } | null)?.p50;
      if (typeof ms === 'number' && ms > 0) truth.durationMs = ms;
    } else if (/^fail|^outcome/.test(name)) {
      if (typeof corrected === 'boolean') truth.failed = corrected;
      else if (typeof corrected === 'number') truth.failed = corrected >= 0.5;
      else Object.assign(truth, ofOutcome(corrected, undefined));
    }
  }
  return truth;
}

/** Whether the answer says that the prediction was right; undefined where it does not judge. */
export function verdictOf(answer: {
  actualOutcome: unknown;
  accuracy?: number | undefined;
}): boolean | undefined {
  if (typeof answer.actualOutcome === 'string') {
    const word = answer.actualOutcome.trim().toLowerCase();
    if (RIGHT.has(word)) return true;
    if (WRONG.has(word)) return false;
  }
  return answer.accuracy === undefined ? undefined : answer.accuracy >= 0.5;
}

function ofOutcome(actual: unknown, leaning: number | undefined): Truth {
  if (typeof actual === 'string') {
    const word = actual.trim().toLowerCase();
    if (FAILED.has(word)) return { failed: true };
    if (SUCCEEDED.has(word)) return { failed: false };
    if (leaning === undefined || leaning === 0.5) return {};
    if (RIGHT.has(word)) return { failed: leaning > 0.5 };
    if (WRONG.has(word)) return { failed: leaning < 0.5 };
    return {};
  }
  if (typeof actual === 'number') return actual > 0 ? { durationMs: actual } : {};
  if (typeof actual !== 'object' || actual === null) return {};
  const { outcome, failed, durationMs } = actual as Record<string, unknown>;
  const truth = ofOutcome(outcome, leaning);
  if (typeof failed === 'boolean') truth.failed = failed;
  if (typeof durationMs === 'number' && durationMs > 0) truth.durationMs = durationMs;
  return truth;
}
