/** `--fail-on error|warning|info|never|risk>=0.5`: when a check counts as failed. */
import { TelemetryError } from '../contract/errors.ts';
import { type CheckResult, findingsOf, type Severity } from './result.ts';

export type FailOn = { severity: Severity } | { risk: number } | 'never';

const ORDER: readonly Severity[] = ['info', 'warning', 'error'];

/** Throws `invalid-request` for anything else. */
export function parseFailOn(text: string): FailOn {
  if (text === 'never') return 'never';
  if ((ORDER as readonly string[]).includes(text)) return { severity: text as Severity };
  const risk = Number(/^risk\s*>=?\s*(\d*\.?\d+)$/.exec(text)?.[1] ?? Number.NaN);
  if (risk >= 0 && risk <= 1) return { risk };
  throw new TelemetryError(
    'invalid-request',
    `--fail-on is “${text}”; it must be error, warning, info, never, or risk>=N with N from 0 to 1.`,
  );
}

/** Whether a result fails: by the worst finding, or by the likeliest failure. */
export function isFailed(result: CheckResult, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  if ('risk' in failOn)
    return result.files.some(({ statements }) =>
      statements.some(({ failureProbability }) => failureProbability >= failOn.risk),
    );
  const from = ORDER.indexOf(failOn.severity);
  return result.files.some((file) =>
    findingsOf(file).some(({ severity }) => ORDER.indexOf(severity) >= from),
  );
}
