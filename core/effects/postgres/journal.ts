/**
 * Changes that can be taken back. Every change of the simulated catalogue goes through here, so that a statement can be
 * tried out and a failed part of it undone, as a transaction is.
 */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** A place to go back to. */
  mark(): number {
    return this.#undo.length;
  }

  /** Takes back every change since the mark. */
  rollback(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** Forgets how to go back. */
  commit(): void {
    this.#undo.length = 0;
  }

  assign<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
    const before = object[key];
    if (before === value) return;
    this.#undo.push(() => {
      object[key] = before;
    });
    object[key] = value;
  }

  put<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key);
    const before = map.get(key);
    this.#undo.push(() => {
      if (had) map.set(key, before as V);
      else map.delete(key);
    });
    map.set(key, value);
  }

  /** Keeps the order of the others, also when it is taken back. */
  remove<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return;
    const before = [...map];
    this.#undo.push(() => refill(map, before));
    map.delete(key);
  }

  /** Gives an entry another key in the same place. */
  rekey<K, V>(map: Map<K, V>, key: K, next: K): void {
    const before = [...map];
    this.#undo.push(() => refill(map, before));
    refill(
      map,
      before.map(([k, v]) => [k === key ? next : k, v]),
    );
  }

  add<V>(set: Set<V>, value: V): void {
    if (set.has(value)) return;
    this.#undo.push(() => set.delete(value));
    set.add(value);
  }

  drop<V>(set: Set<V>, value: V): void {
    if (!set.has(value)) return;
    const before = [...set];
    this.#undo.push(() => {
      set.clear();
      for (const entry of before) set.add(entry);
    });
    set.delete(value);
  }
}

function refill<K, V>(map: Map<K, V>, entries: [K, V][]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
