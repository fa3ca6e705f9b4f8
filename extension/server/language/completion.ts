/**
 * Names, types and keywords that fit where somebody types, from the schema at that point. Reads the words around the
 * cursor, never a parse tree: what is being typed does not parse.
 */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';
import type { Catalogue, CatalogueRelation } from '../../../core/effects/catalogue.ts';
import { t } from '../../text.ts';
import type { Judge } from './judge.ts';
import type { IsCancelled } from './kept-history.ts';
import { KEYWORDS, TYPES } from './keywords.ts';
import { aliases, BEFORE_TABLE } from './names-in-statement.ts';
import {
  isName,
  type OutlineStatement,
  outline,
  shapingOf,
  standsAt,
  tableNameAt,
  type Word,
} from './outline.ts';
import { shortName, sizeText } from './wording.ts';

/** A list that nobody would read to its end. */
const MOST_ITEMS = 500;

export async function completionsAt(
  judge: Judge,
  uri: string,
  offset: number,
  isCancelled: IsCancelled,
): Promise<CompletionItem[]> {
  const found = await judge.at(uri, isCancelled, (standing, history, { text }) => {
    const { dialect, format } = standing.file;
    if (format.unanalysed) return [];
    const statements = outline(text, dialect);
    const statement = statements.findLast(({ start }) => start < offset);
    const ended = statement && text.slice(statement.end, offset).includes(';');
    const inside = statement && !ended ? statement : { start: offset, end: offset, words: [] };
    if (inLiteral(inside, offset) || inComment(text, offset)) return [];
    return judge.schemaAt(standing, history, inside.start, (catalogue) =>
      new Completer(inside, offset, catalogue, (relation) => {
        const size = judge.size(relation);
        return size && sizeText(size);
      })
        .items()
        .slice(0, MOST_ITEMS),
    );
  });
  return found ?? [];
}

function inLiteral({ words }: OutlineStatement, offset: number): boolean {
  return words.some(
    ({ kind, text, start, end }) =>
      kind === 'literal' && start < offset && (offset < end || (offset === end && !/['\d]$/.test(text))),
  );
}

function inComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^(?:[^']|'[^']*')*--/.test(line);
}

class Completer {
  readonly #words: readonly Word[];
  /** Words before the cursor, without the one that is being typed. */
  readonly #before: readonly Word[];
  readonly #statement: OutlineStatement;
  readonly #catalogue: Catalogue;
  readonly #sizeOf: (relation: string) => string | undefined;

  constructor(
    statement: OutlineStatement,
    offset: number,
    catalogue: Catalogue,
    sizeOf: (relation: string) => string | undefined,
  ) {
    this.#statement = statement;
    this.#catalogue = catalogue;
    this.#sizeOf = sizeOf;
    // The half-typed word is no name yet.
    this.#words = statement.words.filter(
      ({ start, end, kind }) => !(kind === 'name' && start < offset && offset <= end),
    );
    this.#before = this.#words.filter(({ end }) => end <= offset);
  }

  items(): CompletionItem[] {
    const words = this.#before;
    const last = words.at(-1);
    if (!last) return keywords(KEYWORDS.statement);
    if (last.text === '.' && last.kind === 'sign') return this.#qualified(words.at(-2));
    if (last.text === ':' && words.at(-2)?.text === ':') return this.#types();
    const bracket = this.#bracket();
    if (bracket) return bracket;
    if (this.#wantsTable(words)) return this.#relations();
    return this.#alteration(words) ?? this.#expression(last);
  }

  /** `table.`, `alias.` or `schema.` */
  #qualified(qualifier: Word | undefined): CompletionItem[] {
    if (!isName(qualifier)) return [];
    const owner = this.#tables().get(qualifier.text) ?? this.#catalogue.resolve(undefined, qualifier.text);
    if (owner) return columnsOf(owner);
    return this.#relations(qualifier.text);
  }

  /** Inside of brackets that say whose columns stand in them, or that define columns. */
  #bracket(): CompletionItem[] | undefined {
    const words = this.#before;
    let depth = 0;
    let open = words.length - 1;
    for (; open >= 0; open--) {
      const word = words[open];
      if (word?.kind !== 'sign') continue;
      if (word.text === ')') depth++;
      if (word.text === '(' && --depth < 0) break;
    }
    if (open < 0) return undefined;
    const shaping = shapingOf(this.#statement);
    const inside = words.slice(open + 1);
    const isNewPart = inside.length === 0 || inside.at(-1)?.text === ',';
    if (shaping?.verb === 'create_table' && shaping.table.next === open) return this.#definition(inside);
    const own = shaping ? this.#columnsOf(shaping.table.schema, shaping.table.word.text) : [];
    const [previous, beforeIt] = [words[open - 1], words[open - 2]];
    if (previous?.kind === 'name' && ['key', 'unique', 'check'].includes(previous.text)) {
      return beforeIt?.text === 'foreign' || isNewPart || previous.text === 'check'
        ? [...own, ...this.#ownNew()]
        : own;
    }
    // REFERENCES t (…, INSERT INTO t (…, CREATE INDEX … ON t (…
    for (const from of [open - 3, open - 1]) {
      const name = from > 0 ? tableNameAt(words, from) : undefined;
      if (!name || name.next !== open) continue;
      const keyword = words[from - 1]?.text ?? '';
      if (!BEFORE_TABLE.has(keyword) && keyword !== 'on') continue;
      return this.#columnsOf(name.schema, name.word.text);
    }
    return undefined;
  }

  /** Between the brackets of CREATE TABLE. */
  #definition(inside: readonly Word[]): CompletionItem[] {
    const from = inside.findLastIndex(({ kind, text }) => kind === 'sign' && text === ',') + 1;
    const part = inside.slice(from);
    const last = part.at(-1);
    if (part.length === 0) return keywords(KEYWORDS.constraint);
    if (last?.text === 'references') return this.#relations();
    return part.length === 1 ? this.#types() : keywords(KEYWORDS.column);
  }

  #wantsTable(words: readonly Word[]): boolean {
    const last = words.at(-1);
    if (last?.kind === 'sign' && last.text === ',') {
      const from = words.findLastIndex(
        ({ text, kind }) =>
          kind === 'name' &&
          (BEFORE_TABLE.has(text) || text === 'where' || text === 'select' || text === 'set'),
      );
      return ['from', 'truncate'].includes(words[from]?.text ?? '') || standsAt(words, 0, 'drop', 'table');
    }
    if (last?.kind !== 'name') return false;
    if (last.text === 'exists') return standsAt(words, 1, 'table') && words[0]?.text !== 'create';
    if (last.text === 'table') return words[0]?.text !== 'create' || words.length > 3;
    if (last.text === 'on')
      return (
        words[0]?.text === 'create' && !words.some(({ text }) => text === 'references' || text === 'join')
      );
    if (last.text === 'update') return words.length === 1;
    return BEFORE_TABLE.has(last.text) && last.text !== 'using';
  }

  /** Behind ALTER TABLE t. Undefined elsewhere, and where an expression stands. */
  #alteration(words: readonly Word[]): CompletionItem[] | undefined {
    const shaping = shapingOf(this.#statement);
    if (shaping?.verb !== 'alter_table' || !words.includes(shaping.table.word)) return undefined;
    const { schema, word } = shaping.table;
    const from = words.findLastIndex(({ kind, text }) => kind === 'sign' && text === ',');
    const part = words.slice(Math.max(from + 1, shaping.table.next)).map(({ text }) => text);
    const [action, second] = part;
    const last = part.at(-1) ?? '';
    const columns = this.#columnsOf(schema, word.text);
    if (part.length === 0) return keywords(KEYWORDS.alter);
    if (last === 'constraint' && action !== 'add') return this.#constraints(schema, word.text);
    if (last === 'references') return this.#relations();
    if (last === 'type' || last === 'collate') return this.#types();
    const behindColumn = part.length - (second === 'column' ? 1 : 0);
    if (action === 'add') {
      if (behindColumn === 1) return second === 'column' ? [] : keywords(KEYWORDS.add);
      if (second === 'constraint') return part.length === 2 ? [] : keywords(KEYWORDS.constraint.slice(1));
      return behindColumn === 2 && !['primary', 'foreign', 'unique', 'check'].includes(second ?? '')
        ? this.#types()
        : keywords(KEYWORDS.column);
    }
    if (action === 'drop' || action === 'rename' || action === 'alter') {
      if (behindColumn === 1 || last === 'exists')
        return [
          ...columns,
          ...(second === 'column'
            ? []
            : keywords(action === 'rename' ? ['COLUMN', 'TO', 'CONSTRAINT'] : ['COLUMN', 'CONSTRAINT'])),
        ];
      if (action === 'alter' && behindColumn === 2) return keywords(KEYWORDS.alterColumn);
      if (action === 'rename' && behindColumn === 2) return keywords(['TO']);
    }
    return action === 'validate' && last === 'validate' ? keywords(['CONSTRAINT']) : undefined;
  }

  /** The columns of the statement's tables, the names of the tables, and words. */
  #expression(last: Word): CompletionItem[] {
    const tables = this.#tables();
    const columns = [...new Set(tables.values())].flatMap((relation) => columnsOf(relation));
    const names = [...tables].map(
      ([name, relation]): CompletionItem => ({
        label: name,
        kind: CompletionItemKind.Variable,
        detail: shortName(relation.name),
        sortText: `2${name}`,
      }),
    );
    const first = this.#before[0]?.text;
    const words =
      first === 'create' || first === 'alter' || first === 'drop' ? KEYWORDS[first] : KEYWORDS.query;
    const isStart = this.#before.length === 1 && last === this.#before[0];
    return isStart && first !== 'select' ? keywords(words) : [...columns, ...names, ...keywords(words)];
  }

  #tables(): Map<string, CatalogueRelation> {
    return aliases(this.#words, (schema, name) => this.#catalogue.resolve(schema, name));
  }

  #relations(schema?: string): CompletionItem[] {
    const schemas = new Set<string>();
    const items = [...this.#catalogue.relations()].flatMap((relation): CompletionItem[] => {
      const { name, kind, columns, known } = relation;
      const [space = '', local = name] = name.includes('.')
        ? [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)]
        : ['', name];
      if (kind === 'sequence' || kind === 'composite_type') return [];
      if (schema !== undefined && space !== schema) return [];
      if (schema === undefined && space !== '' && space !== 'public') schemas.add(space);
      const size = this.#sizeOf(name);
      const label = schema === undefined && space !== 'public' && space !== '' ? name : local;
      return [
        {
          label,
          kind:
            kind === 'view' || kind === 'materialized_view'
              ? CompletionItemKind.Interface
              : CompletionItemKind.Class,
          detail: [
            kind.replaceAll('_', ' '),
            ...(known ? [`${columns.size} columns`] : []),
            ...(size ? [size] : []),
          ].join(' · '),
          sortText: `${label === local ? 1 : 2}${label}`,
        },
      ];
    });
    const spaces = [...schemas].map(
      (label): CompletionItem => ({
        label,
        kind: CompletionItemKind.Module,
        detail: 'schema',
        sortText: `3${label}`,
      }),
    );
    return [...items, ...spaces];
  }

  #columnsOf(schema: string | undefined, name: string): CompletionItem[] {
    const relation = this.#catalogue.resolve(schema, name);
    return relation ? columnsOf(relation) : [];
  }

  /** Columns that this very statement defines. */
  #ownNew(): CompletionItem[] {
    return (shapingOf(this.#statement)?.columns ?? [])
      .filter(({ role }) => role === 'make')
      .map(({ word: { text } }) => ({ label: text, kind: CompletionItemKind.Field, sortText: `0${text}` }));
  }

  #constraints(schema: string | undefined, name: string): CompletionItem[] {
    return [...(this.#catalogue.resolve(schema, name)?.constraints ?? [])].map(
      ([label, { kind, columns }]) => ({
        label,
        kind: CompletionItemKind.Property,
        detail: `${kind.replaceAll('_', ' ')} (${columns.join(', ')})`,
        sortText: `0${label}`,
      }),
    );
  }

  #types(): CompletionItem[] {
    const own = [...(this.#catalogue.types?.() ?? [])].map(
      ({ schema, name }): CompletionItem => ({
        label: schema === 'public' ? name : `${schema}.${name}`,
        kind: CompletionItemKind.Enum,
        detail: t('type of this schema'),
        sortText: `0${name}`,
      }),
    );
    return [
      ...own,
      ...TYPES.map(
        (label, i): CompletionItem => ({
          label,
          kind: CompletionItemKind.TypeParameter,
          sortText: `1${String(i).padStart(2, '0')}`,
        }),
      ),
    ];
  }
}

function columnsOf({ name, columns }: CatalogueRelation): CompletionItem[] {
  return [...columns].map(([label, { type, notNull }], i) => ({
    label,
    kind: CompletionItemKind.Field,
    detail: `${type}${notNull ? ' NOT NULL' : ''} · ${shortName(name)}`,
    sortText: `0${String(i).padStart(4, '0')}`,
  }));
}

function keywords(words: readonly string[]): CompletionItem[] {
  return words.map((label, i) => ({
    label,
    kind: CompletionItemKind.Keyword,
    sortText: `9${String(i).padStart(2, '0')}`,
  }));
}
