/** Reads PostgreSQL with PostgreSQL's own parser (libpg_query in WebAssembly). Call {@link loadPostgresParser} once. */
import { hasSqlDetails, loadModule, type Node, parseSync } from 'libpg-query';
import { ENOUGH_ALIKE, firstRow, insertHead, MOST_STATEMENT, PIECE, thinned } from './large-postgres.ts';
import { kindOf, postgresOperations } from './operations.ts';
import { isForPsql, type Stretch, splitPostgres } from './split-postgres.ts';
import type { ParsedSql, Statement, SyntaxProblem } from './statement.ts';
import { byteOffsets, codePointOffset, Lines } from './text.ts';
import { tokenize } from './tokens.ts';

/** Loads the parser; later calls return at once. */
export const loadPostgresParser: () => Promise<void> = loadModule;

/**
 * The statements of a text. Never throws: where the text as a whole does not parse, is large, or was written for psql, it
 * is split at its semicolons and read in pieces, so that one broken statement hides none of the others.
 */
export function parsePostgres(text: string): ParsedSql {
  const lines = new Lines(text);
  if (text.length <= PIECE && !isForPsql(text)) {
    const whole = parsePart(text, 0, lines);
    if (!('problem' in whole)) return { dialect: 'postgres', statements: whole.statements, problems: [] };
  }
  const reading = new Reading(text, lines);
  for (const stretch of splitPostgres(text)) reading.add(stretch);
  return reading.end();
}

/** Reads stretches, several at a time where they are short. */
class Reading {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #statements: Statement[] = [];
  readonly #problems: SyntaxProblem[] = [];
  /** By what an INSERT begins with: the first of its form, and how many there were. */
  readonly #alike = new Map<string, { first: Statement; count: number }>();
  #waiting: Stretch[] = [];

  constructor(text: string, lines: Lines) {
    this.#text = text;
    this.#lines = lines;
  }

  add(stretch: Stretch): void {
    const long = stretch.end - stretch.start > PIECE;
    const [first] = this.#waiting;
    if (first && (long || stretch.end - first.start > PIECE)) this.#flush();
    if (long) this.#long(stretch);
    else if (!this.#isLikeOthers(stretch)) this.#waiting.push(stretch);
  }

  end(): ParsedSql {
    this.#flush();
    this.#statements.forEach((statement, index) => {
      statement.index = index;
    });
    return { dialect: 'postgres', statements: this.#statements, problems: this.#problems };
  }

  #flush(): void {
    const waiting = this.#waiting;
    const [first, last] = [waiting[0], waiting.at(-1)];
    this.#waiting = [];
    if (!first || !last) return;
    const gaps = waiting.some(({ end }, i) => isData(this.#text, end, waiting[i + 1]?.start));
    const part = gaps
      ? undefined
      : parsePart(this.#text.slice(first.start, last.end), first.start, this.#lines);
    if (part && !('problem' in part)) this.#keep(part.statements);
    else for (const stretch of waiting) this.#one(stretch);
  }

  #one({ start, end }: Stretch): void {
    const part = parsePart(this.#text.slice(start, end), start, this.#lines);
    if ('problem' in part) {
      this.#problems.push(part.problem);
      this.#statements.push(unknown(this.#text, start, end, this.#lines));
    } else {
      this.#keep(part.statements);
    }
  }

  #keep(statements: Statement[]): void {
    for (const statement of statements) {
      const head =
        this.#text.length > PIECE && statement.kind === 'Insert' ? insertHead(statement.text) : undefined;
      if (head !== undefined) {
        statement.tree = thinned(statement.tree as Node);
        const known = this.#alike.get(head);
        if (known) {
          known.count++;
          statement.tree = known.first.tree;
        } else this.#alike.set(head, { first: statement, count: 1 });
      }
      this.#statements.push(statement);
    }
  }

  /** Of many INSERTs of one form in a large file only the first hundreds are read. */
  #isLikeOthers({ start, end }: Stretch): boolean {
    if (this.#alike.size === 0) return false;
    const head = insertHead(this.#text.slice(start, Math.min(end, start + 10_000)));
    const known = head === undefined ? undefined : this.#alike.get(head);
    if (!known || known.count < ENOUGH_ALIKE) return false;
    this.#flush();
    this.#statements.push(this.#as(known.first, start, end));
    return true;
  }

  #long({ start, end }: Stretch): void {
    const text = this.#text.slice(start, end);
    const short = firstRow(text);
    const read = short ?? (text.length <= MOST_STATEMENT ? text : undefined);
    const part = read === undefined ? undefined : parsePart(read, start, this.#lines);
    if (part && !('problem' in part) && part.statements[0]) {
      this.#statements.push(this.#as(part.statements[0], start, end));
      return;
    }
    const place = this.#lines.at(start);
    const message = `a statement of ${text.length} characters is too long to be read; the longest is ${MOST_STATEMENT}`;
    this.#problems.push(part && 'problem' in part ? part.problem : { message, position: start, ...place });
    this.#statements.push(this.#as(unknownAt, start, end));
  }

  /** A statement at another place; the white space before its semicolon stays with it. */
  #as(like: Statement, start: number, end: number): Statement {
    const to = this.#text.charAt(end - 1) === ';' ? end - 1 : end;
    return {
      ...like,
      text: this.#text.slice(start, to),
      start,
      end: to,
      line: this.#lines.at(start).line,
      endLine: this.#lines.at(to - 1).line,
    };
  }
}

/** Whether there is more than white space and comments between two stretches: data of a COPY, commands of psql. */
function isData(text: string, end: number, next: number | undefined): boolean {
  return next !== undefined && next - end < PIECE ? /^\\/m.test(text.slice(end, next)) : next !== undefined;
}

const unknownAt: Statement = {
  index: 0,
  kind: 'Unknown',
  text: '',
  start: 0,
  end: 0,
  line: 1,
  endLine: 1,
  operations: [{ name: 'unknown', objects: [], destructive: false }],
};

function parsePart(
  text: string,
  offset: number,
  lines: Lines,
): { statements: Statement[] } | { problem: SyntaxProblem } {
  try {
    const { stmts = [] } = parseSync(text);
    const toUnits = byteOffsets(text);
    const statements = stmts.flatMap(({ stmt, stmt_location = 0, stmt_len }) => {
      if (!stmt) return [];
      const from = toUnits(stmt_location);
      const to = stmt_len ? toUnits(stmt_location + stmt_len) : text.length;
      const place = trimmed(text, from, to, offset, lines);
      return [{ ...place, index: 0, kind: kindOf(stmt), operations: postgresOperations(stmt), tree: stmt }];
    });
    statements.forEach((statement, index) => {
      statement.index = index;
    });
    return { statements };
  } catch (error) {
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
    const position = offset + codePointOffset(text, Math.max(0, details?.cursorPosition ?? 0));
    const message = inWords(error instanceof Error ? error.message : String(error));
    return { problem: { message, position, ...lines.at(position) } };
  }
}

/** The parser quotes what it could not read, which may be the rest of the file. */
const MOST_MESSAGE = 200;

/** The parser runs out of stack, or this language does, where an expression is nested some thousand times. */
function inWords(message: string): string {
  return /^memory exhausted|call stack|recursion/i.test(message)
    ? 'the statement is nested too deeply to be read'
    : (message.split('\n', 1)[0] ?? message).slice(0, MOST_MESSAGE);
}

/** Text and place of a statement without the white space, comments and semicolon around it. */
function trimmed(text: string, from: number, to: number, offset: number, lines: Lines) {
  const meaningful = tokenize(text.slice(from, to), 'postgres').filter(
    (token) => token.kind !== 'space' && token.kind !== 'comment',
  );
  let last = meaningful.length - 1;
  while (last > 0 && text.charAt(from + (meaningful[last]?.start ?? 0)) === ';') last--;
  const start = from + (meaningful[0]?.start ?? 0);
  const end = from + (meaningful[last]?.end ?? to - from);
  return {
    text: text.slice(start, end),
    start: offset + start,
    end: offset + end,
    line: lines.at(offset + start).line,
    endLine: lines.at(offset + Math.max(start, end - 1)).line,
  };
}

/** A part that holds code, as a statement of which only the place is known. */
function unknown(text: string, start: number, end: number, lines: Lines): Statement {
  const place = trimmed(text, start, end, 0, lines);
  return {
    ...place,
    index: 0,
    kind: 'Unknown',
    operations: [{ name: 'unknown', objects: [], destructive: false }],
  };
}
