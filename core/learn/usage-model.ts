/** Usage patterns: migrations grouped by what they mostly do. k-means with k chosen by silhouette. */
import { seededRandom, significant } from '../numbers.ts';
import type { Example, MigrationFacts } from './examples.ts';
import { GROUPS, type Group, groupOf } from './features.ts';
import { distance, silhouette } from './metrics.ts';
import { split, type TrainableModel } from './trainable.ts';

interface UsageArtifact {
  clusters: { name: string; centre: number[]; size: number }[];
}

const NEEDED = 30;
const MOST_CLUSTERS = 6;

export const usageModel: TrainableModel = {
  id: 'usage-pattern',
  name: 'Usage pattern',
  type: 'clustering',
  algorithm: 'k-means',
  baseline: 'the same group sizes, migrations assigned at random',
  features: GROUPS.map((group) => `share_${group}`),
  needed: NEEDED,
  shortage(examples) {
    const have = examples.filter(hasStatements).length;
    return have < NEEDED ? { have, need: NEEDED, of: 'migrations with statements' } : undefined;
  },
  train(examples: readonly Example[], seed) {
    const rows = examples.filter(hasStatements).map(shares);
    const { train, test } = split(rows);
    const random = seededRandom(seed);
    let best = { centres: [] as number[][], width: -2 };
    for (let k = 2; k <= MOST_CLUSTERS; k++) {
      const centres = kMeans(train, k, random);
      const width = silhouette(
        train,
        train.map((row) => nearest(centres, row)),
      );
      if (width > best.width) best = { centres, width };
    }
    const groups = test.map((row) => nearest(best.centres, row));
    const width = orZero(silhouette(test, groups));
    const baseWidth = orZero(silhouette(test, shuffle(groups, random)));
    const members = train.map((row) => nearest(best.centres, row));
    const artifact: UsageArtifact = {
      clusters: best.centres.map((centre, i) => ({
        name: nameOf(centre),
        centre,
        size: members.filter((member) => member === i).length,
      })),
    };
    const headline = {
      name: 'silhouette',
      value: significant(width),
      baseline: significant(baseWidth),
      better: 'higher',
    } as const;
    return {
      artifact: artifact as unknown as Record<string, unknown>,
      metrics: [headline, { name: 'groups', value: best.centres.length, better: 'near' }],
      headline,
      beatsBaseline: width > baseWidth,
      hyperparameters: { k: best.centres.length, restarts: RESTARTS, seed },
      trained: train.length,
      tested: test.length,
    };
  },
};

function hasStatements({ statements }: Example): boolean {
  return statements > 0;
}

/** Test migrations that all fall into one group say nothing about the grouping. */
function orZero(width: number): number {
  return Number.isNaN(width) ? 0 : width;
}

/** Share of each kind of operation, in the order of `GROUPS`. */
function shares(facts: Pick<MigrationFacts, 'operations'>): number[] {
  const counts = new Map<Group, number>();
  let total = 0;
  for (const [name, count] of Object.entries(facts.operations)) {
    counts.set(groupOf(name), (counts.get(groupOf(name)) ?? 0) + count);
    total += count;
  }
  return GROUPS.map((group) => (counts.get(group) ?? 0) / Math.max(1, total));
}

const RESTARTS = 8;
const STEPS = 50;

/** Lloyd’s algorithm with k-means++ seeding (Arthur & Vassilvitskii 2007), best of some restarts. */
function kMeans(rows: number[][], k: number, random: () => number): number[][] {
  let best: { centres: number[][]; cost: number } | undefined;
  for (let restart = 0; restart < RESTARTS; restart++) {
    let centres = plusPlus(rows, k, random);
    for (let step = 0; step < STEPS; step++) {
      const members = rows.map((row) => nearest(centres, row));
      const next = centres.map((centre, i) => meanOf(rows.filter((_, j) => members[j] === i)) ?? centre);
      const moved = next.some((centre, i) => distance(centre, centres[i] ?? []) > 1e-9);
      centres = next;
      if (!moved) break;
    }
    const cost = rows.reduce((sum, row) => sum + distance(row, centres[nearest(centres, row)] ?? []) ** 2, 0);
    if (!best || cost < best.cost) best = { centres, cost };
  }
  return best?.centres ?? [];
}

function plusPlus(rows: number[][], k: number, random: () => number): number[][] {
  const centres = [rows[Math.floor(random() * rows.length)] ?? []];
  while (centres.length < k) {
    const weights = rows.map((row) => Math.min(...centres.map((centre) => distance(row, centre) ** 2)));
    let left = random() * weights.reduce((a, b) => a + b, 0);
    const chosen = weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
    centres.push(rows[Math.max(0, chosen)] ?? []);
  }
  return centres;
}

function nearest(centres: readonly number[][], row: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < centres.length; i++) {
    if (distance(row, centres[i] ?? []) < distance(row, centres[best] ?? [])) best = i;
  }
  return best;
}

function meanOf(rows: readonly number[][]): number[] | undefined {
  if (rows.length === 0) return undefined;
  return (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}

/** The one or two kinds that make up most of a group: “column, index”. */
function nameOf(centre: readonly number[]): string {
  const parts = GROUPS.map((group, i) => ({ group, share: centre[i] ?? 0 })).sort(
    (a, b) => b.share - a.share,
  );
  const named = parts.filter(({ share }, i) => i === 0 || (i < 3 && share >= 0.2));
  return named.map(({ group, share }) => `${group} ${Math.round(share * 100)} %`).join(', ');
}

/** From a stored model: the group of a migration. */
export function usageGroup(
  stored: object,
): (facts: Pick<MigrationFacts, 'operations'>) => { name: string; size: number } {
  const { clusters } = stored as UsageArtifact;
  const centres = clusters.map(({ centre }) => centre);
  return (facts) => {
    const cluster = clusters[nearest(centres, shares(facts))];
    return { name: cluster?.name ?? '', size: cluster?.size ?? 0 };
  };
}
