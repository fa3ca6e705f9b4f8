/**
 * Usage patterns: migrations grouped by what they mostly do. k-means with k chosen by silhouette. Groups keep their names:
 * a training begins at the groups of the version before, and takes others only where they are clearly better.
 */
import { groupBy, mean, seededRandom, significant } from '../numbers.ts';
import { improvement, wins } from './bootstrap.ts';
import { referenceOf } from './drift.ts';
import type { Example, MigrationFacts } from './examples.ts';
import { GROUPS, type Group, groupOf } from './features.ts';
import { kMeans, lloyd, nearest } from './k-means.ts';
import { distance, silhouetteWidths } from './metrics.ts';
import { sessionsOf } from './sessions.ts';
import {
  ARTIFACT_FORMAT,
  type Artifact,
  type Contenders,
  type Rivalry,
  rivalryOn,
  spanOf,
  splitExamples,
  type TrainableModel,
} from './trainable.ts';

/** One group of migrations. */
export interface UsageCluster {
  /** In words: “new columns and indexes”. */
  name: string;
  centre: number[];
  /** Migrations, and sessions that mostly do this. */
  size: number;
  sessions: number;
  /** Kinds of work in the order in which most members do them. */
  steps: Group[];
  /** Share of the members with a known outcome that failed. */
  failed: number;
}

interface UsageArtifact {
  format: number;
  trainedUntil: number;
  clusters: UsageCluster[];
}

const NEEDED = 30;
const MOST_CLUSTERS = 6;
/** Silhouettes look at every pair. */
const MOST_COMPARED = 400;
/** Other groups than before must be better by so much. */
const CLEARLY_BETTER = 0.05;
/** A centre that moved less is the same group. */
const SAME_GROUP = 0.35;

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
  train(examples, { seed, champion, clock, onProgress }) {
    const started = clock();
    const known = rowsOf(examples);
    const { train, test } = splitExamples(known);
    const rows = train.map(({ row }) => row);
    onProgress('looking for groups', 0);
    const before = champion && isReadable(champion) ? (champion as unknown as UsageArtifact).clusters : [];
    const centres = centresOf(rows, before, seed);
    const artifact: UsageArtifact = {
      format: ARTIFACT_FORMAT,
      trainedUntil: spanOf(train).to,
      clusters: describe(centres, train, before),
    };
    const trainMs = Math.round(clock() - started);
    onProgress('comparing', 1);
    const compared = sample(test.map(({ row }) => row));
    const groups = compared.map((row) => nearest(centres, row));
    const widths = silhouetteWidths(compared, groups);
    const random = silhouetteWidths(compared, shuffle(groups, seededRandom(seed)));
    const headline = {
      name: 'silhouette',
      value: significant(mean(widths)),
      baseline: significant(mean(random)),
      better: 'higher',
    } as const;
    const rivalry = champion && contest(known, champion, artifact as unknown as Artifact, seed);
    return {
      artifact: artifact as unknown as Artifact,
      algorithm: 'k-means',
      metrics: [headline, { name: 'groups', value: centres.length, better: 'near' }],
      headline,
      beatsBaseline: wins(improvement(random.map(negative), widths.map(negative), seed)),
      hyperparameters: { k: centres.length, seed },
      trained: train.length,
      tested: test.length,
      holdOut: spanOf(test),
      candidates: [{ algorithm: 'k-means', metrics: { silhouette: headline.value }, trainMs, chosen: true }],
      importance: [],
      leaks: [],
      ...(rivalry ? { rivalry } : {}),
      reference: GROUPS.map((group, i) =>
        referenceOf(
          `share_${group}`,
          '0 to 1',
          rows.map((row) => row[i] ?? 0),
        ),
      ),
    };
  },
  compare: (examples, champion, challenger, seed) => contest(rowsOf(examples), champion, challenger, seed),
};

/** Share of each kind of operation, in the order of `GROUPS`. */
export function shares({ operations }: Pick<MigrationFacts, 'operations'>): number[] {
  const counts = new Map<Group, number>();
  let total = 0;
  for (const [name, count] of Object.entries(operations)) {
    counts.set(groupOf(name), (counts.get(groupOf(name)) ?? 0) + count);
    total += count;
  }
  return GROUPS.map((group) => (counts.get(group) ?? 0) / Math.max(1, total));
}

/** From a stored model: the group of a migration. */
export function usageGroup(stored: object): (facts: Pick<MigrationFacts, 'operations'>) => UsageCluster {
  const { clusters } = stored as UsageArtifact;
  const centres = clusters.map(({ centre }) => centre);
  return (facts) => clusters[nearest(centres, shares(facts))] as UsageCluster;
}

interface Row {
  example: Example;
  row: number[];
}

function hasStatements({ statements }: Example): boolean {
  return statements > 0;
}

function rowsOf(examples: readonly Example[]): Row[] {
  return examples.filter(hasStatements).map((example) => ({ example, row: shares(example) }));
}

function centresOf(rows: number[][], before: readonly UsageCluster[], seed: number): number[][] {
  const compared = sample(rows);
  const widthOf = (centres: number[][]) => {
    const widths = silhouetteWidths(
      compared,
      compared.map((row) => nearest(centres, row)),
    );
    return widths.length === 0 ? -1 : mean(widths);
  };
  const random = seededRandom(seed);
  let best = { centres: [] as number[][], width: -2 };
  for (let k = 2; k <= MOST_CLUSTERS; k++) {
    const centres = kMeans(rows, k, random);
    const width = widthOf(centres);
    if (width > best.width) best = { centres, width };
  }
  if (before.length === 0) return best.centres;
  const kept = lloyd(
    rows,
    before.map(({ centre }) => centre),
  );
  return widthOf(kept) + CLEARLY_BETTER >= best.width ? kept : best.centres;
}

function describe(
  centres: number[][],
  train: readonly Row[],
  before: readonly UsageCluster[],
): UsageCluster[] {
  const members = groupBy(train, ({ row }) => nearest(centres, row));
  const sessions = groupBy(sessionsOf(train.map(({ example }) => example)), (session) =>
    nearest(centres, shares(session)),
  );
  const names = namesOf(centres, before);
  return centres.map((centre, i) => {
    const own = (members.get(i) ?? []).map(({ example }) => example);
    const outcomes = own.flatMap(({ failed }) => (failed === undefined ? [] : [failed]));
    return {
      name: names[i] ?? '',
      centre,
      size: own.length,
      sessions: sessions.get(i)?.length ?? 0,
      steps: usualSteps(own),
      failed: outcomes.length === 0 ? 0 : significant(outcomes.filter(Boolean).length / outcomes.length),
    };
  });
}

/** The most frequent order of kinds of work among the members, repeats in a row counted once. */
function usualSteps(members: readonly Example[]): Group[] {
  const orders = groupBy(members, ({ steps }) => (steps ?? []).map(groupOf).filter(isNew).join(','));
  const [usual = ''] =
    [...orders].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))[0] ?? [];
  return usual === '' ? [] : (usual.split(',') as Group[]);
}

function isNew(group: Group, i: number, all: readonly Group[]): boolean {
  return i === 0 || all[i - 1] !== group;
}

/** Kinds of work in words. */
export const WORDS: Record<Group, string> = {
  table: 'new tables',
  column: 'new columns',
  drop: 'drops',
  retype: 'changed types',
  constraint: 'constraints',
  index: 'indexes',
  data: 'data',
  routine: 'routines',
  type: 'types',
  other: 'other work',
};

/** A group that lies where one lay before has its name; others are named by the kinds that make up most of them. */
function namesOf(centres: readonly number[][], before: readonly UsageCluster[]): string[] {
  const names = new Array<string>(centres.length).fill('');
  const pairs = centres
    .flatMap((centre, i) => before.map((known) => ({ i, known, apart: distance(centre, known.centre) })))
    .sort((a, b) => a.apart - b.apart);
  const taken = new Set<string>();
  for (const { i, known, apart } of pairs) {
    if (apart > SAME_GROUP || names[i] !== '' || taken.has(known.name)) continue;
    names[i] = known.name;
    taken.add(known.name);
  }
  centres.forEach((centre, i) => {
    if (names[i] !== '') return;
    let kinds = 1;
    while (kinds < GROUPS.length && (nextShare(centre, kinds) >= 0.25 || taken.has(nameOf(centre, kinds))))
      kinds++;
    names[i] = nameOf(centre, kinds);
    taken.add(names[i] as string);
  });
  return names;
}

function byShare(centre: readonly number[]): { group: Group; share: number }[] {
  return GROUPS.map((group, i) => ({ group, share: centre[i] ?? 0 })).sort((a, b) => b.share - a.share);
}

function nextShare(centre: readonly number[], place: number): number {
  return byShare(centre)[place]?.share ?? 0;
}

/** In the order of `GROUPS`, so that two kinds of nearly the same share do not change places. */
function nameOf(centre: readonly number[], kinds: number): string {
  const named = new Set(
    byShare(centre)
      .slice(0, kinds)
      .map(({ group }) => group),
  );
  const words = GROUPS.filter((group) => named.has(group)).map((group) => WORDS[group]);
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function isReadable(artifact: Artifact): boolean {
  return artifact.format === ARTIFACT_FORMAT;
}

const CONTEST: Contenders<Row> = {
  metric: 'silhouette, higher is better',
  isReadable,
  lossesOf(artifact, test) {
    const centres = (artifact as unknown as UsageArtifact).clusters.map(({ centre }) => centre);
    const rows = sample(test.map(({ row }) => row));
    return silhouetteWidths(
      rows,
      rows.map((row) => nearest(centres, row)),
    ).map(negative);
  },
};

/** Its losses are silhouettes turned round. */
function contest(
  known: readonly Row[],
  champion: Artifact,
  challenger: Artifact,
  seed: number,
): Rivalry | undefined {
  const rivalry = rivalryOn(known, { champion, challenger }, CONTEST, seed);
  if (!rivalry) return undefined;
  const { championValue, challengerValue } = rivalry;
  return { ...rivalry, championValue: negative(championValue), challengerValue: negative(challengerValue) };
}

function negative(value: number): number {
  return -value;
}

function sample<T>(items: readonly T[]): T[] {
  if (items.length <= MOST_COMPARED) return [...items];
  const step = items.length / MOST_COMPARED;
  return Array.from({ length: MOST_COMPARED }, (_, i) => items[Math.floor(i * step)] as T);
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}
