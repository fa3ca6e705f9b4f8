/** ADD COLUMN and ALTER COLUMN TYPE: what they write anew. Sources: `ATExecAddColumn`, `ATExecAlterColumnType`, `ATPostAlterTypeCleanup`. */
import type { ColumnDef } from 'libpg-query';
import { hasConstrainedDomain, needsRewrite } from './column-type.ts';
import { addConstraint } from './constraints.ts';
import { addColumn, constraintsOf } from './create-table.ts';
import { columnsOf } from './names.ts';
import type { Relation } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { sqlText } from './sql-text.ts';
import { typeOf, typeText } from './types.ts';
import { isVolatile } from './volatility.ts';

/** Only tables and materialised views have a file. */
export function rewriteFile(run: Run, relation: Relation): void {
  if (relation.kind !== 'table' && relation.kind !== 'materialized_view') return;
  run.rewrite(relation);
  run.scan(relation);
}

export function addTableColumn(run: Run, table: Relation, definition: ColumnDef, ifNotExists: boolean): void {
  const name = definition.colname ?? '';
  if (table.columnMap.has(name)) {
    if (ifNotExists) return;
    throw new SqlFailure('42701', `${table.name} has a column ${name} already`);
  }
  const column = addColumn(run, table, definition);
  const rewrites =
    column.generated === 'stored' ||
    column.identity ||
    column.sequence !== undefined ||
    (column.generated !== 'virtual' &&
      (isVolatile(run.schema, column.default) || hasConstrainedDomain(run.schema, column.type)));
  if (rewrites) rewriteFile(run, table);
  const filled = column.default !== undefined || column.identity || column.generated !== undefined;
  for (const { node, column: at } of constraintsOf(definition)) {
    if (node.contype === 'CONSTR_NOTNULL') {
      run.journal.assign(column, 'notNull', false);
      if (filled && sqlText(column.default) !== 'NULL') {
        addConstraint(run, table, node, { creating: true, column: name });
        continue;
      }
      if (!run.isNew(table))
        run.dependsOnRows(
          table,
          [name],
          '23502',
          `fails if ${table.name} has any row: \`${name}\` has no default`,
        );
      run.breaks(
        table,
        `${table.name}.${name}`,
        `code that inserts into ${table.name} without \`${name}\` fails`,
      );
      addConstraint(run, table, node, { creating: true, column: name });
      continue;
    }
    if (node.contype === 'CONSTR_FOREIGN' && !filled) {
      addConstraint(run, table, node, { creating: true, ...(at === undefined ? {} : { column: at }) });
      continue;
    }
    addConstraint(run, table, node, { creating: false, ...(at === undefined ? {} : { column: at }) });
  }
}

export function alterColumnType(run: Run, table: Relation, name: string, definition: ColumnDef): void {
  const column = table.columnMap.get(name);
  if (!column && table.known) throw new SqlFailure('42703', `${table.name} has no column ${name}`);
  const to = typeOf(definition.typeName);
  const rewrites = needsRewrite(run.schema, table, name, to, definition.raw_default);
  if (rewrites) rewriteFile(run, table);
  for (const constraint of table.constraintMap.values()) {
    if (!constraint.columns.includes(name)) continue;
    if (constraint.kind === 'foreign_key') run.lock(constraint.references, 'ACCESS EXCLUSIVE');
  }
  for (const constraint of table.incoming)
    if (constraint.referencedColumns.includes(name)) run.lock(constraint.table, 'ACCESS EXCLUSIVE');
  for (const { generated, default: value } of table.columnMap.values())
    if (generated && columnsOf(value).includes(name))
      throw new SqlFailure('0A000', `a generated column depends on ${table.name}.${name}`);
  const before = column ? typeText(column.type) : 'its type';
  if (rewrites) {
    const message = `fails if a value of \`${name}\` cannot be turned from ${before} into ${typeText(to)}`;
    run.dependsOnRows(table, [name], '22P02', message);
  }
  if (before !== typeText(to))
    run.breaks(table, `${table.name}.${name}`, `code that counts on \`${name}\` being ${before} may fail`);
  if (column) run.journal.assign(column, 'type', to);
  else
    run.journal.put(table.columnMap, name, { type: to, notNull: false, identity: false, inherited: false });
}
