/**
 * Every place in a history where a table or column is made, changed or used, across renames: the same thing keeps its
 * identity under a new name, and a table that is dropped and made again is another one. By words alone, see `outline.ts`.
 */
import type { Dialect } from '../../../core/contract/event.ts';
import { aliases, columnsHolding, tablePlaces } from './names-in-statement.ts';
import {
  isName,
  type OutlineStatement,
  outline,
  type Shaping,
  shapingOf,
  tableNameAt,
  type Word,
} from './outline.ts';

export interface IndexedFile {
  absolute: string;
  text: string;
  dialect: Dialect;
}

/** A table, or a column of one. */
export type Thing = Table | Column;

export interface Mention {
  thing: Thing;
  /** `make`: it comes into being here, or gets its name. */
  role: 'make' | 'change' | 'use';
  start: number;
  end: number;
}

class Column {}

class Table {
  readonly columns = new Map<string, Column>();

  column(name: string): Column {
    const known = this.columns.get(name) ?? new Column();
    this.columns.set(name, known);
    return known;
  }
}

/** Larger files are data. */
const MOST_CHARACTERS = 500_000;

/** Outlines are kept as long as a text is the same. */
export class NameIndex {
  readonly #outlines = new Map<string, { text: string; statements: OutlineStatement[] }>();

  /** The mentions of each file, in order of the files. */
  mentions(files: readonly IndexedFile[]): Mention[][] {
    const pass = new Pass();
    return files.map((file) => this.#outlineOf(file).flatMap((statement) => pass.read(statement)));
  }

  #outlineOf({ absolute, text, dialect }: IndexedFile): OutlineStatement[] {
    const known = this.#outlines.get(absolute);
    if (known?.text === text) return known.statements;
    const statements = text.length > MOST_CHARACTERS ? [] : outline(text, dialect);
    this.#outlines.set(absolute, { text, statements });
    return statements;
  }
}

class Pass {
  readonly #tables = new Map<string, Table>();

  read(statement: OutlineStatement): Mention[] {
    const { words } = statement;
    const shaping = shapingOf(statement);
    if (shaping) this.#make(shaping);
    const found = new Map<Word, Mention>();
    const add = (word: Word, thing: Thing | undefined, role: Mention['role']) => {
      if (thing && !found.has(word)) found.set(word, { thing, role, start: word.start, end: word.end });
    };
    const behind = new Map<number, Table>();
    for (const at of tablePlaces(words)) {
      const name = tableNameAt(words, at);
      if (!name) continue;
      const table = this.#table(name.schema, name.word.text);
      behind.set(name.next, table);
      const isIt = shaping?.table.word === name.word;
      add(name.word, table, !isIt ? 'use' : shaping.verb.startsWith('create') ? 'make' : 'change');
    }
    if (shaping) this.#shape(shaping, add);
    this.#columns(words, found, behind, add);
    if (shaping) this.#settle(shaping);
    return [...found.values()].sort((a, b) => a.start - b.start);
  }

  #make({ verb, table: { schema, word } }: Shaping): void {
    const key = keyOf(schema, word.text);
    if (verb.startsWith('create') && !this.#tables.has(key)) this.#tables.set(key, new Table());
  }

  #shape(
    { table, columns, renamedTo }: Shaping,
    add: (word: Word, thing: Thing | undefined, role: Mention['role']) => void,
  ): void {
    const owner = this.#table(table.schema, table.word.text);
    let renamed: Column | undefined;
    for (const { word, role } of columns) {
      if (role === 'make') {
        const made = owner.columns.get(word.text) ?? owner.column(word.text);
        add(word, made, 'make');
      } else if (role === 'new-name') {
        if (renamed) owner.columns.set(word.text, renamed);
        add(word, renamed, 'make');
      } else {
        const column = owner.column(word.text);
        if (role === 'rename') {
          renamed = column;
          owner.columns.delete(word.text);
        }
        add(word, column, 'change');
        if (role === 'drop') owner.columns.delete(word.text);
      }
    }
    if (renamedTo) add(renamedTo, owner, 'make');
  }

  /** Names of columns that are only used: by what they are qualified with, or in whose brackets they stand. */
  #columns(
    words: readonly Word[],
    found: ReadonlyMap<Word, Mention>,
    behind: ReadonlyMap<number, Table>,
    add: (word: Word, thing: Thing | undefined, role: Mention['role']) => void,
  ): void {
    const tables = aliases(words, (schema, name) => this.#tables.get(keyOf(schema, name)));
    const brackets: (Table | undefined)[] = [];
    for (const [at, word] of words.entries()) {
      if (word.kind === 'sign' && word.text === '(') brackets.push(behind.get(at) ?? brackets.at(-1));
      if (word.kind === 'sign' && word.text === ')') brackets.pop();
      if (!isName(word) || found.has(word)) continue;
      const qualifier = words[at - 1]?.text === '.' ? words[at - 2] : undefined;
      const owner = qualifier
        ? tables.get(qualifier.text)
        : (having(brackets.at(-1), word.text) ?? columnsHolding(word.text, tables)[0]);
      add(word, owner?.columns.get(word.text), 'use');
      if (words[at + 1]?.text === '.' && !qualifier) add(word, tables.get(word.text), 'use');
    }
  }

  #settle({ verb, table: { schema, word }, renamedTo }: Shaping): void {
    const key = keyOf(schema, word.text);
    const table = this.#tables.get(key);
    if (verb === 'drop_table') this.#tables.delete(key);
    if (!renamedTo || !table) return;
    this.#tables.delete(key);
    this.#tables.set(keyOf(schema, renamedTo.text), table);
  }

  /** One that no statement made is taken to be there. */
  #table(schema: string | undefined, name: string): Table {
    const key = keyOf(schema, name);
    const table = this.#tables.get(key) ?? new Table();
    this.#tables.set(key, table);
    return table;
  }
}

function having(table: Table | undefined, column: string): Table | undefined {
  return table?.columns.has(column) ? table : undefined;
}

function keyOf(schema: string | undefined, name: string): string {
  return schema === undefined || schema === 'public' ? name : `${schema}.${name}`;
}
