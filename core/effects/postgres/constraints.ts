/** Adding constraints to new and old tables. Sources: `ATExecAddConstraint`, `ATAddForeignKeyConstraint` in tablecmds.c. */
import type { Constraint as ConstraintNode, Node } from 'libpg-query';
import { addIndex } from './indexes.ts';
import { columnsOf, constraintName, indexName } from './names.ts';
import { Constraint, type Index, type Relation } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, rangeName, strings } from './tree.ts';
import { descendants } from './writes.ts';

/** Where a constraint was written, and what came before it. */
export interface Place {
  /** The column that it is written at. */
  column?: string;
  /** The table is new: there are no rows to check. */
  creating: boolean;
}

/** Adds a constraint to a table and to its children. Its own table is locked already. */
export function addConstraint(run: Run, table: Relation, node: ConstraintNode, place: Place): void {
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      addByIndex(run, table, node, place);
      return;
    case 'CONSTR_FOREIGN':
      addForeignKey(run, table, node, place);
      return;
    case 'CONSTR_CHECK':
      addCheck(run, table, node, place);
      return;
    case 'CONSTR_NOTNULL':
      setNotNull(run, table, place.column ?? strings(node.keys)[0] ?? '', { ...place, node });
      return;
    default:
      return;
  }
}

function claim(table: Relation, name: string): void {
  if (table.constraintMap.has(name))
    throw new SqlFailure('42710', `constraint ${name} of ${table.name} is there already`);
}

function keep(run: Run, constraint: Constraint): void {
  run.journal.put(constraint.table.constraintMap, constraint.name, constraint);
}

function addByIndex(run: Run, table: Relation, node: ConstraintNode, place: Place): void {
  const primary = node.contype === 'CONSTR_PRIMARY';
  const kind = primary ? 'primary_key' : node.contype === 'CONSTR_UNIQUE' ? 'unique' : 'exclusion';
  const existing = node.indexname === undefined ? undefined : findOwnIndex(table, node.indexname);
  if (node.indexname !== undefined) {
    addUsingIndex(run, table, node, kind, existing);
    return;
  }
  if (primary && [...table.constraintMap.values()].some((other) => other.kind === 'primary_key'))
    throw new SqlFailure('42P16', `${table.name} has a primary key already`);
  const exclusions = all('List', node.exclusions).map(({ items }) => all('IndexElem', items)[0]);
  const keys: (string | Node)[] =
    kind === 'exclusion'
      ? exclusions.flatMap((element) => element?.name ?? element?.expr ?? [])
      : place.column === undefined
        ? strings(node.keys)
        : [place.column];
  const label = primary ? 'pkey' : kind === 'unique' ? 'key' : 'excl';
  const name = node.conname ?? indexName(run.schema, table, keys, label);
  claim(table, name);
  const columns = keys.filter((key) => typeof key === 'string');
  if (primary) for (const column of columns) setNotNull(run, table, column, { ...place, implied: true });
  const index = addIndex(run, table, {
    name,
    keys,
    unique: kind !== 'exclusion',
    method: node.access_method ?? 'btree',
  });
  const constraint = new Constraint(name, kind, table, columns);
  constraint.index = index;
  index.constraint = constraint;
  keep(run, constraint);
  if (!place.creating) {
    const sqlState = kind === 'exclusion' ? '23P01' : '23505';
    run.dependsOnRows(
      table,
      columns,
      sqlState,
      `fails if ${quoted(columns)} of ${table.name} has duplicates`,
    );
    run.scan(table);
  }
  for (const child of partitions(table)) {
    const mode = primary ? 'ACCESS EXCLUSIVE' : 'SHARE';
    run.lock(child, mode);
    const { conname: _name, ...unnamed } = node;
    if (primary && hasPrimaryKey(child)) continue;
    const before = new Set(child.constraintMap.keys());
    addByIndex(run, child, unnamed, place);
    follow(child, before, constraint);
  }
}

function hasPrimaryKey(table: Relation): boolean {
  return [...table.constraintMap.values()].some(({ kind }) => kind === 'primary_key');
}

/** What was just added to a child belongs to the parent's constraint. */
function follow(child: Relation, before: ReadonlySet<string>, parent: Constraint): void {
  for (const [name, constraint] of child.constraintMap) {
    if (before.has(name) || constraint.kind !== parent.kind) continue;
    constraint.parent = parent;
    if (constraint.index && parent.index) constraint.index.parent = parent.index;
  }
}

export function partitions(table: Relation): Relation[] {
  return table.kind === 'partitioned_table' ? [...table.childSet] : [];
}

function findOwnIndex(table: Relation, name: string): Index | undefined {
  return [...table.indexSet].find((index) => index.name === name);
}

function addUsingIndex(
  run: Run,
  table: Relation,
  node: ConstraintNode,
  kind: 'primary_key' | 'unique' | 'exclusion',
  index: Index | undefined,
): void {
  const name = node.conname ?? node.indexname ?? '';
  claim(table, name);
  const columns = index ? index.keys.filter((key) => typeof key === 'string') : [];
  const constraint = new Constraint(name, kind, table, columns);
  if (index) {
    constraint.index = index;
    run.journal.assign(index as Index, 'constraint', constraint);
    if (index.name !== name) run.schema.moveClass(index, index.schema, name);
  }
  keep(run, constraint);
  if (kind === 'primary_key')
    for (const column of columns) setNotNull(run, table, column, { creating: false, implied: true });
}

function addForeignKey(run: Run, table: Relation, node: ConstraintNode, place: Place): void {
  const columns = place.column === undefined ? strings(node.fk_attrs) : [place.column];
  const target = node.pktable && run.need(rangeName(node.pktable));
  const name = node.conname ?? constraintName(table, columns, 'fkey');
  claim(table, name);
  if (!target) return;
  run.lock(target, 'SHARE ROW EXCLUSIVE');
  for (const part of descendants(target)) if (part.isPartition) run.lock(part, 'SHARE ROW EXCLUSIVE');
  const constraint = new Constraint(name, 'foreign_key', table, columns);
  const key = [...target.constraintMap.values()].find(({ kind }) => kind === 'primary_key');
  const written = strings(node.pk_attrs);
  constraint.references = target;
  constraint.referencedColumns = written.length > 0 ? written : (key?.columns ?? []);
  constraint.onDelete = node.fk_del_action ?? 'a';
  constraint.onUpdate = node.fk_upd_action ?? 'a';
  constraint.deferred = node.initdeferred === true;
  constraint.enforced = node.is_enforced !== false;
  constraint.valid = node.skip_validation !== true && constraint.enforced;
  keep(run, constraint);
  run.journal.add(target.incoming, constraint);
  if (!place.creating && constraint.valid) {
    run.scan(table);
    const message = `fails if ${quoted(columns)} of ${table.name} holds a value that ${target.name} does not have`;
    run.dependsOnRows(table, columns, '23503', message);
  }
  for (const child of partitions(table)) {
    if (!place.creating) run.lock(child, 'SHARE ROW EXCLUSIVE');
    const before = new Set(child.constraintMap.keys());
    addForeignKey(run, child, node.conname === undefined ? node : { ...node, conname: name }, place);
    follow(child, before, constraint);
  }
}

function addCheck(run: Run, table: Relation, node: ConstraintNode, place: Place): void {
  const columns = columnsOf(node.raw_expr).filter((name) => table.columnMap.has(name) || !table.known);
  const name = node.conname ?? constraintName(table, columns.length === 1 ? columns : [], 'check');
  const inherited = table.constraintMap.get(name);
  if (inherited && !inherited.parent) claim(table, name);
  const constraint = new Constraint(name, 'check', table, columns);
  if (node.raw_expr) constraint.expression = node.raw_expr;
  constraint.noInherit = node.is_no_inherit === true;
  constraint.enforced = node.is_enforced !== false;
  constraint.valid = node.skip_validation !== true && constraint.enforced;
  keep(run, constraint);
  if (!place.creating && constraint.valid) {
    run.scan(table);
    run.dependsOnRows(
      table,
      columns,
      '23514',
      `fails if a row of ${table.name} does not pass the check ${name}`,
    );
  }
  if (constraint.noInherit) return;
  for (const child of place.creating ? [] : table.childSet) {
    run.lock(child, 'ACCESS EXCLUSIVE');
    if (child.constraintMap.has(name)) continue;
    addCheck(run, child, { ...node, conname: name }, place);
    const added = child.constraintMap.get(name);
    if (added) added.parent = constraint;
  }
}

/** Marks a column NOT NULL, in children too. `implied`: by a primary key. */
export function setNotNull(
  run: Run,
  table: Relation,
  column: string,
  { creating, node, implied }: Place & { node?: ConstraintNode; implied?: boolean },
): void {
  const found = table.columnMap.get(column);
  const notValid = node?.skip_validation === true;
  if (found?.notNull && !node?.conname) return;
  if (found && !notValid) run.journal.assign(found, 'notNull', true);
  if (run.version >= NAMED_NOT_NULL && !implied && !hasNotNull(table, column)) {
    const name = node?.conname ?? constraintName(table, [column], 'not_null');
    const constraint = new Constraint(name, 'not_null', table, [column]);
    constraint.valid = !notValid;
    constraint.noInherit = node?.is_no_inherit === true;
    keep(run, constraint);
  }
  if (!creating && !notValid && !provenNotNull(run, table, column)) {
    run.scan(table);
    run.dependsOnRows(table, [column], '23502', `fails if ${quoted([column])} of ${table.name} has NULLs`);
  }
  if (node?.is_no_inherit) return;
  for (const child of creating ? [] : table.childSet) {
    run.lock(child, 'ACCESS EXCLUSIVE');
    setNotNull(run, child, column, { creating, ...(implied ? { implied } : {}) });
  }
}

/** Since this version NOT NULL is a constraint with a name. */
const NAMED_NOT_NULL = 18;
/** Since this version a valid CHECK spares SET NOT NULL its scan: `NotNullImpliedByRelConstraints`. */
const CHECK_PROVES = 12;

function hasNotNull(table: Relation, column: string): boolean {
  return [...table.constraintMap.values()].some(
    ({ kind, columns }) => kind === 'not_null' && columns[0] === column,
  );
}

/** A valid `CHECK (column IS NOT NULL)` says so already. */
function provenNotNull(run: Run, table: Relation, column: string): boolean {
  if (run.version < CHECK_PROVES) return false;
  return [...table.constraintMap.values()].some(
    ({ kind, valid, expression }) => kind === 'check' && valid && impliesNotNull(expression, column),
  );
}

function impliesNotNull(expression: Node | undefined, column: string): boolean {
  if (!expression) return false;
  if ('BoolExpr' in expression && expression.BoolExpr.boolop === 'AND_EXPR')
    return (expression.BoolExpr.args ?? []).some((part) => impliesNotNull(part, column));
  if (!('NullTest' in expression) || expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return false;
  const tested = expression.NullTest.arg;
  return tested !== undefined && 'ColumnRef' in tested && strings(tested.ColumnRef.fields).at(-1) === column;
}

export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
