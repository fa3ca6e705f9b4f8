/** What the rules of both servers ask about a table. */
import type { IndexDefinition, Position } from '../../sql/mysql/ast.ts';
import type { MysqlTable } from './catalogue.ts';

/** Whether a new column comes behind all others. */
export function isLast(table: MysqlTable, { first, after }: Position): boolean {
  if (first) return false;
  if (after === undefined) return true;
  return [...table.columns.keys()].at(-1) === after.toLowerCase();
}

/** Whether an expression calls one of these functions. */
export function callsFunction(expression: string, names: readonly string[]): boolean {
  const words = expression.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return names.some((name) => words.includes(name)) && expression.includes('(');
}

/** Whether all texts of a table are in a character set already; not where that is not known. */
export function alreadyIn(table: MysqlTable, charset: string, collation?: string): boolean {
  if (!table.known) return false;
  // Another collation alone is instant for plain texts that stand in no index.
  if (collation !== undefined) {
    const sorted = [...table.columns].filter(([name, { definition }]) =>
      ['char', 'varchar'].includes(definition.type.base)
        ? table.indexesWith(name).length > 0
        : isText(definition.type.base),
    );
    if (sorted.length > 0) return false;
  }
  const wanted = canonical(charset);
  const texts = [...table.columns.values()].filter(({ definition }) => isText(definition.type.base));
  return texts.every(({ definition: { type } }) => {
    const named = type.charset ?? type.collation?.split('_')[0] ?? table.charset;
    return named !== undefined && canonical(named) === wanted;
  });
}

function isText(base: string): boolean {
  return ['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set'].includes(base);
}

function canonical(charset: string): string {
  return charset === 'utf8' ? 'utf8mb3' : charset.toLowerCase();
}

/** Without a primary key, InnoDB orders the rows by the first unique key whose columns are all NOT NULL. */
export function becomesClustered(table: MysqlTable, { kind, columns }: IndexDefinition): boolean {
  if (kind !== 'unique' || !table.known || table.primaryKey || otherUniqueKey(table)) return false;
  return columns.length > 0 && columns.every((column) => table.column(column)?.notNull === true);
}

/** Whether there is a unique key besides the primary one whose columns are all NOT NULL. */
export function otherUniqueKey(table: MysqlTable): boolean {
  return [...table.indexes.values()].some(
    ({ kind, columns }) =>
      kind === 'unique' &&
      columns.length > 0 &&
      columns.every((column) => table.column(column)?.notNull === true),
  );
}
