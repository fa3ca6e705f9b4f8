/**
 * What a tool's output says of the migrations it ran. Output is text for people, so it is read line by line with the
 * tools' own phrases; what fits none says nothing, and then nothing is claimed.
 */
import type { DatabaseError, Outcome } from '../../contract/event.ts';

export interface SaidMigration {
  /** As the tool names it. */
  name: string;
  outcome: Outcome;
  durationMs?: number;
}

export interface SaidOutput {
  migrations: SaidMigration[];
  error?: DatabaseError;
}

interface Phrase {
  /** With the groups `name`, and `ms` or `s` where it says how long. */
  says: RegExp;
  outcome: Outcome;
}

/** `started`: what became of it, a later line or the end says. */
const STARTED: Outcome = 'unknown';

const PHRASES: readonly Phrase[] = [
  // prisma
  { says: /^Applying migration `(?<name>[^`]+)`/, outcome: STARTED },
  { says: /^[└├]─ (?<name>\d{14}_[^/\s]+)\/?$/, outcome: 'succeeded' },
  { says: /^Migration name: (?<name>\S+)/, outcome: 'failed' },
  // goose
  { says: /\bOK\s+(?<name>\d+_\S+?)(?:\.sql|\.go)\s+\((?<took>[\d.]+(?:ms|µs|s|m))/, outcome: 'succeeded' },
  { says: /\bERROR (?<name>\d+_\S+?)(?:\.sql|\.go): failed/, outcome: 'failed' },
  // golang-migrate
  {
    says: /^(?:\S+ \S+ )?(?<number>\d+)\/u (?<name>\S+) \((?<took>[\d.]+(?:ms|µs|s|m))/,
    outcome: 'succeeded',
  },
  // rails and sequelize
  { says: /^== (?<name>\S+(?: \S+)?): migrated \((?<took>[\d.]+s)\)/, outcome: 'succeeded' },
  { says: /^== (?<name>\S+(?: \S+)?): migrating/, outcome: STARTED },
  // alembic
  { says: /Running upgrade\s+(?:\S+)? -> (?<name>[0-9a-f]+)/, outcome: STARTED },
  // django
  { says: /^Applying (?<name>[\w.]+)\.\.\. OK/, outcome: 'succeeded' },
  { says: /^Applying (?<name>[\w.]+)\.\.\.(?! OK)/, outcome: STARTED },
  // flyway
  { says: /Migrating schema .* to version "?(?<name>[\w.]+)/, outcome: STARTED },
  { says: /^Migration (?<name>V\S+?)\.sql failed/, outcome: 'failed' },
  // knex
  { says: /migration file "(?<name>[^"]+)\.(?:js|ts|cjs|mjs)" failed/, outcome: 'failed' },
  // typeorm
  { says: /^Migration (?<name>\S+) has been\s+executed successfully/, outcome: 'succeeded' },
  { says: /^Migration "(?<name>[^"]+)" failed/, outcome: 'failed' },
  // diesel
  { says: /^Running migration (?<name>\S+)/, outcome: STARTED },
  // sqlx
  {
    says: /^Applied (?<number>\d+)\/migrate (?<name>.+?) \((?<took>[\d.]+(?:ms|µs|s|m))/,
    outcome: 'succeeded',
  },
  // dbmate
  { says: /^Applied: (?<name>\S+?)\.sql(?: in (?<took>[\d.]+(?:ms|µs|s|m)))?/, outcome: 'succeeded' },
  { says: /^Applying: (?<name>\S+?)\.sql/, outcome: STARTED },
  // laravel
  { says: /^(?<name>\d{4}_\d\d_\d\d_\d{6}_\S+) \.* ?(?<took>[\d.,]+ ?ms) DONE/, outcome: 'succeeded' },
  { says: /^(?<name>\d{4}_\d\d_\d\d_\d{6}_\S+) \.* ?(?:[\d.,]+ ?ms )?FAIL/, outcome: 'failed' },
  // supabase
  { says: /^Applying migration (?<name>\d+_\S+?)\.sql/, outcome: STARTED },
];

const ERRORS: readonly RegExp[] = [
  /^(?:psql:)?(?<file>[^:\s]+\.\w+):(?<line>\d+): ERROR:\s+(?:(?<state>[0-9A-Z]{5}):\s+)?(?<message>.+)/,
  /^ERROR (?<state>\d{4})(?: \(\w+\))? at line (?<line>\d+):? ?(?:in file: '[^']*')?:? ?(?<message>.+)/,
  /^(?:Parse|Runtime) error near line (?<line>\d+): (?<message>.+)/,
  /^Error: near line (?<line>\d+): (?<message>.+)/,
  /^(?:PG::\w+|ActiveRecord::\w+|Mysql2::Error): (?:ERROR:\s+)?(?<message>.+)/,
  /^(?:django\.db\.utils|psycopg2?(?:\.errors)?|sqlalchemy\.exc)\.\w+: (?:\(.*?\) )?(?<message>.+)/,
  /\bERROR:\s+(?<message>.+?)(?: \(SQLSTATE (?<state>[0-9A-Z]{5})\))?$/,
  /^Database error: (?<message>.+)/,
  /\berror: migration failed: (?<message>.+)/,
  /\bSQL State\s*:\s*(?<state>[0-9A-Z]{5})/,
];

const NO_ERROR = /\b0 errors?\b/i;

/** @param text of a terminal, with its escape sequences; a part of it does too */
export function readOutput(text: string): SaidOutput {
  const migrations = new Map<string, SaidMigration>();
  let error: DatabaseError | undefined;
  for (const line of plain(text).split('\n')) {
    for (const { says, outcome } of PHRASES) {
      const groups = says.exec(line)?.groups;
      if (!groups?.name) continue;
      const name = groups.number ? `${groups.number}_${groups.name.replaceAll(' ', '_')}` : groups.name;
      const durationMs = groups.took ? milliseconds(groups.took) : undefined;
      const before = migrations.get(name);
      if (before && outcome === STARTED) break;
      migrations.set(name, { name, outcome, ...(durationMs === undefined ? {} : { durationMs }) });
      break;
    }
    error ??= errorOf(line);
  }
  return { migrations: [...migrations.values()], ...(error ? { error } : {}) };
}

/**
 * What became of those that were only seen to start: all but the last went well, or the next would not have started;
 * the last as the command did.
 */
export function settled(said: readonly SaidMigration[], command: Outcome): SaidMigration[] {
  return said.map((migration, at) => {
    if (migration.outcome !== STARTED) return migration;
    return { ...migration, outcome: at < said.length - 1 ? 'succeeded' : command };
  });
}

function errorOf(line: string): DatabaseError | undefined {
  if (NO_ERROR.test(line)) return undefined;
  for (const pattern of ERRORS) {
    const groups = pattern.exec(line)?.groups;
    if (!groups?.message) continue;
    return {
      message: groups.message.trim().slice(0, 2_000),
      ...(groups.state ? { sqlState: groups.state } : {}),
      ...(groups.line ? { line: Number(groups.line) } : {}),
    };
  }
  return undefined;
}

function milliseconds(text: string): number {
  const value = Number.parseFloat(text.replaceAll(',', ''));
  if (/µs$/.test(text)) return value / 1_000;
  if (/ms$/.test(text)) return value;
  return /m$/.test(text) ? value * 60_000 : value * 1_000;
}

/** CSI, OSC and other escape sequences, as ECMA-48 has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;

function plain(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => (line.split('\r').at(-1) ?? '').trim())
    .join('\n');
}
