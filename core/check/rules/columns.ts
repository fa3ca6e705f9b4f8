/** Columns that are added or changed in a way that fails on rows or writes the table anew. */
import type { AlterTableCmd, Constraint, Node, RangeVar } from 'libpg-query';
import { batched } from '../rewrite/backfill.ts';
import { changeColumn } from '../rewrite/change-column.ts';
import { alterTableSql, ident, sqlOf, tableSql } from '../rewrite/sql.ts';
import type { Step } from '../rewrite/steps.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';
import { addedColumns, alteredTable, as, defaultOf, typeName } from '../tree.ts';
import { provenNotNull } from './constraints.ts';
import { LINKS } from './links.ts';

const SERIAL = new Set(['smallserial', 'serial', 'bigserial', 'serial2', 'serial4', 'serial8']);

function has(constraints: readonly Constraint[], kind: Constraint['contype']): boolean {
  return constraints.some(({ contype }) => contype === kind);
}

export const addNotNullColumn: Rule = {
  id: 'add-not-null-column',
  severity: 'error',
  title: 'NOT NULL column without a default',
  why: 'Rows that exist get NULL in the new column, so the statement fails as soon as the table holds one row. Old application code that inserts without the column fails as well.',
  whatToDo:
    'Give the column a default, which costs nothing since PostgreSQL 11; or add it without NOT NULL, fill it in batches, then prove NOT NULL by a validated CHECK.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE users ADD COLUMN email text NOT NULL;',
      good: [
        "ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';",
        'ALTER TABLE users ADD COLUMN note text;',
      ],
      fix: '-- 1. First.\nALTER TABLE users ADD COLUMN email text;\n-- 2. In the next migration. Fill the column first, in batches.\nALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;\n-- 3. In the next migration.\nALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;\n-- 4. In the next migration.\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation, range } = table;
    return addedColumns(table).flatMap(({ index, column, name, constraints }): RuleFinding[] => {
      const required = has(constraints, 'CONSTR_NOTNULL') || has(constraints, 'CONSTR_PRIMARY');
      const filled =
        defaultOf(column) !== undefined ||
        has(constraints, 'CONSTR_IDENTITY') ||
        has(constraints, 'CONSTR_GENERATED') ||
        SERIAL.has(typeName(column));
      if (!required || filled) return [];
      const rows = context.tables.size(relation)?.rows;
      const nullable = (column.constraints ?? []).filter(
        (node) => as(node, 'Constraint')?.contype !== 'CONSTR_NOTNULL',
      );
      const plain: AlterTableCmd = {
        subtype: 'AT_AddColumn',
        def: { ColumnDef: { ...column, constraints: nullable } },
      };
      const [first, ...rest] = provenNotNull(range, name);
      const steps: Step[] = [
        { sql: [alterTableSql(range, [plain])] },
        ...(first ? [{ ...first, note: 'Fill the column first, in batches' }] : []),
        ...rest,
      ];
      return [
        {
          message: `“${name}” is NOT NULL and has no default: it fails if ${relation} holds a row${rows ? `, and it holds about ${rows}` : ''}.`,
          relation,
          mark: name,
          fails: rows !== undefined && rows > 0,
          ...(has(constraints, 'CONSTR_PRIMARY') ? {} : { rewrite: { replaces: [index], steps } }),
        },
      ];
    });
  },
};

export const defaultRewrites: Rule = {
  id: 'new-column-rewrites',
  severity: 'warning',
  bySize: true,
  title: 'New column writes the whole table anew',
  why: 'A default that differs for each row (clock_timestamp(), gen_random_uuid(), a sequence), a stored generated column, and a domain with a check are computed for every row: the table is written anew under ACCESS EXCLUSIVE. A constant and now() are not: they are kept once.',
  whatToDo:
    'Add the column without the default, set the default for new rows, and fill the old rows in batches.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();',
      good: [
        'ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();',
        'ALTER TABLE users ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();',
      ],
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation, range } = table;
    return addedColumns(table).flatMap(({ index, column, name, constraints }): RuleFinding[] => {
      if (!context.effectsOfCommand(index).rewrites.includes(relation)) return [];
      const expression = defaultOf(column);
      const simple =
        expression !== undefined &&
        constraints.every(({ contype }) => contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_NOTNULL');
      const notNull = has(constraints, 'CONSTR_NOTNULL');
      const steps = simple
        ? fillInBatches(
            context,
            range,
            column.colname ?? name,
            { ...column, constraints: [] },
            expression,
            notNull,
          )
        : [];
      return [
        {
          message: `“${name}” is computed for every row: ${relation} is written anew while nobody can use it.`,
          relation,
          mark: name,
          ...(simple ? { rewrite: { replaces: [index], steps } } : {}),
        },
      ];
    });
  },
};

function fillInBatches(
  { serverVersion, catalogue }: RuleContext,
  range: RangeVar,
  name: string,
  plain: object,
  expression: Node,
  notNull: boolean,
): Step[] {
  const table = tableSql(range);
  const value = sqlOf(expression);
  const { raw_default: _, ...column } = plain as Record<string, unknown>;
  const partitioned = catalogue.resolve(range.schemaname, range.relname ?? '')?.kind === 'partitioned_table';
  const fill = batched(table, `UPDATE ${table} SET ${ident(name)} = ${value}`, `${ident(name)} IS NULL`, {
    serverVersion,
    partitioned,
  });
  return [
    {
      sql: [
        alterTableSql(range, [{ subtype: 'AT_AddColumn', def: { ColumnDef: column } }]),
        `ALTER TABLE ${table} ALTER COLUMN ${ident(name)} SET DEFAULT ${value}`,
      ],
    },
    { outside: true, note: 'Fills the old rows in batches', sql: [fill] },
    ...(notNull ? provenNotNull(range, name) : []),
  ];
}

export const columnTypeRewrites: Rule = {
  id: 'column-type-rewrites',
  severity: 'warning',
  bySize: true,
  title: 'Column type change writes or reads the whole table',
  why: 'A type that is stored differently writes the table and its indexes anew under ACCESS EXCLUSIVE; nobody reads or writes it until that is done. Widening varchar, varchar to text and numeric(n) to a larger n cost nothing.',
  whatToDo:
    'Add a column of the new type, keep it in step by a trigger, fill it in batches, then swap the names in a short transaction.',
  links: [LINKS.alterTable, LINKS.types],
  examples: [
    {
      setup: 'CREATE TABLE orders (id bigint PRIMARY KEY, number int);',
      bad: 'ALTER TABLE orders ALTER COLUMN number TYPE bigint;',
      good: ['ALTER TABLE orders ALTER COLUMN number SET DEFAULT 1;'],
    },
    {
      setup: 'CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(50));',
      bad: 'ALTER TABLE orders ALTER COLUMN note TYPE varchar(20);',
      good: [
        'ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);',
        'ALTER TABLE orders ALTER COLUMN note TYPE text;',
      ],
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation } = table;
    return table.commands.flatMap(({ index, cmd }): RuleFinding[] => {
      if (cmd.subtype !== 'AT_AlterColumnType' || !cmd.name) return [];
      const { rewrites, scans } = context.effectsOfCommand(index);
      const writes = rewrites.includes(relation);
      if (!writes && !scans.includes(relation)) return [];
      const done = writes ? 'written anew' : 'read from end to end';
      const rewrite = changeColumn(context, table, index);
      return [
        {
          message: `The new type of “${cmd.name}” means that ${relation} is ${done} while nobody can use it.`,
          relation,
          mark: cmd.name,
          ...(rewrite ? { rewrite } : {}),
        },
      ];
    });
  },
};

export const tableRewritten: Rule = {
  id: 'table-rewritten',
  severity: 'warning',
  bySize: true,
  title: 'Whole table written anew',
  why: 'SET LOGGED, SET UNLOGGED, SET TABLESPACE, SET ACCESS METHOD, CLUSTER and VACUUM FULL copy the table under ACCESS EXCLUSIVE; nobody reads or writes it until the copy is done.',
  whatToDo: 'Do it when nobody needs the table, or with pg_repack, which copies while others work.',
  links: [LINKS.alterTable, LINKS.cluster, LINKS.vacuum],
  examples: [
    {
      setup: 'CREATE TABLE logs (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE logs SET UNLOGGED;',
      good: ['CREATE UNLOGGED TABLE other_logs (id bigint PRIMARY KEY);'],
    },
    {
      setup: 'CREATE TABLE logs (id bigint PRIMARY KEY);',
      bad: 'VACUUM FULL logs;',
      good: ['VACUUM logs;'],
    },
  ],
  check(context) {
    const { tree, effects, tables } = context;
    const table = alteredTable(context);
    if (table) {
      const inUse = tables.inUse(table.relation);
      return table.commands.flatMap(({ index, cmd }): RuleFinding[] => {
        const other = cmd.subtype !== 'AT_AddColumn' && cmd.subtype !== 'AT_AlterColumnType';
        if (!inUse || !other || !context.effectsOfCommand(index).rewrites.includes(table.relation)) return [];
        return [written(table.relation)];
      });
    }
    if (!as(tree, 'ClusterStmt') && !as(tree, 'VacuumStmt')) return [];
    return effects.rewrites.filter((relation) => tables.inUse(relation)).map(written);
  },
};

function written(relation: string): RuleFinding {
  return { message: `${relation} is written anew while nobody can read or write it.`, relation };
}
