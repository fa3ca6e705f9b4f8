/** SQL out of migrations in JavaScript and TypeScript. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Dialect } from '../../../core/contract/event.ts';
import { formats } from '../../../core/migrations/formats.ts';
import { extract, type ScriptTool, scriptTool } from '../../../core/migrations/script/extract.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

test('comments that ignore or approve come along, on their lines', () => {
  const up = formats.knex.up(
    "// aibos-ignore-file drop-column: over\nexports.up = async (knex) => {\n  /* aibos:approve destructive-change by A until 2027-01-01: x */\n  await knex.raw('DROP TABLE a'); // aibos-ignore-line drop-table: gone\n};",
  );
  assert.deepEqual(
    up.split('\n').map((line) => line.trim()),
    [
      '-- aibos-ignore-file drop-column: over',
      '',
      '-- aibos:approve destructive-change by A until 2027-01-01: x',
      'DROP TABLE a; -- aibos-ignore-line drop-table: gone',
      '',
    ],
  );
  const rails = formats.rails.up(
    'class A < ActiveRecord::Migration[7.1]\n  def up\n    # aibos-ignore drop-table: gone\n    drop_table :a\n  end\nend\n',
  );
  assert.deepEqual(
    rails
      .split('\n')
      .slice(2, 4)
      .map((line) => line.trim()),
    ['-- aibos-ignore drop-table: gone', 'DROP TABLE "a";'],
  );
});

interface Case {
  name: string;
  tool: ScriptTool;
  dialect?: Dialect;
  source: string;
  /** `line: SQL` */
  sql: string[];
  /** `line: reason` */
  unknown?: string[];
  down?: string[];
}

const cases: Case[] = [
  {
    name: 'Knex: tables, columns, keys, indexes',
    tool: 'knex',
    source: `exports.up = async function (knex) {
  await knex.schema.createTable('users', (table) => {
    table.increments('id');
    table.string('email', 100).notNullable().unique();
    table.enu('role', ['admin', "o'brien"]).defaultTo('admin');
    table.timestamp('seen_at').defaultTo(knex.fn.now());
    table.integer('team_id').references('id').inTable('teams').onDelete('CASCADE');
    table.timestamps(true, true);
    table.index(['email', 'role'], 'by_email');
  });
  await knex.schema.alterTable('users', function (t) {
    t.dropColumn('role');
    t.renameColumn('email', 'mail');
    t.bigInteger('size').notNullable().alter();
  }).renameTable('old', 'new');
  await knex.raw('CREATE EXTENSION citext');
};
exports.down = (knex) => knex.schema.dropTableIfExists('users');`,
    sql: [
      `2: CREATE TABLE "users" ("id" serial NOT NULL PRIMARY KEY, "email" varchar(100) NOT NULL, "role" text CHECK ("role" IN ('admin', 'o''brien')) DEFAULT 'admin', "seen_at" timestamptz DEFAULT CURRENT_TIMESTAMP, "team_id" integer, "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, "updated_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
      '2: ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE ("email")',
      '2: ALTER TABLE "users" ADD CONSTRAINT "users_team_id_foreign" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE CASCADE',
      '2: CREATE INDEX "by_email" ON "users" ("email", "role")',
      '11: ALTER TABLE "users" ALTER COLUMN "size" TYPE bigint USING "size"::bigint',
      '11: ALTER TABLE "users" ALTER COLUMN "size" SET NOT NULL',
      '11: ALTER TABLE "users" DROP COLUMN "role"',
      '11: ALTER TABLE "users" RENAME COLUMN "email" TO "mail"',
      '11: ALTER TABLE "old" RENAME TO "new"',
      '16: CREATE EXTENSION citext',
    ],
    down: ['18: DROP TABLE IF EXISTS "users"'],
  },
  {
    name: 'Knex: what only running it would tell',
    tool: 'knex',
    source: `import type { Knex } from 'knex';
const TABLE = 'things';
export async function up(knex: Knex): Promise<void> {
  if (!(await knex.schema.hasTable(TABLE))) {
    await knex.schema.createTable(TABLE, (t) => t.uuid('id'));
  }
  for (const name of names()) await knex.raw(\`DROP TABLE \${name}\`);
  await knex(TABLE).insert({ id: 1 });
  await helper(knex);
  await knex.schema.table(TABLE, (t) => {
    t.string(columnName());
  });
  await knex.schema.dropTable(TABLE);
  await knex.raw('UPDATE things SET a = ?', [1]);
}`,
    sql: ['13: DROP TABLE "things"'],
    unknown: [
      '5: it runs under a condition',
      '7: the SQL is put together when it runs',
      '8: rows are changed by the query builder',
      '9: what helper does with the database is not looked into',
      '10: line 11 of table of things: the name of the column of string is not known',
      '14: the SQL has values that are filled in when it runs',
    ],
  },
  {
    name: 'Knex in MySQL',
    tool: 'knex',
    dialect: 'mysql',
    source: `exports.up = (knex) => knex.schema.createTable('a', (t) => {
  t.increments();
  t.integer('n').unsigned().notNullable();
}).table('b', (t) => { t.dropForeign('a_id'); t.dropIndex(['x']); });`,
    sql: [
      '1: CREATE TABLE `a` (`id` int unsigned NOT NULL PRIMARY KEY AUTO_INCREMENT, `n` int unsigned NOT NULL)',
      '1: ALTER TABLE `b` DROP FOREIGN KEY `b_a_id_foreign`',
      '1: DROP INDEX `b_x_index` ON `b`',
    ],
  },
  {
    name: 'TypeORM: queries and builders',
    tool: 'typeorm',
    source: `import { MigrationInterface, QueryRunner, Table, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
export class Users1620000000000 implements MigrationInterface {
  name = 'Users1620000000000';
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`CREATE TABLE "a" (
      "id" int
    )\`);
    await queryRunner.createTable(new Table({
      name: 'users',
      columns: [
        { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
        { name: 'email', type: 'varchar', length: '100', isUnique: true },
        { name: 'born', type: 'timestamp', default: 'now()', isNullable: true },
      ],
    }), true);
    await queryRunner.addColumn('users', new TableColumn({ name: 'age', type: 'int', isNullable: true }));
    await queryRunner.createForeignKey('users', new TableForeignKey({
      columnNames: ['team'], referencedTableName: 'teams', referencedColumnNames: ['id'], onDelete: 'SET NULL', name: 'fk',
    }));
    await queryRunner.createIndex('users', new TableIndex({ name: 'i', columnNames: ['email'], isUnique: true }));
    await queryRunner.query('UPDATE users SET age = $1', [3]);
    await queryRunner.manager.save(thing);
  }
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('users', 'age');
    await queryRunner.dropTable('users');
  }
}`,
    sql: [
      '5: CREATE TABLE "a" (\n      "id" int\n    )',
      '8: CREATE TABLE IF NOT EXISTS "users" ("id" serial NOT NULL PRIMARY KEY, "email" varchar(100) NOT NULL UNIQUE, "born" timestamp DEFAULT now())',
      '16: ALTER TABLE "users" ADD "age" int',
      '17: ALTER TABLE "users" ADD CONSTRAINT "fk" FOREIGN KEY ("team") REFERENCES "teams" ("id") ON DELETE SET NULL',
      '20: CREATE UNIQUE INDEX "i" ON "users" ("email")',
    ],
    unknown: [
      '21: the SQL has values that are filled in when it runs',
      '22: rows are changed through entities',
    ],
    down: ['25: ALTER TABLE "users" DROP COLUMN "age"', '26: DROP TABLE "users"'],
  },
  {
    name: 'Sequelize: in a transaction',
    tool: 'sequelize',
    source: `'use strict';
module.exports = {
  up: async (queryInterface, Sequelize) => {
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.createTable('users', {
        id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false },
        email: { type: Sequelize.STRING(100), allowNull: false, unique: true },
        team_id: { type: Sequelize.BIGINT, references: { model: 'teams', key: 'id' }, onDelete: 'cascade' },
        tags: Sequelize.ARRAY(Sequelize.TEXT),
        createdAt: { type: Sequelize.DATE, defaultValue: Sequelize.literal('CURRENT_TIMESTAMP') },
      }, { transaction });
      await queryInterface.addIndex('users', ['email', 'team_id'], { unique: true, transaction });
      await queryInterface.changeColumn('users', 'email', { type: Sequelize.TEXT, allowNull: false }, { transaction });
      await queryInterface.changeColumn('users', 'email', { type: Sequelize.TEXT, unique: true }, { transaction });
      await queryInterface.sequelize.query('DROP VIEW v', { transaction });
    });
    await queryInterface.bulkInsert('users', rows);
  },
  async down(queryInterface) { await queryInterface.dropTable('users'); },
};`,
    sql: [
      `5: CREATE TABLE IF NOT EXISTS "users" ("id" serial NOT NULL PRIMARY KEY, "email" VARCHAR(100) NOT NULL UNIQUE, "team_id" BIGINT REFERENCES "teams" ("id") ON DELETE CASCADE, "tags" TEXT[], "createdAt" TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP)`,
      '12: CREATE UNIQUE INDEX "users_email_team_id" ON "users" ("email", "team_id")',
      '13: ALTER TABLE "users" ALTER COLUMN "email" TYPE TEXT USING "email"::TEXT',
      '13: ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL',
      '14: ALTER TABLE "users" ALTER COLUMN "email" TYPE TEXT USING "email"::TEXT',
      '14: ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL',
      '14: ALTER TABLE "users" ADD UNIQUE ("email")',
      '15: DROP VIEW v',
    ],
    unknown: ['17: rows are changed by bulkInsert'],
    down: ['19: DROP TABLE IF EXISTS "users"'],
  },
  {
    name: 'Kysely: schema builder and sql',
    tool: 'kysely',
    source: `import { type Kysely, sql } from 'kysely';
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createType('mood').asEnum(['happy', 'sad']).execute();
  await db.schema
    .createTable('pet')
    .ifNotExists()
    .addColumn('id', 'serial', (col) => col.primaryKey())
    .addColumn('mood', sql\`mood\`, (col) => col.notNull().defaultTo('happy'))
    .addColumn('owner', 'integer', (col) => col.references('person.id').onDelete('cascade').notNull())
    .addColumn('at', 'timestamp', (col) => col.defaultTo(sql\`now()\`))
    .addUniqueConstraint('one_each', ['owner', 'mood'])
    .execute();
  await db.schema.alterTable('pet').addColumn('name', 'varchar(20)').alterColumn('at', (c) => c.setNotNull()).execute();
  await db.schema.createIndex('pet_owner').on('pet').column('owner').unique().execute();
  await sql\`ALTER TABLE pet ENABLE ROW LEVEL SECURITY\`.execute(db);
  await db.insertInto('pet').values(rows).execute();
  await sql\`DROP TABLE \${sql.table(name)}\`.execute(db);
}
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('pet').ifExists().execute();
}`,
    sql: [
      `3: CREATE TYPE "mood" AS ENUM ('happy', 'sad')`,
      `4: CREATE TABLE IF NOT EXISTS "pet" ("id" serial PRIMARY KEY, "mood" mood NOT NULL DEFAULT 'happy', "owner" integer NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE, "at" timestamp DEFAULT now(), CONSTRAINT "one_each" UNIQUE ("owner", "mood"))`,
      '13: ALTER TABLE "pet" ADD COLUMN "name" varchar(20), ALTER COLUMN "at" SET NOT NULL',
      '14: CREATE UNIQUE INDEX "pet_owner" ON "pet" ("owner")',
      '15: ALTER TABLE pet ENABLE ROW LEVEL SECURITY',
    ],
    unknown: ['16: rows are changed by the query builder', '17: the SQL is put together when it runs'],
    down: ['20: DROP TABLE IF EXISTS "pet"'],
  },
];

for (const { name, tool, dialect = 'postgres', source, sql, unknown = [], down } of cases) {
  test(name, () => {
    assert.equal(scriptTool(source), tool);
    const found = extract(source, tool, dialect);
    assert.deepEqual(
      found.statements.map(({ line, sql: text }) => `${line}: ${text}`),
      sql,
    );
    assert.deepEqual(
      found.unanalysed.map(({ line, reason }) => `${line}: ${reason}`),
      unknown,
    );
    if (down) {
      const back = extract(source, tool, dialect, 'down');
      assert.deepEqual(
        back.statements.map(({ line, sql: text }) => `${line}: ${text}`),
        down,
      );
    }
    // As the rest of the program sees it: valid SQL, on the lines of the script.
    const text = formats[tool].up(source, dialect);
    const { statements, problems } = parseSql(text, dialect);
    assert.deepEqual(problems, []);
    assert.equal(statements.length, sql.length);
    assert.equal(text.split('\n').length, source.split('\n').length);
    assert.deepEqual(
      statements.map(({ line }) => line),
      sql.map((one) => Number(one.split(':')[0])),
    );
  });
}

test('scripts that are odd or broken are said to be, and nothing throws', () => {
  const reasons = (source: string) =>
    extract(source, 'knex', 'postgres').unanalysed.map(({ line, reason }) => `${line}: ${reason}`);
  assert.match(reasons('exports.up = (knex => {')[0] ?? '', /^1: it cannot be read: /);
  assert.deepEqual(reasons('exports.down = () => {}'), ['1: no function “up” was found']);
  assert.deepEqual(reasons('exports.up = async ({ knex }) => { await knex.schema.dropTable(x) }'), [
    '1: the name in dropTable is not known',
  ]);
  assert.ok(extract(`exports.up = knex => ${'('.repeat(5_000)}`, 'knex', 'postgres'));
  assert.deepEqual(
    extract(
      'exports.up = function (knex) { return Promise.all([knex.schema.dropTable("a"), knex.schema.dropTable("b")]) }',
      'knex',
      'postgres',
    ).statements.map(({ sql }) => sql),
    ['DROP TABLE "a"', 'DROP TABLE "b"'],
  );
  assert.deepEqual(
    extract(
      'exports.up = (knex) => knex.schema.dropTable("a").then(() => knex.raw("SELECT 1"))',
      'knex',
      'postgres',
    ).statements.map(({ sql }) => sql),
    ['DROP TABLE "a"', 'SELECT 1'],
  );
});
