/** `schema.prisma`: how it is read, and what is said of it beside its migrations. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Dialect } from '../../../core/contract/event.ts';
import { makeAnalyser } from '../../../core/effects/effects.ts';
import { comparePrisma } from '../../../core/migrations/prisma/compare.ts';
import { prismaFiles } from '../../../core/migrations/prisma/find.ts';
import { type PrismaSchema, readPrisma } from '../../../core/migrations/prisma/schema.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

function read(...texts: string[]): PrismaSchema {
  const result = readPrisma(texts.map((text, i) => ({ path: `${i}.prisma`, text })));
  assert.ok('schema' in result, JSON.stringify(result));
  return result.schema;
}

function problem(...texts: string[]): string {
  const result = readPrisma(texts.map((text, i) => ({ path: `${i}.prisma`, text })));
  assert.ok('problem' in result);
  const { path, line, message } = result.problem;
  return `${path}:${line} ${message}`;
}

/** Differences as `kind line relation column`. */
function differences(
  models: string,
  sql: string,
  dialect: Dialect = 'postgres',
  notUnderstood: string[] = [],
) {
  const analyser = makeAnalyser(dialect);
  for (const statement of parseSql(sql, dialect).statements) analyser.apply(statement);
  return comparePrisma(read(models), analyser.catalogue, notUnderstood).map(
    ({ kind, line, relation, column = '' }) => `${kind} ${line} ${relation} ${column}`.trim(),
  );
}

const SHOP = `
/// Shop {
datasource db { provider = "postgresql"
  url = env("URL") /* { */ schemas = ["public", "crm"] }
generator client { provider = "prisma-client-js" }

model User {
  id      Int     @id @default(autoincrement()) // "the key
  email   String  @unique @map("e_mail") @db.VarChar(200)
  note    String? @default("a \\"b\\" // c")
  tags    String[] @default(["x",
    "y"])
  role    Role    @default(ADMIN)
  place   Unsupported("geometry(Point, 4326)")?
  orders  Order[]
  friends User[]  @relation("friends")
  of      User[]  @relation("friends")

  @@map(name: "users")
  @@schema("crm")
  @@index([email(length: 10), note(sort: Desc)], type: Gin, map: "by_email")
}

model Order {
  id     String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  userId Int    @map("user_id")
  user   User   @relation(fields: [userId], references: [id], onDelete: Cascade)
  goods  Good[]
  @@unique([id, userId])
}

model Good { code String @id
  orders Order[] }

enum Role {
  ADMIN @map("admin")
  GUEST
  @@map("roles")
}
view Sums { id Int @unique }
`;

test('tables, columns, keys and enums with their names in the database', () => {
  const { provider, tables, enums } = read(SHOP);
  const [users, orders] = tables;
  assert.equal(provider, 'postgresql');
  assert.deepEqual(
    tables.map(({ name, schema = '', line }) => `${schema}.${name} ${line}`),
    ['crm.users 7', '.Order 24', '.Good 32', 'crm._friends 16', '._GoodToOrder 28'],
  );
  assert.deepEqual(
    users?.columns.map(
      ({ name, type, nativeType = '', optional, list, default: value = '', unmanaged, line }) =>
        [
          line,
          name,
          type + (list ? '[]' : '') + (optional ? '?' : ''),
          nativeType,
          value,
          unmanaged ? '-' : '',
        ]
          .filter(Boolean)
          .join(' '),
    ),
    [
      '8 id Int autoincrement()',
      '9 e_mail String VarChar(200)',
      '10 note String? "a \\"b\\" // c"',
      '11 tags String[] ["x", "y"]',
      '13 role Role ADMIN',
      '14 place Unsupported? -',
    ],
  );
  assert.deepEqual(users?.keys, [
    { kind: 'primary_key', columns: ['id'] },
    { kind: 'unique', columns: ['e_mail'] },
    { kind: 'index', columns: ['e_mail', 'note'] },
  ]);
  assert.deepEqual(orders?.keys[1], { kind: 'unique', columns: ['id', 'user_id'] });
  assert.deepEqual(orders?.foreignKeys, [
    { columns: ['user_id'], references: 'users', referencedColumns: ['id'] },
  ]);
  assert.deepEqual(tables[4]?.foreignKeys, [
    { columns: ['A'], references: 'Good', referencedColumns: ['code'] },
    { columns: ['B'], references: 'Order', referencedColumns: ['id'] },
  ]);
  assert.deepEqual(enums, [{ name: 'roles', values: ['admin', 'GUEST'] }]);
});

test('a relation with one side alone, or to itself with a parent, has no table', () => {
  const { tables } = read(`model A { id Int @id
    up A? @relation("tree", fields: [upId], references: [id])
    upId Int?
    down A[] @relation("tree")
    bs B[] }
  model B { id Int @id
    aId Int
    a A @relation(fields: [aId], references: [id]) }`);
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['A', 'B'],
  );
});

test('a mistake is named with its file and line', () => {
  assert.equal(
    problem('', 'model A {\n  id Int @id\n\n'),
    '1.prisma:1 The model A that begins here has no closing }.',
  );
  assert.equal(problem('model A {\n  id\n  b Int\n}'), '0.prisma:2 The field id has no type.');
  assert.equal(problem('model A {\n  id Int @id @default(\n}'), '0.prisma:3 Expected a value, found “}”.');
  assert.equal(problem('model A {\n  id Int @map("a\n}'), '0.prisma:2 The text that begins here has no end.');
  assert.equal(problem('model A {\n  id Int;\n}'), '0.prisma:2 “;” has no meaning here.');
  assert.equal(problem('\nmodel {'), '0.prisma:2 Expected the name of the model, found “{”.');
  assert.equal(problem('datasource db {\n  url "x"\n}'), '0.prisma:2 Expected =, found “x”.');
  assert.match(problem('model A {\n  id Itn @id\n}'), /^0\.prisma:2 The field A\.id has the type Itn/);
});

const USERS = 'model User {\n id Int @id\n name String\n old String?\n tags String[]\n}';

test('what the migrations have not made, have dropped, or have made otherwise', () => {
  const made = 'CREATE TABLE "User" (id int PRIMARY KEY, name text NOT NULL, old text, tags text[]);';
  assert.deepEqual(differences(USERS, made), []);
  assert.deepEqual(differences(USERS, ''), ['table-missing 1 User']);
  assert.deepEqual(differences(USERS, `${made} DROP TABLE "User";`), ['table-missing 1 User']);
  assert.deepEqual(differences(USERS, `${made} ALTER TABLE "User" DROP COLUMN name, ADD COLUMN extra int;`), [
    'column-missing 3 User name',
    'column-left 1 User extra',
  ]);
  assert.deepEqual(
    differences(
      USERS,
      `${made} ALTER TABLE "User" ALTER name DROP NOT NULL; ALTER TABLE "User" ALTER old SET NOT NULL;`,
    ),
    ['nullability 3 User name', 'nullability 4 User old'],
  );
});

test('what is not certain is left out', () => {
  const none: [string, string][] = [
    ['model A {\n id Int @id\n @@ignore\n}', ''],
    ['view A {\n id Int @unique\n}', ''],
    [
      'model A {\n id Int @id\n p Unsupported("point")\n q Int @ignore\n}',
      'CREATE TABLE "A" (id int PRIMARY KEY, p point);',
    ],
    ['model A {\n id Int @id\n}', 'CREATE VIEW "A" AS SELECT 1 AS other;'],
    ['model A {\n id Int @id\n b Int\n}', 'ALTER TABLE "A" ADD COLUMN c int;'],
    [
      'model A {\n id Int @id\n @@schema("crm")\n}',
      'CREATE SCHEMA crm; CREATE TABLE crm."A" (id int PRIMARY KEY);',
    ],
  ];
  for (const [models, sql] of none) assert.deepEqual(differences(models, sql), [], models);
  assert.deepEqual(differences(USERS, '', 'postgres', ["DO $$ … 'CREATE TABLE user' … $$"]), []);
});

test('MySQL, and SQLite with a table that is made anew', () => {
  const models = 'model User {\n id Int @id\n firstName String\n}';
  const columns = '(id INTEGER NOT NULL PRIMARY KEY, firstName TEXT NOT NULL)';
  assert.deepEqual(
    differences(
      models,
      `CREATE TABLE "User" (id INTEGER NOT NULL PRIMARY KEY); CREATE TABLE "new_User" ${columns};
       DROP TABLE "User"; ALTER TABLE "new_User" RENAME TO "User";`,
      'sqlite',
    ),
    [],
  );
  const mysql = 'CREATE TABLE `User` (`id` INT NOT NULL, `firstName` VARCHAR(191) NULL, PRIMARY KEY (`id`));';
  assert.deepEqual(differences(models, mysql, 'mysql'), ['nullability 3 User firstName']);
});

test('PostgreSQL tells cases apart', () => {
  const models =
    'datasource db {\n provider = "postgresql"\n}\nmodel User {\n id Int @id\n firstName String?\n}';
  assert.deepEqual(differences(models, 'CREATE TABLE "User" (id int PRIMARY KEY, firstName text);'), [
    'column-missing 6 User firstName',
    'column-left 4 User firstname',
  ]);
});

test('the files of a schema: one, one with parts, or a folder', () => {
  const datasource = 'datasource db {\n}';
  const found = (files: Record<string, string>, folder = 'db/migrations') =>
    prismaFiles(folder, Object.keys(files), (path) => files[path]);
  assert.deepEqual(found({ 'db/schema.prisma': datasource, 'db/old.prisma': datasource, 'a.prisma': '' }), [
    'db/schema.prisma',
  ]);
  assert.deepEqual(found({ 'db/models/a.prisma': '', 'db/schema.prisma': datasource }), [
    'db/schema.prisma',
    'db/models/a.prisma',
  ]);
  assert.deepEqual(found({ 'db/schema/a.prisma': '', 'db/schema/main.prisma': datasource }), [
    'db/schema/a.prisma',
    'db/schema/main.prisma',
  ]);
  assert.deepEqual(found({ 'other/schema.prisma': datasource }), []);
});
