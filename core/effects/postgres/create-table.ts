/** CREATE TABLE in all its forms. Sources: `DefineRelation`, `MergeAttributes`, `transformCreateStmt`. */
import type { ColumnDef, Constraint as ConstraintNode, CreateStmt, Node, TableLikeClause } from 'libpg-query';
import { addConstraint } from './constraints.ts';
import { addIndex } from './indexes.ts';
import { indexName } from './names.ts';
import { type Column, Constraint, Relation } from './objects.ts';
import { attach, lockForNewPartition } from './partitions.ts';
import { type Run, SqlFailure } from './run.ts';
import { TEMPORARY } from './schema.ts';
import { all, as, type Name, optionOf, rangeName, strings } from './tree.ts';
import { isSerial, typeOf } from './types.ts';

/** A new relation of a name; undefined where it is there already and IF NOT EXISTS was said. */
export function newRelation(
  run: Run,
  name: Name & { temporary?: boolean },
  kind: Relation['kind'],
  ifNotExists: boolean,
): Relation | undefined {
  const home = name.temporary ? TEMPORARY : (name.schema ?? run.schema.home());
  if (run.schema.taken(home, name.name)) {
    if (ifNotExists) return undefined;
    throw new SqlFailure('42P07', `${home}.${name.name} is there already`);
  }
  const relation = new Relation(home, name.name, kind);
  if (name.temporary) relation.persistence = 't';
  run.schema.addRelation(relation);
  run.created(relation);
  return relation;
}

export function createTable(run: Run, statement: CreateStmt, foreign = false): Relation | undefined {
  const { relation: range, partspec, partbound } = statement;
  if (!range) return undefined;
  const kind = foreign ? 'foreign_table' : partspec ? 'partitioned_table' : 'table';
  const name = { ...rangeName(range), temporary: range.relpersistence === 't' };
  const parents = all('RangeVar', statement.inhRelations).flatMap(
    (parent) => run.need(rangeName(parent)) ?? [],
  );
  const table = newRelation(run, name, kind, statement.if_not_exists === true);
  if (!table) return undefined;
  if (range.relpersistence === 'u') table.persistence = 'u';
  if (statement.accessMethod) table.accessMethod = statement.accessMethod;
  if (statement.tablespacename) table.tablespace = statement.tablespacename;
  if (statement.ofTypename) copyType(run, table, strings(statement.ofTypename.names));
  if (partspec) {
    const strategy = (partspec.strategy ?? '').replace('PARTITION_STRATEGY_', '').toLowerCase();
    table.partitioning = {
      strategy: strategy === 'list' || strategy === 'hash' ? strategy : 'range',
      columns: all('PartitionElem', partspec.partParams).map(({ name: column = '' }) => column),
    };
  }
  for (const parent of parents) inherit(run, parent, table, partbound !== undefined);
  const elements = statement.tableElts ?? [];
  for (const like of all('TableLikeClause', elements)) copyLike(run, table, like);
  for (const column of all('ColumnDef', elements)) addColumn(run, table, column);
  const later = [...all('ColumnDef', elements).flatMap(constraintsOf), ...tableConstraints(statement)];
  for (const order of [isKey, (node: ConstraintNode) => !isKey(node)])
    for (const { node, column } of later)
      if (order(node))
        addConstraint(run, table, node, { creating: true, ...(column === undefined ? {} : { column }) });
  const [parent] = parents;
  if (partbound && parent) attach(run, parent, table, partbound, true);
  return table;
}

/** Keys before foreign keys: one may point at its own table. */
function isKey({ contype }: ConstraintNode): boolean {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
}

interface Placed {
  node: ConstraintNode;
  column?: string;
}

/** Constraints that are written at a column. */
export function constraintsOf({ colname, constraints }: ColumnDef): Placed[] {
  return all('Constraint', constraints).map((node) => ({
    node,
    ...(colname === undefined ? {} : { column: colname }),
  }));
}

function tableConstraints({ tableElts, constraints, nnconstraints }: CreateStmt): Placed[] {
  return [tableElts, constraints, nnconstraints]
    .flatMap((nodes) => all('Constraint', nodes))
    .map((node) => ({ node }));
}

/** Adds a column without its constraints; a serial brings its sequence. */
export function addColumn(run: Run, table: Relation, definition: ColumnDef): Column {
  const name = definition.colname ?? '';
  const marks = all('Constraint', definition.constraints);
  const byDefault =
    marks.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr ?? definition.raw_default;
  const generated = marks.find(({ contype }) => contype === 'CONSTR_GENERATED');
  const identity = marks.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const serial = isSerial(definition.typeName);
  const existing = table.columnMap.get(name);
  const column: Column = {
    type: definition.typeName ? typeOf(definition.typeName) : (existing?.type ?? UNKNOWN_TYPE),
    notNull: serial || identity || (existing?.notNull ?? false),
    identity,
    inherited: existing?.inherited ?? false,
  };
  const expression = serial ? NEXT_VALUE : (byDefault ?? generated?.raw_expr ?? existing?.default);
  if (expression) column.default = expression;
  if (generated) column.generated = generated.generated_kind === 'v' ? 'virtual' : 'stored';
  if (serial || identity) column.sequence = ownSequence(run, table, name, marks);
  run.journal.put(table.columnMap, name, column);
  return column;
}

const UNKNOWN_TYPE = { name: 'unknown', modifiers: [], array: false };
const NEXT_VALUE: Node = { FuncCall: { funcname: [{ String: { sval: 'nextval' } }] } };

/** The sequence behind a serial or identity column. */
export function ownSequence(
  run: Run,
  table: Relation,
  column: string,
  marks: readonly ConstraintNode[] = [],
): Relation {
  const options = marks.find(({ contype }) => contype === 'CONSTR_IDENTITY')?.options;
  const wanted = optionOf(options, 'sequence_name');
  const name = wanted
    ? (wanted.split('.').at(-1) ?? wanted)
    : run.schema.freeName(table.local, column, 'seq', table.schema);
  const sequence = new Relation(table.schema, name, 'sequence');
  sequence.ownedBy = { table, column };
  run.schema.addRelation(sequence);
  run.created(sequence);
  return sequence;
}

function inherit(run: Run, parent: Relation, child: Relation, asPartition: boolean): void {
  if (asPartition) lockForNewPartition(run, parent);
  else run.lock(parent, 'SHARE UPDATE EXCLUSIVE');
  for (const [name, column] of parent.columnMap) {
    const { sequence: _sequence, ...copied } = column;
    run.journal.put(child.columnMap, name, {
      ...copied,
      identity: asPartition && column.identity,
      inherited: true,
    });
  }
  for (const constraint of parent.constraintMap.values()) {
    if (constraint.noInherit || !['check', 'not_null'].includes(constraint.kind)) continue;
    const own = new Constraint(constraint.name, constraint.kind, child, [...constraint.columns]);
    if (constraint.expression) own.expression = constraint.expression;
    own.parent = constraint;
    run.journal.put(child.constraintMap, own.name, own);
  }
  if (!asPartition) {
    run.journal.add(parent.childSet, child);
    run.journal.add(child.parentSet, parent);
  }
}

function copyType(run: Run, table: Relation, parts: readonly string[]): void {
  const type = run.schema.resolve(parts.at(-2), parts.at(-1) ?? '');
  table.ofType = parts.at(-1) ?? '';
  if (type instanceof Relation)
    for (const [name, column] of type.columnMap) run.journal.put(table.columnMap, name, { ...column });
}

/** Bits of TableLikeOption in parsenodes.h. */
const LIKE = { constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 };

function copyLike(run: Run, table: Relation, { relation, options = 0 }: TableLikeClause): void {
  const source = relation && run.need(rangeName(relation));
  if (!source) return;
  run.lock(source, 'ACCESS SHARE');
  for (const [name, column] of source.columnMap) {
    const { default: value, generated, sequence: _sequence, ...rest } = column;
    const keeps = generated ? options & LIKE.generated : options & LIKE.defaults;
    run.journal.put(table.columnMap, name, {
      ...rest,
      inherited: false,
      identity: Boolean(options & LIKE.identity) && column.identity,
      ...(keeps && value ? { default: value } : {}),
      ...(keeps && generated ? { generated } : {}),
    });
  }
  for (const constraint of source.constraintMap.values()) {
    const wanted =
      constraint.kind === 'check' ? options & LIKE.constraints : constraint.kind === 'not_null' ? 1 : 0;
    if (!wanted) continue;
    const own = new Constraint(constraint.name, constraint.kind, table, [...constraint.columns]);
    if (constraint.expression) own.expression = constraint.expression;
    run.journal.put(table.constraintMap, own.name, own);
  }
  if (options & LIKE.indexes) copyIndexes(run, source, table);
}

function copyIndexes(run: Run, source: Relation, table: Relation): void {
  for (const index of source.indexSet) {
    const primary = index.constraint?.kind === 'primary_key';
    const label = primary ? 'pkey' : index.constraint ? 'key' : 'idx';
    const name = indexName(run.schema, table, index.keys, label);
    const own = addIndex(run, table, { name, keys: index.keys, unique: index.unique, method: index.method });
    if (!index.constraint) continue;
    const constraint = new Constraint(name, index.constraint.kind, table, [...index.constraint.columns]);
    constraint.index = own;
    own.constraint = constraint;
    run.journal.put(table.constraintMap, name, constraint);
  }
}

/** CREATE TABLE AS, SELECT INTO, CREATE MATERIALIZED VIEW: the new relation; its columns are the query's names. */
export function columnsFromQuery(
  run: Run,
  relation: Relation,
  query: Node | undefined,
  names: readonly string[],
): void {
  const select = as('SelectStmt', query);
  let first = select;
  while (first?.larg) first = first.larg;
  all('ResTarget', first?.targetList).forEach(({ name, val }, at) => {
    const column =
      names[at] ??
      name ??
      strings(as('ColumnRef', val)?.fields).at(-1) ??
      strings(as('FuncCall', val)?.funcname).at(-1);
    if (column !== undefined)
      run.journal.put(relation.columnMap, column, {
        type: UNKNOWN_TYPE,
        notNull: false,
        identity: false,
        inherited: false,
      });
  });
}
