/** Which tables a statement speaks of, under which names, by its words alone. Pure. */
import { isName, standsAt, tableNameAt, type Word } from './outline.ts';

/** Words behind which a table stands. */
export const BEFORE_TABLE = new Set([
  'from',
  'join',
  'into',
  'update',
  'table',
  'only',
  'references',
  'truncate',
  'using',
]);
const NO_ALIAS = new Set([
  ...[
    'where',
    'set',
    'on',
    'join',
    'left',
    'right',
    'inner',
    'outer',
    'full',
    'cross',
    'natural',
    'group',
    'order',
  ],
  ...[
    'limit',
    'union',
    'values',
    'select',
    'using',
    'returning',
    'having',
    'as',
    'add',
    'drop',
    'alter',
    'rename',
  ],
  ...[
    'default',
    'not',
    'null',
    'primary',
    'unique',
    'check',
    'deferrable',
    'match',
    'cascade',
    'restrict',
    'for',
  ],
]);

/** Finds a table by its name; undefined where there is none. */
export type Resolve<T> = (schema: string | undefined, name: string) => T | undefined;

/** The tables of a statement by the names that stand for them in it: their own, and their aliases. */
export function aliases<T>(words: readonly Word[], resolve: Resolve<T>): Map<string, T> {
  const found = new Map<string, T>();
  for (const at of tablePlaces(words)) {
    const name = tableNameAt(words, at);
    const table = name && resolve(name.schema, name.word.text);
    if (!name || table === undefined) continue;
    found.set(name.word.text, table);
    const next = standsAt(words, name.next, 'as') ? name.next + 1 : name.next;
    const alias = words[next];
    if (isName(alias) && !(alias.kind === 'name' && NO_ALIAS.has(alias.text))) found.set(alias.text, table);
  }
  return found;
}

/** Indexes of the words where the name of a table begins. */
export function tablePlaces(words: readonly Word[]): number[] {
  const places: number[] = [];
  const first = words[0]?.text;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word?.kind !== 'name') continue;
    if (BEFORE_TABLE.has(word.text)) {
      let next = at + 1;
      for (const skipped of [['if', 'not', 'exists'], ['if', 'exists'], ['only'], ['table']])
        if (standsAt(words, next, ...skipped)) next += skipped.length;
      if (!BEFORE_TABLE.has(words[next]?.text ?? '') || words[next]?.kind === 'quoted') places.push(next);
      for (let comma = nextComma(words, next, word.text); comma; comma = nextComma(words, comma, word.text))
        places.push(comma);
    } else if (word.text === 'on' && (first === 'create' || first === 'comment' || first === 'drop')) {
      const next = standsAt(words, at + 1, 'only') ? at + 2 : at + 1;
      if (!['delete', 'update', 'table', 'column', 'conflict'].includes(words[next]?.text ?? ''))
        places.push(next);
    }
  }
  return places;
}

/** In a list of tables behind FROM, DROP TABLE, TRUNCATE: where the next one begins. */
function nextComma(words: readonly Word[], at: number, keyword: string): number | undefined {
  if (keyword !== 'from' && keyword !== 'table' && keyword !== 'truncate') return undefined;
  const name = tableNameAt(words, at);
  if (!name) return undefined;
  for (let next = name.next; next <= name.next + 2; next++)
    if (words[next]?.text === ',' && words[0]?.text !== 'alter') return next + 1;
  return undefined;
}

/** The tables among those of a statement that have a column of this name. */
export function columnsHolding<T extends { columns: { has(name: string): boolean } }>(
  column: string,
  tables: ReadonlyMap<string, T>,
): T[] {
  return [...new Set(tables.values())].filter(({ columns }) => columns.has(column));
}
