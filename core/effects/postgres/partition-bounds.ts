/** Which partition rows go to, as far as the written values tell. */
import type { InsertStmt, Node, PartitionBoundSpec } from 'libpg-query';
import type { Relation } from './objects.ts';
import type { Run } from './run.ts';
import { all, as, constantOf } from './tree.ts';

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
