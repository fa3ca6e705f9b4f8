/**
 * Splits PostgreSQL text into statements without reading them: for files that are too large to be read at once, that
 * hold a broken statement, or that were written for psql. Walks the text once and keeps nothing but places, so that 50 MB
 * cost 50 MB.
 */

export interface Stretch {
  /** UTF-16 offsets; `start` is the first character that is no white space and no comment. */
  start: number;
  /** Behind the semicolon, or the end of the text. */
  end: number;
}

/** Commands of psql that change nothing in the database. */
const PSQL =
  /^\\(?:connect|c|set|unset|echo|qecho|restrict|unrestrict|encoding|timing|pset|q|a|t|x|o|errverbose)(?:\s|$)/;
const COPY_STDIN = /^copy\s[\s\S]*\bfrom\s+stdin\b/i;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;

/** The stretches between semicolons that hold SQL. Data behind COPY … FROM stdin and commands of psql are passed over. */
export function splitPostgres(text: string): Stretch[] {
  const found: Stretch[] = [];
  let at = 0;
  let start = -1;
  /** Depth of BEGIN ATOMIC … END, in which semicolons are part of the statement. */
  let depth = 0;
  let atomic = false;
  const finish = (end: number) => {
    found.push({ start, end });
    const copies = end - start < 10_000 && COPY_STDIN.test(text.slice(start, end));
    start = -1;
    depth = 0;
    atomic = false;
    return copies ? behindData(text, end) : end;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at++;
      continue;
    }
    const comment = commentEnd(text, at, code);
    if (comment !== -1) {
      at = comment;
      continue;
    }
    if (code === 92 && start === -1) {
      const line = text.slice(at, lineEnd(text, at));
      if (PSQL.test(line)) {
        at += line.length;
        continue;
      }
    }
    if (code === 59) {
      at++;
      if (start !== -1 && depth === 0) at = finish(at);
      continue;
    }
    if (start === -1) start = at;
    const next = literalEnd(text, at, code);
    if (next !== -1) {
      at = next;
      continue;
    }
    WORD.lastIndex = at;
    const word = isWordStart(code) ? WORD.exec(text)?.[0] : undefined;
    if (word === undefined) {
      at++;
      continue;
    }
    at += word.length;
    if (word.length > 6) continue;
    const upper = word.toUpperCase();
    if (upper === 'ATOMIC' && /\bBEGIN\s*$/i.test(text.slice(Math.max(0, at - 40), at - 6))) {
      atomic = true;
      depth = 1;
    } else if (atomic && upper === 'CASE') depth++;
    else if (atomic && upper === 'END' && depth > 0) depth--;
  }
  if (start !== -1) finish(text.length);
  return found;
}

/** Whether a text holds what psql understands and the server's parser does not. */
export function isForPsql(text: string): boolean {
  return /^\\[a-z]/m.test(text) || /\bfrom\s+stdin\b/i.test(text);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

function isWordStart(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** The end of a comment that begins here; -1 where none does. Block comments nest. */
function commentEnd(text: string, at: number, code: number): number {
  const next = text.charCodeAt(at + 1);
  if (code === 45 && next === 45) return lineEnd(text, at);
  if (code !== 47 || next !== 42) return -1;
  let depth = 1;
  let end = at + 2;
  while (depth > 0) {
    const close = text.indexOf('*/', end);
    if (close === -1) return text.length;
    const open = text.indexOf('/*', end);
    if (open !== -1 && open < close) {
      depth++;
      end = open + 2;
    } else {
      depth--;
      end = close + 2;
    }
  }
  return end;
}

/** The end of a string, quoted name or dollar-quoted text that begins here; -1 where none does. */
function literalEnd(text: string, at: number, code: number): number {
  if (code === 39) return stringEnd(text, at);
  if (code === 34) return quoteEnd(text, at, '"');
  if (code !== 36) return -1;
  DOLLAR.lastIndex = at;
  const tag = DOLLAR.exec(text)?.[0];
  if (tag === undefined) return at + 1;
  const close = text.indexOf(tag, at + tag.length);
  return close === -1 ? text.length : close + tag.length;
}

/** `E'…'` escapes by backslash, `'…'` does not. */
function stringEnd(text: string, at: number): number {
  const before = text.charCodeAt(at - 1) | 32;
  const escapes = before === 101 && !isWordStart(text.charCodeAt(at - 2));
  if (!escapes) return quoteEnd(text, at, "'");
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 92) end++;
    else if (code === 39) {
      if (text.charCodeAt(end + 1) !== 39) return end + 1;
      end++;
    }
  }
  return text.length;
}

function quoteEnd(text: string, at: number, mark: string): number {
  for (let end = text.indexOf(mark, at + 1); end !== -1; end = text.indexOf(mark, end + 2)) {
    if (text.charAt(end + 1) !== mark) return end + 1;
  }
  return text.length;
}

/** Behind the line `\.` that ends the data of a COPY. */
function behindData(text: string, from: number): number {
  const first = lineEnd(text, from);
  if (text.startsWith('\n\\.', first)) return lineEnd(text, first + 1);
  const end = text.indexOf('\n\\.', first);
  return end === -1 ? text.length : lineEnd(text, end + 1);
}
