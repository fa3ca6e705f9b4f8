/** A dictionary of texts: each gets a small number once, from 1 on; 0 stands for no text. */

/** As many as 16 bits can tell apart. */
export const MOST_NAMES = 65_535;

export class Names {
  readonly #texts: string[] = [''];
  readonly #ids = new Map<string, number>();

  constructor(texts: readonly string[] = []) {
    for (const text of texts) this.idOf(text);
  }

  /** The number of a text, which it gets now where it has none; 0 once there are {@link MOST_NAMES}. */
  idOf(text: string | undefined): number {
    if (text === undefined) return 0;
    let id = this.#ids.get(text);
    if (id === undefined) {
      if (this.#texts.length > MOST_NAMES) return 0;
      id = this.#texts.length;
      this.#ids.set(text, id);
      this.#texts.push(text);
    }
    return id;
  }

  /** The number of a text, undefined where it has none. */
  find(text: string): number | undefined {
    return this.#ids.get(text);
  }

  textOf(id: number): string {
    return this.#texts[id] ?? '';
  }

  /** How many there are. */
  get size(): number {
    return this.#texts.length - 1;
  }

  /** All of them, in order of their numbers from 1. */
  list(): string[] {
    return this.#texts.slice(1);
  }
}
