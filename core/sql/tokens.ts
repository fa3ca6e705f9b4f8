/**
 * Splits SQL text into tokens far enough to tell code from literals and comments, in any dialect, on broken text too.
 * It decides nothing about meaning: that is the parser's business.
 */
import type { Dialect } from '../contract/event.ts';

export type TokenKind =
  | 'word'
  | 'string'
  | 'quoted'
  | 'dollar'
  | 'comment'
  | 'number'
  | 'punctuation'
  | 'space';

export interface Token {
  kind: TokenKind;
  /** UTF-16 offsets into the text. */
  start: number;
  end: number;
}

const WORD = /[\p{L}\p{N}_$]/u;

/** Tokens that cover the whole text, in order. An unterminated literal or comment runs to the end. */
export function tokenize(text: string, dialect: Dialect = 'unknown'): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const kind = kindAt(text, at, dialect);
    at = Math.max(at + 1, endOf(text, at, kind, dialect));
    tokens.push({ kind, start, end: at });
  }
  return tokens;
}

function kindAt(text: string, at: number, dialect: Dialect): TokenKind {
  const c = text.charAt(at);
  const next = text.charAt(at + 1);
  if (/\s/.test(c)) return 'space';
  if (c === '-' && next === '-') return 'comment';
  if (c === '/' && next === '*') return 'comment';
  if (c === '*' && next === '/' && dialect === 'mysql') return 'comment';
  if (c === '#' && dialect === 'mysql') return 'comment';
  if (c === "'") return 'string';
  if (c === '"') return dialect === 'mysql' ? 'string' : 'quoted';
  if (c === '`') return 'quoted';
  if (c === '$' && dollarTag(text, at) !== undefined && dialect !== 'mysql') return 'dollar';
  if (/[0-9]/.test(c)) return 'number';
  if (WORD.test(c)) return 'word';
  return 'punctuation';
}

function endOf(text: string, at: number, kind: TokenKind, dialect: Dialect): number {
  switch (kind) {
    case 'space':
      return runEnd(text, at, /\s/);
    case 'word':
    case 'number':
      return runEnd(text, at, WORD);
    case 'comment':
      return commentEnd(text, at, dialect);
    case 'string':
      return quotedEnd(text, at, backslashEscapes(text, at, dialect));
    case 'quoted':
      return quotedEnd(text, at, false);
    case 'dollar': {
      const tag = dollarTag(text, at) ?? '';
      const close = text.indexOf(tag, at + tag.length);
      return close === -1 ? text.length : close + tag.length;
    }
    case 'punctuation':
      return at + 1;
  }
}

function runEnd(text: string, at: number, of: RegExp): number {
  let end = at;
  while (end < text.length && of.test(text.charAt(end))) end++;
  return end;
}

/** MySQL runs what stands in such a comment: `/*!40101 SET NAMES utf8 *` + `/`, MariaDB also with an M. */
const EXECUTED = /^\/\*M?!\d*/;

/** PostgreSQL nests block comments; the others do not. Of a comment that MySQL runs only its marks are comment. */
function commentEnd(text: string, at: number, dialect: Dialect): number {
  if (dialect === 'mysql') {
    if (text.charAt(at) === '*') return at + 2;
    const mark = EXECUTED.exec(text.slice(at, at + 12));
    if (mark) return at + mark[0].length;
  }
  if (text.charAt(at) !== '/') {
    const newline = text.indexOf('\n', at);
    return newline === -1 ? text.length : newline;
  }
  let depth = 1;
  let end = at + 2;
  while (end < text.length && depth > 0) {
    if (text.startsWith('*/', end)) {
      depth--;
      end += 2;
    } else if (text.startsWith('/*', end) && dialect === 'postgres') {
      depth++;
      end += 2;
    } else {
      end++;
    }
  }
  return end;
}

function quotedEnd(text: string, at: number, backslash: boolean): number {
  const mark = text.charAt(at);
  let end = at + 1;
  while (end < text.length) {
    const c = text.charAt(end);
    if (backslash && c === '\\') end += 2;
    else if (c !== mark) end++;
    else if (text.charAt(end + 1) === mark) end += 2;
    else return end + 1;
  }
  return text.length;
}

/** MySQL escapes by backslash in every string, PostgreSQL in E'…'. */
function backslashEscapes(text: string, at: number, dialect: Dialect): boolean {
  if (dialect === 'mysql' || dialect === 'clickhouse') return true;
  return /(?:^|[^\p{L}\p{N}_])e$/iu.test(text.slice(Math.max(0, at - 2), at));
}

function dollarTag(text: string, at: number): string | undefined {
  return /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(text.slice(at, at + 66))?.[0];
}
