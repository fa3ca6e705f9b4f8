/**
 * How likely the rows make a statement fail. Counts, and what a sample shows, decide by themselves; what statistics leave
 * open is weighed by boosted trees that were trained, and calibrated, on measured outcomes.
 */
import { type BoostedTrees, loadBoostedTrees } from '../learn/algorithms/boosted-trees.ts';
import { type Calibration, calibrated } from '../learn/algorithms/calibration.ts';
import { DANGER_KINDS, type Danger } from './dangers.ts';
import { SAMPLED_ROWS } from './sampled.ts';

/** JSON. */
export interface FailureArtifact {
  trees: BoostedTrees;
  /** On the log odds that the trees give. */
  calibration: Calibration;
}

export const DANGER_FEATURES: readonly {
  name: string;
  unit: string;
  about: string;
  of(danger: Danger): number;
}[] = [
  ...DANGER_KINDS.map((kind) => ({
    name: `danger ${kind}`,
    unit: '0 or 1',
    about: `what could fail: ${kind}`,
    of: (danger: Danger) => Number(danger.kind === kind),
  })),
  {
    name: 'reasoned',
    unit: 'log odds',
    about: 'probability by reasoning on the statistics alone',
    of: ({ p }) => Math.log(p / (1 - p)),
  },
  {
    name: 'dangerRows',
    unit: 'log₁₀ rows',
    about: 'rows of the table',
    of: ({ rows }) => (rows === undefined ? Number.NaN : Math.log10(1 + rows)),
  },
  {
    name: 'sampledShare',
    unit: 'share',
    about: 'of the rows that ANALYZE looks at',
    of: ({ rows }) => (rows === undefined ? Number.NaN : Math.min(1, SAMPLED_ROWS / Math.max(1, rows))),
  },
  {
    name: 'chance',
    unit: 'log₁₀ pairs',
    about: 'equal keys to be expected by chance alone',
    of: ({ signals }) => signals.chance,
  },
  { name: 'fill', unit: 'ratio', about: 'average length over the limit', of: ({ signals }) => signals.fill },
  {
    name: 'spread',
    unit: 'ratio',
    about: 'different values over those that fit',
    of: ({ signals }) => signals.spread,
  },
  { name: 'distinct', unit: 'ratio', about: 'different values a row', of: ({ signals }) => signals.distinct },
];

export function dangerRow(danger: Danger): number[] {
  return DANGER_FEATURES.map(({ of }) => of(danger));
}

/**
 * Whether a model has anything to weigh: where the statistics leave it open. Counts decide alone, a sample by what it
 * shows or by the chance to have seen nothing (`sampled.ts`); in the measurements neither was ever wrong. Without any
 * statistics nothing was measured.
 */
export function isWeighed({ from, rows, kind }: Danger): boolean {
  return from === 'none' && rows !== undefined && rows > 0 && kind !== 'other';
}

export function loadFailureModel({ trees, calibration }: FailureArtifact): (danger: Danger) => number {
  const run = loadBoostedTrees(trees);
  return (danger) => {
    if (!isWeighed(danger)) return danger.p;
    const p = Math.min(1 - 1e-6, Math.max(1e-6, run(dangerRow(danger))));
    return calibrated(calibration, Math.log(p / (1 - p)));
  };
}
