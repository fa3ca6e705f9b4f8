/**
 * How long a statement takes. A cost for each unit of work, which goes on growing beyond the largest table measured, and
 * boosted trees for what that leaves over: they know the corners, and stay level where they have seen nothing.
 */
import { type BoostedTrees, loadBoostedTrees } from '../learn/algorithms/boosted-trees.ts';
import { WORK_NAMES, type Work } from './work.ts';

/** JSON. */
export interface DurationArtifact {
  /** Milliseconds that every statement takes, and for each unit of work. */
  base: number;
  costs: Record<keyof Work, number>;
  /** log₁₀ of the measured over the cost: middle, lower and upper tenth. */
  middle: BoostedTrees;
  low: BoostedTrees;
  high: BoostedTrees;
  /** How far the tenths are moved outwards so that they hold on schemas that were not trained on (log₁₀). */
  margins: { low: number; high: number };
  /** Largest amounts that were measured. */
  largest: Record<keyof Work, number>;
}

/** log₁₀ of milliseconds. */
export interface LogRange {
  p10: number;
  p50: number;
  p90: number;
}

/** Milliseconds by the costs alone. */
export function costOf({ base, costs }: Pick<DurationArtifact, 'base' | 'costs'>, work: Work): number {
  return WORK_NAMES.reduce((sum, name) => sum + costs[name] * work[name], base);
}

export function loadDurationModel(
  artifact: DurationArtifact,
): (work: Work, features: readonly number[]) => LogRange {
  const [middle, low, high] = [artifact.middle, artifact.low, artifact.high].map(loadBoostedTrees);
  return (work, features) => {
    const cost = Math.log10(costOf(artifact, work));
    const p50 = cost + (middle?.(features) ?? 0);
    return {
      p50,
      p10: Math.min(p50, cost + (low?.(features) ?? 0) - artifact.margins.low),
      p90: Math.max(p50, cost + (high?.(features) ?? 0) + artifact.margins.high),
    };
  };
}

/** How many times larger than anything measured the largest amount of work is; at most 1 where it is inside. */
export function beyond({ largest }: DurationArtifact, work: Work): number {
  return Math.max(
    ...WORK_NAMES.map((name) => (work[name] > 1 ? work[name] / Math.max(1, largest[name]) : 0)),
  );
}
