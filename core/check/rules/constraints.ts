/** Constraints that are checked against every row while the table is locked. */
import type { AlterTableCmd, Constraint, Node, RangeVar } from 'libpg-query';
import { alterTableSql, ident, madeName, tableSql } from '../rewrite/sql.ts';
import type { Step } from '../rewrite/steps.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';
import {
  addedColumns,
  addedConstraints,
  alteredTable,
  as,
  columnsIn,
  defaultOf,
  nameOf,
  strings,
  walk,
} from '../tree.ts';
import { LINKS } from './links.ts';

export const foreignKeyValidates: Rule = {
  id: 'foreign-key-validates',
  severity: 'warning',
  bySize: true,
  title: 'Foreign key checked against every row while writes wait',
  why: 'ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables while it looks up every existing row: writes to both wait.',
  whatToDo:
    'Add it as NOT VALID, which only checks new rows, and VALIDATE it in a later migration, which keeps nobody waiting. A foreign key inside of ADD COLUMN without a default checks nothing and is fine.',
  links: [LINKS.alterTable, LINKS.locks],
  examples: [
    {
      setup:
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      bad: 'ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);',
      good: [
        'ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
        'ALTER TABLE orders VALIDATE CONSTRAINT orders_user;',
      ],
      fix: '-- 1. First.\nALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n-- 2. In the next migration.\nALTER TABLE orders VALIDATE CONSTRAINT orders_user;',
    },
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE orders ADD COLUMN user_id bigint DEFAULT 1 REFERENCES users (id);',
      good: ['ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users (id);'],
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    const { relation, range } = table;
    const copied = isCopied(context, relation);
    if (!copied && !context.tables.inUse(relation)) return [];
    if (context.catalogue.relation(relation)?.kind === 'partitioned_table' && context.serverVersion < 18)
      return [];
    const apart = addedConstraints(table)
      .filter(({ constraint }) => constraint.contype === 'CONSTR_FOREIGN' && !constraint.skip_validation)
      .filter(({ constraint }) => !copied || isThere(context, nameOf(constraint.pktable, context.catalogue)))
      .map(({ index, constraint }): RuleFinding => {
        const name =
          constraint.conname ?? madeName(range.relname ?? '', ...strings(constraint.fk_attrs), 'fkey');
        return {
          ...foreignKeyMessage(context, relation, constraint),
          mark: constraint.conname ?? 'foreign',
          rewrite: {
            replaces: [index],
            steps: notValidThenValidate(range, { ...constraint, conname: name }),
          },
        };
      });
    const inside = addedColumns(table).flatMap(({ index, column, name, constraints }): RuleFinding[] => {
      const constraint = constraints.find(({ contype }) => contype === 'CONSTR_FOREIGN');
      if (!constraint || copied || defaultOf(column) === undefined) return [];
      const conname = constraint.conname ?? madeName(range.relname ?? '', name, 'fkey');
      const rest = (column.constraints ?? []).filter((node) => as(node, 'Constraint') !== constraint);
      const plain: AlterTableCmd = {
        subtype: 'AT_AddColumn',
        def: { ColumnDef: { ...column, constraints: rest } },
      };
      const key: Constraint = { ...constraint, conname, fk_attrs: [{ String: { sval: name } }] };
      return [
        {
          ...foreignKeyMessage(context, relation, constraint),
          mark: 'references',
          rewrite: {
            replaces: [index],
            steps: [{ sql: [alterTableSql(range, [plain])] }, ...notValidThenValidate(range, key)],
          },
        },
      ];
    });
    return [...apart, ...inside];
  },
};

function isThere({ catalogue, tables }: RuleContext, relation: string): boolean {
  return catalogue.relation(relation) !== undefined && tables.inUse(relation);
}

/** The migration made the table and filled it from one that was there: it can hold as many rows. */
function isCopied(context: RuleContext, relation: string): boolean {
  const { migration, statement, catalogue } = context;
  if (!migration.made.has(relation)) return false;
  return migration.statements.slice(0, statement.index).some((earlier) => {
    const made = as(earlier.tree as Node | undefined, 'CreateTableAsStmt');
    if (!made || nameOf(made.into?.rel, catalogue) !== relation) return false;
    let found = false;
    walk(made.query, (key, value) => {
      if (key === 'RangeVar' && isThere(context, nameOf(value as RangeVar, catalogue))) found = true;
    });
    return found;
  });
}

/** Another command of the statement may lock the table more strongly than the foreign key does. */
function foreignKeyMessage(
  { catalogue, effects, migration }: RuleContext,
  relation: string,
  { pktable }: Constraint,
) {
  const other = nameOf(pktable, catalogue);
  if (migration.made.has(relation))
    return {
      message: `The foreign key is checked against every row of ${relation} while writes to ${other} wait.`,
      relation,
    };
  const exclusive = effects.locks.some(
    (lock) => lock.relation === relation && lock.mode === 'ACCESS EXCLUSIVE',
  );
  const alone = exclusive ? `nobody can use ${relation}` : `writes to ${relation} wait`;
  const both = exclusive ? `${alone} and writes to ${other} wait` : `writes to ${relation} and ${other} wait`;
  return {
    message: `The foreign key is checked against every row of ${relation} while ${other === relation ? alone : both}.`,
    relation,
  };
}

function notValidThenValidate(range: RangeVar, constraint: Constraint): Step[] {
  const added: Constraint = { ...constraint, skip_validation: true, initially_valid: false };
  const name = ident(constraint.conname ?? '');
  return [
    { sql: [alterTableSql(range, [{ subtype: 'AT_AddConstraint', def: { Constraint: added } }])] },
    { note: '', sql: [`ALTER TABLE ${tableSql(range)} VALIDATE CONSTRAINT ${name}`] },
  ];
}

export const checkValidates: Rule = {
  id: 'check-validates',
  severity: 'warning',
  bySize: true,
  title: 'CHECK tested on every row while the table is locked',
  why: 'ADD CHECK holds ACCESS EXCLUSIVE while it reads the whole table: nobody reads or writes it meanwhile.',
  whatToDo: 'Add it as NOT VALID and VALIDATE it in a later migration, which keeps nobody waiting.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE orders (id bigint PRIMARY KEY, total int);',
      bad: 'ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0);',
      good: [
        'ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;',
        'ALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
      ],
      fix: '-- 1. First.\nALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;\n-- 2. In the next migration.\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
    },
    {
      setup: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE orders ADD COLUMN total int CHECK (total > 0);',
      good: ['ALTER TABLE orders ADD COLUMN total int;'],
      fix: '-- 1. First.\nALTER TABLE orders ADD COLUMN total int;\nALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total > 0) NOT VALID;\n-- 2. In the next migration.\nALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation, range } = table;
    const message = `The CHECK is tested on every row of ${relation} while nobody can read or write it.`;
    const apart = addedConstraints(table)
      .filter(({ constraint }) => constraint.contype === 'CONSTR_CHECK' && !constraint.skip_validation)
      .map(({ index, constraint }): RuleFinding => {
        const columns = columnsIn(constraint.raw_expr);
        const made = madeName(range.relname ?? '', ...(columns.length === 1 ? columns : []), 'check');
        const conname = constraint.conname ?? made;
        const steps = notValidThenValidate(range, { ...constraint, conname });
        return {
          message,
          relation,
          mark: constraint.conname ?? 'check',
          rewrite: { replaces: [index], steps },
        };
      });
    const inside = addedColumns(table).flatMap(({ index, column, name, constraints }): RuleFinding[] => {
      const checks = constraints.filter(({ contype }) => contype === 'CONSTR_CHECK');
      if (checks.length === 0) return [];
      const rest = (column.constraints ?? []).filter(
        (node) => as(node, 'Constraint')?.contype !== 'CONSTR_CHECK',
      );
      const plain: AlterTableCmd = {
        subtype: 'AT_AddColumn',
        def: { ColumnDef: { ...column, constraints: rest } },
      };
      const steps = checks.flatMap((constraint, i) =>
        notValidThenValidate(range, {
          ...constraint,
          conname: constraint.conname ?? madeName(range.relname ?? '', name, i === 0 ? 'check' : `check${i}`),
        }),
      );
      const rewrite = { replaces: [index], steps: [{ sql: [alterTableSql(range, [plain])] }, ...steps] };
      return [{ message, relation, mark: 'check', rewrite }];
    });
    return [...apart, ...inside];
  },
};

export const uniqueBuildsIndex: Rule = {
  id: 'unique-builds-index',
  severity: 'warning',
  bySize: true,
  title: 'Unique index built while the table is locked',
  why: 'ADD UNIQUE and ADD PRIMARY KEY build an index under ACCESS EXCLUSIVE: nobody reads or writes the table until it is done. On a new column too.',
  whatToDo:
    'Build a unique index CONCURRENTLY first, then add the constraint USING INDEX, which takes a moment. A primary key wants its columns NOT NULL before.',
  links: [LINKS.alterTable, LINKS.createIndex],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);',
      good: [
        'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);',
        'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
      ],
      fix: '-- 1. Outside of a transaction.\nCREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n-- 2. In the next migration.\nALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
    },
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE users ADD COLUMN code varchar(20) UNIQUE;',
      good: ['ALTER TABLE users ADD COLUMN code varchar(20);'],
      fix: '-- 1. First.\nALTER TABLE users ADD COLUMN code varchar(20);\n-- 2. In a migration of its own, outside of a transaction.\nCREATE UNIQUE INDEX CONCURRENTLY users_code_key ON users (code);\n-- 3. In the next migration.\nALTER TABLE users ADD CONSTRAINT users_code_key UNIQUE USING INDEX users_code_key;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation, range } = table;
    const partitioned = context.catalogue.relation(relation)?.kind === 'partitioned_table';
    const finding = (
      index: number,
      constraint: Constraint,
      columns: string[],
      first: Step[],
    ): RuleFinding => {
      const primary = constraint.contype === 'CONSTR_PRIMARY';
      const what = primary ? 'primary key' : 'unique constraint';
      const ending = primary ? ['pkey'] : [...columns, 'key'];
      const name = constraint.conname ?? madeName(range.relname ?? '', ...ending);
      const steps = [...first, ...uniqueSteps(context, range, relation, constraint, name, columns)];
      const rewrite = { replaces: [index], steps };
      return {
        message: `The ${what} builds an index over ${relation} while nobody can read or write it.`,
        relation,
        mark: constraint.conname ?? (primary ? 'primary' : 'unique'),
        ...(partitioned ? {} : { rewrite }),
      };
    };
    const wanted = ({ contype, indexname }: Constraint) =>
      (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY') && !indexname;
    const apart = addedConstraints(table)
      .filter(({ constraint }) => wanted(constraint))
      .map(({ index, constraint }) => finding(index, constraint, strings(constraint.keys), []));
    const inside = addedColumns(table).flatMap(({ index, column, name, constraints }) => {
      const constraint = constraints.find(wanted);
      if (!constraint) return [];
      const rest = (column.constraints ?? []).filter((node) => as(node, 'Constraint') !== constraint);
      const plain: AlterTableCmd = {
        subtype: 'AT_AddColumn',
        def: { ColumnDef: { ...column, constraints: rest } },
      };
      return [finding(index, constraint, [name], [{ sql: [alterTableSql(range, [plain])] }])];
    });
    return [...apart, ...inside];
  },
};

function uniqueSteps(
  { catalogue, serverVersion }: RuleContext,
  range: RangeVar,
  relation: string,
  constraint: Constraint,
  name: string,
  columns: string[],
): Step[] {
  const primary = constraint.contype === 'CONSTR_PRIMARY';
  const known = catalogue.relation(relation)?.columns;
  const nullable = primary ? columns.filter((column) => !known?.get(column)?.notNull) : [];
  const include = strings(constraint.including);
  const keys = columns.map(ident).join(', ');
  const nulls = constraint.nulls_not_distinct && serverVersion >= 15 ? ' NULLS NOT DISTINCT' : '';
  const included = include.length > 0 ? ` INCLUDE (${include.map(ident).join(', ')})` : '';
  const build = `CREATE UNIQUE INDEX CONCURRENTLY ${ident(name)} ON ${tableSql(range)} (${keys})${included}${nulls}`;
  const deferred = `${constraint.deferrable ? ' DEFERRABLE' : ''}${constraint.initdeferred ? ' INITIALLY DEFERRED' : ''}`;
  const use = `ALTER TABLE ${tableSql(range)} ADD CONSTRAINT ${ident(name)} ${primary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${ident(name)}${deferred}`;
  return [
    { outside: true, sql: [build] },
    ...nullable.flatMap((column) => provenNotNull(range, column)),
    { sql: [use] },
  ];
}

/**
 * NOT NULL without a scan under ACCESS EXCLUSIVE: a valid CHECK proves it (PostgreSQL 12, release notes E.1.3.1.6
 * “Allow ALTER TABLE … SET NOT NULL to avoid unnecessary table scans”).
 */
export function provenNotNull(range: RangeVar, column: string): Step[] {
  const table = tableSql(range);
  const name = ident(madeName(range.relname ?? '', column, 'not_null'));
  return [
    { sql: [`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${ident(column)} IS NOT NULL) NOT VALID`] },
    { note: '', sql: [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`] },
    {
      note: '',
      sql: [
        `ALTER TABLE ${table} ALTER COLUMN ${ident(column)} SET NOT NULL`,
        `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
      ],
    },
  ];
}

export const exclusionBuildsIndex: Rule = {
  id: 'exclusion-builds-index',
  severity: 'warning',
  bySize: true,
  title: 'Exclusion constraint built while the table is locked',
  why: 'ADD EXCLUDE builds an index and compares every row under ACCESS EXCLUSIVE. It knows neither NOT VALID nor USING INDEX.',
  whatToDo:
    'There is no way to add it to a large table without a pause: fill a new table that has the constraint, and swap the two in a short transaction.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE bookings (room int, during tsrange);',
      bad: 'ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);',
      good: ['CREATE TABLE bookings2 (during tsrange, EXCLUDE USING gist (during WITH &&));'],
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    return addedConstraints(table)
      .filter(({ constraint }) => constraint.contype === 'CONSTR_EXCLUSION')
      .map(({ constraint }) => ({
        message: `The exclusion constraint builds an index over ${table.relation} while nobody can read or write it.`,
        relation: table.relation,
        mark: constraint.conname ?? 'exclude',
      }));
  },
};

export const setNotNullScans: Rule = {
  id: 'set-not-null-scans',
  severity: 'warning',
  bySize: true,
  title: 'NOT NULL checked on every row while the table is locked',
  why: 'SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, and fails where a row holds NULL. With a valid CHECK (column IS NOT NULL) it reads nothing (PostgreSQL 12 and newer).',
  whatToDo:
    'Add the CHECK as NOT VALID, validate it in a later migration, then SET NOT NULL and drop the CHECK. Fill the NULLs first.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
      good: [
        'ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;',
        'ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;',
        'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null;',
      ],
      fix: '-- 1. First.\nALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;\n-- 2. In the next migration.\nALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;\n-- 3. In the next migration.\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    const { relation, range } = table;
    return table.commands.flatMap(({ index, cmd }): RuleFinding[] => {
      const name = cmd.name ?? '';
      const apart = cmd.subtype === 'AT_SetNotNull';
      const constraint = cmd.subtype === 'AT_AddConstraint' ? as(cmd.def as Node, 'Constraint') : undefined;
      const asConstraint = constraint?.contype === 'CONSTR_NOTNULL' && !constraint.skip_validation;
      if (!apart && !asConstraint) return [];
      if (!context.effectsOfCommand(index).scans.includes(relation)) return [];
      const column = apart ? name : (strings(constraint?.keys)[0] ?? '');
      return [
        {
          message: `Every row of ${relation} is read while nobody can use it, and it fails where “${column}” is NULL.`,
          relation,
          mark: column,
          rewrite: { replaces: [index], steps: provenNotNull(range, column) },
        },
      ];
    });
  },
};
