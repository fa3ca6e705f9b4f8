/**
 * Whether a query yields rows and a condition holds, as far as the statements so far tell: a table that no statement has
 * put a row into is empty. The catalogue tables that migrations ask for an object's existence are answered too.
 */
import type { Node, SelectStmt } from 'libpg-query';
import { catalogueAnswer, catalogueCount, rowsOfQuery } from './catalogue-queries.ts';
import { evaluate, type Value } from './evaluate.ts';
import type { Relation } from './objects.ts';
import type { Schema } from './schema.ts';
import { all, as, constantOf, nameOf, rangeName, strings, walk } from './tree.ts';

export type Answer = 'yes' | 'no' | 'maybe';

const AGGREGATES =
  /^(?:count|sum|min|max|avg|array_agg|string_agg|json_agg|jsonb_agg|json_object_agg|jsonb_object_agg|bool_or|bool_and|every|bit_or|bit_and)$/;

export function yieldsRows(
  schema: Schema,
  query: Node,
  names: ReadonlyMap<string, Answer> = new Map(),
): Answer {
  const select = as('SelectStmt', query);
  if (!select) return 'maybe';
  return ofSelect(schema, select, withQueries(schema, select, names));
}

function withQueries(
  schema: Schema,
  select: SelectStmt,
  names: ReadonlyMap<string, Answer>,
): ReadonlyMap<string, Answer> {
  if (!select.withClause) return names;
  const inner = new Map(names);
  for (const { ctename = '', ctequery } of all('CommonTableExpr', select.withClause.ctes))
    inner.set(ctename, ctequery ? yieldsRows(schema, ctequery, inner) : 'maybe');
  return inner;
}

function ofSelect(schema: Schema, select: SelectStmt, names: ReadonlyMap<string, Answer>): Answer {
  if (select.larg && select.rarg) {
    const left = yieldsRows(schema, { SelectStmt: select.larg }, names);
    const right = yieldsRows(schema, { SelectStmt: select.rarg }, names);
    if (select.op === 'SETOP_UNION') return or(left, right);
    if (select.op === 'SETOP_INTERSECT') return and(left, right);
    return left === 'no' ? 'no' : 'maybe';
  }
  if (constantOf(select.limitCount) === '0') return 'no';
  if (select.valuesLists) return 'yes';
  const isAggregate = !select.groupClause && hasAggregate(select.targetList);
  if (isAggregate) return select.havingClause ? 'maybe' : 'yes';
  const answered = catalogueAnswer(schema, select);
  if (answered) return answered;
  const from = (select.fromClause ?? []).map((item) => ofItem(schema, item, names));
  const where = select.whereClause ? holds(schema, select.whereClause, names) : 'yes';
  return [...from, where].reduce(and, 'yes');
}

function ofItem(schema: Schema, item: Node, names: ReadonlyMap<string, Answer>): Answer {
  const range = as('RangeVar', item);
  if (range) {
    const named = range.schemaname === undefined ? names.get(range.relname ?? '') : undefined;
    if (named) return named;
    const name = rangeName(range);
    if (schema.isSystem(name)) return 'maybe';
    const relation = schema.find(name);
    return relation ? relationRows(schema, relation) : 'maybe';
  }
  const join = as('JoinExpr', item);
  if (join?.larg && join.rarg) {
    const [left, right] = [ofItem(schema, join.larg, names), ofItem(schema, join.rarg, names)];
    if (join.jointype === 'JOIN_LEFT') return left;
    if (join.jointype === 'JOIN_RIGHT') return right;
    if (join.jointype === 'JOIN_FULL') return or(left, right);
    const both = and(left, right);
    return both === 'yes' && join.quals ? 'maybe' : both;
  }
  const subquery = as('RangeSubselect', item)?.subquery;
  if (subquery) return yieldsRows(schema, subquery, names);
  return as('RangeFunction', item) ? ofFunction(item) : 'maybe';
}

/** Sets made of constants: `generate_series(1, 3)`, `unnest(ARRAY['a'])`. */
function ofFunction(item: Node): Answer {
  let constant = true;
  walk([item], (kind) => {
    if (kind === 'ColumnRef' || kind === 'SelectStmt') constant = false;
    return !constant;
  });
  return constant ? 'yes' : 'maybe';
}

/** Whether a table, one of its children, or what a view reads has rows. */
export function relationRows(schema: Schema, relation: Relation): Answer {
  if (relation.kind === 'view') return relation.query ? yieldsRows(schema, relation.query) : 'maybe';
  if (relation.kind === 'foreign_table') return 'maybe';
  const counted = schema.rowsIn(relation.name);
  if (counted !== undefined) return counted ? 'yes' : 'no';
  if (relation.hasRows) return 'yes';
  return [...relation.childSet].some((child) => relationRows(schema, child) !== 'no') ? 'yes' : 'no';
}

function hasAggregate(targets: readonly Node[] | undefined): boolean {
  let found = false;
  walk(targets, (kind, body) => {
    if (kind === 'SelectStmt') return true;
    if (kind === 'FuncCall' && !body.over && AGGREGATES.test(strings(body.funcname as Node[]).at(-1) ?? ''))
      found = true;
    return found;
  });
  return found;
}

/** Whether a condition holds, where that can be told. */
export function holds(
  schema: Schema,
  condition: Node,
  names: ReadonlyMap<string, Answer> = new Map(),
): Answer {
  const bool = as('BoolExpr', condition);
  if (bool) {
    const parts = (bool.args ?? []).map((part) => holds(schema, part, names));
    if (bool.boolop === 'NOT_EXPR') return not(parts[0] ?? 'maybe');
    return parts.reduce(bool.boolop === 'OR_EXPR' ? or : and);
  }
  const link = as('SubLink', condition);
  if (link?.subLinkType === 'EXISTS_SUBLINK' && link.subselect)
    return yieldsRows(schema, link.subselect, names);
  if (link?.subLinkType === 'ANY_SUBLINK' && link.subselect)
    return yieldsRows(schema, link.subselect, names) === 'no' ? 'no' : 'maybe';
  const value = scalarOf(schema, condition, names);
  if (value === 'true') return 'yes';
  if (value === 'false' || value === null) return 'no';
  const test = as('NullTest', condition);
  if (test) {
    const tested = scalarOf(schema, test.arg, names);
    if (tested === undefined) return 'maybe';
    return (tested === null) === (test.nulltesttype === 'IS_NULL') ? 'yes' : 'no';
  }
  const comparison = as('A_Expr', condition);
  if (comparison?.kind === 'AEXPR_OP') {
    const left = scalarOf(schema, comparison.lexpr, names);
    const right = scalarOf(schema, comparison.rexpr, names);
    if (left === null || right === null) return 'no';
    if (left !== undefined && right !== undefined)
      return compare(strings(comparison.name).at(-1) ?? '', left, right);
  }
  return 'maybe';
}

/** A scalar that can be told: what constants make, and `count(*)` of nothing or of the catalogue. */
function scalarOf(schema: Schema, node: Node | undefined, names: ReadonlyMap<string, Answer>): Value {
  const known = evaluate(node);
  if (known !== undefined) return known;
  const cast = as('TypeCast', node);
  if (cast) return scalarOf(schema, cast.arg, names);
  const query = as('SubLink', node)?.subselect;
  if (query) return valueOfQuery(schema, query, names);
  const call = as('FuncCall', node);
  return call ? lookup(schema, strings(call.funcname).at(-1) ?? '', evaluate(call.args?.[0])) : undefined;
}

/** Functions that ask the server for an object or a setting. */
function lookup(schema: Schema, name: string, argument: Value): Value {
  if (typeof argument !== 'string') return undefined;
  const object = nameOf(argument.replace(/"/g, '').split('.'));
  if (name === 'to_regclass') return schema.find(object) || schema.findIndex(object) ? argument : null;
  if (name === 'to_regtype') return schema.findType(object) ? argument : undefined;
  if (name === 'to_regproc') return schema.findRoutines(object).length > 0 ? argument : undefined;
  if (name === 'current_setting' && argument === 'server_version_num')
    return String(schema.settings.serverVersion * 10_000);
  return undefined;
}

/** The one value that a query gives, where it can be told. */
export function valueOfQuery(
  schema: Schema,
  query: Node,
  names: ReadonlyMap<string, Answer> = new Map(),
): Value {
  const select = as('SelectStmt', query);
  const target = as('ResTarget', select?.targetList?.[0])?.val;
  if (!select || !target || select.targetList?.length !== 1) return undefined;
  if (!select.fromClause) {
    const value = scalarOf(schema, target, names);
    if (value !== undefined) return value;
    const answer = holds(schema, target, names);
    return answer === 'maybe' ? undefined : String(answer === 'yes');
  }
  const count = mentionsCount(target) ? catalogueCount(schema, select) : undefined;
  if (count !== undefined) return valueOfQuery(schema, selectOf(counted(target, count)), names);
  const counts = strings(as('FuncCall', target)?.funcname).at(-1) === 'count';
  const found = counts ? undefined : rowsOfQuery(schema, query);
  if (found) return found[0] ? Object.values(found[0])[0] : null;
  const { targetList: _targets, ...rest } = select;
  if (yieldsRows(schema, { SelectStmt: rest }, names) !== 'no') return undefined;
  return counts ? '0' : null;
}

function selectOf(target: Node): Node {
  return { SelectStmt: { targetList: [{ ResTarget: { val: target } }] } };
}

function mentionsCount(target: Node): boolean {
  let found = false;
  walk([target], (kind, body) => {
    if (kind === 'FuncCall' && strings(body.funcname as Node[]).at(-1) === 'count') found = true;
    return found;
  });
  return found;
}

/** An expression with its `count(…)` replaced by the number. */
function counted<T>(tree: T, count: number): T {
  if (!tree || typeof tree !== 'object') return tree;
  if (Array.isArray(tree)) return tree.map((item) => counted(item, count)) as T;
  if (strings(as('FuncCall', tree as unknown as Node)?.funcname).at(-1) === 'count')
    return { A_Const: { ival: { ival: count } } } as T;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, counted(item, count)])) as T;
}

function compare(operator: string, left: string, right: string): Answer {
  const [a, b] = [Number(left), Number(right)];
  const order = Number.isNaN(a) || Number.isNaN(b) ? left.localeCompare(right, 'en') : a - b;
  switch (operator) {
    case '=':
      return order === 0 ? 'yes' : 'no';
    case '<>':
      return order !== 0 ? 'yes' : 'no';
    case '>':
      return order > 0 ? 'yes' : 'no';
    case '>=':
      return order >= 0 ? 'yes' : 'no';
    case '<':
      return order < 0 ? 'yes' : 'no';
    case '<=':
      return order <= 0 ? 'yes' : 'no';
    default:
      return 'maybe';
  }
}

export function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'maybe';
}

export function and(a: Answer, b: Answer): Answer {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

export function or(a: Answer, b: Answer): Answer {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'maybe';
}
