/** The log of the desktop app, in `logs/` of the data folder: one file, and the one before it. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file that is larger than this becomes the one before. */
const MOST_BYTES = 1024 * 1024;
const LONGEST_LINE = 4_000;

export class LogFile {
  readonly path: string;
  readonly #before: string;
  #bytes: number;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.path = join(folder, 'desktop.log');
    this.#before = join(folder, 'desktop.1.log');
    this.#bytes = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Adds a line with the time. A log that cannot be written stops nothing. */
  readonly write = (line: string): void => {
    const text = `${new Date().toISOString()} ${oneLine(line)}\n`;
    try {
      if (this.#bytes > MOST_BYTES) {
        renameSync(this.path, this.#before);
        this.#bytes = 0;
      }
      appendFileSync(this.path, text, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      process.stderr.write(`${text}${String(error)}\n`);
    }
  };
}

/** No text can pretend to be a line of the log. */
function oneLine(text: string): string {
  return text
    .trimEnd()
    .slice(0, LONGEST_LINE)
    .replaceAll(/\r?\n|\r/g, '\n    ');
}
