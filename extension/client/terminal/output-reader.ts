/** Keeps the end of what a command writes. Pure. */

/** Enough for the longest list of migrations; an error stands at the end. */
const MOST_CHARACTERS = 256 * 1_024;

export class OutputReader {
  #text = '';
  #cut = false;
  #failed = false;
  readonly #done: Promise<void>;

  constructor(stream: AsyncIterable<string>) {
    this.#done = this.#read(stream);
  }

  /** All of it, once the stream ends, but no later than `patience` resolves. */
  async end(patience: Promise<unknown>): Promise<{ output: string; outputWhole: boolean }> {
    let ended = false;
    await Promise.race([
      this.#done.then(() => {
        ended = true;
      }),
      patience,
    ]);
    return { output: this.#text, outputWhole: ended && !this.#cut && !this.#failed && this.#text !== '' };
  }

  async #read(stream: AsyncIterable<string>): Promise<void> {
    try {
      for await (const data of stream) {
        this.#text += data;
        if (this.#text.length <= MOST_CHARACTERS) continue;
        this.#text = this.#text.slice(-MOST_CHARACTERS);
        this.#cut = true;
      }
    } catch {
      this.#failed = true;
    }
  }
}
