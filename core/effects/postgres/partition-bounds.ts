/** Which partition rows go to, as far as the written values tell. */
import type { InsertStmt, Node, PartitionBoundSpec } from 'libpg-query';
import type { Relation } from './objects.ts';
import type { Run } from './run.ts';
import { all, as, constantOf, strings } from './tree.ts';

/** Leaves that the rows of an INSERT go to; all of them where that cannot be told. */
export function routesTo(run: Run, root: Relation, statement: InsertStmt): Relation[] {
  const given = all('ResTarget', statement.cols).map(({ name = '' }) => name);
  const order = given.length > 0 ? given : [...root.columnMap.keys()];
  const lists = as('SelectStmt', statement.selectStmt)?.valuesLists ?? [];
  const rows = lists.map((list) => {
    const values = as('List', list)?.items ?? [];
    return new Map(order.map((name, at) => [name, constantOf(values[at])]));
  });
  const found = new Set<Relation>();
  for (const row of rows.length > 0 ? rows : [new Map<string, string | null | undefined>()])
    for (const leaf of leavesFor(root, row)) found.add(leaf);
  if (root.childSet.size > 0 && found.size === 0) run.unknown(`no partition of ${root.name} takes the rows`);
  return [...found];
}

type Row = ReadonlyMap<string, string | null | undefined>;

function leavesFor(table: Relation, row: Row): Relation[] {
  if (table.kind !== 'partitioned_table') return [table];
  const key = table.partitioning?.columns[0];
  const value = key === undefined ? undefined : row.get(key);
  const children = [...table.childSet];
  if (value === undefined || table.partitioning?.strategy === 'hash')
    return children.flatMap((child) => leavesFor(child, row));
  const taking = children.find((child) => takes(child.bound, value));
  const child = taking ?? children.find(({ isDefaultPartition }) => isDefaultPartition);
  return child ? leavesFor(child, row) : [];
}

/** Partitions at every level that a condition may find rows in: `prune_append_rel_partitions`, for constants. */
export function survivors(table: Relation, where: Node, alias: string): Relation[] {
  const key = table.partitioning?.columns[0];
  const limits = key === undefined ? [] : conjuncts(where).flatMap((part) => limitOf(part, key, alias) ?? []);
  const children = [...table.childSet].filter(
    (child) => limits.length === 0 || !excluded(table, child, limits),
  );
  return children.flatMap((child) => [child, ...survivors(child, where, alias)]);
}

/** `key operator value`, the value among these. */
interface Limit {
  operator: string;
  values: string[];
}

function conjuncts(node: Node): Node[] {
  const bool = as('BoolExpr', node);
  return bool?.boolop === 'AND_EXPR' ? (bool.args ?? []).flatMap(conjuncts) : [node];
}

const TURNED: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=' };

function limitOf(node: Node, key: string, alias: string): Limit[] | undefined {
  const expression = as('A_Expr', node);
  if (!expression) return undefined;
  const operator = strings(expression.name).at(-1) ?? '';
  const list = as('List', expression.rexpr)?.items ?? [];
  if (isKey(expression.lexpr, key, alias)) {
    if (expression.kind === 'AEXPR_BETWEEN' && list.length === 2)
      return [limit('>=', [list[0]]), limit('<=', [list[1]])].filter((found) => found !== undefined);
    const found = limit(operator, expression.kind === 'AEXPR_IN' ? list : [expression.rexpr]);
    return found && [found];
  }
  if (!isKey(expression.rexpr, key, alias)) return undefined;
  const found = limit(TURNED[operator] ?? '', [expression.lexpr]);
  return found && [found];
}

function limit(operator: string, nodes: readonly (Node | undefined)[]): Limit | undefined {
  const values = nodes.map(constantOf);
  const known = values.filter((value) => typeof value === 'string');
  return TURNED[operator] && known.length === values.length ? { operator, values: known } : undefined;
}

function isKey(node: Node | undefined, key: string, alias: string): boolean {
  const fields = strings(as('ColumnRef', node)?.fields);
  return fields.at(-1) === key && (fields.length === 1 || fields.at(-2) === alias);
}

function excluded(table: Relation, child: Relation, limits: readonly Limit[]): boolean {
  const equal = limits.find(({ operator }) => operator === '=');
  if (table.partitioning?.strategy === 'hash') return false;
  if (equal) {
    const others = [...table.childSet].filter(({ isDefaultPartition }) => !isDefaultPartition);
    if (child.isDefaultPartition)
      return equal.values.every((value) => others.some(({ bound }) => takes(bound, value)));
    return !equal.values.some((value) => takes(child.bound, value));
  }
  if (child.isDefaultPartition) return coveredByOthers(table, limits);
  if (child.bound?.listdatums) return false;
  const [lower, upper] = [child.bound?.lowerdatums?.[0], child.bound?.upperdatums?.[0]];
  return limits.some(({ operator, values: [value = ''] }) => {
    if (operator === '<') return order(lower, value, -1) >= 0;
    if (operator === '<=') return order(lower, value, -1) > 0;
    return order(upper, value, 1) <= 0;
  });
}

/** No value between the limits is left for the default partition: ranges that touch cover them all. */
function coveredByOthers(table: Relation, limits: readonly Limit[]): boolean {
  const from = limits.find(({ operator }) => operator.startsWith('>'))?.values[0];
  const to = limits.find(({ operator }) => operator.startsWith('<'));
  if (from === undefined || !to) return false;
  const end = to.values[0] ?? '';
  let reached = from;
  for (;;) {
    const next = [...table.childSet].find(({ bound }) => takes(bound, reached));
    const upper = next?.bound?.upperdatums?.[0];
    if (!next || !upper) return false;
    const past = order(upper, end, 1);
    if (past > 0 || (past === 0 && to.operator === '<')) return true;
    const following = constantOf(as('PartitionRangeDatum', upper)?.value ?? upper);
    if (typeof following !== 'string' || following === reached) return false;
    reached = following;
  }
}

function takes(bound: PartitionBoundSpec | undefined, value: string | null): boolean {
  if (!bound || bound.is_default) return false;
  if (bound.listdatums) return bound.listdatums.some((datum) => constantOf(datum) === value);
  if (value === null) return false;
  const [lower, upper] = [bound.lowerdatums?.[0], bound.upperdatums?.[0]];
  return order(lower, value, -1) <= 0 && order(upper, value, 1) > 0;
}

/** Whether a bound is below (negative), at, or above a value; MINVALUE is below and MAXVALUE above everything. */
function order(datum: Node | undefined, value: string, open: number): number {
  const column = as('ColumnRef', datum)?.fields?.[0];
  const word = as('String', column)?.sval;
  if (word === 'minvalue') return -1;
  if (word === 'maxvalue') return 1;
  const bound = constantOf(as('PartitionRangeDatum', datum)?.value ?? datum);
  if (bound === undefined || bound === null) return open;
  const [a, b] = [Number(bound), Number(value)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return bound < value ? -1 : bound > value ? 1 : 0;
}
