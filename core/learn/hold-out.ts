/**
 * The hold-out: the latest quarter in order of time, without anything that was seen before. Runs of one migration, and
 * copies of it in a clone or fork of its repository, belong together; a group that begins before the cut is left out
 * of the test.
 */

/** How the figures came about; goes with every performance. */
export const HOLD_OUT =
  'trained on the first three quarters in order of time, tested on the last quarter without migrations that were seen before';

export interface Split<T> {
  train: T[];
  test: T[];
}

/**
 * @param items in order of time
 * @param keysOf items that share a key belong together
 */
export function holdOut<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Split<T> {
  const cut = Math.ceil(items.length * 0.75);
  const first = firstOfGroup(items.map(keysOf));
  return {
    train: items.slice(0, cut),
    test: items.filter((_, i) => i >= cut && (first[i] as number) >= cut),
  };
}

/** For each item the place of the first one of its group. */
export function firstOfGroup(keys: readonly (readonly string[])[]): number[] {
  const parent = keys.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root] as number;
    for (let at = i; at !== root; ) {
      const next = parent[at] as number;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const seen = new Map<string, number>();
  keys.forEach((own, i) => {
    for (const key of own) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, i);
      else {
        const [a, b] = [find(other), find(i)];
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
  });
  return keys.map((_, i) => find(i));
}

/** Contiguous folds in order of time; a group lies in the fold of its first item. */
export function foldsOf(first: readonly number[], folds: number): number[] {
  const size = first.length / folds;
  return first.map((at) => Math.min(folds - 1, Math.floor(at / size)));
}
