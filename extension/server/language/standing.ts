/** Where a document stands: in which history, behind which files. Reads the disk and what the editors hold. */
import { join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { discover, type FoundHistory, isLeftOut, isWayBack } from '../../../core/migrations/discover.ts';
import {
  dialectNamed,
  formatOfFile,
  formats,
  guessDialect,
  SCRIPT_FILE,
  scriptFormat,
} from '../../../core/migrations/formats.ts';
import { type CollectedFile, toCollected } from '../../../core/node/check/collect.ts';
import { FileTexts } from '../file-texts.ts';
import { filesAround } from '../recording/migration-file.ts';
import type { WorkspaceFolders, WorkspacePlace } from '../workspace.ts';

export interface Standing {
  file: CollectedFile;
  /** The history's files before it, in order. */
  before: CollectedFile[];
  /** Those behind it. */
  after: CollectedFile[];
  /** Tells histories apart. */
  history: string;
  /** Whether it goes up: a query that somebody tries out is none. */
  isMigration: boolean;
  /** Path below the workspace folder. */
  path?: string;
  /** The tool, where one is known. */
  tool?: string;
}

/** What an editor holds. */
export interface OpenText {
  uri: string;
  text: string;
  version: number;
  language: string;
}

/** Written in SQL, or about to be. */
export function isSql({ uri, language }: OpenText): boolean {
  return /\.sql$/i.test(uri) || (language === 'sql' && !SCRIPT_FILE.test(uri));
}

const MIGRATIONS_FOLDER = /(?:^|\/)[^/]*migrat(?:e|ions?)[^/]*(?:\/|$)/i;

export class Standings {
  readonly #folders: WorkspaceFolders;
  readonly #open: ReadonlyMap<string, OpenText>;
  readonly #files = new FileTexts();
  readonly #collected = new Map<string, { source: string; file: CollectedFile }>();
  /** The history that was looked at last: what a query or a text without a file is judged on. */
  #latest: { history: string; files: CollectedFile[] } | undefined;

  constructor(folders: WorkspaceFolders, open: ReadonlyMap<string, OpenText>) {
    this.#folders = folders;
    this.#open = open;
  }

  /** Undefined for what is no SQL. */
  async of(document: OpenText): Promise<Standing | undefined> {
    const { uri, text } = document;
    const place = this.#folders.placeOf(uri);
    const isScript = SCRIPT_FILE.test(uri);
    if (isScript ? !scriptFormat(uri, text) : !isSql(document)) return undefined;
    if (place && !isWayBack(place.path) && !isLeftOut(posix.dirname(place.path))) {
      const found = await this.#inHistory(place, text);
      if (found) return found;
      if (MIGRATIONS_FOLDER.test(posix.dirname(place.path))) return this.#alone(place, text);
    }
    return isScript ? undefined : this.#query(document, place);
  }

  /** Reads a path below a folder as an editor has it, else as the disk does. */
  reader(root: string): (path: string) => string | undefined {
    const open = new Map(
      [...this.#open.values()].flatMap((one) =>
        one.uri.startsWith('file:') ? [[pathToFileURL(fileURLToPath(one.uri)).href, one.text] as const] : [],
      ),
    );
    return (path) => {
      const file = join(root, path);
      return open.get(pathToFileURL(file).href) ?? this.#files.of(file);
    };
  }

  async #inHistory({ root, path }: WorkspacePlace, text: string): Promise<Standing | undefined> {
    const others = this.reader(root);
    const read = (other: string) => (other === path ? text : others(other));
    const { histories } = discover(await filesAround(root, path), read);
    for (const history of histories) {
      const at = history.migrations.findIndex((migration) => migration.path === path);
      if (at === -1) continue;
      const files = history.migrations.flatMap((migration, i) => {
        const source = read(migration.path);
        return source === undefined ? [] : [this.#collectedFile(root, history, migration, source, i < at)];
      });
      const own = files.findIndex((file) => file.path === path);
      const file = files[own];
      if (!file) continue;
      const id = join(root, history.folder);
      this.#latest = { history: id, files };
      const before = files.slice(0, own);
      const after = files.slice(own + 1);
      return { file, before, after, history: id, isMigration: true, path, tool: history.format };
    }
    return undefined;
  }

  /** In a folder for migrations, and named as no tool names them: what stands around it does not count. */
  #alone({ root, path }: WorkspacePlace, text: string): Standing {
    const folder = posix.dirname(path);
    const guessed = guessDialect(text);
    const dialect = guessed === 'postgres' ? (dialectNamed(folder) ?? guessed) : guessed;
    const name = posix.basename(path).replace(/\.\w+$/, '');
    const file = toCollected(
      { text },
      join(root, path),
      path,
      formatOfFile(path, text),
      { dialect },
      false,
      name,
    );
    return { file, before: [], after: [], history: join(root, path), isMigration: true, path };
  }

  /** On top of the whole history that was looked at last. A text without a file may become a migration. */
  #query({ uri, text }: OpenText, place: WorkspacePlace | undefined): Standing {
    const { history, files } = this.#latest ?? { history: uri, files: [] };
    const dialect = files[0]?.dialect ?? guessDialect(text);
    const name = posix.basename(uri);
    const path = place?.path ?? name;
    const file = toCollected({ text }, uri, path, formats.numbered, { dialect }, false, name);
    return {
      file,
      before: files.filter(({ absolute }) => absolute !== place?.file),
      after: [],
      history,
      isMigration: !uri.startsWith('file:'),
      ...(place ? { path: place.path } : {}),
    };
  }

  /** The same object as long as the text is the same. */
  #collectedFile(
    root: string,
    { format, dialect }: FoundHistory,
    { name, path }: FoundHistory['migrations'][number],
    source: string,
    applied: boolean,
  ): CollectedFile {
    const absolute = join(root, path);
    const key = `${absolute}\n${applied}`;
    const known = this.#collected.get(key);
    if (known?.source === source && known.file.dialect === dialect) return known.file;
    const file = toCollected({ text: source }, absolute, path, formats[format], { dialect }, applied, name);
    this.#collected.set(key, { source, file });
    return file;
  }
}
