/** How right a prediction was, 0 to 1. */
import { clamp } from '../numbers.ts';

/** Of a probability of failure: 1 minus its distance from what happened. */
export function failureAccuracy(probability: number, failed: boolean): number {
  return 1 - Math.abs(probability - Number(failed));
}

/** Of a duration: the smaller over the larger, so half as long and twice as long are both 0.5. */
export function durationAccuracy(predictedMs: number, actualMs: number): number {
  const floor = 0.001;
  const ratio = Math.max(predictedMs, floor) / Math.max(actualMs, floor);
  return Math.min(ratio, 1 / ratio);
}

/** Loss of a probability, as the Brier score averages it. */
export function squaredError(probability: number, failed: boolean): number {
  return (probability - Number(failed)) ** 2;
}

/** Loss of a duration: how many powers of ten it is off. */
export function durationError(predictedMs: number, actualMs: number): number {
  const floor = 0.001;
  return Math.abs(Math.log10(Math.max(predictedMs, floor) / Math.max(actualMs, floor)));
}

/**
 * Of any predicted and actual value as people give them: outcomes by name, numbers as durations, objects by the mean
 * over the fields that both have. Undefined where they cannot be compared.
 */
export function accuracyOf(predicted: unknown, actual: unknown): number | undefined {
  if (predicted === undefined || actual === undefined) return undefined;
  if (typeof predicted === 'number' && typeof actual === 'number') return durationAccuracy(predicted, actual);
  if (typeof predicted === 'string' && isRecord(actual)) return accuracyOf(predicted, actual.outcome);
  if (typeof predicted === 'string' && typeof actual === 'string') {
    return Number(predicted.trim().toLowerCase() === actual.trim().toLowerCase());
  }
  if (typeof predicted === 'boolean' && typeof actual === 'boolean') return Number(predicted === actual);
  if (isRecord(predicted))
    return accuracyOfFields(predicted, isRecord(actual) ? actual : { outcome: actual });
  return undefined;
}

function accuracyOfFields(
  predicted: Record<string, unknown>,
  actual: Record<string, unknown>,
): number | undefined {
  const parts: number[] = [];
  const { failureProbability, durationMs } = predicted;
  const outcome = String(actual.outcome ?? '').toLowerCase();
  if (typeof failureProbability === 'number' && (outcome === 'failed' || outcome === 'succeeded')) {
    parts.push(failureAccuracy(clamp(failureProbability, 0, 1), outcome === 'failed'));
  }
  const expected = isRecord(durationMs) ? durationMs.p50 : durationMs;
  if (typeof expected === 'number' && typeof actual.durationMs === 'number') {
    parts.push(durationAccuracy(expected, actual.durationMs));
  }
  for (const [key, value] of Object.entries(predicted)) {
    if (key === 'failureProbability' || key === 'durationMs') continue;
    const part = accuracyOf(value, actual[key]);
    if (part !== undefined) parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.reduce((a, b) => a + b, 0) / parts.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
