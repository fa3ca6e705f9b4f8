/** Names that PostgreSQL gives to what a statement leaves unnamed: `ChooseConstraintName`, `ChooseIndexName`. */
import type { Node } from 'libpg-query';
import type { Relation } from './objects.ts';
import { objectName, type Schema } from './schema.ts';
import { as, strings, walk } from './tree.ts';

/** Name of an index without one; `label` is `idx`, `key`, `pkey` or `excl`. */
export function indexName(
  schema: Schema,
  table: Relation,
  keys: readonly (string | Node)[],
  label: string,
): string {
  const middle = label === 'pkey' ? '' : columnNames(keys).join('_');
  return schema.freeName(table.local, middle, label, table.schema);
}

/** Names of an index's columns: an expression is called after its function. */
function columnNames(keys: readonly (string | Node)[]): string[] {
  const names: string[] = [];
  for (const key of keys) {
    const wanted = typeof key === 'string' ? key : figured(key);
    let name = wanted;
    for (let n = 1; names.includes(name); n++) name = `${wanted}${n}`;
    names.push(name);
  }
  return names;
}

/** `FigureIndexColname`. */
function figured(node: Node): string {
  const call = as('FuncCall', node);
  if (call) return strings(call.funcname).at(-1) ?? 'expr';
  const column = as('ColumnRef', node);
  if (column) return strings(column.fields).at(-1) ?? 'expr';
  const cast = as('TypeCast', node);
  if (cast) {
    const inner = cast.arg ? figured(cast.arg) : 'expr';
    return inner === 'expr' ? (strings(cast.typeName?.names).at(-1) ?? 'expr') : inner;
  }
  const collate = as('CollateClause', node);
  if (collate?.arg) return figured(collate.arg);
  if (as('CoalesceExpr', node)) return 'coalesce';
  if (as('CaseExpr', node)) return 'case';
  return 'expr';
}

/** Name of a constraint that has no index. */
export function constraintName(table: Relation, columns: readonly string[], label: string): string {
  const middle = columns.join('_');
  for (let n = 0; ; n++) {
    const name = objectName(table.local, middle, n === 0 ? label : `${label}${n}`);
    if (!table.constraintMap.has(name)) return name;
  }
}

/** Columns that an expression names, each once. */
export function columnsOf(expression: Node | undefined): string[] {
  const found = new Set<string>();
  walk([expression], (kind, body) => {
    if (kind !== 'ColumnRef') return false;
    const name = strings(body.fields as Node[]).at(-1);
    if (name !== undefined) found.add(name);
    return true;
  });
  return [...found];
}
