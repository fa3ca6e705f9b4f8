/** The databases' own clients, which run a migration where they are given a file: `psql -f`, `mysql <`, `sqlite3 <`. */
import type { Dialect } from '../../contract/event.ts';
import type { Connection, Recognised } from './migration-command.ts';
import type { SimpleCommand } from './shell.ts';
import { programOf } from './wrappers.ts';

interface ClientRule {
  programs: readonly string[];
  tool: string;
  dialect: Dialect;
  /** Flags with a value, by what the value is. */
  file: readonly string[];
  host: readonly string[];
  user: readonly string[];
  database: readonly string[];
  others: readonly string[];
  /** Flags whose value is a command that may read a file: `-e "source x.sql"`. */
  commands: readonly string[];
}

const CLIENTS: readonly ClientRule[] = [
  {
    programs: ['psql'],
    tool: 'psql',
    dialect: 'postgres',
    file: ['-f', '--file'],
    host: ['-h', '--host'],
    user: ['-U', '--username'],
    database: ['-d', '--dbname'],
    others: [
      '-p',
      '--port',
      '-v',
      '--set',
      '--variable',
      '-o',
      '--output',
      '-L',
      '--log-file',
      '-F',
      '-R',
      '-P',
      '-T',
    ],
    commands: ['-c', '--command'],
  },
  {
    programs: ['mysql', 'mariadb'],
    tool: 'mysql',
    dialect: 'mysql',
    file: [],
    host: ['-h', '--host'],
    user: ['-u', '--user'],
    database: ['-D', '--database'],
    others: ['-P', '--port', '-S', '--socket', '--protocol'],
    commands: ['-e', '--execute', '--init-command'],
  },
  {
    programs: ['sqlite3', 'sqlite'],
    tool: 'sqlite3',
    dialect: 'sqlite',
    file: ['-init'],
    host: [],
    user: [],
    database: [],
    others: ['-separator', '-cmd'],
    commands: ['-cmd'],
  },
];

/** `\i x.sql` of psql, `source x.sql` and `\. x.sql` of mysql, `.read x.sql` of sqlite3. */
const READS_FILE = /(?:^|[\s;])(?:\\i|\\ir|\\\.|source|\.read)\s+["']?([^\s"';]+)/gi;

export function clientCommand(command: SimpleCommand, around: Connection): Recognised | undefined {
  const [first = '', ...args] = command.words;
  const program = programOf(first);
  const rule = CLIENTS.find(({ programs }) => programs.includes(program));
  if (!rule) return undefined;
  const given = readArguments(args, rule);
  const files = [
    ...given.files,
    ...(command.input === undefined ? [] : [command.input]),
    ...catFiles(command.from),
    ...given.commands.flatMap((text) => [...text.matchAll(READS_FILE)].map(([, file = '']) => file)),
  ].filter((file) => /\.(?:sql|psql|ddl)$/i.test(file));
  if (files.length === 0) return undefined;
  const [database] = given.plain;
  return {
    tool: rule.tool,
    verb: files.length === 1 ? 'file' : 'files',
    direction: files.every((file) => /\.down\.sql$/i.test(file)) ? 'down' : 'up',
    files,
    dialect: rule.dialect,
    connection: connection(given, database, rule, around),
    exitCodeTells: rule.tool !== 'psql' || given.stops,
  };
}

interface Given {
  files: string[];
  commands: string[];
  plain: string[];
  host?: string;
  user?: string;
  database?: string;
  /** `ON_ERROR_STOP`: the exit code then tells. */
  stops: boolean;
}

function readArguments(args: readonly string[], rule: ClientRule): Given {
  const given: Given = { files: [], commands: [], plain: [], stops: false };
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const [flag = '', joined] = /^(--[\w-]+)=([\s\S]*)$/.exec(word)?.slice(1) ?? [word];
    const takes = (flags: readonly string[]) => flags.includes(flag);
    const short = /^-[A-Za-z]/.test(word) && word.length > 2 ? word.slice(0, 2) : undefined;
    if (/ON_ERROR_STOP(?:=(?:1|on|true))?/i.test(word)) given.stops = true;
    if (
      short &&
      !word.startsWith('--') &&
      [...rule.file, ...rule.host, ...rule.user, ...rule.database].includes(short)
    ) {
      put(given, rule, short, word.slice(2));
    } else if (
      takes([...rule.file, ...rule.host, ...rule.user, ...rule.database, ...rule.commands, ...rule.others])
    ) {
      const value = joined ?? args[++at] ?? '';
      if (/ON_ERROR_STOP(?:=(?:1|on|true))?/i.test(value)) given.stops = true;
      put(given, rule, flag, value);
    } else if (!word.startsWith('-') || word === '-') given.plain.push(word);
  }
  // sqlite3 takes its commands as words: sqlite3 shop.db ".read x.sql"
  if (rule.tool === 'sqlite3') given.commands.push(...given.plain.slice(1));
  return given;
}

function put(given: Given, rule: ClientRule, flag: string, value: string): void {
  if (rule.file.includes(flag)) given.files.push(value);
  else if (rule.commands.includes(flag)) given.commands.push(value);
  else if (rule.host.includes(flag)) given.host = value;
  else if (rule.user.includes(flag)) given.user = value;
  else if (rule.database.includes(flag)) given.database = value;
}

function connection(
  given: Given,
  plain: string | undefined,
  { tool }: ClientRule,
  around: Connection,
): Connection {
  if (tool === 'sqlite3') return { ...around, ...(plain ? { database: plain, host: '/' } : {}) };
  const database = given.database ?? plain;
  const isUrl = database !== undefined && /:\/\//.test(database);
  return {
    ...around,
    ...(isUrl ? { url: database } : database ? { database } : {}),
    ...(given.host ? { host: given.host } : {}),
    ...(given.user ? { user: given.user } : {}),
  };
}

/** `cat a.sql b.sql | psql` */
function catFiles(from: SimpleCommand | undefined): string[] {
  if (!from || !['cat', 'type', 'Get-Content', 'pv', 'zcat'].includes(programOf(from.words[0] ?? '')))
    return [];
  return from.words.slice(1).filter((word) => !word.startsWith('-'));
}
