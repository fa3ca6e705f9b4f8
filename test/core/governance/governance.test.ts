import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { freezeAt } from '../../../core/governance/freeze.ts';
import { evaluate } from '../../../core/governance/governance.ts';
import type { Manifest } from '../../../core/governance/manifest.ts';
import { matches } from '../../../core/governance/patterns.ts';
import { compareSchemas } from '../../../core/schema/comparator.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot } from '../../../core/schema/snapshot.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';
import { column, schema, table } from '../schema/build.ts';

before(loadParsers);

const AT = Date.parse('2026-11-27T15:00:00Z');

/** `rule result line` of each finding. */
function judge(
  sql: string,
  manifest: Omit<Manifest, 'version'>,
  {
    was = EMPTY_SCHEMA,
    after = was,
    at = AT,
  }: { was?: SchemaSnapshot; after?: SchemaSnapshot; at?: number } = {},
) {
  const { statements } = parseSql(sql, 'postgres');
  const differences = compareSchemas(was, after);
  const { findings } = evaluate(
    { migration: '0042_change', text: sql, statements, differences, after, at },
    { version: 1, ...manifest },
  );
  return findings.map(({ rule, result, line }) => `${rule} ${result} ${line ?? '-'}`);
}

const DROP = 'SELECT 1;\nDROP TABLE users;';

test('what loses data needs an approval: who, why, until when', () => {
  const lost = ['destructive-change warn 2'];
  const by = (line: string) => judge(`SELECT 1;\n${line}\nDROP TABLE users;`, {});
  assert.deepEqual(judge(DROP, {}), lost);
  assert.deepEqual(
    by('-- aibos:approve destructive-change by Ana Silva until 2026-11-27: empty since May'),
    [],
  );
  assert.deepEqual(by('-- aibos:approve destructive-change by Ana until 2026-11-26: empty'), [
    'destructive-change warn 3',
    'approvals warn 2',
  ]);
  assert.deepEqual(by('-- aibos:approve destructive-change by Ana'), [
    'destructive-change warn 3',
    'approvals warn 2',
  ]);
  assert.deepEqual(by('-- aibos:approve nothing by Ana until 2027-01-01: x'), [
    'destructive-change warn 3',
    'approvals warn 2',
  ]);
  assert.deepEqual(
    judge(
      'DROP TABLE a;\n-- aibos:approve destructive-change by Ana until 2027-01-01: x\nDROP TABLE b;\nDROP TABLE c;',
      {},
    ),
    ['destructive-change warn 1', 'destructive-change warn 4'],
    'it is for the statement behind it only',
  );
});

test('an approval in the manifest is for its objects, its migrations and its time', () => {
  const approval = { rule: 'destructive-change', by: 'Ana', why: 'x', until: '2026-12-31' } as const;
  const approved = (more: object) => judge(DROP, { approvals: [{ ...approval, ...more }] }).length === 0;
  assert.ok(approved({}));
  assert.ok(approved({ objects: ['users'] }));
  assert.ok(approved({ migrations: ['0042_*'] }));
  assert.ok(!approved({ objects: ['orders'] }));
  assert.ok(!approved({ migrations: ['0043_*'] }));
  assert.ok(!approved({ until: '2026-11-26' }));
  assert.ok(!approved({ rule: 'protected-table' }));
});

test('only approvers approve', () => {
  const sql = '-- aibos:approve destructive-change by Bo until 2027-01-01: x\nDROP TABLE users;';
  assert.deepEqual(judge(sql, { approvers: ['Bo'] }), []);
  assert.deepEqual(judge(sql, { approvers: ['Ana'] }), ['destructive-change warn 2', 'approvals warn 1']);
});

test('a strong lock on a table that exists wants a lock_timeout that is short enough', () => {
  const limit: Omit<Manifest, 'version'> = { lockTimeout: { max: '5s' } };
  const alter = 'ALTER TABLE users ADD COLUMN x int;';
  assert.deepEqual(judge(alter, limit), ['lock-timeout warn 1']);
  assert.deepEqual(judge(`SET lock_timeout = '2s';\n${alter}`, limit), []);
  assert.deepEqual(judge(`SET LOCAL lock_timeout TO 3000;\n${alter}`, limit), []);
  assert.deepEqual(judge(`SET lock_timeout = '1min';\n${alter}`, limit), ['lock-timeout warn 2']);
  assert.deepEqual(judge(`SET lock_timeout = 0;\n${alter}`, limit), ['lock-timeout warn 2']);
  assert.deepEqual(
    judge(`CREATE TABLE users (id int);\n${alter}`, limit),
    [],
    'nobody waits for a new table',
  );
  assert.deepEqual(judge('CREATE INDEX CONCURRENTLY i ON users (x);', limit), []);
});

test('a protected table is changed with an approval only', () => {
  const manifest: Omit<Manifest, 'version'> = { protectedTables: ['pay*'] };
  assert.deepEqual(judge('ALTER TABLE payments ADD COLUMN x int;', manifest), ['protected-table fail 1']);
  assert.deepEqual(judge("UPDATE payments SET x = 1; COMMENT ON TABLE payments IS 'x';", manifest), []);
  assert.deepEqual(judge('ALTER TABLE orders ADD COLUMN x int;', manifest), []);
  assert.deepEqual(
    judge(
      '-- aibos:approve protected-table by Ana until 2027-01-01: x\nALTER TABLE payments ADD COLUMN x int;',
      manifest,
    ),
    [],
  );
});

const key = {
  name: 'users_pkey',
  type: 'primary key',
  definition: 'PRIMARY KEY (id)',
  validated: true,
} as const;
const users = (email: object, extra: object = {}) =>
  table('users', [column('id'), column('email', email)], { constraints: [key], ...extra });

test('personal data is described, approved, and not indexed in plain', () => {
  const personalData = {
    columns: ['users.email'],
    require: ['comment', 'tag'] as ('comment' | 'tag')[],
    tag: 'pii',
  };
  const sql = 'CREATE TABLE users (\n  id text PRIMARY KEY, email text);\nCREATE INDEX i ON users (email);';
  const off = { 'personal-data-approval': 'off' };
  const of = (after: SchemaSnapshot, rules: object = off) =>
    judge(sql, { personalData, rules } as never, { after });
  assert.deepEqual(of(schema([users({})])), ['personal-data warn 1']);
  assert.deepEqual(
    of(schema([users({ comment: 'address' })])),
    ['personal-data warn 1'],
    'the tag is missing',
  );
  assert.deepEqual(of(schema([users({ comment: 'pii: receipts' })])), []);
  assert.deepEqual(of(schema([users({ comment: 'pii' })]), {}), ['personal-data-approval fail 1']);
  const index = (definition: string) => ({
    indexes: [{ name: 'i', definition, unique: false, valid: true }],
  });
  const indexed = (definition: string) => of(schema([users({ comment: 'pii' }, index(definition))]));
  assert.deepEqual(indexed('CREATE INDEX i ON public.users USING btree (email)'), [
    'personal-data-index warn 3',
  ]);
  assert.deepEqual(indexed('CREATE INDEX i ON public.users USING btree (id, email DESC)'), [
    'personal-data-index warn 3',
  ]);
  assert.deepEqual(indexed('CREATE INDEX i ON public.users USING btree (md5(email))'), []);
  assert.deepEqual(indexed("CREATE INDEX i ON public.users USING btree (id) WHERE (email <> ''::text)"), []);
  assert.deepEqual(
    judge('SELECT 1', { personalData }, { was: schema([users({})]), after: schema([users({})]) }),
    [],
    'what was there before is not judged again',
  );
});

test('retention: the column by which old rows are found is there and is a time', () => {
  const retention = [{ tables: ['logs'], days: 90, column: 'at' }];
  const of = (type: string) =>
    judge('CREATE TABLE logs ();', { retention, rules: { 'primary-key': 'off' } } as never, {
      after: schema([table('logs', [column('at', { type })])]),
    });
  assert.deepEqual(of('timestamp with time zone'), []);
  assert.deepEqual(of('text'), ['retention warn 1']);
});

test('names of what is new', () => {
  const naming = { tables: '^[a-z_]+$', columns: '^[a-z_]+$', primaryKeys: '_pk$' };
  const after = schema([table('Users', [column('id'), column('firstName')], { constraints: [key] })]);
  assert.deepEqual(judge('CREATE TABLE "Users" ();', { naming }, { after }), [
    'naming warn 1',
    'naming warn 1',
    'naming warn 1',
  ]);
  assert.deepEqual(judge('SELECT 1', { naming }, { was: after, after }), [], 'what was there keeps its name');
});

test('a new table has a primary key', () => {
  const without = schema([table('t', [column('x')])]);
  assert.deepEqual(judge('SELECT 1;\nCREATE TABLE t (x text);', {}, { after: without }), [
    'primary-key warn 2',
  ]);
});

test('freeze windows follow the clocks of their place, through summer time', () => {
  const manifest: Manifest = {
    version: 1,
    freezes: [
      { from: '2026-12-20T18:00', to: '2027-01-04T08:00', timeZone: 'Europe/Berlin', why: 'holidays' },
    ],
    weeklyFreezes: [
      { days: ['friday'], from: '14:00', to: '24:00', timeZone: 'America/New_York', why: 'weekend' },
    ],
  };
  const frozen = (time: string) => freezeAt(Date.parse(time), manifest) !== undefined;
  assert.deepEqual(
    ['2026-12-20T16:59Z', '2026-12-20T17:00Z', '2027-01-04T06:59Z', '2027-01-04T07:00Z'].map(frozen),
    [false, true, true, false],
  );
  assert.deepEqual(
    [
      '2026-07-03T17:59Z',
      '2026-07-03T18:00Z',
      '2026-07-04T03:59Z',
      '2026-07-04T04:00Z',
      '2026-11-27T18:59Z',
      '2026-11-27T19:00Z',
    ].map(frozen),
    [false, true, true, false, false, true],
  );
  assert.deepEqual(judge('SELECT 1', manifest, { at: Date.parse('2026-12-24T12:00Z') }), [
    'freeze-window fail -',
  ]);
});

test('patterns match from the end of a name', () => {
  const cases: [string, string, boolean][] = [
    ['email', 'public.users.email', true],
    ['users.email', 'public.users.email', true],
    ['orders.email', 'public.users.email', false],
    ['*_phone', 'public.users.home_phone', true],
    ['public.users.*', 'public.users.x', true],
    ['a.public.users.x', 'public.users.x', false],
    ['audit*', 'public.users', false],
  ];
  for (const [pattern, name, expected] of cases)
    assert.equal(matches(pattern, name), expected, `${pattern} ${name}`);
});
