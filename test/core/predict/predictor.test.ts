/** What statistics say of the same statement: each case a table’s state and the answer that it must give. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkFiles } from '../../../core/check/check.ts';
import { loadParsers } from '../../../core/sql/parse.ts';
import {
  type ColumnStatistics,
  StatisticsIndex,
  type TableStatistics,
} from '../../../core/statistics/statistics.ts';

const SCHEMA = `
CREATE TYPE level AS ENUM ('low', 'high');
CREATE TABLE teams (id bigint PRIMARY KEY, name text);
CREATE TABLE users (id bigint PRIMARY KEY, team_id bigint, email text, code text, age integer, size bigint, label varchar(200));
CREATE TABLE parts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));`;

type Column = Partial<ColumnStatistics>;
interface State {
  rows?: number;
  teams?: number;
  columns?: Record<string, Column>;
  table?: Partial<TableStatistics>;
}

before(loadParsers);

function judge(sql: string, state: State | undefined) {
  const { rows = 20_000, teams = 100, columns = {}, table = {} } = state ?? {};
  const names = ['id', 'team_id', 'email', 'code', 'age', 'size', 'label'];
  const users: TableStatistics = {
    relation: 'public.users',
    rows,
    bytes: rows * 120,
    indexBytes: rows * 20,
    columns: names.map((name) => ({ name, nullFraction: 0, distinct: -1, avgWidth: 12, ...columns[name] })),
    ...table,
  };
  const other = (relation: string, count: number): TableStatistics => ({
    relation,
    rows: count,
    bytes: count * 60,
    indexBytes: count * 20,
    columns: [{ name: 'id', nullFraction: 0, distinct: -1, avgWidth: 8 }],
  });
  const statistics =
    state &&
    new StatisticsIndex({
      version: 1,
      dialect: 'postgres',
      serverVersion: '18.0',
      tables: [users, other('public.teams', teams), other('public.parts', 10)],
    });
  const { files } = checkFiles(
    [
      { path: 'a.sql', text: SCHEMA, dialect: 'postgres', applied: true },
      { path: 'b.sql', text: sql, dialect: 'postgres', applied: false },
    ],
    statistics ? { statistics } : {},
  );
  const statement = files[0]?.statements.at(-1);
  assert.ok(statement);
  return statement;
}

const NOT_NULL = 'ALTER TABLE users ALTER COLUMN email SET NOT NULL';
const UNIQUE = 'CREATE UNIQUE INDEX u ON users (email)';
const FOREIGN = 'ALTER TABLE users ADD FOREIGN KEY (team_id) REFERENCES teams (id)';
const CHECK = "ALTER TABLE users ADD CHECK (code IN ('a', 'b', 'c'))";
const PAIR = 'CREATE UNIQUE INDEX u ON users (team_id, code)';
const column = (name: string, value: Column): State => ({ columns: { [name]: value } });

type Answer = 'fails' | 'goes well' | 'open' | 'rather well';
const CASES: [string, string, State, Answer][] = [
  ['no NULL', NOT_NULL, {}, 'goes well'],
  ['1 % NULLs', NOT_NULL, column('email', { nullFraction: 0.01 }), 'fails'],
  ['NULLs in an empty table', NOT_NULL, { rows: 0, ...column('email', { nullFraction: 0.5 }) }, 'goes well'],
  ['no NULL in a sample', NOT_NULL, { rows: 3_000_000 }, 'rather well'],
  ['one NULL counted that no sample saw', NOT_NULL, { rows: 3_000_000, ...column('email', { nulls: 1 }) }, 'fails'],
  ['filled before', `UPDATE users SET email = '' WHERE email IS NULL; ${NOT_NULL}`, column('email', { nullFraction: 0.4 }), 'goes well'],
  ['a new column without a default', 'ALTER TABLE users ADD COLUMN x text; ALTER TABLE users ALTER x SET NOT NULL', {}, 'fails'],
  ['a new column with a default', "ALTER TABLE users ADD COLUMN x text DEFAULT ''; ALTER TABLE users ALTER x SET NOT NULL", {}, 'goes well'],
  ['unique', UNIQUE, {}, 'goes well'],
  ['all different but for NULLs', UNIQUE, column('email', { nullFraction: 0.25, distinct: -0.75 }), 'goes well'],
  ['one value twice in 20,000', UNIQUE, column('email', { distinct: -0.99995 }), 'fails'],
  ['few values', UNIQUE, column('email', { distinct: 40 }), 'fails'],
  ['all different in a sample', UNIQUE, { rows: 3_000_000 }, 'open'],
  ['counted to be different', UNIQUE, { rows: 3_000_000, ...column('email', { nulls: 0, exactDistinct: 3_000_000 }) }, 'goes well'],
  ['unique already', 'ALTER TABLE users ADD UNIQUE (id, email)', column('email', { distinct: 2 }), 'goes well'],
  ['two columns, pigeonhole', PAIR, { columns: { team_id: { distinct: 50 }, code: { distinct: 10 } } }, 'fails'],
  ['two columns, one of them unique', PAIR, column('team_id', { distinct: 50 }), 'goes well'],
  ['two columns, counted', PAIR, { columns: { team_id: { distinct: 100 }, code: { distinct: 9_000 } }, table: { duplicateKeys: [{ columns: ['team_id', 'code'], rows: 3 }] } }, 'fails'],
  ['more values than rows to point at', FOREIGN, column('team_id', { distinct: 180 }), 'fails'],
  ['nothing tells', FOREIGN, column('team_id', { distinct: 80 }), 'open'],
  ['orphans counted', FOREIGN, { columns: { team_id: { distinct: 80 } }, table: { orphans: [{ column: 'team_id', references: 'public.teams', referencedColumn: 'id', rows: 4 }] } }, 'fails'],
  ['no orphan counted', FOREIGN, { columns: { team_id: { distinct: 80 } }, table: { orphans: [{ column: 'team_id', references: 'public.teams', referencedColumn: 'id', rows: 0 }] } }, 'goes well'],
  ['nobody to point at', FOREIGN, { teams: 0, ...column('team_id', { distinct: 80 }) }, 'fails'],
  ['only NULLs', FOREIGN, column('team_id', { nullFraction: 1, distinct: 0 }), 'goes well'],
  ['not looked at', `${FOREIGN} NOT VALID`, column('team_id', { distinct: 180 }), 'goes well'],
  ['more values than the list has', CHECK, column('code', { distinct: 4 }), 'fails'],
  ['a negative number counted', 'ALTER TABLE users ADD CHECK (age >= 0)', column('age', { negative: 2, zero: 0 }), 'fails'],
  ['no negative number counted', 'ALTER TABLE users ADD CHECK (age >= 0)', column('age', { negative: 0, zero: 9 }), 'goes well'],
  ['a zero counted', 'ALTER TABLE users ADD CHECK (age > 0)', column('age', { negative: 0, zero: 9 }), 'fails'],
  ['texts longer on average', 'ALTER TABLE users ALTER label TYPE varchar(20)', column('label', { avgWidth: 41 }), 'fails'],
  ['longest text counted', 'ALTER TABLE users ALTER label TYPE varchar(20)', column('label', { minLength: 1, maxLength: 20 }), 'goes well'],
  ['a longer text counted', 'ALTER TABLE users ALTER label TYPE varchar(20)', column('label', { minLength: 1, maxLength: 21 }), 'fails'],
  ['numbers that fit', 'ALTER TABLE users ALTER size TYPE integer', column('size', { maxDigits: 9 }), 'goes well'],
  ['numbers that do not', 'ALTER TABLE users ALTER size TYPE integer', column('size', { maxDigits: 12 }), 'fails'],
  ['wider', 'ALTER TABLE users ALTER age TYPE bigint', {}, 'goes well'],
  ['texts too long for a number', 'ALTER TABLE users ALTER code TYPE integer USING code::integer', column('code', { avgWidth: 60 }), 'fails'],
  ['every text tried', 'ALTER TABLE users ALTER code TYPE integer USING code::integer', column('code', { castsTo: ['integer', 'bigint'] }), 'goes well'],
  ['a text refused', 'ALTER TABLE users ALTER code TYPE integer USING code::integer', column('code', { castsTo: [] }), 'fails'],
  ['more values than labels', 'ALTER TABLE users ALTER code TYPE level USING code::level', column('code', { distinct: 5 }), 'fails'],
  ['no default, rows', 'ALTER TABLE users ADD COLUMN x int NOT NULL', {}, 'fails'],
  ['no default, no rows', 'ALTER TABLE users ADD COLUMN x int NOT NULL', { rows: 0 }, 'goes well'],
]; // biome-ignore format: a table

const BOUNDS: Record<Answer, [number, number]> = {
  fails: [0.9, 1],
  'goes well': [0, 0.1],
  'rather well': [0, 0.45],
  open: [0.1, 0.8],
};

for (const [name, sql, state, answer] of CASES)
  test(`${name}: ${answer}`, () => {
    const { failureProbability, reasons } = judge(sql, state);
    const [low, high] = BOUNDS[answer];
    const said = `${failureProbability}: ${reasons?.join('; ')}`;
    assert.ok(failureProbability >= low && failureProbability <= high, said);
  });

test('the reason names what it was told by', () => {
  const { reasons } = judge(NOT_NULL, column('email', { nullFraction: 0.01 }));
  assert.deepEqual(reasons, ['NULLs in email: 1 % NULLs']);
});

test('without statistics it abstains, with a wide interval and the reason', () => {
  const { abstained, durationMs, reasons, basis } = judge(UNIQUE, undefined);
  assert.ok(abstained && durationMs.p90 / durationMs.p10 > 1_000);
  assert.match(reasons?.join('; ') ?? '', /nobody knows the size of public\.users/);
  assert.deepEqual(basis, ['rules']);
});

test('far beyond what was measured it abstains, and goes on growing', () => {
  const [small, large] = [100_000, 5_000_000_000].map((rows) => judge(UNIQUE, { rows }));
  assert.ok(small && large && !small.abstained && large.abstained);
  assert.match(large.reasons?.join('; ') ?? '', /times the largest that was measured/);
  assert.ok(large.durationMs.p50 > 1_000 * small.durationMs.p50);
});

test('durations follow the work: rows, width, indexes', () => {
  const at = (sql: string, state: State) => judge(sql, state).durationMs.p50;
  const index = 'CREATE INDEX i ON users (email)';
  assert.ok(at(index, { rows: 1_000_000 }) > 5 * at(index, { rows: 20_000 }));
  assert.ok(
    at('ALTER TABLE users ALTER age TYPE bigint', { rows: 500_000 }) >
      5 * at('ALTER TABLE users ADD x int', { rows: 500_000 }),
  );
  const update = 'UPDATE users SET code = NULL WHERE email IS NULL';
  assert.ok(
    at(update, { rows: 500_000, ...column('email', { nullFraction: 0.9 }) }) >
      2 * at(update, { rows: 500_000 }),
  );
});
