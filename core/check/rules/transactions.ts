/** Statements that do not work, or work against themselves, in the transaction they run in. */
import type { Node } from 'libpg-query';
import { ident, tableSql } from '../rewrite/sql.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';
import { alteredTable, as, strings, walk } from '../tree.ts';
import { LINKS } from './links.ts';

export const notInTransaction: Rule = {
  id: 'not-in-transaction',
  severity: 'error',
  title: 'Statement that cannot run in a transaction',
  why: 'CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, VACUUM and a few others commit in the middle; PostgreSQL refuses them inside of a transaction block (SQLSTATE 25001). Most tools open one around each file, and several statements sent at once are one too.',
  whatToDo: 'Put it into a migration of its own and switch the tool’s transaction off for that file.',
  links: [LINKS.createIndex, LINKS.transactions],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: 'BEGIN;\nCREATE INDEX CONCURRENTLY users_email ON users (email);\nCOMMIT;',
      good: ['CREATE INDEX CONCURRENTLY users_email ON users (email);'],
    },
    {
      setup: '-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, email text);',
      bad: '-- +goose Up\nCREATE INDEX CONCURRENTLY users_email ON users (email);',
      good: [
        '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY users_email ON users (email);',
      ],
      format: 'goose',
    },
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);',
      bad: 'CREATE INDEX CONCURRENTLY users_email ON users (email);\nCREATE INDEX CONCURRENTLY users_name ON users (name);',
      good: ['CREATE INDEX CONCURRENTLY users_email ON users (email);'],
      format: 'prisma',
    },
  ],
  check({ effects, migration }) {
    if (effects.noTransaction === undefined || !migration.inTransaction) return [];
    const { transaction, runner } = migration;
    const where =
      transaction.kind === 'own'
        ? `the transaction that BEGIN opens on line ${transaction.line}`
        : runner.wrapping === 'script'
          ? `one message with the other statements of the file, as ${runner.title} sends it: that is a transaction`
          : `the transaction that ${runner.title} opens around the file`;
    const how =
      transaction.kind === 'own'
        ? ''
        : ` To run it outside, ${runner.unwrap ?? 'give it a file of its own'}.`;
    return [{ message: `${effects.noTransaction}. It would run in ${where}, and fail.${how}`, fails: true }];
  },
};

export const transactionNotClosed: Rule = {
  id: 'transaction-not-closed',
  severity: 'error',
  title: 'BEGIN without COMMIT',
  why: 'A transaction that is never committed is rolled back when the connection closes: the migration seems to succeed and nothing of it stays.',
  whatToDo: 'End the file with COMMIT.',
  links: [LINKS.transactions],
  examples: [
    {
      bad: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);',
      good: ['BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;'],
    },
  ],
  check({ tree, statement, migration }) {
    if (!begins(tree) || migration.inTransaction) return [];
    const later = migration.statements.slice(statement.index + 1);
    if (later.some((other) => ends(other.tree as Node | undefined))) return [];
    return [
      { message: 'This transaction is never committed: nothing of the migration stays.', mark: 'begin' },
    ];
  },
};

function begins(tree: Node | undefined): boolean {
  const kind = as(tree, 'TransactionStmt')?.kind;
  return kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START';
}

function ends(tree: Node | undefined): boolean {
  const kind = as(tree, 'TransactionStmt')?.kind;
  return kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK' || kind === 'TRANS_STMT_PREPARE';
}

export const transactionNested: Rule = {
  id: 'transaction-nested',
  severity: 'warning',
  title: 'BEGIN or COMMIT inside of the tool’s transaction',
  why: 'PostgreSQL does not nest transactions: BEGIN only warns, and COMMIT ends the tool’s own transaction, so that a failure further down leaves half of the migration behind, and the tool may not record it.',
  whatToDo: 'Leave BEGIN and COMMIT to the tool.',
  links: [LINKS.transactions],
  examples: [
    {
      bad: '-- +goose Up\nBEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;',
      good: ['-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY);'],
      format: 'goose',
    },
  ],
  check({ tree, migration, statement }) {
    if (migration.runner.wrapping !== 'file' || (!begins(tree) && !ends(tree))) return [];
    const first = migration.statements.find(({ kind }) => kind === 'Transaction');
    if (first !== statement) return [];
    const word = begins(tree) ? 'BEGIN' : 'This';
    const effect = begins(tree) ? 'does nothing here, and COMMIT ends' : 'ends';
    return [
      { message: `${word} ${effect} the transaction that ${migration.runner.title} opens around the file.` },
    ];
  },
};

export const validatedTogether: Rule = {
  id: 'validated-in-same-transaction',
  severity: 'warning',
  bySize: true,
  title: 'NOT VALID and VALIDATE in one transaction',
  why: 'The lock that ADD CONSTRAINT takes is held to the end of its transaction. Validating in the same transaction reads the whole table under that lock, just as without NOT VALID.',
  whatToDo: 'Validate in a later migration, or after a COMMIT.',
  links: [LINKS.alterTable],
  examples: [
    {
      setup: 'CREATE TABLE orders (id bigint PRIMARY KEY, total int);',
      bad: 'BEGIN;\nALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;\nCOMMIT;',
      good: [
        'BEGIN;\nALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;\nCOMMIT;\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
      ],
      fix: '-- After the transaction that adds it.\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || !context.tables.inUse(table.relation)) return [];
    return table.commands.flatMap(({ index, cmd }): RuleFinding[] => {
      if (cmd.subtype !== 'AT_ValidateConstraint' || !cmd.name) return [];
      const line = context.migration.notValid.get(`${table.relation} ${cmd.name}`);
      if (line === undefined) return [];
      const validate = `ALTER TABLE ${tableSql(table.range)} VALIDATE CONSTRAINT ${ident(cmd.name)}`;
      return [
        {
          message: `“${cmd.name}” was added in the same transaction, on line ${line}: its lock is still held while every row is read.`,
          relation: table.relation,
          mark: cmd.name,
          rewrite: {
            replaces: [index],
            steps: [{ sql: [validate], note: 'After the transaction that adds it' }],
          },
        },
      ];
    });
  },
};

export const lockHeldLong: Rule = {
  id: 'lock-held-long',
  severity: 'warning',
  lastWord: true,
  title: 'Long work while an earlier lock is still held',
  why: 'A lock is held to the end of its transaction. Work that takes long, in the same transaction as a statement that took ACCESS EXCLUSIVE, keeps everybody away from that table until it is done.',
  whatToDo: 'Put the two into different migrations, the long work first or in batches.',
  links: [LINKS.locks],
  examples: [
    {
      setup:
        '-- +goose Up\nCREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE TABLE orders (id bigint PRIMARY KEY, note text);',
      bad: "-- +goose Up\nALTER TABLE users ADD COLUMN age int;\nUPDATE orders SET note = '' WHERE note IS NULL;",
      good: ['-- +goose Up\nALTER TABLE users ADD COLUMN age int;'],
      format: 'goose',
    },
  ],
  check({ effects, statement, migration, tables, tree }) {
    if (!migration.inTransaction) return [];
    const changed = changesRows(tree) ? effects.locks.filter(({ mode }) => mode === 'ROW EXCLUSIVE') : [];
    const slow = [...effects.scans, ...effects.rewrites, ...changed.map(({ relation }) => relation)];
    const busy = slow.find((relation) => tables.inUse(relation) && !tables.isTiny(relation));
    if (busy === undefined) return [];
    const held = [...migration.held].find(
      ([relation, { mode, line }]) =>
        mode === 'ACCESS EXCLUSIVE' &&
        line < statement.line &&
        tables.inUse(relation) &&
        (relation !== busy || changed.length > 0),
    );
    if (!held) return [];
    const [relation, { line }] = held;
    return [
      {
        message: `${relation} is locked since line ${line}, and stays so while this works through ${busy === relation ? 'its rows' : busy}: nobody can use it meanwhile.`,
        relation: busy,
      },
    ];
  },
};

/** An UPDATE or DELETE that may touch many rows: nothing in it names single ones by their key. */
function changesRows(tree: Node | undefined): boolean {
  const change = as(tree, 'UpdateStmt') ?? as(tree, 'DeleteStmt');
  if (!change) return false;
  let pinned = false;
  const where = change.whereClause;
  const expression = as(where, 'A_Expr');
  if (expression?.kind === 'AEXPR_OP' && strings(expression.name)[0] === '=')
    pinned = as(expression.rexpr, 'A_Const') !== undefined || as(expression.lexpr, 'A_Const') !== undefined;
  if (expression?.kind === 'AEXPR_IN') pinned = true;
  return !pinned;
}

export const enumValueUsed: Rule = {
  id: 'enum-value-in-same-transaction',
  severity: 'error',
  title: 'New enum value used before it is committed',
  why: 'A value that ALTER TYPE … ADD VALUE adds can only be used after its transaction has committed (SQLSTATE 55P04).',
  whatToDo: 'Add the value in one migration and use it in the next.',
  links: [LINKS.alterType],
  examples: [
    {
      setup:
        "-- +goose Up\nCREATE TYPE state AS ENUM ('open');\nCREATE TABLE orders (id bigint PRIMARY KEY, state state);",
      bad: "-- +goose Up\nALTER TYPE state ADD VALUE 'closed';\nALTER TABLE orders ALTER COLUMN state SET DEFAULT 'closed';",
      good: [
        "-- +goose Up\nALTER TYPE state ADD VALUE 'closed';",
        "-- +goose Up\nALTER TABLE orders ALTER COLUMN state SET DEFAULT 'closed';",
      ],
      format: 'goose',
    },
  ],
  check(context) {
    const { migration, tree } = context;
    if (migration.newEnumValues.length === 0 || !tree || as(tree, 'AlterEnumStmt')) return [];
    const literals = new Set<string>();
    walk(tree, (key, value) => {
      if (key === 'A_Const') {
        const text = (value.sval as { sval?: string } | undefined)?.sval;
        if (text !== undefined) literals.add(text);
      }
    });
    const used = migration.newEnumValues.find(
      ({ value, type }) => literals.has(value) && speaksOf(context, type),
    );
    if (!used) return [];
    return [
      {
        message: `'${used.value}' was added to ${used.type} on line ${used.line} of the same transaction: it cannot be used before that is committed.`,
        mark: `'${used.value}'`,
        fails: true,
      },
    ];
  },
};

/** Whether a statement casts to the type, or is about a relation with a column of it. */
function speaksOf({ tree, effects, catalogue }: RuleContext, type: string): boolean {
  let cast = false;
  walk(tree, (key, value) => {
    if (key === 'typeName' && strings(value.names as Node[] | undefined).at(-1) === type) cast = true;
  });
  if (cast) return true;
  return effects.locks.some(({ relation }) => {
    const columns = [...(catalogue.relation(relation)?.columns.values() ?? [])];
    return columns.some((column) => column.type.replaceAll('"', '').split('.').at(-1) === type);
  });
}

export const lockTimeoutMissing: Rule = {
  id: 'lock-timeout-missing',
  severity: 'info',
  off: true,
  title: 'No lock_timeout',
  why: 'A statement that waits for an ACCESS EXCLUSIVE lock makes every later query wait behind it, for as long as the slowest running query takes.',
  whatToDo:
    'SET lock_timeout before it, and try again when it is exceeded. Many teams set it for the role or in the tool, where no file shows it: that is why this rule is off unless asked for.',
  links: [LINKS.lockTimeout],
  examples: [
    {
      setup: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      bad: 'ALTER TABLE users ADD COLUMN age int;',
      good: ["SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age int;"],
      fix: "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age int;",
    },
  ],
  check({ effects, migration, tables, statement }) {
    if (migration.lockTimeout || migration.lockedOthers) return [];
    const lock = effects.locks.find(
      ({ relation, mode }) => mode === 'ACCESS EXCLUSIVE' && tables.inUse(relation),
    );
    if (!lock) return [];
    return [
      {
        message: `It waits for an ACCESS EXCLUSIVE lock on ${lock.relation} for as long as it takes, and everybody waits behind it.`,
        relation: lock.relation,
        rewrite: { steps: [{ sql: ["SET lock_timeout = '2s'", statement.text] }] },
      },
    ];
  },
};
