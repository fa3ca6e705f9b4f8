/**
 * Tables in groups that are looked at together: those that refer to each other more than to others, found by label
 * propagation (Raghavan, Albert and Kumara 2007) in a fixed order, so that the same schema always looks the same. A
 * reference to a table that everybody refers to says little about where a table belongs, so it counts little.
 */
import type { EntityGraph } from './references.ts';

export interface Cluster {
  /** What its tables have in common, in a word or two. */
  title: string;
  tables: readonly string[];
}

const ROUNDS = 12;
/** A group with more tables than this is divided by the beginning of their names. */
const MOST = 28;

/** Every table in exactly one cluster, the largest first; tables without references come last. */
export function clustersOf({ entities, references }: EntityGraph): Cluster[] {
  const names = entities.map(({ name }) => name);
  const weights = weightsOf(names, references);
  const labels = propagated(names, weights);
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const alone = (weights.get(name)?.size ?? 0) === 0;
    const label = alone ? `alone ${prefixOf(name)}` : (labels.get(name) ?? name);
    groups.set(label, [...(groups.get(label) ?? []), name]);
  }
  const loose: string[] = [];
  const clusters: Cluster[] = [];
  for (const [label, tables] of groups) {
    if (label.startsWith('alone ') && tables.length < 3) loose.push(...tables);
    else for (const part of divided(tables)) clusters.push({ title: titleOf(part, weights), tables: part });
  }
  clusters.sort((a, b) => b.tables.length - a.tables.length || a.title.localeCompare(b.title));
  return loose.length === 0 ? clusters : [...clusters, { title: 'Without references', tables: loose }];
}

type Weights = ReadonlyMap<string, ReadonlyMap<string, number>>;

function weightsOf(names: readonly string[], references: EntityGraph['references']): Weights {
  const weights = new Map(names.map((name) => [name, new Map<string, number>()]));
  const degrees = new Map<string, number>();
  const proper = references.filter(({ from, to }) => from !== to);
  for (const { from, to } of proper) {
    degrees.set(from, (degrees.get(from) ?? 0) + 1);
    degrees.set(to, (degrees.get(to) ?? 0) + 1);
  }
  for (const { from, to } of proper) {
    const weight = 1 / Math.sqrt((degrees.get(from) ?? 1) * (degrees.get(to) ?? 1));
    const akin = prefixOf(from) === prefixOf(to) ? 1.5 : 1;
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      const own = weights.get(a);
      own?.set(b, (own.get(b) ?? 0) + weight * akin);
    }
  }
  return weights;
}

/** Each table takes the label that weighs most among its neighbours, until nothing changes. */
function propagated(names: readonly string[], weights: Weights): Map<string, string> {
  const labels = new Map(names.map((name) => [name, name]));
  for (let round = 0; round < ROUNDS; round++) {
    let changed = false;
    for (const name of names) {
      const sums = new Map<string, number>();
      for (const [neighbour, weight] of weights.get(name) ?? []) {
        const label = labels.get(neighbour) ?? neighbour;
        sums.set(label, (sums.get(label) ?? 0) + weight);
      }
      const current = labels.get(name) ?? name;
      let best = current;
      let most = sums.get(current) ?? 0;
      for (const [label, sum] of sums) {
        if (sum > most + 1e-9) {
          best = label;
          most = sum;
        }
      }
      if (best !== current) {
        labels.set(name, best);
        changed = true;
      }
    }
    if (!changed) break;
  }
  return labels;
}

function divided(tables: readonly string[]): string[][] {
  if (tables.length <= MOST) return [[...tables]];
  const parts = new Map<string, string[]>();
  for (const name of tables) parts.set(prefixOf(name), [...(parts.get(prefixOf(name)) ?? []), name]);
  const small = [...parts.values()].filter((part) => part.length < 3).flat();
  const large = [...parts.values()].filter((part) => part.length >= 3);
  return [...large, ...(small.length > 0 ? [small] : [])].flatMap(chunked);
}

function chunked(tables: string[]): string[][] {
  const chunks: string[][] = [];
  for (let i = 0; i < tables.length; i += MOST) chunks.push(tables.slice(i, i + MOST));
  return chunks;
}

/** The beginning of a table's name that others share: `order` of `public.order_items`. */
function prefixOf(name: string): string {
  const bare = name.slice(name.lastIndexOf('.') + 1);
  return /^[^_]+/.exec(bare)?.[0]?.toLowerCase().replace(/s$/, '') ?? bare;
}

/** What most of them begin with, else the one that is referred to most. */
function titleOf(tables: readonly string[], weights: Weights): string {
  const prefixes = new Map<string, number>();
  for (const name of tables) prefixes.set(prefixOf(name), (prefixes.get(prefixOf(name)) ?? 0) + 1);
  const [prefix, shared] = [...prefixes].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  if (shared > tables.length / 2) return prefix;
  const degree = (name: string) => weights.get(name)?.size ?? 0;
  const hub = [...tables].sort((a, b) => degree(b) - degree(a))[0] ?? '';
  return `around ${hub.slice(hub.lastIndexOf('.') + 1)}`;
}
