/**
 * The locks of queries: what a SELECT reads, through views and down to children, and what a write touches.
 *
 * Sources: `setTargetTable` and `addRangeTableEntry` in the parser, `AcquireRewriteLocks` in the rewriter,
 * `expand_inherited_rtentry` in the planner.
 */
import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import type { LockMode } from '../lock-modes.ts';
import { callFunction } from './calls.ts';
import type { Relation } from './objects.ts';
import { survivors } from './partition-bounds.ts';
import { type Answer, yieldsRows } from './rows.ts';
import type { Run } from './run.ts';
import { all, as, rangeName, strings } from './tree.ts';
import { changeRows } from './writes.ts';

/**
 * How far a query gets. `analysed`: its names are looked up (a new view's query); `rewritten`: views are replaced by
 * what they read (a function's body when it is made); `planned`: children are looked up too; `run`: it is run, functions
 * that it calls included.
 */
export type Stage = 'analysed' | 'rewritten' | 'planned' | 'run';

export interface Scope {
  stage: Stage;
  /** Condition on the rows, by which partitions are left out. */
  where?: Node | undefined;
  /** Names of common table expressions: they are no relations. */
  names: ReadonlyMap<string, Answer>;
}

const NO_NAMES: ReadonlyMap<string, Answer> = new Map();

/** A query at the top of a statement. */
export function runQuery(run: Run, query: Node | undefined, stage: Stage = 'run'): void {
  if (query) inQuery(run, query, { stage, names: NO_NAMES });
}

/** A SELECT, INSERT, UPDATE, DELETE or MERGE at any depth. */
export function inQuery(run: Run, query: Node, scope: Scope): void {
  const select = as('SelectStmt', query);
  if (select) {
    inSelect(run, select, scope);
    return;
  }
  const insert = as('InsertStmt', query);
  if (insert) {
    const inner = withNames(run, insert.withClause, scope);
    const rows = insert.selectStmt ? rowsOf(run, insert.selectStmt, inner) : 'yes';
    if (insert.selectStmt) inQuery(run, insert.selectStmt, inner);
    inParts(run, [insert.onConflictClause, insert.returningClause], inner);
    changeRows(run, {
      kind: 'insert',
      statement: insert,
      target: insert.relation,
      rows,
      scope: inner,
    });
    return;
  }
  const update = as('UpdateStmt', query);
  if (update) {
    const inner = withNames(run, update.withClause, scope);
    const rows = rowsOf(run, selectLike(update.fromClause, update.whereClause, update.relation), inner);
    const parts = [update.fromClause, update.whereClause, update.targetList, update.returningClause];
    inParts(run, parts, rows === 'no' ? unrun(inner) : inner);
    changeRows(run, {
      kind: 'update',
      statement: update,
      target: update.relation,
      rows,
      scope: inner,
    });
    return;
  }
  const remove = as('DeleteStmt', query);
  if (remove) {
    const inner = withNames(run, remove.withClause, scope);
    const rows = rowsOf(run, selectLike(remove.usingClause, remove.whereClause, remove.relation), inner);
    inParts(
      run,
      [remove.usingClause, remove.whereClause, remove.returningClause],
      rows === 'no' ? unrun(inner) : inner,
    );
    changeRows(run, {
      kind: 'delete',
      statement: remove,
      target: remove.relation,
      rows,
      scope: inner,
    });
    return;
  }
  const merge = as('MergeStmt', query);
  if (merge) {
    const inner = withNames(run, merge.withClause, scope);
    const { sourceRelation, joinCondition, mergeWhenClauses, returningClause } = merge;
    inParts(run, [sourceRelation, joinCondition, mergeWhenClauses, returningClause], inner);
    changeRows(run, {
      kind: 'merge',
      statement: merge,
      target: merge.relation,
      rows: 'maybe',
      scope: inner,
    });
    return;
  }
  inParts(run, query, scope);
}

/** The rows that an UPDATE or DELETE takes, as a query. */
function selectLike(from: Node[] = [], whereClause: Node | undefined, target: RangeVar | undefined): Node {
  const fromClause: Node[] = target ? [{ RangeVar: target }, ...from] : from;
  return { SelectStmt: { fromClause, ...(whereClause ? { whereClause } : {}) } };
}

/** The scope of parts that are planned, but for which no row comes: no function is called. */
function unrun(scope: Scope): Scope {
  return scope.stage === 'run' ? { ...scope, stage: 'planned' } : scope;
}

function rowsOf(run: Run, query: Node, { names }: Scope): Answer {
  return yieldsRows(run.schema, query, names);
}

/** The scope within a statement that has a WITH clause; reads its queries. */
function withNames(
  run: Run,
  clause: { ctes?: Node[]; recursive?: boolean } | undefined,
  scope: Scope,
): Scope {
  if (!clause) return scope;
  const names = new Map(scope.names);
  const inner = { ...scope, names };
  if (clause.recursive)
    for (const { ctename = '' } of all('CommonTableExpr', clause.ctes)) names.set(ctename, 'maybe');
  for (const { ctename = '', ctequery } of all('CommonTableExpr', clause.ctes)) {
    if (!ctequery) continue;
    inQuery(run, ctequery, inner);
    names.set(ctename, yieldsRows(run.schema, ctequery, names));
  }
  return inner;
}

function inSelect(run: Run, select: SelectStmt, scope: Scope): void {
  const inner = { ...withNames(run, select.withClause, scope), where: select.whereClause };
  const { withClause: _with, lockingClause, larg, rarg, intoClause: _into, ...parts } = select;
  if (larg) inSelect(run, larg, inner);
  if (rarg) inSelect(run, rarg, inner);
  inParts(run, parts, neverRuns(run, select, inner) ? unrun(inner) : inner);
  for (const clause of all('LockingClause', lockingClause)) {
    const only = new Set(all('RangeVar', clause.lockedRels).map(({ relname }) => relname));
    for (const range of rangesOf(select.fromClause)) {
      const called = range.alias?.aliasname ?? range.relname;
      if (only.size === 0 || only.has(called)) readRange(run, range, 'ROW SHARE', inner);
    }
  }
}

/** Its functions are not called: there is no row to call them for. Its relations are locked all the same. */
function neverRuns(run: Run, select: SelectStmt, { stage, names }: Scope): boolean {
  return stage === 'run' && yieldsRows(run.schema, { SelectStmt: select }, names) === 'no';
}

function rangesOf(fromClause: readonly Node[] | undefined): RangeVar[] {
  return (fromClause ?? []).flatMap((node) => {
    const range = as('RangeVar', node);
    if (range) return [range];
    const join = as('JoinExpr', node);
    if (join) return rangesOf([join.larg, join.rarg].filter((side) => side !== undefined));
    const subselect = as('SelectStmt', as('RangeSubselect', node)?.subquery);
    return subselect ? rangesOf(subselect.fromClause) : [];
  });
}

/** Everything below a node: relations, subqueries, calls. */
export function inParts(run: Run, part: unknown, scope: Scope): void {
  if (Array.isArray(part)) {
    for (const item of part) inParts(run, item, scope);
    return;
  }
  if (!part || typeof part !== 'object') return;
  for (const [key, value] of Object.entries(part)) {
    if (!value || typeof value !== 'object') continue;
    if (key === 'RangeVar') readRange(run, value as RangeVar, 'ACCESS SHARE', scope);
    else if (/^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(key))
      inQuery(run, { [key]: value } as unknown as Node, scope);
    else {
      if (key === 'FuncCall' && scope.stage === 'run') {
        const call = value as { funcname?: Node[]; args?: Node[] };
        callFunction(run, strings(call.funcname), call.args ?? []);
      }
      inParts(run, value, scope);
    }
  }
}

function readRange(run: Run, range: RangeVar, mode: LockMode, scope: Scope): void {
  if (range.schemaname === undefined && scope.names.has(range.relname ?? '')) return;
  const relation = run.need(rangeName(range));
  if (!relation) return;
  const pruned = relation.kind === 'partitioned_table' && scope.where && scope.stage !== 'analysed';
  readRelation(run, relation, mode, scope.stage, range.inh === true && !pruned);
  if (!pruned || scope.stage === 'rewritten' || !scope.where) return;
  for (const part of survivors(relation, scope.where, range.alias?.aliasname ?? range.relname ?? ''))
    run.lock(part, mode);
}

/** Locks a relation that is read, what it reads itself, and its children. */
export function readRelation(
  run: Run,
  relation: Relation,
  mode: LockMode,
  stage: Stage,
  children: boolean,
): void {
  run.lock(relation, mode);
  if (stage === 'analysed') return;
  if (relation.kind === 'view') {
    if (relation.query) inQuery(run, relation.query, { stage, names: NO_NAMES });
    if (mode !== 'ACCESS SHARE') {
      for (const below of relation.reads.keys()) if (below.kind !== 'view') run.lock(below, mode);
    }
    return;
  }
  if (stage !== 'rewritten' && children)
    for (const child of relation.childSet) readRelation(run, child, mode, stage, true);
}
