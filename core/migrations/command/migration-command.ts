/**
 * Which migrations a command line runs, if any: the tool, the direction, the files it names, the database it goes to.
 * A line that only speaks of migrations (`git commit -m "prisma migrate"`) runs none.
 */
import type { Dialect } from '../../contract/event.ts';
import { type SimpleCommand, simpleCommands } from './shell.ts';
import { clientCommand } from './sql-clients.ts';
import { type Direction, TOOLS, type ToolRule } from './tools.ts';
import { programOf, unwrap } from './wrappers.ts';

/** Where a command says its database is; nothing of it is stored, only what it tells. */
export interface Connection {
  url?: string;
  host?: string;
  database?: string;
  user?: string;
  /** Words that name an environment: `production` of `-e production`, `RAILS_ENV=production`. */
  words: string[];
}

export interface MigrationCommand {
  tool: string;
  /** What of the tool was called: `migrate deploy`. */
  verb: string;
  direction: Direction;
  /** SQL files that it names, as given. */
  files: string[];
  dialect?: Dialect;
  connection: Connection;
  /** Folder it runs in, below the folder of the line, where `cd` says so. */
  folder?: string;
  /** Whether its exit code says that statements failed: `psql -f` ends with 0 whatever happened. */
  exitCodeTells: boolean;
  /** Whether the line runs nothing else, so that its duration is that of the command. */
  alone: boolean;
  /** Of which exit codes of the line it is known that they are its own: a `&&` behind it leaves success only. */
  endsLine: 'always' | 'on-success' | 'never';
}

/** What a tool's own rule says of a command; its place in the line says the rest. */
export type Recognised = Omit<MigrationCommand, 'folder' | 'alone' | 'endsLine'>;

/** A script of the project that may run migrations: its text, or its name, decides. */
export interface ScriptCall extends Pick<MigrationCommand, 'folder' | 'connection' | 'alone' | 'endsLine'> {
  runner: string;
  name: string;
}

export interface Reading {
  commands: MigrationCommand[];
  scripts: ScriptCall[];
}

const ENVIRONMENT_VARIABLES = [
  'RAILS_ENV',
  'RACK_ENV',
  'NODE_ENV',
  'APP_ENV',
  'DJANGO_ENV',
  'DJANGO_SETTINGS_MODULE',
  'FLASK_ENV',
  'ASPNETCORE_ENVIRONMENT',
  'ENV',
  'STAGE',
];
const URL_VARIABLES = [
  'DATABASE_URL',
  'POSTGRES_URL',
  'MYSQL_URL',
  'DB_URL',
  'DIRECT_URL',
  'POSTGRESQL_URL',
  'GOOSE_DBSTRING',
  'FLYWAY_URL',
  'LIQUIBASE_COMMAND_URL',
  'SQLALCHEMY_DATABASE_URI',
  'MIGRATE_DATABASE',
];
/** `sh -c "sh -c …"`: deep enough. */
const DEEPEST = 3;

/** @param patterns command lines of the user that run migrations too, with `*` for anything */
export function readCommandLine(line: string, patterns: readonly string[] = [], depth = 0): Reading {
  const reading: Reading = { commands: [], scripts: [] };
  const all = simpleCommands(line);
  for (const [at, command] of all.entries()) {
    const { words, assignments, line: inner, script } = unwrap(command.words);
    const here: SimpleCommand = {
      ...command,
      words,
      assignments: { ...command.assignments, ...assignments },
    };
    const place = placeIn(all, at);
    if (inner !== undefined && depth < DEEPEST) {
      const nested = readCommandLine(inner, patterns, depth + 1);
      for (const found of nested.commands)
        reading.commands.push({
          ...found,
          alone: found.alone && place.alone,
          endsLine: place.endsLine === 'always' ? found.endsLine : place.endsLine,
          connection: merged(found.connection, here),
        });
      reading.scripts.push(...nested.scripts.map((found) => ({ ...found, ...place })));
      continue;
    }
    const folder = command.folder === undefined ? {} : { folder: command.folder };
    const found =
      toolCommand(here) ?? clientCommand(here, connectionOf(here)) ?? namedByUser(command, here, patterns);
    if (found) reading.commands.push({ ...found, ...place, ...folder });
    else if (script) reading.scripts.push({ ...script, ...place, connection: connectionOf(here), ...folder });
  }
  return reading;
}

/** Where a command stands among those of its line. */
function placeIn(all: readonly SimpleCommand[], at: number): Pick<MigrationCommand, 'alone' | 'endsLine'> {
  const others = all.filter((other, i) => i !== at && other !== all[at]?.from);
  const behind = all.slice(at, -1).map(({ joint }) => joint);
  const endsLine =
    behind.length === 0 ? 'always' : behind.every((joint) => joint === '&&') ? 'on-success' : 'never';
  return { alone: others.length === 0, endsLine };
}

/** Whether the name of a script says that it runs migrations: `migrate`, `db:migrate`, `migrate-deploy`, not `migration:create`. */
export function isMigrationScript(name: string): boolean {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const runs = words.some((word) => /^(?:migrate|migrations?|dbmigrate)$/.test(word));
  return runs && !words.some((word) => OTHERWISE.has(word));
}

const OTHERWISE = new Set([
  'create',
  'make',
  'new',
  'generate',
  'gen',
  'add',
  'status',
  'list',
  'check',
  'lint',
  'diff',
  'test',
  'tests',
  'docs',
  'down',
  'rollback',
  'revert',
  'undo',
  'dry',
  'plan',
  'validate',
  'format',
  'help',
  'show',
  'info',
  'build',
  'verify',
]);

function toolCommand(command: SimpleCommand): Recognised | undefined {
  const [first = '', ...args] = command.words;
  const program = programOf(first);
  for (const rule of TOOLS) {
    if (!rule.programs.includes(program)) continue;
    if (rule.never?.some((flag) => args.includes(flag))) continue;
    if (rule.needs && !args.some((arg) => rule.needs?.includes(arg.split('=')[0] ?? ''))) continue;
    const plain = plainWords(args, rule);
    const verb = longestVerb(rule, plain);
    if (!verb) continue;
    const [words, direction] = verb;
    return {
      tool: rule.tool,
      verb: words,
      direction,
      files: [...plain, ...valuesOf(args, ['--file'])].filter((word) => /\.sql$/i.test(word)),
      ...(rule.dialect ? { dialect: rule.dialect } : {}),
      connection: connectionOf(command, rule),
      exitCodeTells: true,
    };
  }
  return undefined;
}

/** Among `db:migrate` and `db:migrate:undo` words are whole, so that at most the longer of two verbs fits. */
function longestVerb({ verbs }: ToolRule, plain: readonly string[]) {
  return verbs
    .filter(([words]) => isTogether(words.split(' '), plain))
    .sort(([a], [b]) => b.length - a.length)[0];
}

/** At the first plain word that is no name of a database or address: `goose postgres DSN up`, `dbmate up`. */
function isTogether(verb: readonly string[], plain: readonly string[]): boolean {
  const first = plain.findIndex((word) => !BEFORE_VERB.test(word));
  return first !== -1 && verb.every((word, i) => plain[first + i] === word);
}

/** What stands before the verb without being a flag: goose's driver and connection string. */
const BEFORE_VERB =
  /^(?:postgres|mysql|sqlite3?|mssql|redshift|clickhouse|vertica|ydb|turso)$|:\/\/|=|^\$|\s|\.db$/;

function plainWords(args: readonly string[], { values = [] }: ToolRule): string[] {
  const plain: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word.startsWith('-')) {
      if (values.includes(word)) at++;
    } else if (!/^[A-Za-z_]\w*=/.test(word)) plain.push(word);
  }
  return plain;
}

function valuesOf(args: readonly string[], flags: readonly string[]): string[] {
  return args.flatMap((word, at) => {
    if (flags.includes(word)) return args[at + 1] ?? [];
    const flag = flags.find((name) => word.startsWith(`${name}=`));
    return flag ? word.slice(flag.length + 1) : [];
  });
}

const CONNECTION_STRING = /^(?:jdbc:)?[a-z][a-z0-9+]*:\/\/\S+|^(?:jdbc:)?sqlite3?:\S+/i;

function connectionOf({ words, assignments }: SimpleCommand, rule?: ToolRule): Connection {
  const args = words.slice(1);
  const url =
    valuesOf(args, rule?.url ?? [])[0] ??
    args.find((word) => CONNECTION_STRING.test(word) && !/^https?:|^file:/i.test(word)) ??
    URL_VARIABLES.map((name) => assignments[name]).find(Boolean);
  const environment = [
    ...valuesOf(args, rule?.environment ?? []),
    ...ENVIRONMENT_VARIABLES.flatMap((name) => [
      assignments[name] ?? [],
      ...args.flatMap((word) => (word.startsWith(`${name}=`) ? word.slice(name.length + 1) : [])),
    ]).flat(),
  ];
  const { PGHOST: host, PGDATABASE: database, PGUSER: user } = assignments;
  return {
    words: environment,
    ...(url ? { url } : {}),
    ...(host ? { host } : {}),
    ...(database ? { database } : {}),
    ...(user ? { user } : {}),
  };
}

function merged(inner: Connection, outer: SimpleCommand): Connection {
  const around = connectionOf(outer);
  return { ...around, ...inner, words: [...inner.words, ...around.words] };
}

function namedByUser(
  { words: given }: SimpleCommand,
  command: SimpleCommand,
  patterns: readonly string[],
): Recognised | undefined {
  const line = given.join(' ');
  if (!patterns.some((pattern) => glob(pattern).test(line))) return undefined;
  return {
    tool: programOf(given[0] ?? ''),
    verb: given.slice(1, 3).join(' '),
    direction: 'up',
    files: given.filter((word) => /\.sql$/i.test(word)),
    connection: connectionOf(command),
    exitCodeTells: true,
  };
}

function glob(pattern: string): RegExp {
  const parts = pattern.trim().split(/\s*\*+\s*/);
  const escaped = parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}
