/** The shape of a table as SQL, at a point of a history: for hovers, and to compare before with after. */

import type { Catalogue, CatalogueConstraint, CatalogueRelation } from '../../../core/effects/catalogue.ts';
import type { TableShapes } from '../../protocol.ts';
import { t } from '../../text.ts';
import type { Judge } from './judge.ts';
import type { IsCancelled } from './kept-history.ts';
import type { NamedThing } from './messages.ts';
import { aliases, columnsHolding } from './names-in-statement.ts';
import { isName, type OutlineStatement, outline, shapingOf, type Word } from './outline.ts';
import { shortName, sizeText } from './wording.ts';

/** The table or column under a cursor, with the shape that it has there. */
export function nameAt(
  judge: Judge,
  uri: string,
  offset: number,
  isCancelled: IsCancelled,
): Promise<NamedThing | undefined> {
  return judge.at(uri, isCancelled, (standing, history, { text }) => {
    if (standing.file.format.unanalysed) return undefined;
    const { dialect } = standing.file;
    const statement = outline(text, dialect).find(({ start, end }) => start <= offset && offset <= end);
    const word = statement?.words.find(({ start, end }) => start <= offset && offset <= end);
    if (!statement || !isName(word)) return undefined;
    const makes = /^create/.test(shapingOf(statement)?.verb ?? '');
    const point = makes ? statement.end : statement.start;
    return judge.schemaAt(standing, history, point, (catalogue) => {
      const found = meaningOf(word, statement, catalogue);
      if (!found) return undefined;
      const size = judge.size(found.relation.name);
      const heading = [
        `**${shortName(found.relation.name)}**${found.column ? `.**${found.column}**` : ''}`,
        ...(size ? [sizeText(size)] : []),
        ...(found.relation.known ? [] : [t('no migration makes it; what statements spoke of')]),
      ].join(' · ');
      return {
        relation: found.relation.name,
        ...(found.column === undefined ? {} : { column: found.column }),
        shape: `${heading}\n\n\`\`\`sql\n${shapeText(found.relation)}\n\`\`\``,
        start: word.start,
        end: word.end,
      };
    });
  });
}

/** The table that the statement on a line is about, before and after it. Lines from 0. */
export function shapesAt(
  judge: Judge,
  uri: string,
  line: number,
  table: string | undefined,
  isCancelled: IsCancelled,
): Promise<TableShapes | undefined> {
  return judge.at(uri, isCancelled, (standing, history, { text }) => {
    const { file } = standing;
    const lineOf = (offset: number) => file.text.slice(0, offset).split('\n').length - 1;
    const statement = outline(file.text, file.dialect).find(({ end }) => lineOf(end) >= line);
    const shaping = statement && shapingOf(statement);
    const named = shaping && [shaping.table.schema, shaping.table.word.text].filter(Boolean).join('.');
    const wanted = table ?? named;
    if (!statement || wanted === undefined || text === '') return undefined;
    const shape = (at: number) =>
      judge.schemaAt(standing, history, at, (catalogue) => {
        const relation = find(wanted, catalogue);
        return relation && { name: relation.name, text: `${shapeText(relation)}\n` };
      });
    const before = shape(statement.start);
    const after = shape(statement.end);
    const relation = before?.name ?? after?.name;
    if (relation === undefined) return undefined;
    return {
      relation,
      ...(before ? { before: before.text } : {}),
      ...(after ? { after: after.text } : {}),
    };
  });
}

function find(name: string, catalogue: Catalogue): CatalogueRelation | undefined {
  const parts = name.split('.');
  return (
    catalogue.relation(name) ??
    catalogue.resolve(parts.length > 1 ? parts[0] : undefined, parts.at(-1) ?? name)
  );
}

function meaningOf(
  word: Word,
  statement: OutlineStatement,
  catalogue: Catalogue,
): { relation: CatalogueRelation; column?: string } | undefined {
  const { words } = statement;
  const at = words.indexOf(word);
  const qualifier = words[at - 1]?.text === '.' ? words[at - 2] : undefined;
  const tables = aliases(words, (schema, name) => catalogue.resolve(schema, name));
  if (isName(qualifier)) {
    const owner = tables.get(qualifier.text);
    if (owner?.columns.has(word.text)) return { relation: owner, column: word.text };
    const relation = catalogue.resolve(qualifier.text, word.text);
    return relation && { relation };
  }
  const owners = columnsHolding(word.text, tables);
  const named = tables.get(word.text) ?? catalogue.resolve(undefined, word.text);
  const isTable = named && (tables.get(word.text) === named || owners.length === 0);
  if (isTable) return { relation: named };
  return owners[0] && { relation: owners[0], column: word.text };
}

/** A relation as the SQL that would make it, with its indexes behind it. */
export function shapeText(relation: CatalogueRelation): string {
  const { kind, name, columns, constraints, indexes } = relation;
  const noun = kind === 'partitioned_table' ? 'TABLE' : kind.replaceAll('_', ' ').toUpperCase();
  const lines = [
    ...[...columns].map(
      ([column, { type, notNull, default: value }]) =>
        `  ${column} ${type}${notNull ? ' NOT NULL' : ''}${value === undefined ? '' : ` DEFAULT ${value}`}`,
    ),
    ...[...constraints]
      .filter(([, { kind: what }]) => what !== 'not_null')
      .map(([constraint, what]) => `  CONSTRAINT ${constraint} ${constraintText(what)}`),
  ];
  const backed = new Set(constraints.keys());
  const behind = [...indexes]
    .filter(([index]) => !backed.has(index))
    .map(
      ([index, { columns: keys, unique, valid, partial, method }]) =>
        `-- ${unique ? 'UNIQUE ' : ''}INDEX ${index} (${keys.join(', ')})${method === 'btree' ? '' : ` USING ${method}`}${partial ? ', partial' : ''}${valid ? '' : ', invalid'}`,
    );
  const body = lines.length > 0 ? ` (\n${lines.join(',\n')}\n)` : '';
  return [`${noun} ${name}${body};`, ...behind].join('\n');
}

const WORDS: Record<CatalogueConstraint['kind'], string> = {
  primary_key: 'PRIMARY KEY',
  unique: 'UNIQUE',
  check: 'CHECK',
  foreign_key: 'FOREIGN KEY',
  exclusion: 'EXCLUDE',
  not_null: 'NOT NULL',
};

function constraintText({ kind, columns, references, valid, expression }: CatalogueConstraint): string {
  const inside = kind === 'check' && expression !== undefined ? expression : columns.join(', ');
  const target = references === undefined ? '' : ` REFERENCES ${shortName(references)}`;
  return `${WORDS[kind]} (${inside})${target}${valid ? '' : ' NOT VALID'}`;
}
