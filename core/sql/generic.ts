/**
 * Reads SQL of dialects without a parser here (SQLite, MySQL, ClickHouse, …) as far as tokens carry: where statements
 * begin and end, and what their first words say they do.
 */
import type { Dialect } from '../contract/event.ts';
import type { Operation } from './operations.ts';
import type { ParsedSql, Statement } from './statement.ts';
import { Lines } from './text.ts';
import { type Token, tokenize } from './tokens.ts';

/** The statements of a text, split at semicolons outside literals, comments and trigger bodies. Never throws. */
export function parseGeneric(text: string, dialect: Dialect): ParsedSql {
  const lines = new Lines(text);
  const statements: Statement[] = [];
  let code: Token[] = [];
  let depth = 0;
  const finish = () => {
    const [first, last] = [code[0], code.at(-1)];
    code = [];
    depth = 0;
    if (!first || !last) return;
    const part = text.slice(first.start, last.end);
    const words = wordsOf(part, dialect);
    statements.push({
      index: statements.length,
      kind: kindOfWords(words),
      text: part,
      start: first.start,
      end: last.end,
      line: lines.at(first.start).line,
      endLine: lines.at(last.end - 1).line,
      operations: [operationOf(words)],
    });
  };
  for (const token of tokenize(text, dialect)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    const word = text.slice(token.start, token.end).toUpperCase();
    if (word === ';' && depth === 0) {
      finish();
      continue;
    }
    if (inTrigger(text, code) && (word === 'BEGIN' || word === 'CASE')) depth++;
    if (word === 'END' && depth > 0) depth--;
    code.push(token);
  }
  finish();
  return { dialect, statements, problems: [] };
}

function inTrigger(text: string, code: Token[]): boolean {
  const words = code.slice(0, 4).map((token) => text.slice(token.start, token.end).toUpperCase());
  return words[0] === 'CREATE' && words.includes('TRIGGER');
}

/** The first words and names, upper-cased where they are plain words, unquoted where they are names. */
function wordsOf(text: string, dialect: Dialect): string[] {
  const words: string[] = [];
  for (const token of tokenize(text.slice(0, 2_000), dialect)) {
    const part = text.slice(token.start, token.end);
    if (token.kind === 'word' || token.kind === 'quoted') words.push(part);
    else if (part === '.' || part === '(') words.push(part);
    if (words.length >= 40) break;
  }
  return words;
}

const NOISE = new Set([
  'IF',
  'NOT',
  'EXISTS',
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'UNIQUE',
  'IGNORE',
  'INTO',
  'FROM',
  'ONLY',
  'FULLTEXT',
  'VIRTUAL',
  'MATERIALIZED',
  'RECURSIVE',
]);

function kindOfWords(words: string[]): string {
  const [verb = 'Unknown', noun = ''] = words.filter((word) => !NOISE.has(word.toUpperCase()));
  const isDefinition = /^(?:CREATE|ALTER|DROP|RENAME)$/i.test(verb);
  return [verb, ...(isDefinition ? [noun] : [])].map(capitalised).join('');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

function operationOf(words: string[]): Operation {
  const plain = words.filter((word) => !NOISE.has(word.toUpperCase()));
  const verb = (plain[0] ?? 'unknown').toLowerCase();
  const noun = (plain[1] ?? '').toLowerCase();
  if (verb === 'alter' && noun === 'table') {
    const { name, next } = nameAt(plain, 2);
    const action = [plain[next], plain[next + 1]].map((word) => (word ?? '').toLowerCase());
    return alteration(action[0] ?? '', action[1] ?? '', name);
  }
  if (verb === 'create' || verb === 'drop') {
    const on = plain.findIndex((word) => word.toUpperCase() === 'ON');
    const { name } = nameAt(plain, noun === 'index' && on > 0 ? on + 1 : 2);
    const destructive = verb === 'drop' && (noun === 'table' || noun === 'database');
    return { name: `${verb}_${noun}`, objects: name ? [name] : [], destructive };
  }
  if (verb === 'insert' || verb === 'update' || verb === 'delete' || verb === 'truncate') {
    const { name } = nameAt(plain, noun === 'table' ? 2 : 1);
    return { name: verb, objects: name ? [name] : [], destructive: verb === 'delete' || verb === 'truncate' };
  }
  return { name: verb.replace(/[^a-z_]/g, '') || 'unknown', objects: [], destructive: false };
}

function alteration(action: string, what: string, name: string): Operation {
  const objects = name ? [name] : [];
  if (action === 'add')
    return { name: what === 'constraint' ? 'add_constraint' : 'add_column', objects, destructive: false };
  if (action === 'drop') {
    const column = what !== 'constraint' && what !== 'index' && what !== 'foreign';
    return { name: column ? 'drop_column' : `drop_${what}`, objects, destructive: column };
  }
  if (action === 'rename')
    return { name: what === 'to' ? 'rename_table' : 'rename_column', objects, destructive: false };
  if (action === 'modify' || action === 'change')
    return { name: 'alter_column_type', objects, destructive: false };
  return { name: 'alter_table', objects, destructive: false };
}

/** A possibly dotted and quoted name that begins at word `at`, and the word behind it. */
function nameAt(words: string[], at: number): { name: string; next: number } {
  const parts = [unquote(words[at] ?? '')];
  let next = at + 1;
  while (words[next] === '.') {
    parts.push(unquote(words[next + 1] ?? ''));
    next += 2;
  }
  return { name: parts.join('.'), next };
}

function unquote(word: string): string {
  return word.replace(/^["`]|["`]$/g, '');
}
