/** Texts of SQL files, read again only when a file has changed: a whole history is asked for at each edit. */
import { statSync } from 'node:fs';
import { readSqlFile } from '../../core/node/import/read-sql.ts';

interface Read {
  /** Size and time of the file when it was read. */
  stamp: string;
  text: string;
}

export class FileTexts {
  readonly #read = new Map<string, Read>();

  /** Of an absolute path; undefined where there is no such file, or none that can be read as text. */
  of(file: string): string | undefined {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (size === undefined) return undefined;
    const stamp = `${size} ${mtimeMs}`;
    const known = this.#read.get(file);
    if (known?.stamp === stamp) return known.text;
    const read = readSqlFile(file);
    if (!('text' in read)) return undefined;
    this.#read.set(file, { stamp, text: read.text });
    return read.text;
  }
}
