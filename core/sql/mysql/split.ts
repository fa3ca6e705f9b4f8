/**
 * Splits a MySQL script: at semicolons outside of literals, comments and bodies of procedures, and at whatever the
 * client's DELIMITER command says instead.
 */
import { type Lexeme, lexemes } from '../cursor.ts';

export interface Part {
  /** UTF-16 offsets of the statement without its delimiter. */
  start: number;
  end: number;
}

const DELIMITER = /^[ \t]*DELIMITER[ \t]+(\S+)[ \t]*\r?$/gim;

export function splitMysql(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let delimiter = ';';
  for (const match of text.matchAll(DELIMITER)) {
    parts.push(...section(text, from, match.index, delimiter));
    from = match.index + match[0].length;
    delimiter = match[1] ?? ';';
  }
  parts.push(...section(text, from, text.length, delimiter));
  return parts;
}

function section(text: string, from: number, to: number, delimiter: string): Part[] {
  const slice = text.slice(from, to);
  if (delimiter === ';')
    return atSemicolons(slice).map(({ start, end }) => ({ start: from + start, end: from + end }));
  const parts: Part[] = [];
  const code = lexemes(slice, 'mysql');
  let first: Lexeme | undefined;
  let last: Lexeme | undefined;
  const finish = () => {
    if (first && last) parts.push({ start: from + first.start, end: from + last.end });
    first = undefined;
    last = undefined;
  };
  let skipTo = 0;
  for (const lexeme of code) {
    if (lexeme.start < skipTo) continue;
    const literal = lexeme.kind === 'string' || lexeme.kind === 'quoted';
    const found = literal ? -1 : slice.slice(lexeme.start, lexeme.end + delimiter.length).indexOf(delimiter);
    if (found === 0) {
      finish();
      skipTo = lexeme.start + delimiter.length;
    } else if (found > 0 && lexeme.start + found < lexeme.end) {
      // `END$$`: the tokenizer takes $ for a letter.
      last = { ...lexeme, end: lexeme.start + found };
      first ??= last;
      finish();
      skipTo = lexeme.start + found + delimiter.length;
    } else {
      first ??= lexeme;
      last = lexeme;
    }
  }
  finish();
  return parts;
}

const OPENS = new Set(['BEGIN', 'CASE', 'IF', 'LOOP', 'REPEAT', 'WHILE', 'FOR']);

function atSemicolons(text: string): Part[] {
  const parts: Part[] = [];
  let code: Lexeme[] = [];
  let depth = 0;
  let body = false;
  const finish = () => {
    const [first, last] = [code[0], code.at(-1)];
    if (first && last) parts.push({ start: first.start, end: last.end });
    code = [];
    depth = 0;
    body = false;
  };
  const list = lexemes(text, 'mysql');
  for (const [i, lexeme] of list.entries()) {
    const { word, kind } = lexeme;
    if (word === ';' && kind === 'punctuation' && depth === 0) {
      finish();
      continue;
    }
    code.push(lexeme);
    if (kind !== 'word') continue;
    if (!body && code.length <= 24) body = hasBody(code);
    if (!body) continue;
    const before = list[i - 1]?.word;
    if (before === 'END' && OPENS.has(word)) continue;
    if (word === 'END') depth = Math.max(0, depth - 1);
    else if (OPENS.has(word) && opens(list, i, depth)) depth++;
  }
  finish();
  return parts;
}

/** `CREATE … PROCEDURE, FUNCTION, TRIGGER, EVENT`, or MariaDB's `BEGIN NOT ATOMIC`. */
function hasBody(code: readonly Lexeme[]): boolean {
  const words = code.map(({ word }) => word);
  if (words[0] === 'BEGIN' && words[1] === 'NOT') return true;
  return (
    words[0] === 'CREATE' &&
    ['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE'].includes(words.at(-1) ?? '')
  );
}

/** `IF(` and `REPEAT(` are functions, `IF EXISTS` and `IF NOT EXISTS` belong to a name, `FOR EACH ROW` to a trigger. */
function opens(list: readonly Lexeme[], at: number, depth: number): boolean {
  const word = list[at]?.word;
  const next = list[at + 1]?.word ?? '';
  if (word === 'BEGIN' || word === 'CASE' || word === 'LOOP') return true;
  if (depth === 0 && word !== 'WHILE') return false;
  if (word === 'FOR') return next !== 'EACH' && next !== 'UPDATE' && list[at - 1]?.word !== 'CURSOR';
  if (word === 'IF') {
    if (
      next === 'EXISTS' ||
      (next === 'NOT' && list[at + 2]?.word === 'EXISTS' && list[at + 3]?.word !== '(')
    )
      return false;
    const start = [';', 'THEN', 'ELSE', 'DO', 'BEGIN', 'LOOP', 'REPEAT'].includes(list[at - 1]?.word ?? '');
    return start;
  }
  if (word === 'REPEAT')
    return next !== '(' || [';', 'THEN', 'ELSE', 'BEGIN', ':'].includes(list[at - 1]?.word ?? '');
  return true;
}
