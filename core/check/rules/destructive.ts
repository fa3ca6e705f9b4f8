/** Statements after which data is gone. */

import type { Node } from 'libpg-query';
import type { Catalogue } from '../../effects/catalogue.ts';
import { batched } from '../rewrite/backfill.ts';
import { ident, sqlOf, tableSql } from '../rewrite/sql.ts';
import type { Step } from '../rewrite/steps.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';
import { addedColumns, alteredTable, as, nameOf, strings } from '../tree.ts';
import { LINKS } from './links.ts';

export const dropTable: Rule = {
  id: 'drop-table',
  severity: 'warning',
  title: 'Table dropped',
  why: 'Its rows are gone, and application code that still runs and uses the table fails.',
  whatToDo:
    'Release code that no longer uses it first. Rename it for a while before dropping it, so that it can come back.',
  links: [LINKS.dependencies],
  examples: [
    {
      setup: 'CREATE TABLE coupons (id bigint PRIMARY KEY);',
      bad: 'DROP TABLE coupons;',
      good: ['CREATE TABLE scratch (id int);\nDROP TABLE scratch;'],
      fix: '-- 1. Out of sight, so that it can come back.\nALTER TABLE coupons RENAME TO coupons_dropped;\n-- 2. In the next migration. Once nothing has missed it.\nDROP TABLE coupons_dropped;',
    },
  ],
  check(context) {
    const { statement, dialect } = context;
    if (!statement.operations.some(({ name }) => name === 'drop_table')) return [];
    const objects = statement.operations.flatMap(({ objects }) => objects);
    const gone = objects.filter(
      (relation) =>
        wasThere(context, relation) && !isReplaced(context, relation) && !isEmptiedName(context, relation),
    );
    const [relation] = gone;
    if (relation === undefined) return [];
    const drop = as(context.tree, 'DropStmt');
    const cascade = drop?.behavior === 'DROP_CASCADE' ? ' CASCADE also drops what depends on it.' : '';
    const name = relation.split('.').at(-1) ?? relation;
    const missed = gone.filter((one) => !isMadeAgain(context, one));
    const single = dialect === 'postgres' && objects.length === 1 && !cascade && missed.length > 0;
    const fails =
      missed.length > 0 ? `, and code that still uses ${missed.length > 1 ? 'them' : 'it'} fails` : '';
    const steps: Step[] = [
      {
        note: 'Out of sight, so that it can come back',
        sql: [`ALTER TABLE ${shown(relation)} RENAME TO ${ident(`${name}_dropped`)}`],
      },
      { note: 'Once nothing has missed it', sql: [`DROP TABLE ${shown(`${relation}_dropped`)}`] },
    ];
    return [
      {
        message: `${gone.join(', ')}: all rows are gone afterwards${fails}.${cascade}`,
        relation,
        mark: name,
        ...(single ? { rewrite: { steps } } : {}),
      },
    ];
  },
};

/** Unqualified where it is in `public`, as most migrations write it. */
function shown(relation: string): string {
  const parts = relation.split('.');
  return (parts[0] === 'public' ? parts.slice(1) : parts).map(ident).join('.');
}

function wasThere({ catalogue, migration, tables, dialect }: RuleContext, relation: string): boolean {
  if (migration.made.has(relation)) return false;
  const known = catalogue.relation(relation);
  const exists = known !== undefined && (known.kind === 'table' || known.kind === 'partitioned_table');
  return exists && (dialect !== 'postgres' || tables.inUse(relation));
}

/** A later statement of the migration makes a table of the same name, so that code still finds one. */
function isMadeAgain({ migration, statement, catalogue, dialect }: RuleContext, relation: string): boolean {
  return migration.statements.slice(statement.index + 1).some((later) => {
    if (dialect !== 'postgres')
      return later.operations.some(
        ({ name, objects }) => name.startsWith('create_table') && objects.includes(relation),
      );
    const tree = later.tree as Node | undefined;
    const made = as(tree, 'CreateStmt')?.relation ?? as(tree, 'CreateTableAsStmt')?.into?.rel;
    if (made) return nameOf(made, catalogue) === relation;
    const rename = as(tree, 'RenameStmt');
    return rename?.renameType === 'OBJECT_TABLE' && rename.newname === relation.split('.').at(-1);
  });
}

/** SQLite changes a table by copying it: a new one is filled from the old one and then takes its name. */
function isReplaced({ migration, statement, dialect }: RuleContext, relation: string): boolean {
  if (dialect !== 'sqlite') return false;
  const name = relation.split('.').at(-1) ?? relation;
  const renamedTo = new RegExp(
    `\\bRENAME\\s+TO\\s+["\`']?${name.replace(/[^\w]/g, '\\$&')}["\`']?\\s*$`,
    'i',
  );
  return migration.statements.slice(statement.index + 1).some(({ text }) => renamedTo.test(text));
}

/**
 * The other way to change a table by copying it: the old one is renamed out of the way, a new one of its name is filled
 * from it, and then it goes. Nobody knows it by that name, and its rows are in the new one.
 */
function isEmptiedName({ migration, statement }: RuleContext, relation: string): boolean {
  if (!migration.renamed.has(relation)) return false;
  const name = (relation.split('.').at(-1) ?? relation).replace(/[^\w]/g, '\\$&');
  const copiesAll = new RegExp(
    `^\\s*(?:INSERT|REPLACE)\\b(?![\\s\\S]*\\b(?:WHERE|LIMIT|JOIN)\\b)[\\s\\S]*\\bFROM\\s+(?:\\w+\\.)?["\`\\[]?${name}\\b`,
    'i',
  );
  return migration.statements
    .slice(0, statement.index)
    .some(
      ({ text, operations }) =>
        copiesAll.test(text) &&
        operations.some(({ objects }) => objects.some((one) => migration.made.has(one))),
    );
}

export const dropColumn: Rule = {
  id: 'drop-column',
  severity: 'warning',
  title: 'Column dropped',
  why: 'Its values are gone, and application code that still runs and reads or writes the column fails; many ORMs name every column in every query.',
  whatToDo:
    'Release code that no longer names the column first. Where it is NOT NULL without a default, drop that first, so that the new code can insert.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, fax text NOT NULL);',
      bad: 'ALTER TABLE users DROP COLUMN fax;',
      good: ['ALTER TABLE users ALTER COLUMN fax DROP NOT NULL;'],
      fix: '-- 1. New code can leave it out.\nALTER TABLE users ALTER COLUMN fax DROP NOT NULL;\n-- 2. In the next migration. Once no running code names the column.\nALTER TABLE users DROP COLUMN fax;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table) return byOperation(context);
    const { relation, range } = table;
    if (!wasThere(context, relation)) return [];
    return table.commands.flatMap(({ index, cmd }): RuleFinding[] => {
      const name = cmd.subtype === 'AT_DropColumn' ? cmd.name : undefined;
      if (name === undefined || context.migration.addedColumns.has(`${relation}.${name}`)) return [];
      const column = context.catalogue.relation(relation)?.columns.get(name);
      const required = column?.notNull === true && column.default === undefined;
      const cascade = cmd.behavior === 'DROP_CASCADE' ? ' CASCADE also drops what depends on it.' : '';
      const later = `ALTER TABLE ${tableSql(range)} DROP COLUMN ${cmd.missing_ok ? 'IF EXISTS ' : ''}${ident(name)}${cascade ? ' CASCADE' : ''}`;
      const relax = `ALTER TABLE ${tableSql(range)} ALTER COLUMN ${ident(name)} DROP NOT NULL`;
      const key = [...(context.catalogue.relation(relation)?.constraints.values() ?? [])].some(
        ({ kind, columns }) => kind === 'primary_key' && columns.includes(name),
      );
      const again = addedColumns(table).some((added) => added.name === name);
      const steps: Step[] = [
        ...(required && !key && !again ? [{ note: 'New code can leave it out', sql: [relax] }] : []),
        { note: 'Once no running code names the column', sql: [later] },
      ];
      return [
        {
          message: `The values of “${name}” are gone afterwards, and code that still names it fails.${cascade}`,
          relation,
          mark: name,
          rewrite: { replaces: [index], steps },
        },
      ];
    });
  },
};

/** Dialects without a tree here say it by the operation. */
function byOperation(context: RuleContext): RuleFinding[] {
  if (context.dialect === 'postgres') return [];
  return context.statement.operations
    .filter(({ name, objects }) => name === 'drop_column' && wasThere(context, objects[0] ?? ''))
    .map(({ objects }) => ({
      message: `The values of a column of ${objects[0]} are gone afterwards, and code that still names it fails.`,
      ...(objects[0] ? { relation: objects[0] } : {}),
    }));
}

export const truncateTable: Rule = {
  id: 'truncate-table',
  severity: 'warning',
  title: 'Table emptied',
  why: 'All rows are gone. With CASCADE so are those of every table that refers to it, and of those that refer to them.',
  whatToDo: 'Delete the rows that have to go, in batches. Name every table instead of CASCADE.',
  links: [LINKS.truncate],
  examples: [
    {
      setup:
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      bad: 'TRUNCATE users CASCADE;',
      good: ['CREATE TABLE scratch (id int);\nTRUNCATE scratch;'],
    },
  ],
  check(context) {
    const truncate = as(context.tree, 'TruncateStmt');
    if (!truncate) return [];
    const relations = (truncate.relations ?? []).flatMap((node) => {
      const range = as(node, 'RangeVar');
      return range ? [nameOf(range, context.catalogue)] : [];
    });
    const gone = relations.filter(
      (relation) => !context.migration.made.has(relation) && context.tables.inUse(relation),
    );
    const [relation] = gone;
    if (relation === undefined) return [];
    const also =
      truncate.behavior === 'DROP_CASCADE'
        ? context.effects.locks.map((lock) => lock.relation).filter((name) => !relations.includes(name))
        : [];
    const cascade = truncate.behavior === 'DROP_CASCADE';
    const others = also.length > 0 ? `, and of ${also.join(', ')} by CASCADE` : '';
    return [
      {
        message: `All rows of ${gone.join(', ')}${others} are gone afterwards.`,
        relation,
        mark: relation.split('.').at(-1) ?? 'truncate',
        ...(cascade ? { severity: 'error' as const } : {}),
      },
    ];
  },
};

export const dropCascade: Rule = {
  id: 'drop-cascade',
  severity: 'warning',
  title: 'DROP … CASCADE drops more than it names',
  why: 'CASCADE drops every object that depends on the one that is named: columns of a dropped type, views over a dropped view, triggers of a dropped function. None of them is in the file.',
  whatToDo:
    'Drop what depends on it by name, then the object itself without CASCADE: PostgreSQL lists what is missing.',
  links: [LINKS.dependencies],
  examples: [
    {
      setup: "CREATE TYPE state AS ENUM ('open');\nCREATE TABLE orders (id bigint PRIMARY KEY, state state);",
      bad: 'DROP TYPE state CASCADE;',
      good: ["CREATE TYPE mood AS ENUM ('good');\nDROP TYPE mood;"],
      fix: 'DROP TYPE state;',
    },
  ],
  check({ tree, migration, catalogue, effects }) {
    const drop = as(tree, 'DropStmt');
    if (drop?.behavior !== 'DROP_CASCADE') return [];
    const kinds = [
      'OBJECT_TYPE',
      'OBJECT_DOMAIN',
      'OBJECT_SCHEMA',
      'OBJECT_EXTENSION',
      'OBJECT_VIEW',
      'OBJECT_SEQUENCE',
    ];
    if (!kinds.includes(drop.removeType ?? '')) return [];
    const names = (drop.objects ?? []).flatMap((object) => {
      const list = as(object, 'List')?.items ?? as(object, 'TypeName')?.names ?? [object];
      return strings(list).at(-1) ?? [];
    });
    const [name] = names.filter(
      (one) => !migration.madeTypes.has(one) && !migration.made.has(`public.${one}`),
    );
    if (name === undefined) return [];
    const hit = effects.locks.map(({ relation }) => relation).filter((one) => !isNamed(one, names));
    if (hit.length === 0 && SEEN_BY_LOCKS.has(drop.removeType ?? '') && isWholeSchema(catalogue)) return [];
    const such = hit.length > 0 ? `, in ${hit.join(', ')},` : ' as well,';
    return [
      {
        message: `CASCADE drops everything that depends on “${name}”${such} none of it named here.`,
        mark: 'cascade',
        rewrite: { steps: [{ sql: [sqlOf({ DropStmt: { ...drop, behavior: 'DROP_RESTRICT' } })] }] },
      },
    ];
  },
};

/** What depends on these are columns and views: dropping them locks the relation they are in. */
const SEEN_BY_LOCKS = new Set(['OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_VIEW']);

function isNamed(relation: string, names: readonly string[]): boolean {
  return names.includes(relation.split('.').at(-1) ?? relation);
}

/** Tables in which tools keep what they have run, such as `_prisma_migrations`; the tools make them, not the files. */
const KEPT_BY_TOOLS = /migrations?$|schema_history$|db_version$/;

/** Every relation that was spoken of was made by a statement, so nothing that depends on the object is out of sight. */
function isWholeSchema(catalogue: Catalogue): boolean {
  const relations = [...catalogue.relations()].filter(({ name }) => !KEPT_BY_TOOLS.test(name));
  return relations.length > 0 && relations.every(({ known }) => known);
}

export const changesEveryRow: Rule = {
  id: 'changes-every-row',
  severity: 'warning',
  bySize: true,
  title: 'Every row changed in one statement',
  why: 'Every row stays locked until the statement’s transaction ends, the table grows by a copy of each row, and replicas fall behind.',
  whatToDo:
    'Change the rows in batches, each in a transaction of its own, outside of the migration’s transaction.',
  links: [LINKS.do],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, active boolean);',
      bad: 'UPDATE users SET active = true;',
      good: ['UPDATE users SET active = true WHERE id = 1;'],
      fix: "-- Outside of a transaction. In batches.\nDO $$\nDECLARE\n  page bigint := 0;\n  pages bigint := pg_relation_size('users') / current_setting('block_size')::bigint + 1;\nBEGIN\n  WHILE page < pages LOOP\n    UPDATE users SET active = true WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid;\n    COMMIT;\n    page := page + 1000;\n  END LOOP;\nEND $$;",
    },
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'DELETE FROM users;',
      good: ['DELETE FROM users WHERE id = 7;'],
    },
  ],
  check(context) {
    const update = as(context.tree, 'UpdateStmt');
    const remove = as(context.tree, 'DeleteStmt');
    const change = update ?? remove;
    if (!change?.relation || change.withClause || !touchesAll(context)) return [];
    const relation = nameOf(change.relation, context.catalogue);
    if (!context.tables.inUse(relation) || context.migration.made.has(relation)) return [];
    const simple = !update?.fromClause && !remove?.usingClause && !change.relation.alias;
    const table = tableSql(change.relation);
    const plain = update
      ? sqlOf({ UpdateStmt: { ...update, whereClause: undefined } } as never)
      : sqlOf({ DeleteStmt: { ...remove, whereClause: undefined } } as never);
    const condition = change.whereClause ? sqlOf(change.whereClause) : undefined;
    const known = context.catalogue.relation(relation);
    const sql = batched(table, plain, condition, {
      serverVersion: context.serverVersion,
      partitioned: known?.kind === 'partitioned_table',
    });
    const message = remove
      ? `Every row of ${relation} is deleted, in one statement.`
      : `Every row of ${relation} is written in one statement, and stays locked until its transaction ends.`;
    return [
      {
        message,
        relation,
        mark: change.relation.relname ?? 'update',
        ...(simple ? { rewrite: { steps: [{ outside: true, note: 'In batches', sql: [sql] }] } } : {}),
      },
    ];
  },
};

/** No WHERE, WHERE true, or WHERE a column that this very migration added IS NULL: it is NULL everywhere. */
function touchesAll({ tree, catalogue, migration }: RuleContext): boolean {
  const change = as(tree, 'UpdateStmt') ?? as(tree, 'DeleteStmt');
  const where = change?.whereClause;
  if (where === undefined) return true;
  const constant = as(where, 'A_Const');
  if (constant?.boolval) return constant.boolval.boolval === true;
  const test = as(where, 'NullTest');
  const column = strings(as(test?.arg, 'ColumnRef')?.fields).at(-1);
  if (test?.nulltesttype !== 'IS_NULL' || column === undefined) return false;
  return migration.addedColumns.has(`${nameOf(change?.relation, catalogue)}.${column}`);
}
