/** Finds the migration histories in a list of files, and puts each in the order in which its tool runs it. */
import type { Dialect } from '../contract/event.ts';
import { liquibase, packageDialect, rails, railsDialect, scripts, sqitch } from './find-others.ts';
import { dialectNamed, dieselVersion, type FormatName, guessDialect } from './formats.ts';
import { ancestors, compareNumbers, compareText, isVersion, split, within } from './paths.ts';
import { SCRIPT_TOOLS } from './script/extract.ts';

export { compareNumbers } from './paths.ts';

/** One migration of a history. */
export interface FoundMigration {
  /** The tool's name for it: the folder of a Prisma migration, a file name without its ending. */
  name: string;
  /** Path of its file, from the root that was searched, with `/`. */
  path: string;
}

export interface FoundHistory {
  /** Folder that holds it, from the root that was searched; `.` for the root. */
  folder: string;
  format: FormatName;
  dialect: Dialect;
  migrations: FoundMigration[];
}

export interface Discovery {
  histories: FoundHistory[];
  /** Folders that look like histories of tests, examples or vendored code, and were left out. */
  passedOver: string[];
}

/** Reads a file as text; undefined where that fails. */
export type ReadText = (path: string) => string | undefined;

const LEFT_OUT =
  /(?:^|\/)(?:node_modules|vendor|third_party|\.git|fixtures?|__fixtures__|__tests__|testdata|tests?|stubs?|examples?)(?:\/|$)/i;
const NUMBERED = /^V?(\d+)(?:[_.\-\s].*)?\.sql$/i;
/** `db_00012.sql`: the number stands behind a word that all files share. */
const NUMBER_BEHIND = /^([a-z]+)[_-]?\d{2,}\.sql$/i;
const UP = /^V?\d+_?.*\.up\.sql$/i;
/** `20240131_users.postgres.up.sql`: one of several files of a migration, for one database only. */
const FOR_DATABASE = /\.(postgres|postgresql|cockroach|mysql|mariadb|sqlite3?|mssql)(?:\.[\w-]+)?\.up\.sql$/i;
/** Which of them is run where a folder has several: the shadow knows the first ones. */
const PREFERRED = ['postgres', 'postgresql', 'cockroach', 'sqlite3', 'sqlite', 'mysql', 'mariadb', 'mssql'];
const WAY_BACK = /(?:\.|_|-|\/)(?:down|rollback|undo|revert)\.sql$/i;
/** B is a baseline, which stands for the versions up to its own on a new database; U undoes and is left out. */
const FLYWAY = /^([VR])([0-9][0-9._]*)?__.+\.sql$/;
const PLACE_FOR_MIGRATIONS = /migrat|schema|database|ddl|(?:^|\/)db(?:\/|$)|(?:^|\/)sql(?:\/|$)/i;

/**
 * @param paths every file below the root, with `/` between folders
 * @param read to look into lock files and the first file of a folder
 */
export function discover(paths: readonly string[], read: ReadText): Discovery {
  const everything = new Set(paths);
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    if (!/\.sql$/i.test(path)) continue;
    const { folder, base } = split(path);
    const list = byFolder.get(folder);
    if (list) list.push(base);
    else byFolder.set(folder, [base]);
  }
  const found = [
    ...inFoldersOfFolders(byFolder, everything),
    ...inFolders(byFolder, everything, read),
    ...sqitch(everything, read),
    ...rails(paths, read),
    ...scripts(paths, read),
  ];
  const kept = found.filter(({ folder }) => !isLeftOut(folder));
  return {
    histories: kept
      .map((history) => ({ ...history, dialect: dialectOf(history, everything, read) }))
      .sort((a, b) => a.folder.localeCompare(b.folder, 'en')),
    passedOver: found.filter(({ folder }) => isLeftOut(folder)).map(({ folder }) => folder),
  };
}

/** Whether a folder looks like one of tests, examples or vendored code, whose migrations nobody runs here. */
export function isLeftOut(folder: string): boolean {
  return LEFT_OUT.test(folder);
}

/** Whether a file undoes a migration. */
export function isWayBack(path: string): boolean {
  return WAY_BACK.test(path);
}

type Undecided = Omit<FoundHistory, 'dialect'>;

/** Tools that give each migration a folder: the file's name in it tells the tool. */
function inFoldersOfFolders(byFolder: Map<string, string[]>, everything: ReadonlySet<string>): Undecided[] {
  const groups = new Map<string, Undecided>();
  for (const [folder, names] of byFolder) {
    const file = names.includes('migration.sql')
      ? 'migration.sql'
      : names.includes('up.sql')
        ? 'up.sql'
        : undefined;
    if (!file || folder === '.') continue;
    const { folder: parent, base: name } = split(folder);
    const drizzle = everything.has(`${folder}/snapshot.json`);
    const format = file === 'up.sql' ? 'diesel' : drizzle ? 'drizzle' : 'prisma';
    const key = `${format}\n${parent}`;
    const group = groups.get(key) ?? { folder: parent, format, migrations: [] };
    group.migrations.push({ name, path: `${folder}/${file}` });
    groups.set(key, group);
  }
  for (const { format, migrations } of groups.values()) {
    const versionOf = format === 'diesel' ? dieselVersion : (name: string) => name;
    migrations.sort(
      (a, b) => compareText(versionOf(a.name), versionOf(b.name)) || compareText(a.name, b.name),
    );
  }
  return [...groups.values()];
}

/** Tools that keep all migrations in one folder. */
function inFolders(
  byFolder: Map<string, string[]>,
  everything: ReadonlySet<string>,
  read: ReadText,
): Undecided[] {
  const histories: Undecided[] = [];
  for (const [folder, names] of byFolder) {
    const history =
      drizzle(folder, names, read) ??
      liquibase(folder, names, everything, read) ??
      flyway(folder, names) ??
      upAndDown(folder, names, everything) ??
      numbered(folder, names, everything, read);
    if (history && history.migrations.length > 0) histories.push(history);
  }
  return joinVersions(histories);
}

/** By its journal; where none of the files that it names are there, somebody writes them by hand. */
function drizzle(folder: string, names: string[], read: ReadText): Undecided | undefined {
  const journal = parseJson(read(within(folder, 'meta/_journal.json')));
  const entries = (journal as { entries?: unknown } | undefined)?.entries;
  if (!Array.isArray(entries)) return undefined;
  const tags = entries
    .filter((entry): entry is { idx: number; tag: string } => typeof entry?.tag === 'string')
    .sort((a, b) => a.idx - b.idx)
    .map(({ tag }) => tag);
  if (!tags.some((tag) => names.includes(`${tag}.sql`))) return undefined;
  return { folder, format: 'drizzle', migrations: tags.map((tag) => fileIn(folder, `${tag}.sql`)) };
}

/** Versions in order of their numbers, repeatable ones behind them by name, as Flyway runs them. */
function flyway(folder: string, names: string[]): Undecided | undefined {
  const matching = names.flatMap((name) => {
    const match = FLYWAY.exec(name);
    return match ? [{ name, repeatable: match[1] === 'R', version: match[2] ?? '' }] : [];
  });
  if (matching.length === 0) return undefined;
  matching.sort(
    (a, b) =>
      Number(a.repeatable) - Number(b.repeatable) ||
      compareNumbers(a.version, b.version) ||
      compareText(a.name, b.name),
  );
  return { folder, format: 'flyway', migrations: matching.map(({ name }) => fileIn(folder, name)) };
}

function upAndDown(folder: string, names: string[], everything: ReadonlySet<string>): Undecided | undefined {
  const ups = forOneDatabase(names.filter((name) => UP.test(name)));
  if (ups.length === 0) return undefined;
  const rust = ancestors(folder).some((above) => everything.has(within(above, 'Cargo.toml')));
  return {
    folder,
    format: rust ? 'sqlx' : 'golang-migrate',
    migrations: ups.sort(compareNumbers).map((name) => fileIn(folder, name)),
  };
}

/** Of files that are for one database each, those of one database, and what is for all and has none of its own. */
function forOneDatabase(names: string[]): string[] {
  const databaseOf = (name: string) => FOR_DATABASE.exec(name)?.[1]?.toLowerCase();
  const databases = new Set(names.map(databaseOf));
  const chosen = PREFERRED.find((database) => databases.has(database));
  if (chosen === undefined) return names;
  const migrationOf = (name: string) => name.split('.')[0];
  const own = names.filter((name) => databaseOf(name) === chosen);
  const covered = new Set(own.map(migrationOf));
  return [
    ...own,
    ...names.filter((name) => databaseOf(name) === undefined && !covered.has(migrationOf(name))),
  ];
}

function numbered(
  folder: string,
  names: string[],
  everything: ReadonlySet<string>,
  read: ReadText,
): Undecided | undefined {
  const numbers = names.filter((name) => NUMBERED.test(name) && !WAY_BACK.test(name));
  const files = (numbers.length > 0 ? numbers : numberedBehind(folder, names)).sort(compareNumbers);
  const first = files[0];
  if (!first) return undefined;
  const text = read(within(folder, first)) ?? '';
  const marked = /^\s*--\s*\+goose\s+Up\b/im.test(text)
    ? 'goose'
    : /^\s*--\s*migrate:up\b/im.test(text)
      ? 'dbmate'
      : undefined;
  if (!marked && files.length < 3 && !PLACE_FOR_MIGRATIONS.test(folder) && folder !== '.') return undefined;
  const supabase = /(?:^|\/)supabase\/migrations$/.test(folder) ? 'supabase' : undefined;
  const format = marked ?? supabase ?? (usesSqlx(folder, everything, read) ? 'sqlx' : 'numbered');
  return { folder, format, migrations: files.map((name) => fileIn(folder, name)) };
}

/** Only where it is clear that they are migrations: several, all of one word, in a place for them. */
function numberedBehind(folder: string, names: string[]): string[] {
  const words = new Set(names.map((name) => NUMBER_BEHIND.exec(name)?.[1]?.toLowerCase()));
  return words.size === 1 && !words.has(undefined) && names.length >= 3 && PLACE_FOR_MIGRATIONS.test(folder)
    ? [...names]
    : [];
}

/** Folders of versions side by side are one history: by version, then by number. */
function joinVersions(histories: Undecided[]): Undecided[] {
  const joined = new Map<string, Undecided[]>();
  const rest: Undecided[] = [];
  for (const history of histories) {
    const { folder: parent, base } = split(history.folder);
    const one = history.format === 'numbered' && isVersion(base);
    if (one) joined.set(parent, [...(joined.get(parent) ?? []), history]);
    else rest.push(history);
  }
  for (const [folder, versions] of joined) {
    versions.sort((a, b) => compareNumbers(split(a.folder).base, split(b.folder).base));
    const migrations = versions.flatMap((version) =>
      version.migrations.map(({ name, path }) => ({ name: `${split(version.folder).base}/${name}`, path })),
    );
    rest.push({ folder, format: 'numbered', migrations });
  }
  return rest;
}

/** Rust's SQLx also keeps migrations without a way back. */
function usesSqlx(folder: string, everything: ReadonlySet<string>, read: ReadText): boolean {
  return ancestors(folder).some((above) => {
    const manifest = within(above, 'Cargo.toml');
    return everything.has(manifest) && /^\s*sqlx\b/m.test(read(manifest) ?? '');
  });
}

/** What the tool's own files say, then what the path says, then what the SQL looks like. */
function dialectOf(history: Undecided, everything: ReadonlySet<string>, read: ReadText): Dialect {
  const { folder, format } = history;
  const lock = within(folder, 'migration_lock.toml');
  if (format === 'prisma' && everything.has(lock)) {
    const named = dialectNamed(/provider\s*=\s*"([^"]*)"/.exec(read(lock) ?? '')?.[1] ?? '');
    if (named) return named;
  }
  if (format === 'drizzle') {
    const journal = parseJson(read(within(folder, 'meta/_journal.json'))) as
      | { dialect?: unknown }
      | undefined;
    const named = dialectNamed(String(journal?.dialect ?? ''));
    if (named) return named;
  }
  if (format === 'prisma') {
    const schema = [folder, ...ancestors(folder).reverse()].map((above) =>
      read(within(above, 'schema.prisma')),
    );
    const named = dialectNamed(
      /datasource[^}]*?provider\s*=\s*"([^"]*)"/.exec(schema.find(Boolean) ?? '')?.[1] ?? '',
    );
    if (named) return named;
  }
  if ((SCRIPT_TOOLS as readonly string[]).includes(format)) {
    const named = packageDialect(folder, read);
    if (named) return named;
  }
  if (format === 'rails') {
    const named = railsDialect(folder, read);
    if (named) return named;
  }
  if (format === 'sqitch') {
    const plan = split(folder).folder;
    const named = dialectNamed(
      /^\s*engine\s*=\s*(\S+)/m.exec(read(within(plan, 'sqitch.conf')) ?? '')?.[1] ?? '',
    );
    if (named ?? /engine\s*=\s*pg/.test(read(within(plan, 'sqitch.conf')) ?? '')) return named ?? 'postgres';
  }
  const database = history.migrations.map(({ path }) => FOR_DATABASE.exec(path)?.[1]).find(Boolean);
  const forIt = dialectNamed(database ?? '');
  if (forIt) return forIt;
  const sample = history.migrations.slice(0, 5).map(({ path }) => read(path) ?? '');
  const guessed = guessDialect(sample.join('\n'));
  return guessed === 'postgres' ? (dialectNamed(folder) ?? guessed) : guessed;
}

function fileIn(folder: string, base: string): FoundMigration {
  return { name: base.replace(/(?:\.up)?\.sql$/i, ''), path: within(folder, base) };
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
