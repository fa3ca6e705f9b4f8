/**
 * Tells a person's mistake from what only follows from something else: an earlier failure, an extension that the shadow
 * does not have. What follows is said, and not counted.
 */
import type { DatabaseError, Dialect } from '../contract/event.ts';
import { Lines } from '../sql/text.ts';
import { placeError, quotedNames } from './place-error.ts';
import type { StatementToRun } from './shadow.ts';
import { isAboutExtension, STAND_INS, SUPABASE_PLATFORM } from './stand-ins.ts';
import type { RawVerdict, StatementVerdict } from './verdict.ts';

/** What a statement would have made and did not. */
export interface Lost {
  /** Where it stands, for a person: `statement 3`, `0005_users`. */
  where: string;
  text: string;
  /** The names whose absence was its own failure; it cannot have been going to make these. */
  lacked: string[];
}

/** What is not as it would be on a real server, when a file's turn comes. */
export interface Gaps {
  /** Extensions that migrations ask for and the shadow does not have. */
  extensions: ReadonlySet<string>;
  /** Extensions that are only stood in for. */
  standIns: ReadonlySet<string>;
  lost: readonly Lost[];
}

export const NO_GAPS: Gaps = { extensions: new Set(), standIns: new Set(), lost: [] };

/** PostgreSQL's codes for something that is not there (Appendix A, classes 42 and 3F). */
const UNDEFINED = new Set(['42P01', '42703', '42704', '42883', '3F000']);
/** Those of them that an extension's absence explains: a type, function, operator class, schema or parameter. */
const OF_EXTENSIONS = new Set(['42704', '42883', '3F000', '22023']);
const LONGEST_KEPT = 20_000;

export interface Explained {
  statements: StatementVerdict[];
  /** The gaps as they stand behind the file. */
  gaps: Gaps;
}

/** @param text the whole file, in which the statements stand */
export function explain(
  text: string,
  name: string,
  statements: readonly StatementToRun[],
  raw: readonly RawVerdict[],
  before: Gaps,
  dialect: Dialect,
): Explained {
  const lines = new Lines(text);
  const extensions = new Set(before.extensions);
  const standIns = new Set(before.standIns);
  const lost = [...before.lost];
  const here: Lost[] = [];
  const judged = statements.map((statement, index): StatementVerdict => {
    const { verdict, error, reason, durationMs, made }: RawVerdict = raw[index] ?? {
      verdict: 'unjudged',
      reason: 'it was not reached',
      durationMs: 0,
    };
    const place = { index, start: statement.start, end: statement.start + statement.text.length, durationMs };
    const extension = extensionMade(statement.text);
    if (extension !== undefined && Object.hasOwn(STAND_INS, extension)) standIns.add(extension);
    if (verdict === 'works') return { ...place, verdict };
    const cause = error && causeOf(error, statement.text, { extensions, standIns, lost: [...lost, ...here] });
    if (extension !== undefined && error && isUnavailable(error)) extensions.add(extension);
    if (!made)
      here.push({
        where: `statement ${index + 1}`,
        text: statement.text.slice(0, LONGEST_KEPT),
        lacked: error && !cause && isUndefined(error) ? quotedNames(error.message).slice(0, 1) : [],
      });
    if (!error) return { ...place, verdict, ...(reason === undefined ? {} : { reason }) };
    const placed = placeError(error, statement, lines, dialect);
    return cause === undefined
      ? { ...place, verdict, ...placed }
      : { ...place, verdict: 'unjudged', reason: cause, ...placed };
  });
  lost.push(...here.map((one) => ({ ...one, where: `${name}, ${one.where}` })));
  return { statements: judged, gaps: { extensions, standIns, lost } };
}

/** Why a failure is not the statement's own, where it is not. */
function causeOf(
  error: DatabaseError,
  text: string,
  { extensions, standIns, lost }: Gaps,
): string | undefined {
  const lacking = shadowLacks(error, text);
  if (lacking) return lacking;
  for (const standIn of standIns) {
    if (isAboutExtension(standIn, error.message))
      return `the shadow only stands in for the extension ${standIn}`;
  }
  for (const extension of extensions) {
    if (OF_EXTENSIONS.has(error.sqlState ?? '')) {
      return `it may need the extension ${extension}, which is not available in the shadow`;
    }
  }
  if (!isUndefined(error)) return undefined;
  const [missing] = quotedNames(error.message);
  if (missing === undefined) return undefined;
  const word = new RegExp(`(?<![\\w$])${missing.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i');
  const source = lost.find((one) => !one.lacked.includes(missing) && word.test(one.text));
  return source && `it needs ${missing}, and ${source.where} did not work`;
}

/** What a tool replaces before it sends the text, by the character that the server stumbles over. */
const PLACEHOLDERS: readonly [stumbles: string, holds: RegExp][] = [
  ['{', /\{\{.*?\}\}/s],
  ['$', /\$\{[\w.:-]+\}/],
  ['<', /<%.*?%>/s],
  [':', /(?<![:\w]):["']?[a-z_]\w*/i],
  ['@', /@[a-z_]\w*@/i],
];

/** What of a failure is the shadow's lack and no mistake of the statement, in words; undefined where it is none. */
export function shadowLacks(error: DatabaseError, text: string): string | undefined {
  if (isUnavailable(error))
    return `the extension ${quotedNames(error.message)[0] ?? ''} is not available in the shadow`;
  return error.sqlState === undefined
    ? (notSqlite(error, text) ?? notForServer(error, text))
    : notForServer(error, text);
}

/** What an application or libSQL adds to SQLite. */
function notSqlite({ message }: DatabaseError, text: string): string | undefined {
  const own = /^no such function: (\S+)/i.exec(message)?.[1];
  if (own)
    return `SQLite has no function ${own}; the application may bring it, and the shadow does not have that`;
  const libsql =
    /^\s*alter\s+table\s[^;]*?\salter\s+column\s/i.test(text) && /^near "\w+": syntax error/.test(message);
  return libsql ? 'ALTER COLUMN is known to libSQL only, and the shadow is SQLite' : undefined;
}

/** Why a text that the server cannot read was never meant for it; undefined where it was. */
function notForServer({ sqlState, message }: DatabaseError, text: string): string | undefined {
  if (sqlState !== undefined && sqlState !== '42601') return undefined;
  const near = /(?:near|token:) "(.*?)"/s.exec(message)?.[1] ?? '';
  const placeholder = PLACEHOLDERS.map(
    ([stumbles, holds]) => near.startsWith(stumbles) && holds.exec(text),
  ).find(Boolean);
  return placeholder ? `the shadow cannot know what ${placeholder[0]} stands for` : undefined;
}

/** Whether an error says that something is not there. */
export function isUndefined({ sqlState, message }: DatabaseError): boolean {
  return sqlState === undefined ? /^no such |has no column named/i.test(message) : UNDEFINED.has(sqlState);
}

/** Whether an error says that the server does not have an extension, which is nobody’s mistake in a shadow. */
export function isUnavailable({ sqlState, message }: DatabaseError): boolean {
  return (sqlState === '0A000' || sqlState === '58P01') && /^extension ".*" is not available/.test(message);
}

/** The extension that a statement creates, in lower case. */
export function extensionMade(text: string): string | undefined {
  const match = /^create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/i.exec(text);
  return match?.[1]?.toLowerCase();
}

/** Sentences on what is missing or made up, for the whole of a file. */
export function notesOn(
  statements: readonly StatementVerdict[],
  gaps: Gaps,
  roles: readonly string[],
): string[] {
  const notes: string[] = [];
  for (const extension of gaps.extensions) {
    const count = statements.filter(({ reason }) => reason?.includes(`extension ${extension}`)).length;
    const said = `extension ${extension} is not available in the shadow`;
    notes.push(
      count === 0
        ? said
        : `${said}; ${count} ${count === 1 ? 'statement' : 'statements'} could not be judged`,
    );
  }
  const standIns = [...gaps.standIns].filter((standIn) => standIn !== SUPABASE_PLATFORM);
  if (standIns.length > 0) notes.push(`stood in for, doing nothing: ${standIns.join(', ')}`);
  if (roles.length > 0)
    notes.push(`taken to exist: the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`);
  return notes;
}
