/** Go to where a table or column was made, or to every change and use of it, across the migrations of a history. */
import { pathToFileURL } from 'node:url';
import type { Location } from 'vscode-languageserver/node';
import type { CollectedFile } from '../../../core/node/check/collect.ts';
import { Lines } from '../../../core/sql/text.ts';
import type { Judge } from './judge.ts';
import type { IsCancelled } from './kept-history.ts';
import { type Mention, NameIndex } from './name-index.ts';
import type { Standing } from './standing.ts';

interface Placed {
  file: CollectedFile;
  uri: string;
  mention: Mention;
}

export class NamePlaces {
  readonly #judge: Judge;
  readonly #indexes = new Map<string, NameIndex>();

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Where it was made; where no migration makes it, its first mention. */
  async definition(uri: string, offset: number, isCancelled: IsCancelled): Promise<Location[]> {
    const all = await this.#mentions(uri, offset, isCancelled);
    const made = all.find(({ mention: { role } }) => role === 'make') ?? all[0];
    return made ? [locationOf(made)] : [];
  }

  /** Every place, in the order in which the migrations run. */
  async references(
    uri: string,
    offset: number,
    declaration: boolean,
    isCancelled: IsCancelled,
  ): Promise<Location[]> {
    const all = await this.#mentions(uri, offset, isCancelled);
    const first = all.find(({ mention: { role } }) => role === 'make');
    return all.filter((placed) => declaration || placed !== first).map(locationOf);
  }

  async #mentions(uri: string, offset: number, isCancelled: IsCancelled): Promise<Placed[]> {
    const found = await this.#judge.at(uri, isCancelled, (standing) => {
      if (standing.file.format.unanalysed) return [];
      const files = [...standing.before, standing.file, ...standing.after];
      const byFile = this.#indexOf(standing).mentions(files);
      const own = byFile[standing.before.length] ?? [];
      const thing = own.find(({ start, end }) => start <= offset && offset <= end)?.thing;
      if (!thing) return [];
      return byFile.flatMap((mentions, i) =>
        mentions.flatMap((mention): Placed[] => {
          const file = files[i];
          if (mention.thing !== thing || !file) return [];
          return [{ file, mention, uri: file === standing.file ? uri : pathToFileURL(file.absolute).href }];
        }),
      );
    });
    return found ?? [];
  }

  #indexOf({ history }: Standing): NameIndex {
    const known = this.#indexes.get(history) ?? new NameIndex();
    this.#indexes.set(history, known);
    return known;
  }
}

function locationOf({ file, uri, mention }: Placed): Location {
  const lines = new Lines(file.text);
  const at = (offset: number) => {
    const { line, column } = lines.at(offset);
    // Of a script only the lines are those of the file.
    return { line: line - 1, character: file.format.unanalysed ? 0 : column - 1 };
  };
  return { uri, range: { start: at(mention.start), end: at(mention.end) } };
}
