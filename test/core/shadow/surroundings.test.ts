import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { judgeWay, withoutConcurrently } from '../../../core/shadow/judge-way.ts';
import { surroundingsOf } from '../../../core/shadow/surroundings.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

const statementsOf = (sql: string) => parseSql(sql, 'postgres').statements;

const ROLES: [sql: string, roles: string[]][] = [
  ['GRANT SELECT ON t TO reader, PUBLIC, CURRENT_USER', ['reader']],
  ['GRANT writer TO reader', ['reader', 'writer']],
  ['ALTER TABLE t OWNER TO "Some One"', ['Some One']],
  ['CREATE POLICY p ON t FOR SELECT TO anon USING (true)', ['anon']],
  ['ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b', ['a', 'b']],
  ['CREATE SCHEMA s AUTHORIZATION owner_of_s', ['owner_of_s']],
  ['CREATE ROLE app; GRANT SELECT ON t TO app', []],
  ["CREATE USER app PASSWORD 'x'; GRANT SELECT ON t TO app", []],
  ['CREATE GROUP staff; GRANT SELECT ON t TO staff, other', ['other']],
  ['DO $$ BEGIN CREATE ROLE App; CREATE USER "Web"; END $$; GRANT SELECT ON t TO app, "Web"', []],
  ['DROP ROLE gone', []],
  ["INSERT INTO t VALUES ('GRANT x TO y')", []],
  ['GRANT SELECT ON t TO', []],
];

for (const [sql, roles] of ROLES) {
  test(`roles of ${sql}`, () => assert.deepEqual(surroundingsOf(statementsOf(sql)).roles.sort(), roles));
}

test('what Supabase makes is made up only where it is named and not made', () => {
  const isMadeUp = (sql: string) => surroundingsOf(statementsOf(sql)).script?.includes('supabase') ?? false;
  assert.equal(isMadeUp('SELECT auth.uid()'), true);
  assert.equal(isMadeUp('CREATE SCHEMA auth; CREATE TABLE auth.users (id int)'), false);
  assert.equal(isMadeUp('SELECT author.users FROM author'), false);
});

const WAYS: [sql: string, wrapping: 'file' | 'script' | 'none', way: string, wrapped: boolean][] = [
  ['SELECT 1; SELECT 2', 'file', 'undone', true],
  ['SELECT 1; SELECT 2', 'script', 'undone', true],
  ['SELECT 1', 'script', 'undone', false],
  ['BEGIN; SELECT 1; COMMIT', 'none', 'undone', true],
  ['BEGIN; SELECT 1; COMMIT; SELECT 2', 'none', 'undone', false],
  ['BEGIN; SELECT 1; COMMIT; SELECT 2', 'file', 'real', true],
  ['BEGIN; SAVEPOINT a; COMMIT; SELECT 2', 'none', 'real', false],
  ['SELECT 1; LOCK TABLE t', 'none', 'real', false],
  ['SELECT 1; LOCK TABLE t', 'file', 'undone', true],
];

for (const [sql, wrapping, way, wrapped] of WAYS) {
  test(`${sql} with wrapping ${wrapping} is judged ${way}`, () => {
    assert.deepEqual(judgeWay({ name: 'm', wrapping, statements: statementsOf(sql) }), { way, wrapped });
  });
}

test('CONCURRENTLY is blanked in place, and only where a transaction forbids it', () => {
  const blanked = (text: string) => withoutConcurrently({ text, start: 0 });
  assert.equal(
    blanked('CREATE INDEX CONCURRENTLY "concurrently" ON t (x)'),
    'CREATE INDEX              "concurrently" ON t (x)',
  );
  assert.equal(blanked("CREATE TABLE t (x text DEFAULT 'concurrently')"), undefined);
  assert.equal(blanked('REFRESH MATERIALIZED VIEW CONCURRENTLY v'), undefined);
});
