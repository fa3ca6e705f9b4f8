/**
 * The migration tools whose folders are known: how each names its files, in which order it runs them, how it wraps
 * them in transactions, which table it keeps its own books in.
 */
import type { Dialect } from '../contract/event.ts';
import { blankExcept } from './up-section.ts';

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
  /** The part that goes up, in place: same length, same lines, everything else blank. */
  up(text: string): string;
  /** The tool's own table, for migrations that touch it: made first, written after each migration. */
  books?: { create: string; insert: (version: string) => string };
}

const whole = (text: string) => text;
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
    up: (text) => blankExcept(text, /^\s*--\s*\+goose\s+Up\b/i, /^\s*--\s*\+goose\s+Down\b/i),
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
    wrapping: () => 'file',
    up: whole,
  },
  dbmate: {
    name: 'dbmate',
    title: 'dbmate',
    looksLike: '20240131120000_name.sql with “-- migrate:up”',
    wrapping: (text) => (/^\s*--\s*migrate:up\b.*transaction:false/im.test(text) ? 'none' : 'file'),
    up: (text) => blankExcept(text, /^\s*--\s*migrate:up\b/i, /^\s*--\s*migrate:down\b/i),
  },
  supabase: {
    name: 'supabase',
    title: 'Supabase',
    looksLike: 'supabase/migrations/20240131120000_name.sql',
    wrapping: () => 'file',
    up: whole,
  },
  numbered: {
    name: 'numbered',
    title: 'numbered SQL files',
    looksLike: 'migrations/001_name.sql',
    wrapping: () => 'file',
    up: whole,
  },
};

/** The tool of a single file, as far as its name and its markers tell. */
export function formatOfFile(path: string, text: string): Format {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  if (name === 'migration.sql') return formats.prisma;
  if (name === 'up.sql') return formats.diesel;
  if (/^\s*--\s*\+goose\s+Up\b/im.test(text)) return formats.goose;
  if (/^\s*--\s*migrate:up\b/im.test(text)) return formats.dbmate;
  if (/^[VR][0-9._]*__.+\.sql$/.test(name)) return formats.flyway;
  if (/^\d+.*\.up\.sql$/i.test(name)) return formats['golang-migrate'];
  if (/(?:^|[\\/])supabase[\\/]migrations[\\/][^\\/]+$/.test(path)) return formats.supabase;
  return formats.numbered;
}

/** `2022-07-07-182650_comment` is version 20220707182650 in Diesel's table. */
function dieselVersion(name: string): string {
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
