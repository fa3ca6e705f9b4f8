/** What a finding proposes runs in a real PostgreSQL and ends in the schema that the statement itself would have made. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { FileToCheck } from '../../../core/check/analysed.ts';
import { checkFiles } from '../../../core/check/check.ts';
import { findingsOf } from '../../../core/check/result.ts';
import { RULES } from '../../../core/check/rules/all.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { PostgresShadow } from '../../../core/node/shadow/postgres.ts';
import { canonicalText } from '../../../core/schema/snapshot.ts';
import { parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

const SETUP = `CREATE TABLE users (id bigint PRIMARY KEY, email text, "Full Name" varchar(50) NOT NULL DEFAULT 'x', age int DEFAULT 3);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, number int NOT NULL DEFAULT 7, total text);
INSERT INTO users (id, email, age) SELECT i, 'user' || i, 1 FROM generate_series(1, 3000) i;
INSERT INTO orders (id, user_id, number, total) SELECT i, i, i, i::text FROM generate_series(1, 3000) i;
CREATE INDEX users_age ON users (age);
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_b PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;

/** `same`: the fix ends in the same schema; `runs`: it takes another way on purpose. */
const CASES: [sql: string, end: 'same' | 'runs'][] = [
  ['CREATE INDEX i ON users (lower(email)) WHERE age > 1;', 'same'],
  ['CREATE UNIQUE INDEX i ON users (email) INCLUDE (age);', 'same'],
  ['DROP INDEX users_age;', 'same'],
  ['CREATE INDEX i ON events (at);', 'runs'],
  [
    'ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;',
    'same',
  ],
  ['ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);', 'same'],
  ['ALTER TABLE orders ADD CHECK (number > 0);', 'same'],
  ['ALTER TABLE users ADD CONSTRAINT u UNIQUE (email);', 'same'],
  ['ALTER TABLE users ADD UNIQUE (email, "Full Name");', 'same'],
  [
    'ALTER TABLE users ADD COLUMN code varchar(20) UNIQUE, ADD COLUMN b int CHECK (b > 0), ADD COLUMN c text;',
    'same',
  ],
  ['ALTER TABLE users ALTER COLUMN email SET NOT NULL;', 'same'],
  ['ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();', 'same'],
  ['ALTER TABLE users ADD COLUMN at timestamptz DEFAULT clock_timestamp();', 'same'],
  ['ALTER TABLE orders ALTER COLUMN number TYPE bigint;', 'same'],
  ['ALTER TABLE orders ALTER COLUMN total TYPE int USING total::int + 1;', 'same'],
  ['ALTER TABLE users ADD COLUMN x text NOT NULL;', 'runs'],
  ['ALTER TABLE users DROP COLUMN "Full Name";', 'same'],
  ['ALTER TABLE orders RENAME COLUMN total TO amount;', 'same'],
  ['ALTER TABLE users RENAME TO people;', 'same'],
  ['DROP TABLE orders;', 'same'],
  ['UPDATE users SET age = 5;', 'same'],
  ['UPDATE users SET age = age + 1 WHERE true;', 'same'],
  ['DELETE FROM orders;', 'same'],
];

function fixOf(sql: string): string | undefined {
  const file = (text: string, applied: boolean): FileToCheck => ({
    path: `${applied}.sql`,
    text,
    dialect: 'postgres',
    applied,
  });
  const { files } = checkFiles([file(SETUP, true), file(sql, false)]);
  return files.flatMap(findingsOf).find(({ fix }) => fix !== undefined)?.fix;
}

async function run(shadow: PostgresShadow, sql: string): Promise<void> {
  const { statements, problems } = parseSql(sql, 'postgres');
  assert.deepEqual(problems, []);
  const { statements: runs } = await shadow.run({ name: 'test', wrapping: 'none', statements });
  for (const [i, { outcome, error }] of runs.entries())
    assert.equal(outcome, 'succeeded', `${error?.message}\n${statements[i]?.text}`);
}

/** The schema without the order of columns, and what the rows of the first tables say. */
async function stateOf(shadow: PostgresShadow): Promise<string> {
  const schema = await shadow.snapshot();
  for (const relation of schema.relations) relation.columns.sort((a, b) => (a.name < b.name ? -1 : 1));
  return canonicalText(schema);
}

test('fixes run, and end in the schema that was meant', async () => {
  const shadow = await PostgresShadow.start();
  const from = async (sql: string) => {
    await shadow.prepare('DROP SCHEMA public CASCADE; CREATE SCHEMA public;');
    await shadow.prepare(SETUP);
    await run(shadow, sql);
    return stateOf(shadow);
  };
  try {
    for (const [sql, end] of CASES) {
      const fix = fixOf(sql);
      assert.ok(fix, `no fix for ${sql}`);
      // What the fix of a NOT NULL column leaves to its author: the values.
      const filled = fix.replace('-- 2. In the next migration. Fill', "UPDATE users SET x = '';\n-- 2. Fill");
      const fixed = await from(filled);
      if (end === 'same') assert.equal(fixed, await from(sql), `${sql}\n${fix}`);
    }
  } finally {
    await shadow.close();
  }
});

test('every fix that a rule promises parses', () => {
  for (const { id, examples } of RULES)
    for (const { fix } of examples)
      if (fix !== undefined) assert.deepEqual(parseSql(fix, 'postgres').problems, [], id);
});
