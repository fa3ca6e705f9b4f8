/** Changes that break application code that still runs. */

import { renameColumn } from '../rewrite/change-column.ts';
import { ident, tableSql } from '../rewrite/sql.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';
import { as, nameOf } from '../tree.ts';
import { LINKS } from './links.ts';

export const renameTable: Rule = {
  id: 'rename-table',
  severity: 'warning',
  title: 'Table renamed while code uses the old name',
  why: 'Between the migration and the release of the new code, or the other way round, one of them uses a name that does not exist.',
  whatToDo:
    'Leave a view under the old name, which reads and writes pass through, and drop it once no code uses it.',
  links: [
    LINKS.alterTable,
    'https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS',
  ],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE users RENAME TO accounts;',
      good: ['CREATE TABLE scratch (id int);\nALTER TABLE scratch RENAME TO scratch2;'],
      fix: '-- 1. In one transaction.\nBEGIN;\nALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;\nCOMMIT;\n-- 2. In the next migration. Once no running code uses the old name.\nDROP VIEW users;',
    },
  ],
  check(context) {
    const rename = as(context.tree, 'RenameStmt');
    if (!rename) return byOperation(context, 'rename_table');
    if (rename.renameType !== 'OBJECT_TABLE' || !rename.relation || !rename.newname) return [];
    const relation = nameOf(rename.relation, context.catalogue);
    if (context.migration.made.has(relation) || nameTakenAgain(context, relation)) return [];
    const kind = context.catalogue.relation(relation)?.kind;
    if (kind !== undefined && kind !== 'table' && kind !== 'partitioned_table') return [];
    const old = tableSql(rename.relation);
    const { schemaname } = rename.relation;
    const fresh = tableSql({ ...(schemaname ? { schemaname } : {}), relname: rename.newname });
    return [
      {
        message: `Code that still uses ${relation} fails from here on.`,
        relation,
        mark: rename.newname,
        rewrite: {
          steps: [
            {
              note: 'In one transaction',
              sql: [
                'BEGIN',
                `ALTER TABLE ${old} RENAME TO ${ident(rename.newname)}`,
                `CREATE VIEW ${old} AS SELECT * FROM ${fresh}`,
                'COMMIT',
              ],
            },
            { note: 'Once no running code uses the old name', sql: [`DROP VIEW ${old}`] },
          ],
        },
      },
    ];
  },
};

/** A later statement of the file makes a relation of the old name: the usual way to swap a table or to leave a view. */
function nameTakenAgain({ migration, statement, dialect }: RuleContext, relation: string): boolean {
  const name = relation.split('.').at(-1);
  if (dialect === 'sqlite' && migration.made.size > 0) return true;
  return migration.statements
    .slice(statement.index + 1)
    .some(({ operations, text }) =>
      operations.some(
        (operation) =>
          (operation.name.startsWith('create_') && operation.objects.includes(relation)) ||
          (operation.name === 'rename_table' &&
            new RegExp(`\\b${name?.replace(/\W/g, '\\$&')}"?\\s*;?\\s*$`).test(text)),
      ),
    );
}

function byOperation(context: RuleContext, wanted: string): RuleFinding[] {
  const { statement, migration, dialect, catalogue } = context;
  if (dialect === 'postgres') return [];
  return statement.operations
    .filter(
      ({ name, objects }) =>
        name === wanted &&
        catalogue.relation(objects[0] ?? '') &&
        !migration.made.has(objects[0] ?? '') &&
        !(wanted === 'rename_table' && nameTakenAgain(context, objects[0] ?? '')),
    )
    .map(({ objects }) => ({
      message:
        wanted === 'rename_table'
          ? `Code that still uses ${objects[0]} fails from here on.`
          : `Code that still uses the old name of a column of ${objects[0]} fails from here on.`,
      ...(objects[0] ? { relation: objects[0] } : {}),
    }));
}

export const renameColumnRule: Rule = {
  id: 'rename-column',
  severity: 'warning',
  title: 'Column renamed while code uses the old name',
  why: 'Between the migration and the release of the new code, or the other way round, one of them names a column that does not exist.',
  whatToDo: 'Add a second column, keep both in step by a trigger, move the code over, then drop the old one.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, name text);',
      bad: 'ALTER TABLE users RENAME COLUMN name TO full_name;',
      good: ['CREATE TABLE scratch (a int);\nALTER TABLE scratch RENAME COLUMN a TO b;'],
    },
  ],
  check(context) {
    const rename = as(context.tree, 'RenameStmt');
    if (!rename) return byOperation(context, 'rename_column');
    if (rename.renameType !== 'OBJECT_COLUMN' || !rename.relation || !rename.subname || !rename.newname)
      return [];
    const relation = nameOf(rename.relation, context.catalogue);
    const { migration, catalogue } = context;
    if (migration.made.has(relation) || migration.addedColumns.has(`${relation}.${rename.subname}`))
      return [];
    const kind = catalogue.relation(relation)?.kind;
    if (kind !== undefined && kind !== 'table' && kind !== 'partitioned_table') return [];
    const table = { range: rename.relation, relation, commands: [] };
    const rewrite = renameColumn(context, table, rename.subname, rename.newname);
    return [
      {
        message: `Code that still names “${rename.subname}” of ${relation} fails from here on.`,
        relation,
        mark: rename.subname,
        ...(rewrite ? { rewrite } : {}),
      },
    ];
  },
};
