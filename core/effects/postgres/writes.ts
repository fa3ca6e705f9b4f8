/**
 * INSERT, UPDATE, DELETE, MERGE and TRUNCATE: the target's lock, and what its rules, triggers and foreign keys touch
 * where there are rows to fire them. A table that the history made holds the rows that the history put there for certain:
 * where it cannot be told whether a condition takes any of those, none is taken.
 *
 * Sources: `RI_FKey_check`, `RI_FKey_cascade_del` and the like in ri_triggers.c; `rewriteTargetView` in rewriteHandler.c.
 */
import type { DeleteStmt, InsertStmt, MergeStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import { callFunction, callTrigger } from './calls.ts';
import type { Constraint, Relation, Trigger } from './objects.ts';
import { routesTo, survivors } from './partition-bounds.ts';
import { inQuery, type Scope } from './queries.ts';
import { type Answer, and, relationRows, valueOfQuery } from './rows.ts';
import type { Run } from './run.ts';
import { all, as, constantOf, rangeName, strings, walk } from './tree.ts';

export type RowChange = { target: RangeVar | undefined; rows: Answer; scope: Scope } & (
  | { kind: 'insert'; statement: InsertStmt }
  | { kind: 'update'; statement: UpdateStmt }
  | { kind: 'delete'; statement: DeleteStmt }
  | { kind: 'merge'; statement: MergeStmt }
);

/** Bits of pg_trigger.tgtype. */
const EVENT = { insert: 4, delete: 8, update: 16, truncate: 32 } as const;
const BEFORE = 2;
const INSTEAD = 64;

export function changeRows(run: Run, change: RowChange): void {
  const { target, scope, kind } = change;
  const relation = target && run.need(rangeName(target));
  if (!relation) return;
  run.lock(relation, 'ROW EXCLUSIVE');
  if (scope.stage === 'analysed') return;
  if (followRules(run, relation, change)) return;
  const base = relation.kind === 'view' ? baseOf(run, relation, change) : relation;
  if (!base) return;
  if (kind !== 'insert' && scope.stage !== 'rewritten' && target.inh)
    lockChildren(
      run,
      base,
      'whereClause' in change.statement ? change.statement.whereClause : undefined,
      target,
    );
  if (scope.stage !== 'run') return;
  if (kind === 'merge') {
    changeByMerge(run, base, change.statement);
    return;
  }
  const rows = kind === 'insert' ? change.rows : and(change.rows, relationRows(run.schema, base));
  const isLive = !base.known || run.schema.rowsIn(base.name) === true;
  const touches = rows === 'yes' || (rows === 'maybe' && isLive);
  fireTriggers(
    run,
    base,
    EVENT[kind],
    touches ? 'yes' : 'no',
    kind === 'update' ? columnsSet(change.statement) : undefined,
  );
  if (!touches) return;
  const touched = kind === 'insert' ? insertInto(run, base, change.statement) : [base, ...descendants(base)];
  const order = [...relation.columnMap.keys()];
  for (const table of touched) checkKeys(run, table, change, order);
  if (
    kind === 'delete' &&
    !change.statement.whereClause &&
    !change.statement.usingClause &&
    base.childSet.size === 0
  )
    run.journal.assign(base, 'hasRows', false);
}

function lockChildren(run: Run, relation: Relation, where?: Node, target?: RangeVar): void {
  const prunes = where && relation.kind === 'partitioned_table';
  const alias = target?.alias?.aliasname ?? target?.relname ?? '';
  for (const child of prunes ? survivors(relation, where, alias) : descendants(relation))
    run.lock(child, 'ROW EXCLUSIVE');
}

export function descendants(relation: Relation): Relation[] {
  return [...relation.childSet].flatMap((child) => [child, ...descendants(child)]);
}

/** Runs a rule's actions; true where the rule replaces the statement. */
function followRules(run: Run, relation: Relation, { kind, scope }: RowChange): boolean {
  let replaced = false;
  for (const rule of relation.rules.values()) {
    if (rule.event !== `CMD_${kind.toUpperCase()}`) continue;
    if (rule.instead) replaced = true;
    for (const action of rule.actions) inQuery(run, action, scope);
  }
  return replaced;
}

/** The table behind an automatically updatable view; undefined where triggers do the work. */
function baseOf(run: Run, view: Relation, { kind, rows, scope }: RowChange): Relation | undefined {
  if (kind === 'merge') return undefined;
  for (const trigger of view.triggerMap.values()) {
    if (!(trigger.timing & INSTEAD) || !(trigger.events & EVENT[kind])) continue;
    if (kind !== 'insert' && view.query) inQuery(run, view.query, scope);
    if (scope.stage === 'run' && rows !== 'no') callTrigger(run, trigger.function, view);
    return undefined;
  }
  const select = as('SelectStmt', view.query);
  const range = as('RangeVar', select?.fromClause?.[0]);
  const below = range && run.need(rangeName(range));
  if (!below) return undefined;
  run.lock(below, 'ROW EXCLUSIVE');
  return below.kind === 'view' ? baseOf(run, below, { kind, rows, scope } as RowChange) : below;
}

/** Marks the rows; returns the tables that they went to. */
function insertInto(run: Run, relation: Relation, statement: InsertStmt): Relation[] {
  if (relation.kind !== 'partitioned_table') {
    run.journal.assign(relation, 'hasRows', true);
    callDefaults(run, relation, statement);
    return [relation];
  }
  const leaves = routesTo(run, relation, statement);
  for (const leaf of leaves) {
    run.lock(leaf, 'ROW EXCLUSIVE');
    run.journal.assign(leaf, 'hasRows', true);
  }
  return leaves;
}

/** Functions of defaults of the columns that are left out, and of checks, are called. */
function callDefaults(run: Run, relation: Relation, statement: InsertStmt): void {
  const given = new Set(all('ResTarget', statement.cols).map(({ name }) => name));
  const expressions = [...relation.columnMap]
    .filter(([name, column]) => column.generated || (given.size > 0 && !given.has(name)))
    .flatMap(([, column]) => column.default ?? []);
  for (const { expression } of relation.constraintMap.values()) if (expression) expressions.push(expression);
  walk(expressions, (kind, body) => {
    if (kind === 'FuncCall') callFunction(run, strings(body.funcname as Node[]), (body.args as Node[]) ?? []);
    return false;
  });
}

function fireTriggers(
  run: Run,
  relation: Relation,
  event: number,
  rows: Answer,
  columns?: Set<string>,
): void {
  const fire = (owner: Relation, trigger: Trigger) => {
    if (!trigger.enabled || !(trigger.events & event)) return;
    if (trigger.row && rows === 'no') return;
    if (columns && trigger.columns.length > 0 && !trigger.columns.some((column) => columns.has(column)))
      return;
    callTrigger(run, trigger.function, owner);
  };
  const triggers = [...relation.triggerMap.values()].sort(
    (a, b) => (b.timing & BEFORE) - (a.timing & BEFORE),
  );
  for (const trigger of triggers) fire(relation, trigger);
}

function columnsSet(statement: { targetList?: Node[] }): Set<string> {
  return new Set(all('ResTarget', statement.targetList).map(({ name = '' }) => name));
}

/** The queries by which foreign keys are checked and followed. */
function checkKeys(run: Run, table: Relation, change: RowChange, written: readonly string[]): void {
  if (change.kind === 'merge' || run.schema.settings.isReplica) return;
  const { kind, statement } = change;
  if (kind !== 'delete') {
    for (const constraint of table.constraintMap.values()) {
      if (constraint.kind !== 'foreign_key' || constraint.deferred || !constraint.enforced) continue;
      if (
        kind === 'insert'
          ? mayBeSet(run, table, constraint, statement, written)
          : isChanged(constraint.columns, statement)
      )
        lockReferenced(run, constraint.references);
    }
  }
  if (kind === 'insert') return;
  for (const constraint of table.incoming) {
    if (!constraint.enforced) continue;
    if (kind === 'update' && !isChanged(constraint.referencedColumns, statement)) continue;
    followKey(run, constraint, kind);
  }
}

function lockReferenced(run: Run, referenced: Relation | undefined): void {
  if (!referenced) return;
  run.lock(referenced, 'ROW SHARE');
  for (const part of descendants(referenced)) if (part.isPartition) run.lock(part, 'ROW SHARE');
}

/** What happens to the rows that point at rows that go or change. */
function followKey(run: Run, constraint: Constraint, kind: 'update' | 'delete'): void {
  const action = kind === 'delete' ? constraint.onDelete : constraint.onUpdate;
  const { table } = constraint;
  if (action === 'a' && constraint.deferred) return;
  if (action === 'a' || action === 'r') {
    run.lock(table, 'ROW SHARE');
    return;
  }
  run.lock(table, 'ROW EXCLUSIVE');
  lockChildren(run, table);
  if (relationRows(run.schema, table) === 'no') return;
  const event = action === 'c' && kind === 'delete' ? EVENT.delete : EVENT.update;
  run.nested(() => {
    fireTriggers(run, table, event, 'yes');
    if (event === EVENT.delete)
      for (const next of table.incoming)
        if (next.enforced && next.table !== table) followKey(run, next, 'delete');
  });
}

/** Whether a row may have a value in every column of the key: with a NULL it is not looked up. */
function mayBeSet(
  run: Run,
  table: Relation,
  { columns }: Constraint,
  statement: InsertStmt,
  written: readonly string[],
): boolean {
  const given = all('ResTarget', statement.cols).map(({ name = '' }) => name);
  const order = given.length > 0 ? given : written;
  const select = as('SelectStmt', statement.selectStmt);
  const tuples = select?.valuesLists?.map((list) => as('List', list)?.items ?? []);
  return columns.every((name) => {
    const at = order.indexOf(name);
    const byDefault = table.columnMap.get(name)?.default;
    const hasDefault = byDefault !== undefined && constantOf(byDefault) !== null;
    if (at < 0) return !table.known || hasDefault;
    if (!tuples) {
      const target = as('ResTarget', select?.targetList?.[at]);
      return target ? constantOf(target.val) !== null : hasDefault || !select || isStar(select.targetList);
    }
    return tuples.some((tuple) => {
      const value = tuple[at];
      return value === undefined || 'SetToDefault' in value ? hasDefault : !isNull(run, value);
    });
  });
}

/** A written NULL, or a subquery that finds nothing. */
function isNull(run: Run, value: Node): boolean {
  const query = as('SubLink', value)?.subselect;
  return query ? valueOfQuery(run.schema, query) === null : constantOf(value) === null;
}

function isStar(targets: readonly Node[] | undefined): boolean {
  return all('ResTarget', targets).some(({ val }) =>
    (as('ColumnRef', val)?.fields ?? []).some((f) => 'A_Star' in f),
  );
}

function isChanged(columns: readonly string[], statement: { targetList?: Node[] }): boolean {
  const targets = all('ResTarget', statement.targetList);
  return targets.some(({ name = '', val }) => {
    const same = strings(as('ColumnRef', val)?.fields).at(-1) === name;
    return columns.includes(name) && !same && constantOf(val) !== null;
  });
}

function changeByMerge(run: Run, relation: Relation, statement: MergeStmt): void {
  for (const { commandType } of all('MergeWhenClause', statement.mergeWhenClauses)) {
    if (commandType === 'CMD_INSERT') run.journal.assign(relation, 'hasRows', true);
    const event = commandType === 'CMD_INSERT' ? 4 : commandType === 'CMD_DELETE' ? 8 : 16;
    if (commandType !== 'CMD_NOTHING') fireTriggers(run, relation, event, 'no');
  }
}

/** TRUNCATE: `ExecuteTruncateGuts` in tablecmds.c. */
export function truncate(run: Run, targets: readonly RangeVar[], cascade: boolean): void {
  const todo: Relation[] = [];
  const add = (relation: Relation, children: boolean) => {
    if (todo.includes(relation)) return;
    todo.push(relation);
    if (children) for (const child of relation.childSet) add(child, true);
  };
  for (const target of targets) {
    const relation = run.need(rangeName(target));
    if (relation) add(relation, target.inh === true);
  }
  for (let i = 0; cascade && i < todo.length; i++)
    for (const { table } of todo[i]?.incoming ?? []) add(table, true);
  for (const relation of todo) {
    run.lock(relation, 'ACCESS EXCLUSIVE');
    if (relation.kind === 'table') run.rewrite(relation);
    run.loses(relation, relation.name, `every row of ${relation.name} is deleted`);
    run.cannotUndo(relation.name, `the rows of ${relation.name} come back from a backup only`);
    run.journal.assign(relation, 'hasRows', false);
    for (const trigger of relation.triggerMap.values())
      if (trigger.events & EVENT.truncate) callTrigger(run, trigger.function, relation);
  }
}
