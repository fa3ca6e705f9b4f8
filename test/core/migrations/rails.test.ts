/** SQL out of migrations of Rails. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Dialect } from '../../../core/contract/event.ts';
import { formats } from '../../../core/migrations/formats.ts';
import { extractRails } from '../../../core/migrations/rails/extract.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

interface Case {
  name: string;
  version?: string;
  dialect?: Dialect;
  /** The body of the class. */
  source: string;
  /** `line: SQL`; the body begins on line 2. */
  sql: string[];
  /** `line: reason` */
  unknown?: string[];
  down?: string[];
}

const cases: Case[] = [
  {
    name: 'a table: key, types, defaults, references, timestamps, comments',
    source: `def change
  create_table :orders, comment: "what was bought" do |t|
    t.string :number, limit: 20, null: false, index: { unique: true }
    t.references :user, null: false, foreign_key: true
    t.belongs_to :seller, foreign_key: { to_table: :users, on_delete: :nullify }, index: false
    t.references :subject, polymorphic: true
    t.decimal :total, precision: 10, scale: 2, default: 0
    t.jsonb :data, default: {}
    t.string :tags, array: true, default: []
    t.datetime :paid_at, default: -> { "CURRENT_TIMESTAMP" }
    t.boolean :open, default: true, null: false, comment: "it's open"
    t.timestamps
    t.index [:open, :paid_at], name: "by_open", where: "open"
    t.check_constraint "total >= 0", name: "total_check"
  end
end`,
    sql: [
      '3: CREATE TABLE "orders" ("id" bigserial PRIMARY KEY, "number" varchar(20) NOT NULL, "user_id" bigint NOT NULL, ' +
        '"seller_id" bigint, "subject_type" varchar, "subject_id" bigint, "total" decimal(10, 2) DEFAULT 0, ' +
        `"data" jsonb DEFAULT '{}', "tags" varchar[] DEFAULT '{}', "paid_at" timestamp(6) DEFAULT CURRENT_TIMESTAMP, ` +
        '"open" boolean DEFAULT true NOT NULL, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, ' +
        'CONSTRAINT "fk_rails_f868b47f6a" FOREIGN KEY ("user_id") REFERENCES "users" ("id"), ' +
        'CONSTRAINT "fk_rails_f569184c98" FOREIGN KEY ("seller_id") REFERENCES "users" ("id") ON DELETE SET NULL, ' +
        'CONSTRAINT "total_check" CHECK (total >= 0))',
      '3: CREATE UNIQUE INDEX "index_orders_on_number" ON "orders" ("number")',
      '3: CREATE INDEX "index_orders_on_user_id" ON "orders" ("user_id")',
      '3: CREATE INDEX "index_orders_on_subject" ON "orders" ("subject_type", "subject_id")',
      `3: COMMENT ON COLUMN "orders"."open" IS 'it''s open'`,
      '3: CREATE INDEX "by_open" ON "orders" ("open", "paid_at") WHERE open',
      `3: COMMENT ON TABLE "orders" IS 'what was bought'`,
    ],
  },
  {
    name: 'older versions: integer keys, nullable timestamps, no index of a reference',
    version: '4.2',
    source: `def up
  create_table(:users) { |t| t.references :team; t.timestamps; t.datetime :seen }
end
def down
  drop_table :users
end`,
    sql: [
      '3: CREATE TABLE "users" ("id" serial PRIMARY KEY, "team_id" integer, "created_at" timestamp, "updated_at" timestamp, "seen" timestamp)',
    ],
    down: ['6: DROP TABLE "users"'],
  },
  {
    name: 'keys of another kind',
    source: `def change
  create_table :a, id: :uuid
  create_table :b, id: false do |t| t.bigint :n end
  create_table :c, primary_key: [:x, :y] do |t|
    t.integer :x, :y, limit: 8
  end
  create_table :d, primary_key: :key, id: :string
  create_join_table :users, :teams do |t| t.index [:user_id, :team_id] end
end`,
    sql: [
      '3: CREATE TABLE "a" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY)',
      '4: CREATE TABLE "b" ("n" bigint)',
      '5: CREATE TABLE "c" ("x" bigint, "y" bigint, PRIMARY KEY ("x", "y"))',
      '8: CREATE TABLE "d" ("key" varchar NOT NULL PRIMARY KEY)',
      '9: CREATE TABLE "teams_users" ("user_id" bigint NOT NULL, "team_id" bigint NOT NULL)',
      '9: CREATE INDEX "index_teams_users_on_user_id_and_team_id" ON "teams_users" ("user_id", "team_id")',
    ],
  },
  {
    name: 'columns',
    source: `def change
  add_column :users, :age, :integer, null: false, default: 3
  add_reference :users, :team, foreign_key: { validate: false }, index: { algorithm: :concurrently }
  remove_column :users, :name, :string
  remove_columns :users, *%i[a b], type: :boolean
  rename_column :users, :age, :years
  change_column :users, :years, :bigint, using: "years::bigint", null: true
  change_column_default :users, :years, from: 3, to: nil
  change_column_default :users, :state, "open"
  change_column_null :users, :years, false, 0
  add_timestamps :users, null: true
  remove_reference :users, :team, foreign_key: true
  rename_table :users, :people
end`,
    sql: [
      '3: ALTER TABLE "users" ADD COLUMN "age" integer DEFAULT 3 NOT NULL',
      '4: ALTER TABLE "users" ADD COLUMN "team_id" bigint',
      '4: ALTER TABLE "users" ADD CONSTRAINT "fk_rails_b2bbf87303" FOREIGN KEY ("team_id") REFERENCES "teams" ("id") NOT VALID',
      '4: CREATE INDEX CONCURRENTLY "index_users_on_team_id" ON "users" ("team_id")',
      '5: ALTER TABLE "users" DROP COLUMN "name"',
      '6: ALTER TABLE "users" DROP COLUMN "a", DROP COLUMN "b"',
      '7: ALTER TABLE "users" RENAME COLUMN "age" TO "years"',
      '7: ALTER INDEX IF EXISTS "index_users_on_age" RENAME TO "index_users_on_years"',
      '8: ALTER TABLE "users" ALTER COLUMN "years" TYPE bigint USING years::bigint, ALTER COLUMN "years" DROP NOT NULL',
      '9: ALTER TABLE "users" ALTER COLUMN "years" DROP DEFAULT',
      `10: ALTER TABLE "users" ALTER COLUMN "state" SET DEFAULT 'open'`,
      '11: UPDATE "users" SET "years" = 0 WHERE "years" IS NULL',
      '11: ALTER TABLE "users" ALTER COLUMN "years" SET NOT NULL',
      '12: ALTER TABLE "users" ADD COLUMN "created_at" timestamp(6)',
      '12: ALTER TABLE "users" ADD COLUMN "updated_at" timestamp(6)',
      '13: ALTER TABLE "users" DROP CONSTRAINT "fk_rails_b2bbf87303"',
      '13: ALTER TABLE "users" DROP COLUMN "team_id"',
      '14: ALTER TABLE "users" RENAME TO "people"',
      '14: ALTER SEQUENCE IF EXISTS "users_id_seq" RENAME TO "people_id_seq"',
    ],
  },
  {
    name: 'indexes and constraints',
    source: `def change
  add_index :users, [:last, :first], unique: true, algorithm: :concurrently, if_not_exists: true
  add_index :users, "lower(email)", using: :gin, opclass: :gin_trgm_ops, include: [:id]
  add_index :users, %w[a b], order: { b: :desc }, nulls_not_distinct: true
  remove_index :users, :email
  remove_index :users, name: "by_age", algorithm: :concurrently, if_exists: true
  remove_index :users, column: [:a, :b]
  rename_index :users, "old", "new"
  add_foreign_key :articles, :authors
  add_foreign_key :articles, :users, column: :editor_id, on_delete: :cascade, validate: false
  validate_foreign_key :articles, :authors
  remove_foreign_key :articles, column: :editor_id
  add_check_constraint :users, "age > 0", name: "age_check", validate: false
  validate_check_constraint :users, name: "age_check"
  remove_check_constraint :users, name: "age_check"
  add_unique_constraint :users, [:email], name: "one_email", deferrable: :deferred
  add_index :a_table_with_a_long_name, [:a_column_with_a_long_name, :another_one]
end`,
    sql: [
      '3: CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "index_users_on_last_and_first" ON "users" ("last", "first")',
      '4: CREATE INDEX "index_users_on_lower_email" ON "users" USING gin (lower(email) gin_trgm_ops) INCLUDE ("id")',
      '5: CREATE INDEX "index_users_on_a_and_b" ON "users" ("a", "b" DESC) NULLS NOT DISTINCT',
      '6: DROP INDEX "index_users_on_email"',
      '7: DROP INDEX CONCURRENTLY IF EXISTS "by_age"',
      '8: DROP INDEX "index_users_on_a_and_b"',
      '9: ALTER INDEX "old" RENAME TO "new"',
      // The name that the documentation of `add_foreign_key` shows for these two tables.
      '10: ALTER TABLE "articles" ADD CONSTRAINT "fk_rails_e74ce85cbc" FOREIGN KEY ("author_id") REFERENCES "authors" ("id")',
      '11: ALTER TABLE "articles" ADD CONSTRAINT "fk_rails_21c1ee6ad5" FOREIGN KEY ("editor_id") REFERENCES "users" ("id") ON DELETE CASCADE NOT VALID',
      '12: ALTER TABLE "articles" VALIDATE CONSTRAINT "fk_rails_e74ce85cbc"',
      '13: ALTER TABLE "articles" DROP CONSTRAINT "fk_rails_21c1ee6ad5"',
      '14: ALTER TABLE "users" ADD CONSTRAINT "age_check" CHECK (age > 0) NOT VALID',
      '15: ALTER TABLE "users" VALIDATE CONSTRAINT "age_check"',
      '16: ALTER TABLE "users" DROP CONSTRAINT "age_check"',
      '17: ALTER TABLE "users" ADD CONSTRAINT "one_email" UNIQUE ("email") DEFERRABLE INITIALLY DEFERRED',
      '18: CREATE INDEX "idx_on_a_column_with_a_long_name_another_one_1f47f97f76" ON "a_table_with_a_long_name" ("a_column_with_a_long_name", "another_one")',
    ],
  },
  {
    name: 'change_table, in one statement where it is asked for',
    source: `def change
  change_table :users, bulk: true do |t|
    t.remove :name, :age
    t.string :first, :last
    t.rename :mail, :email
    t.index :email
  end
end`,
    sql: [
      '3: ALTER TABLE "users" DROP COLUMN "name", DROP COLUMN "age", ADD COLUMN "first" varchar, ADD COLUMN "last" varchar',
      '3: ALTER TABLE "users" RENAME COLUMN "mail" TO "email"',
      '3: ALTER INDEX IF EXISTS "index_users_on_mail" RENAME TO "index_users_on_email"',
      '3: CREATE INDEX "index_users_on_email" ON "users" ("email")',
    ],
  },
  {
    name: 'SQL, enums, extensions, schemas',
    source: `TYPES = %w[big small].freeze
def up
  enable_extension "pgcrypto"
  create_enum :size, TYPES
  add_enum_value :size, "tiny", after: "small"
  add_column :users, :size, :enum, enum_type: :size, default: "big"
  execute <<~SQL.squish
    UPDATE users
       SET size = 'big'
  SQL
  execute "CREATE VIEW v AS #{"SELECT 1"}"
  drop_table :a, :b, if_exists: true
  drop_table :c, force: :cascade
  create_schema "audit"
end`,
    sql: [
      '4: CREATE EXTENSION IF NOT EXISTS "pgcrypto"',
      `5: CREATE TYPE "size" AS ENUM ('big', 'small')`,
      `6: ALTER TYPE "size" ADD VALUE 'tiny' AFTER 'small'`,
      `7: ALTER TABLE "users" ADD COLUMN "size" "size" DEFAULT 'big'`,
      "8: UPDATE users\n   SET size = 'big'\n",
      '12: CREATE VIEW v AS SELECT 1',
      '13: DROP TABLE IF EXISTS "a"',
      '13: DROP TABLE IF EXISTS "b"',
      '14: DROP TABLE "c" CASCADE',
      '15: CREATE SCHEMA "audit"',
    ],
  },
  {
    name: 'reversible, blocks that run once, methods of its own, lists',
    source: `def change
  reversible do |dir|
    dir.up { execute "SELECT 1" }
    dir.down { execute "SELECT 2" }
  end
  safety_assured { add_column :a, :b, :text }
  %i[one two].each { |table| add_index table, :x }
  with_column(:z)
  User.reset_column_information
  Rails.logger.info "done"
  add_check_constraint :c, "z > ''", name: "z_check", if_not_exists: true
end
private
def with_column(name)
  add_column :c, name, :text
end`,
    sql: [
      '4: SELECT 1',
      '7: ALTER TABLE "a" ADD COLUMN "b" text',
      '8: CREATE INDEX "index_one_on_x" ON "one" ("x")',
      '8: CREATE INDEX "index_two_on_x" ON "two" ("x")',
      '16: ALTER TABLE "c" ADD COLUMN "z" text',
      `12: ALTER TABLE "c" ADD CONSTRAINT "z_check" CHECK (z > '')`,
    ],
  },
  {
    name: 'what asks whether something is there does no harm where it is not',
    source: `def change
  reversible do |dir|
    dir.up do
      return if connection.table_exists?(:jobs)
    end
  end
  create_table :jobs
  remove_index :jobs, :x if index_exists?(:jobs, :x)
  add_foreign_key :jobs, :users unless foreign_key_exists?(:jobs, :users)
  execute "DROP TABLE old" if table_exists?(:old)
  add_reference :jobs, :team, foreign_key: true unless column_exists?(:jobs, :team_id)
  drop_table :gone if table_exists?(:gone)
end`,
    sql: [
      '8: CREATE TABLE IF NOT EXISTS "jobs" ("id" bigserial PRIMARY KEY)',
      '9: DROP INDEX IF EXISTS "index_jobs_on_x"',
      '13: DROP TABLE IF EXISTS "gone"',
    ],
    unknown: [
      '10: it runs under a condition',
      '11: it runs under a condition',
      '12: it runs under a condition',
    ],
  },
  {
    name: 'the database and what it can do are known',
    source: `def change
  if connection.adapter_name == "Mysql2"
    execute "A"
  else
    execute "SELECT 1"
  end
  create_table :t, id: false do |t|
    if connection.supports_datetime_with_precision?
      t.datetime :at, precision: 6
    else
      t.datetime :at
    end
  end
end`,
    sql: ['6: SELECT 1', '8: CREATE TABLE "t" ("at" timestamp(6))'],
  },
  {
    name: 'what only running it tells',
    source: `def up
  return if Rails.env.test?
  add_column :a, :b, :text
  execute build_sql
  User.find_each { |user| user.update!(name: "x") }
  add_column table_of_today, :b, :text
  foreign_magic :a
end`,
    sql: [],
    unknown: [
      '4: it runs under a condition',
      '5: the SQL is put together when it runs',
      '6: rows may be changed by User.find_each',
      '7: the table of add_column is not known',
      '8: foreign_magic is not known',
    ],
  },
  {
    name: 'MySQL',
    dialect: 'mysql',
    source: `def change
  create_table :users do |t|
    t.string :name
    t.text :about, size: :medium
    t.boolean :open, default: false
    t.integer :n, limit: 1
  end
  change_column :users, :name, :text, null: false
  remove_index :users, :name
end`,
    sql: [
      '3: CREATE TABLE `users` (`id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, `name` varchar(255), `about` mediumtext, `open` tinyint(1) DEFAULT 0, `n` tinyint)',
      '9: ALTER TABLE `users` MODIFY `name` text NOT NULL',
      '10: DROP INDEX `index_users_on_name` ON `users`',
    ],
  },
  {
    name: 'broken Ruby',
    source: 'def change\n  add_column :a, (\nend',
    sql: [],
    unknown: ["4: it cannot be read: unexpected 'end', assuming it is closing the parent method definition"],
  },
];

function wrapped({ source, version = '7.1' }: Case): string {
  return `class Migration < ActiveRecord::Migration[${version}]\n${source}\nend\n`;
}

for (const example of cases) {
  const { name, sql, unknown = [], down, dialect = 'postgres' } = example;
  test(name, () => {
    const text = wrapped(example);
    const found = extractRails(text, dialect);
    assert.deepEqual(
      found.statements.map((statement) => `${statement.line}: ${statement.sql}`),
      sql,
    );
    assert.deepEqual(
      found.unanalysed.map(({ line, reason }) => `${line}: ${reason}`),
      unknown,
    );
    if (down)
      assert.deepEqual(
        extractRails(text, dialect, 'down').statements.map(
          (statement) => `${statement.line}: ${statement.sql}`,
        ),
        down,
      );
    const { problems } = parseSql(formats.rails.up(text, dialect), dialect);
    assert.deepEqual(problems, []);
  });
}

test('lines count characters of every width', () => {
  const text = wrapped({
    name: '',
    sql: [],
    source: '# ünïcödé 😀\n# 漢字\ndef change\n  execute "SELECT 1"\nend',
  });
  assert.deepEqual(extractRails(text, 'postgres').statements, [{ sql: 'SELECT 1', line: 5 }]);
});

test('a transaction, unless it is switched off', () => {
  assert.equal(formats.rails.wrapping(wrapped({ name: '', sql: [], source: 'def change; end' })), 'file');
  assert.equal(
    formats.rails.wrapping(
      wrapped({ name: '', sql: [], source: '  disable_ddl_transaction!\n\ndef change; end' }),
    ),
    'none',
  );
});
