/**
 * The migration tools whose folders are known: how each names its files, in which order it runs them, how it wraps
 * them in transactions, which table it keeps its own books in.
 */
import type { Dialect } from '../contract/event.ts';
import { liquibaseRollback, liquibaseWrapping } from './liquibase.ts';
import { extractRails, hasNoTransaction, isRailsMigration } from './rails/extract.ts';
import { type Extracted, extract, type ScriptTool, scriptTool } from './script/extract.ts';
import { inPlace } from './script/in-place.ts';
import { blankExcept, needsNoTransaction, withoutMetaCommands } from './up-section.ts';

export const FORMAT_NAMES = [
  'prisma',
  'drizzle',
  'diesel',
  'goose',
  'golang-migrate',
  'sqlx',
  'flyway',
  'dbmate',
  'supabase',
  'liquibase',
  'sqitch',
  'rails',
  'rails-structure',
  'knex',
  'typeorm',
  'sequelize',
  'kysely',
  'numbered',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/**
 * How a tool runs a file. `file`: inside one transaction. `script`: sent as one message, which PostgreSQL runs as one
 * implicit transaction unless the file says BEGIN itself. `none`: statement by statement.
 */
export type Wrapping = 'file' | 'script' | 'none';

export interface Format {
  name: FormatName;
  title: string;
  /** What a person would look for; printed when nothing was found. */
  looksLike: string;
  /** The tool's wrapping of this file. */
  wrapping(text: string): Wrapping;
  /**
   * The part that goes up, in place: same length, same lines, everything else blank. Of a script the SQL that it is known
   * to send, on the lines of its calls.
   */
  up(text: string, dialect?: Dialect): string;
  /** The way back, in the same form; absent where it is in a file of its own or there is none. */
  down?(text: string, dialect?: Dialect): string;
  /** What a script does that is not known without running it; lines from 1. */
  unanalysed?(text: string, dialect?: Dialect): Extracted['unanalysed'];
  /** The tool's own table, for migrations that touch it: made first, written after each migration. */
  books?: { create: string; insert: (version: string) => string };
}

const whole = (text: string) => text;
const GOOSE_UP = /^\s*--\s*\+goose\s+Up\b/i;
const GOOSE_DOWN = /^\s*--\s*\+goose\s+Down\b/i;
const DBMATE_UP = /^\s*--\s*migrate:up\b/i;
const DBMATE_DOWN = /^\s*--\s*migrate:down\b/i;
const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

export const formats: Record<FormatName, Format> = {
  prisma: {
    name: 'prisma',
    title: 'Prisma',
    looksLike: 'migrations/20240131120000_name/migration.sql',
    wrapping: () => 'script',
    up: whole,
    books: {
      create: `CREATE TABLE IF NOT EXISTS _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
        finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`,
      insert: (version) =>
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         VALUES (gen_random_uuid()::text, '', now(), ${quote(version)}, 1)`,
    },
  },
  drizzle: {
    name: 'drizzle',
    title: 'Drizzle',
    looksLike: 'drizzle/0000_name.sql with drizzle/meta/_journal.json',
    wrapping: () => 'file',
    up: whole,
  },
  diesel: {
    name: 'diesel',
    title: 'Diesel',
    looksLike: 'migrations/2024-01-31-120000_name/up.sql',
    wrapping: () => 'file',
    up: whole,
    books: {
      create: `CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (version varchar(50) PRIMARY KEY,
        run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
      insert: (version) =>
        `INSERT INTO __diesel_schema_migrations (version) VALUES (${quote(dieselVersion(version))}) ON CONFLICT DO NOTHING`,
    },
  },
  goose: {
    name: 'goose',
    title: 'goose',
    looksLike: 'NNNNN_name.sql with “-- +goose Up”',
    wrapping: (text) => (/^\s*--\s*\+goose\s+NO\s+TRANSACTION\b/im.test(text) ? 'none' : 'file'),
    up: (text) => blankExcept(text, GOOSE_UP, GOOSE_DOWN),
    down: (text) => blankExcept(text, GOOSE_DOWN, GOOSE_UP),
  },
  'golang-migrate': {
    name: 'golang-migrate',
    title: 'golang-migrate',
    looksLike: '000001_name.up.sql',
    wrapping: () => 'script',
    up: whole,
  },
  sqlx: {
    name: 'sqlx',
    title: 'SQLx',
    looksLike: '20240131120000_name.up.sql beside a Cargo.toml',
    wrapping: (text) => (/^\s*--\s*no-transaction/.test(text) ? 'none' : 'file'),
    up: whole,
  },
  flyway: {
    name: 'flyway',
    title: 'Flyway',
    looksLike: 'V1__name.sql',
    // Flyway sees by itself which statements PostgreSQL runs only outside of a transaction.
    wrapping: (text) => (needsNoTransaction(text) ? 'none' : 'file'),
    up: whole,
  },
  dbmate: {
    name: 'dbmate',
    title: 'dbmate',
    looksLike: '20240131120000_name.sql with “-- migrate:up”',
    wrapping: (text) => (/^\s*--\s*migrate:up\b.*transaction:false/im.test(text) ? 'none' : 'file'),
    up: (text) => blankExcept(text, DBMATE_UP, DBMATE_DOWN),
    down: (text) => blankExcept(text, DBMATE_DOWN, DBMATE_UP),
  },
  supabase: {
    name: 'supabase',
    title: 'Supabase',
    looksLike: 'supabase/migrations/20240131120000_name.sql',
    wrapping: () => 'file',
    up: whole,
  },
  liquibase: {
    name: 'liquibase',
    title: 'Liquibase',
    looksLike: 'changelog.sql with “--liquibase formatted sql”',
    wrapping: liquibaseWrapping,
    up: whole,
    down: liquibaseRollback,
  },
  sqitch: {
    name: 'sqitch',
    title: 'Sqitch',
    looksLike: 'sqitch.plan with deploy/name.sql',
    // psql runs the script as it is; Sqitch's own templates begin with BEGIN and end with COMMIT.
    wrapping: () => 'none',
    up: withoutMetaCommands,
  },
  rails: {
    name: 'rails',
    title: 'Rails',
    looksLike: 'db/migrate/20240131120000_name.rb',
    wrapping: (text) => (hasNoTransaction(text) ? 'none' : 'file'),
    ...fromScript((text, dialect, way) => extractRails(text, dialect, way)),
    books: {
      create: `CREATE TABLE IF NOT EXISTS schema_migrations (version varchar NOT NULL PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS ar_internal_metadata (key varchar NOT NULL PRIMARY KEY, value varchar,
        created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL)`,
      insert: (version) =>
        `INSERT INTO schema_migrations (version) VALUES (${quote(version.split('_')[0] ?? version)}) ON CONFLICT DO NOTHING`,
    },
  },
  'rails-structure': {
    name: 'rails-structure',
    title: 'Rails',
    looksLike: 'db/structure.sql',
    wrapping: () => 'none',
    up: withoutMetaCommands,
  },
  knex: script('knex', 'Knex', 'migrations/20240131120000_name.js with exports.up(knex)', (text) =>
    /\btransaction\s*:\s*false\b/.test(text) ? 'none' : 'file',
  ),
  typeorm: script('typeorm', 'TypeORM', 'migrations/1706702400000-Name.ts with up(queryRunner)', (text) =>
    /\btransaction\s*=\s*false\b/.test(text) ? 'none' : 'file',
  ),
  sequelize: script(
    'sequelize',
    'Sequelize',
    'migrations/20240131120000-name.js with up(queryInterface)',
    (text) => (/\bsequelize\s*\.\s*transaction\s*\(/.test(text) ? 'file' : 'none'),
  ),
  kysely: script('kysely', 'Kysely', 'migrations/2024_01_31_name.ts with up(db: Kysely<…>)', () => 'file'),
  numbered: {
    name: 'numbered',
    title: 'numbered SQL files',
    looksLike: 'migrations/001_name.sql',
    // Who runs them is not known; what runs only outside of a transaction was not written for one.
    wrapping: (text) => (needsNoTransaction(text) ? 'none' : 'file'),
    up: whole,
  },
};

function script(name: ScriptTool, title: string, looksLike: string, wrapping: Format['wrapping']): Format {
  return {
    name,
    title,
    looksLike,
    wrapping,
    ...fromScript((text, dialect, way) => extract(text, name, dialect, way)),
  };
}

/** What a tool's scripts send, as the reader of its language finds it. */
function fromScript(
  read: (text: string, dialect: Dialect, way: 'up' | 'down') => Extracted,
): Required<Pick<Format, 'up' | 'down' | 'unanalysed'>> {
  return {
    up: (text, dialect = 'postgres') => inPlace(text, read(text, dialect, 'up')),
    down: (text, dialect = 'postgres') => inPlace(text, read(text, dialect, 'down')),
    unanalysed: (text, dialect = 'postgres') => read(text, dialect, 'up').unanalysed,
  };
}

/** The ending of files in a language that migrations are read from. */
export const SCRIPT_FILE = /\.(?:[cm]?[jt]s|rb)$/;

/** The tool that a script was written for; undefined for what is no script, or no migration. */
export function scriptFormat(path: string, text: string): FormatName | undefined {
  if (!SCRIPT_FILE.test(path)) return undefined;
  if (!path.endsWith('.rb')) return scriptTool(text);
  return isRailsMigration(text) ? 'rails' : undefined;
}

/** The tool of a single file, as far as its name and its markers tell. */
export function formatOfFile(path: string, text: string): Format {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const tool = scriptFormat(name, text);
  if (tool) return formats[tool];
  if (/^\s*--\s*liquibase\s+formatted\s+sql/i.test(text)) return formats.liquibase;
  if (name === 'migration.sql') return formats.prisma;
  if (name === 'up.sql') return formats.diesel;
  if (/^\s*--\s*\+goose\s+Up\b/im.test(text)) return formats.goose;
  if (/^\s*--\s*migrate:up\b/im.test(text)) return formats.dbmate;
  if (/^[VR][0-9._]*__.+\.sql$/.test(name)) return formats.flyway;
  if (/^V?\d+.*\.up\.sql$/i.test(name)) return formats['golang-migrate'];
  if (/(?:^|[\\/])supabase[\\/]migrations[\\/][^\\/]+$/.test(path)) return formats.supabase;
  return formats.numbered;
}

/** `2022-07-07-182650_comment` is version 20220707182650 for Diesel: in its table, and in the order of its runs. */
export function dieselVersion(name: string): string {
  return (name.split('_')[0] ?? name).replaceAll('-', '');
}

/** Dialect a path or a lock file names, if it names one. */
export function dialectNamed(text: string): Dialect | undefined {
  if (/postgres|\bpg\b|cockroach/i.test(text)) return 'postgres';
  if (/mysql|mariadb/i.test(text)) return 'mysql';
  if (/sqlite|libsql|turso|\bd1\b/i.test(text)) return 'sqlite';
  if (/clickhouse/i.test(text)) return 'clickhouse';
  if (/sqlserver|mssql/i.test(text)) return 'mssql';
  return undefined;
}

/** Signs of a dialect that is not PostgreSQL; each is a word that PostgreSQL refuses. */
const SIGNS: [Dialect, RegExp][] = [
  ['clickhouse', /\bENGINE\s*=\s*\w*MergeTree|\bON\s+CLUSTER\b|\bLowCardinality\(/i],
  [
    'mysql',
    /`\w+`[^;]*\bENGINE\s*=|\bAUTO_INCREMENT\b|\bENGINE\s*=\s*InnoDB|\bUNSIGNED\b|\bMODIFY\s+COLUMN\b/i,
  ],
  ['sqlite', /\bAUTOINCREMENT\b|\bPRAGMA\s+\w+|\bWITHOUT\s+ROWID\b/i],
  ['mssql', /\bNVARCHAR\b|\bIDENTITY\(\d+,\s*\d+\)|^\s*GO\s*$|\[dbo\]/im],
];

/** The dialect a text is written in, by words that only one of them has; PostgreSQL where nothing tells. */
export function guessDialect(text: string): Dialect {
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'postgres';
}
