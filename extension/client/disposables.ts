/** Things that must be let go again, and a count of those that were not. */

export interface Disposable {
  dispose(): unknown;
}

const open = new Set<DisposableStore>();

/** Holds what belongs together; whatever is added after the end is let go at once. */
export class DisposableStore implements Disposable {
  readonly name: string;
  readonly #held = new Set<Disposable>();
  #disposed = false;

  constructor(name: string) {
    this.name = name;
    open.add(this);
  }

  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#held.add(disposable);
    return disposable;
  }

  addAll(...disposables: readonly Disposable[]): void {
    for (const disposable of disposables) this.add(disposable);
  }

  /** In the opposite order of their coming. One that fails keeps no other from being let go. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    open.delete(this);
    const errors: unknown[] = [];
    for (const disposable of [...this.#held].reverse()) {
      try {
        disposable.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#held.clear();
    if (errors.length > 0) throw errors[0];
  }
}

/** Names of the stores that nobody has disposed of. */
export function leaks(): string[] {
  return [...open].map(({ name }) => name);
}
