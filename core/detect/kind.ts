/** Naming what is odd about the newest value. */
import type { RecentValues } from './recent-values.ts';

export const DEVIATION_KINDS = [
  'spike',
  'level-shift',
  'slow-drift',
  'flat-line',
  'changed-spread',
  'silence',
] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];

/** What each witness of the detector says of the newest value; see `StreamDetector`. */
export interface Evidence {
  residual: number;
  shortMean: number;
  longMean: number;
  spread: number;
  range: number;
  gap: number;
}

/** Values in a row without any change that make a flat line. */
export const FLAT = 24;
const BLOCK = 12;
/** Share of a deviation that a block's mean must hold for it to last. */
const LASTING = 0.5;
/** Share of a change that happened within one block for it to be a shift. */
const ABRUPT = 0.6;

/** `level` is what was usual before, `before` how the incident that goes on was called at the value before. */
export function nameDeviation(
  evidence: Evidence,
  recent: RecentValues,
  level: number,
  before: DeviationKind | undefined,
): DeviationKind {
  const { residual, shortMean, longMean, spread, range, gap } = evidence;
  const value = Math.max(residual, range, shortMean, longMean);
  if (gap > value && gap > spread) return 'silence';
  if (recent.count >= FLAT && spread > 0 && isFlat(recent)) return 'flat-line';
  if (spread > value || (spread > LASTING * value && swings(recent, level))) return 'changed-spread';
  if (recent.count < 2 * BLOCK) return 'spike';
  const means: number[] = [];
  for (let back = 0; back + BLOCK <= recent.count; back += BLOCK) means.push(recent.mean(BLOCK, back));
  const [newest = 0] = means;
  const deviation = newest - level;
  if (Math.abs(deviation) < LASTING * Math.abs(recent.at(0) - level)) return 'spike';
  const change = newest - (means.at(-1) ?? newest);
  let steepest = 0;
  for (let i = 1; i < means.length; i++) {
    const step = Math.abs((means[i - 1] ?? 0) - (means[i] ?? 0));
    if (step > steepest) steepest = step;
  }
  // Where nearly all of the change is older than what is remembered, its name is kept.
  if (Math.abs(change) < LASTING * Math.abs(deviation))
    return before === 'level-shift' ? before : 'slow-drift';
  return steepest >= ABRUPT * Math.abs(change) ? 'level-shift' : 'slow-drift';
}

function isFlat(recent: RecentValues): boolean {
  const newest = recent.at(0);
  for (let back = 1; back < FLAT; back++) if (recent.at(back) !== newest) return false;
  return true;
}

/** Whether values lie far out on both sides of the level, by half of what the newest does or more. */
function swings(recent: RecentValues, level: number): boolean {
  const far = Math.abs(recent.at(0) - level) / 2;
  let above = 0;
  let below = 0;
  for (let back = 0; back < Math.min(FLAT, recent.count); back++) {
    const deviation = recent.at(back) - level;
    if (deviation >= far) above++;
    else if (deviation <= -far) below++;
  }
  return above > 0 && below > 0 && above + below > 2;
}
