/** Whether a text is longer, or shorter, than a limit. */
import type { ColumnStatistics } from '../statistics/statistics.ts';
import type { Signals } from './dangers.ts';
import { type Evidence, HARDLY, LIKELY_SURE, SURELY } from './sampled.ts';

/** @param least NaN where there is no lower limit */
export function lengthEvidence(
  known: ColumnStatistics | undefined,
  most: number,
  least: number,
): Evidence & { signals?: Partial<Signals> } {
  const { maxLength, minLength, avgWidth } = known ?? {};
  if (maxLength !== undefined && minLength !== undefined) {
    if (maxLength > most)
      return { p: SURELY, from: 'exact', because: `the longest has ${maxLength} characters` };
    if (minLength < least)
      return { p: SURELY, from: 'exact', because: `the shortest has ${minLength} characters` };
    return { p: HARDLY, from: 'exact', because: `${minLength} to ${maxLength} characters` };
  }
  if (avgWidth === undefined || avgWidth === null)
    return { p: 0.5, from: 'none', because: 'nobody knows the longest text' };
  // One byte of the average is the length of the value; four bytes from 127 on.
  const mean = avgWidth - (avgWidth > 127 ? 4 : 1);
  const fill = mean / most;
  if (fill > 1.02) return { p: LIKELY_SURE, from: 'sample', because: `${Math.round(mean)} bytes on average` };
  return {
    p: 0.5,
    from: 'none',
    because: `${Math.round(mean)} bytes on average, the longest is not known`,
    signals: { fill },
  };
}
