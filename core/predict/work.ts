/**
 * How much work a statement is, in amounts that its duration is made of: bytes written anew, rows sorted, keys looked
 * up. Amounts come from what the statement does (the analyser) and how large its tables are (the statistics).
 */
import type { IndexStmt, Node } from 'libpg-query';
import { all, as, strings, walk } from '../effects/postgres/tree.ts';
import { commandsOf, shareOf } from './selectivity.ts';
import type { Subject } from './subject.ts';
import { named } from './table-knowledge.ts';

/** Each in its unit; see {@link WORK_UNITS}. */
export interface Work {
  rewriteBytes: number;
  rewriteRows: number;
  rebuiltEntries: number;
  scanBytes: number;
  scanRows: number;
  sortedKeys: number;
  sortedTextKeys: number;
  indexReadBytes: number;
  lightKeys: number;
  ginKeys: number;
  lookups: number;
  updatedRows: number;
  updatedBytes: number;
  updatedEntries: number;
  deletedRows: number;
  copiedBytes: number;
  copiedRows: number;
  joinedRows: number;
  newFiles: number;
  commands: number;
  waits: number;
}

export const WORK_UNITS: Record<keyof Work, { unit: string; about: string }> = {
  rewriteBytes: { unit: 'MB', about: 'bytes of tables that are written anew' },
  rewriteRows: { unit: '1,000 rows', about: 'rows that are written anew, each through its expressions' },
  rebuiltEntries: { unit: '1,000 entries', about: 'index entries that a rewrite makes again' },
  scanBytes: { unit: 'MB', about: 'bytes of tables that are read from end to end' },
  scanRows: { unit: '1,000 rows', about: 'rows that a constraint is checked on' },
  sortedKeys: { unit: '1,000 rows × log₂ rows', about: 'keys of fixed width sorted for a b-tree' },
  sortedTextKeys: { unit: '1,000 rows × log₂ rows', about: 'keys of text sorted for a b-tree' },
  indexReadBytes: { unit: 'MB', about: 'bytes of the table that an index is built from' },
  lightKeys: { unit: '1,000 rows', about: 'rows that go into a hash or BRIN index' },
  ginKeys: { unit: '1,000 rows', about: 'rows that go into a GIN or GiST index' },
  lookups: { unit: '1,000 rows', about: 'rows whose foreign key is looked up' },
  updatedRows: { unit: '1,000 rows', about: 'rows that an UPDATE writes' },
  updatedBytes: { unit: 'MB', about: 'bytes of those rows' },
  updatedEntries: { unit: '1,000 entries', about: 'index entries that those rows need' },
  deletedRows: { unit: '1,000 rows', about: 'rows that a DELETE takes away' },
  copiedBytes: { unit: 'MB', about: 'bytes copied into another table' },
  copiedRows: { unit: '1,000 rows', about: 'rows copied into another table' },
  joinedRows: { unit: '1,000 rows', about: 'rows of other tables that a change is joined with' },
  newFiles: { unit: 'files', about: 'tables, indexes and TOAST tables that get a file of their own' },
  commands: { unit: 'commands', about: 'commands of an ALTER TABLE beyond the first' },
  waits: { unit: 'phases', about: 'extra transactions of CREATE INDEX CONCURRENTLY' },
};
export const WORK_NAMES = Object.keys(WORK_UNITS) as (keyof Work)[];

/** What else tells about a duration; NaN where it is not known. */
export interface Shape {
  /** The relation that most of the work is on. */
  relation?: string;
  rows: number;
  bytes: number;
  indexBytes: number;
  indexes: number;
  columns: number;
  keyColumns: number;
  keyWidth: number;
  nullFraction: number;
  /** Whether all sizes that decide were known. */
  sized: boolean;
}

const THOUSAND = 1_000;
const MEGABYTE = 1024 * 1024;

/** Undefined sizes count as 0 in the amounts; `sized` says that there were any. */
export function workOf(subject: Subject): { work: Work; shape: Shape } {
  const { effects, knowledge, statement } = subject;
  const work = Object.fromEntries(WORK_NAMES.map((name) => [name, 0])) as unknown as Work;
  const tree = statement.tree as Node | undefined;
  const touched = new Set<string>();
  let sized = true;
  const size = (relation: string) => {
    touched.add(relation);
    const rows = knowledge.rows(relation);
    const bytes = knowledge.bytes(relation);
    if (rows === undefined || bytes === undefined) sized = false;
    return { rows: rows ?? 0, bytes: bytes ?? 0, indexes: indexCount(subject, relation) };
  };
  const commands = commandsOf(tree);
  work.commands = Math.max(0, commands.length - 1);
  const truncates = as('TruncateStmt', tree) !== undefined;
  const builds = indexesBuilt(subject, tree);
  for (const relation of truncates ? [] : effects.rewrites) {
    const { rows, bytes, indexes } = size(relation);
    work.rewriteBytes += bytes / MEGABYTE;
    work.rewriteRows += rows / THOUSAND;
    work.rebuiltEntries += (rows * indexes) / THOUSAND;
    work.newFiles += 2 + indexes;
  }
  const built = new Set(builds.map(({ relation }) => relation));
  for (const relation of effects.scans) {
    if (effects.rewrites.includes(relation) || built.has(relation)) continue;
    const { rows, bytes } = size(relation);
    work.scanBytes += bytes / MEGABYTE;
    work.scanRows += rows / THOUSAND;
  }
  for (const { relation, text, method, keep, concurrent } of builds) {
    const { rows, bytes } = size(relation);
    const keys = rows * keep;
    work.indexReadBytes += ((concurrent ? 2 : 1) * bytes) / MEGABYTE;
    if (method === 'gin' || method === 'gist' || method === 'spgist') work.ginKeys += keys / THOUSAND;
    else if (method === 'hash' || method === 'brin') work.lightKeys += keys / THOUSAND;
    else work[text ? 'sortedTextKeys' : 'sortedKeys'] += (keys * Math.log2(keys + 2)) / THOUSAND;
    work.newFiles += 1;
    if (concurrent) work.waits += 3;
  }
  for (const { sqlState, object } of effects.dataDependent)
    if (sqlState === '23503') work.lookups += size(tableOf(object, subject)).rows / THOUSAND;
  changes(subject, tree, work, size);
  if (as('CreateStmt', tree)) work.newFiles += 2;
  const [relation] = [...touched].sort((a, b) => (knowledge.bytes(b) ?? 0) - (knowledge.bytes(a) ?? 0));
  return { work, shape: { ...shapeOf(subject, relation ?? effects.locks[0]?.relation, tree), sized } };
}

function changes(
  { knowledge, catalogue }: Subject,
  tree: Node | undefined,
  work: Work,
  size: (relation: string) => { rows: number; bytes: number; indexes: number },
): void {
  const update = as('UpdateStmt', tree);
  const remove = as('DeleteStmt', tree);
  const target = update?.relation ?? remove?.relation;
  if (target) {
    const relation = named(target, catalogue);
    const { rows, bytes, indexes } = size(relation);
    const { share } = shareOf(update?.whereClause ?? remove?.whereClause, relation, knowledge);
    const changed = rows * (update?.fromClause || remove?.usingClause ? 1 : share);
    work.scanBytes += bytes / MEGABYTE;
    if (update) {
      work.updatedRows += changed / THOUSAND;
      work.updatedBytes += (bytes * changed) / Math.max(1, rows) / MEGABYTE;
      work.updatedEntries += (changed * indexes) / THOUSAND;
    } else {
      work.deletedRows += changed / THOUSAND;
    }
    for (const other of readBy(tree, catalogue))
      if (other !== relation) {
        const joined = size(other);
        work.joinedRows += joined.rows / THOUSAND;
        work.scanBytes += joined.bytes / MEGABYTE;
      }
  }
  const isInsert = as('InsertStmt', tree);
  const values = as('SelectStmt', isInsert?.selectStmt)?.valuesLists;
  if (values) work.copiedRows += values.length / THOUSAND;
  const copies = as('CreateTableAsStmt', tree) ?? (values ? undefined : isInsert);
  if (!copies) return;
  work.newFiles += as('CreateTableAsStmt', tree) ? 2 : 0;
  const into = isInsert?.relation && named(isInsert.relation, catalogue);
  for (const relation of readBy(tree, catalogue)) {
    if (relation === into) continue;
    const { rows, bytes } = size(relation);
    work.copiedRows += rows / THOUSAND;
    work.copiedBytes += bytes / MEGABYTE;
  }
}

/** Relations that are named anywhere in a statement. */
function readBy(tree: Node | undefined, catalogue: Subject['catalogue']): string[] {
  const found = new Set<string>();
  walk(tree, (kind, body) => {
    if (kind !== 'RangeVar') return false;
    const name = named(body, catalogue);
    if (catalogue.relation(name)) found.add(name);
    return false;
  });
  for (const range of [as('UpdateStmt', tree)?.relation, as('DeleteStmt', tree)?.relation])
    if (range) found.add(named(range, catalogue));
  return [...found];
}

interface BuiltIndex {
  relation: string;
  columns: string[];
  text: boolean;
  method: string;
  /** Share of the rows that it holds. */
  keep: number;
  concurrent: boolean;
}

function indexesBuilt(subject: Subject, tree: Node | undefined): BuiltIndex[] {
  const { catalogue, effects } = subject;
  const index = as('IndexStmt', tree);
  if (index?.relation) return [ofStatement(subject, index, named(index.relation, catalogue))];
  const reindexed = as('ReindexStmt', tree)?.relation;
  if (reindexed) {
    const relation = named(reindexed, catalogue);
    const found = catalogue.relation(relation);
    return [...(found?.indexes.values() ?? [])].map(({ columns, method }) => ({
      relation,
      columns: [...columns],
      text: isText(subject, relation, columns),
      method,
      keep: 1,
      concurrent: false,
    }));
  }
  const alter = as('AlterTableStmt', tree)?.relation;
  if (!alter) return [];
  const relation = named(alter, catalogue);
  return commandsOf(tree).flatMap(({ def }) => {
    const constraint = as('Constraint', def);
    const builds =
      /^CONSTR_(?:UNIQUE|PRIMARY|EXCLUSION)$/.test(constraint?.contype ?? '') && !constraint?.indexname;
    if (!builds || effects.rewrites.includes(relation)) return [];
    const columns = strings(constraint?.keys);
    const method = constraint?.contype === 'CONSTR_EXCLUSION' ? 'gist' : 'btree';
    return [
      { relation, columns, text: isText(subject, relation, columns), method, keep: 1, concurrent: false },
    ];
  });
}

function ofStatement(subject: Subject, index: IndexStmt, relation: string): BuiltIndex {
  const elements = all('IndexElem', index.indexParams);
  const columns = elements.flatMap(({ name, expr }) => name ?? strings(as('ColumnRef', expr)?.fields));
  return {
    relation,
    columns,
    text: isText(subject, relation, columns) || elements.some(({ expr }) => expr !== undefined),
    method: index.accessMethod ?? 'btree',
    keep: shareOf(index.whereClause, relation, subject.knowledge).share,
    concurrent: index.concurrent === true,
  };
}

/** The first column decides what a sort mostly compares. */
function isText({ catalogue }: Subject, relation: string, [first = '']: readonly string[]): boolean {
  return /text|char|citext|numeric/.test(catalogue.relation(relation)?.columns.get(first)?.type ?? '');
}

function indexCount({ catalogue }: Subject, relation: string): number {
  return catalogue.relation(relation)?.indexes.size ?? 0;
}

/** `schema.table.column` is about `schema.table`. */
export function tableOf(object: string, { catalogue, knowledge }: Subject): string {
  if (catalogue.relation(object) || knowledge.table(object)) return object;
  const shorter = object.split('.').slice(0, -1).join('.');
  return shorter.includes('.') ? shorter : object;
}

function shapeOf(
  subject: Subject,
  relation: string | undefined,
  tree: Node | undefined,
): Omit<Shape, 'sized'> {
  const { catalogue, knowledge } = subject;
  const found = relation === undefined ? undefined : catalogue.relation(relation);
  const named = keyColumns(tree);
  const stats = relation === undefined ? [] : named.flatMap((name) => knowledge.column(relation, name) ?? []);
  const sum = (values: (number | null)[]) =>
    values.length === 0 || values.includes(null)
      ? Number.NaN
      : values.reduce<number>((a, b) => a + (b ?? 0), 0);
  const size = (of: (name: string) => number | undefined) =>
    relation === undefined ? Number.NaN : (of(relation) ?? Number.NaN);
  return {
    ...(relation === undefined ? {} : { relation }),
    rows: size((name) => knowledge.rows(name)),
    bytes: size((name) => knowledge.bytes(name)),
    indexBytes: size((name) => knowledge.indexBytes(name)),
    indexes: found?.indexes.size ?? Number.NaN,
    columns: found?.known ? found.columns.size : Number.NaN,
    keyColumns: named.length,
    keyWidth: sum(stats.map(({ avgWidth }) => avgWidth)),
    nullFraction:
      stats.length === 0
        ? Number.NaN
        : Math.max(...stats.map(({ nullFraction }) => nullFraction ?? Number.NaN)),
  };
}

/** Columns that the statement names as its key or its target. */
function keyColumns(tree: Node | undefined): string[] {
  const index = as('IndexStmt', tree);
  if (index) return all('IndexElem', index.indexParams).flatMap(({ name }) => name ?? []);
  const update = as('UpdateStmt', tree);
  if (update) return all('ResTarget', update.targetList).flatMap(({ name }) => name ?? []);
  return commandsOf(tree).flatMap(({ name, def, subtype }) => {
    const constraint = as('Constraint', def);
    if (constraint) return [...strings(constraint.keys), ...strings(constraint.fk_attrs)];
    return subtype === 'AT_AddConstraint' || name === undefined ? [] : [name];
  });
}
