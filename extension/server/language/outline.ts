/**
 * The outline of SQL by its words alone: statements, the table each is about, the columns it makes or changes. No parser:
 * it reads text that is being typed, in every dialect, and knows nothing of what the words mean beyond that.
 */
import type { Dialect } from '../../../core/contract/event.ts';
import { tokenize } from '../../../core/sql/tokens.ts';

/** A token that is neither space nor comment. */
export interface Word {
  /** Names as the database keeps them: folded, without quotes. */
  text: string;
  kind: 'name' | 'quoted' | 'sign' | 'literal';
  start: number;
  end: number;
}

export interface OutlineStatement {
  start: number;
  end: number;
  words: Word[];
}

export interface TableName {
  schema?: string;
  word: Word;
  /** Index of the word behind it. */
  next: number;
}

export type ColumnRole = 'make' | 'change' | 'drop' | 'rename' | 'new-name';

/** What a statement says of the shape of a table. */
export interface Shaping {
  verb: 'create_table' | 'create_view' | 'alter_table' | 'drop_table';
  table: TableName;
  columns: { word: Word; role: ColumnRole }[];
  /** New name of the table. */
  renamedTo?: Word;
}

export function outline(text: string, dialect: Dialect): OutlineStatement[] {
  const statements: OutlineStatement[] = [];
  let words: Word[] = [];
  const close = () => {
    const [first] = words;
    if (first) statements.push({ start: first.start, end: words.at(-1)?.end ?? first.end, words });
    words = [];
  };
  for (const { kind, start, end } of tokenize(text, dialect)) {
    if (kind === 'space' || kind === 'comment') continue;
    const raw = text.slice(start, end);
    if (raw === ';') close();
    else if (kind === 'word') words.push({ text: raw.toLowerCase(), kind: 'name', start, end });
    else if (kind === 'quoted') words.push({ text: unquoted(raw, dialect), kind: 'quoted', start, end });
    else words.push({ text: raw, kind: kind === 'punctuation' ? 'sign' : 'literal', start, end });
  }
  close();
  return statements;
}

export function isName(word: Word | undefined): word is Word {
  return word?.kind === 'name' || word?.kind === 'quoted';
}

/** Whether these keywords stand at a place. */
export function standsAt(words: readonly Word[], at: number, ...keywords: string[]): boolean {
  return keywords.every((keyword, i) => words[at + i]?.kind === 'name' && words[at + i]?.text === keyword);
}

/** `name` or `schema.name` at a place. */
export function tableNameAt(words: readonly Word[], at: number): TableName | undefined {
  const first = words[at];
  if (!isName(first)) return undefined;
  const second = words[at + 2];
  if (words[at + 1]?.text === '.' && isName(second))
    return { schema: first.text, word: second, next: at + 3 };
  return { word: first, next: at + 1 };
}

const NO_COLUMN = new Set([
  ...['constraint', 'primary', 'unique', 'foreign', 'check', 'exclude', 'like', 'key', 'index'],
  ...['fulltext', 'spatial', 'period'],
]);

/** Undefined for what makes or changes no table. */
export function shapingOf({ words }: OutlineStatement): Shaping | undefined {
  let at = 1;
  if (standsAt(words, 0, 'create')) {
    while (
      [
        'or',
        'replace',
        'global',
        'local',
        'temp',
        'temporary',
        'unlogged',
        'materialized',
        'recursive',
      ].includes(words[at]?.text ?? '')
    )
      at++;
    const verb = standsAt(words, at, 'table')
      ? 'create_table'
      : standsAt(words, at, 'view')
        ? 'create_view'
        : undefined;
    const table = verb && tableNameAt(words, past(words, at + 1, 'if', 'not', 'exists'));
    if (!verb || !table) return undefined;
    return { verb, table, columns: verb === 'create_table' ? definedColumns(words, table.next) : [] };
  }
  const verb = standsAt(words, 0, 'alter', 'table')
    ? 'alter_table'
    : standsAt(words, 0, 'drop', 'table')
      ? 'drop_table'
      : undefined;
  if (!verb) return undefined;
  const from = past(words, past(words, 2, 'if', 'exists'), 'only');
  const table = tableNameAt(words, from);
  if (!table) return undefined;
  if (verb === 'drop_table') return { verb, table, columns: [] };
  return {
    verb,
    table,
    ...alterations(words, words[table.next]?.text === '*' ? table.next + 1 : table.next),
  };
}

function past(words: readonly Word[], at: number, ...keywords: string[]): number {
  return standsAt(words, at, ...keywords) ? at + keywords.length : at;
}

/** The first word of each part between the outer brackets, where it is no constraint. */
function definedColumns(words: readonly Word[], from: number): Shaping['columns'] {
  if (words[from]?.text !== '(') return [];
  return parts(words, from + 1).flatMap(([at]) => {
    const word = words[at];
    if (!isName(word) || (word.kind === 'name' && NO_COLUMN.has(word.text))) return [];
    return [{ word, role: 'make' as const }];
  });
}

function alterations(words: readonly Word[], from: number): Pick<Shaping, 'columns' | 'renamedTo'> {
  const columns: Shaping['columns'] = [];
  let renamedTo: Word | undefined;
  for (const [at] of parts(words, from)) {
    const action = words[at]?.kind === 'name' ? words[at].text : '';
    const inner = past(words, at + 1, 'column');
    const name = words[past(words, past(words, inner, 'if', 'exists'), 'if', 'not', 'exists')];
    const isColumn = isName(name) && !(name.kind === 'name' && NO_COLUMN.has(name.text));
    if (action === 'add' && isColumn) columns.push({ word: name, role: 'make' });
    else if (action === 'drop' && isColumn) columns.push({ word: name, role: 'drop' });
    else if ((action === 'alter' || action === 'modify') && isColumn)
      columns.push({ word: name, role: 'change' });
    else if (action === 'change' && isColumn) {
      const next = words[words.indexOf(name) + 1];
      columns.push({ word: name, role: 'rename' });
      if (isName(next)) columns.push({ word: next, role: 'new-name' });
    } else if (action === 'rename') {
      const to = words[at + 2];
      if (standsAt(words, at + 1, 'to') && isName(to)) renamedTo = to;
      else if (isColumn && name) {
        const next = words.indexOf(name) + 1;
        const now = words[next + 1];
        columns.push({ word: name, role: 'rename' });
        if (standsAt(words, next, 'to') && isName(now)) columns.push({ word: now, role: 'new-name' });
      }
    }
  }
  return { columns, ...(renamedTo ? { renamedTo } : {}) };
}

/** Parts between commas on the level of brackets where they begin, as indexes of their first word and of their end. */
function parts(words: readonly Word[], from: number): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = from;
  let at = from;
  for (; at < words.length; at++) {
    const sign = words[at]?.kind === 'sign' ? words[at]?.text : undefined;
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) break;
    if (sign === ',' && depth === 0) {
      found.push([start, at]);
      start = at + 1;
    }
  }
  if (start < at) found.push([start, at]);
  return found;
}

function unquoted(raw: string, dialect: Dialect): string {
  const mark = raw.charAt(0);
  const inner = raw
    .slice(1, raw.endsWith(mark) && raw.length > 1 ? -1 : undefined)
    .replaceAll(mark + mark, mark);
  return dialect === 'postgres' || dialect === 'unknown' ? inner : inner.toLowerCase();
}
