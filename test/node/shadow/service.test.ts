import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NotWanted } from '../../../core/node/shadow/judge-process.ts';
import {
  type ShadowHistory,
  ShadowService,
  type ShadowServiceOptions,
} from '../../../core/node/shadow/service.ts';
import { gist, withoutTimes } from '../../support/shadow.ts';
import { cleanup, temporaryFolder } from '../../support/temp.ts';

function service(t: TestContext, options: Partial<ShadowServiceOptions> = {}): ShadowService {
  const made = new ShadowService({ cacheFolder: temporaryFolder(t), ...options });
  cleanup(t, () => made.close());
  return made;
}

const SQLITE: ShadowHistory = {
  id: 'shop',
  dialect: 'sqlite',
  format: 'goose',
  migrations: [{ name: '1', text: '-- +goose Up\nCREATE TABLE users (id integer PRIMARY KEY, name text);' }],
};
const up = (text: string) => ({ name: '2', text: `-- +goose Up\n${text}` });
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';

test('a history is judged whole, and a file on top of it', async (t) => {
  const shadow = service(t);
  const history = { ...SQLITE, migrations: [...SQLITE.migrations, up('ALTER TABLE nobody ADD x int;')] };
  const run = await shadow.run(history);
  assert.deepEqual(
    run.map(({ name, statements }) => [name, statements.map(gist)]),
    [
      ['1', ['works']],
      ['2', ['2:13 no such table: nobody']],
    ],
  );
  const verdict = await shadow.check(history, { ...up('ALTER TABLE users ADD name text;'), name: '3' });
  assert.deepEqual(verdict.statements.map(gist), ['2:23 duplicate column name: name']);
  assert.deepEqual(verdict.notes, ['not everything before it worked in the shadow: 2']);
  assert.match(verdict.engine, /^SQLite 3\./);
});

test('a statement without end is stopped, said, and not run again; the others are judged', async (t) => {
  const shadow = service(t, { bounds: { stepMs: 1_000 } });
  const last = up(`CREATE TABLE a (id int);\n${ENDLESS};\nCREATE TABLE users (id int);`);
  const expected = [
    'works',
    'unjudged: it was stopped in the shadow after 1 s',
    '4:14 table users already exists',
  ];
  for (const time of ['stopped', 'known']) {
    assert.deepEqual((await shadow.check(SQLITE, last)).statements.map(gist), expected, time);
  }
});

test('a migration of the history without end is passed over', async (t) => {
  const shadow = service(t, { bounds: { migrationMs: 1_000 } });
  const history = { ...SQLITE, migrations: [...SQLITE.migrations, up(`CREATE TABLE a AS ${ENDLESS};`)] };
  const verdict = await shadow.check(history, { ...up('SELECT * FROM a; SELECT * FROM b;'), name: '3' });
  assert.deepEqual(verdict.statements.map(gist), [
    'unjudged: it needs a, and 2, statement 1 did not work',
    '2:32 no such table: b',
  ]);
});

test('a statement that takes too much memory is stopped', async (t) => {
  const shadow = service(t, { bounds: { memoryBytes: 500_000_000, stepMs: 300_000 } });
  const bomb = `CREATE TABLE big AS ${ENDLESS.replace('SELECT max(i) FROM n', 'SELECT i, hex(zeroblob(100000)) FROM n')};`;
  const verdict = await shadow.check(SQLITE, up(bomb));
  assert.deepEqual(verdict.statements.map(gist), [
    'unjudged: it was stopped in the shadow at 500 MB of memory',
  ]);
});

test('a loop in a DO block is stopped in PostgreSQL, where no statement_timeout fires', async (t) => {
  const shadow = service(t, { bounds: { stepMs: 2_000 } });
  const history: ShadowHistory = { id: 'p', dialect: 'postgres', format: 'numbered', migrations: [] };
  const verdict = await shadow.check(history, {
    name: '1',
    text: 'CREATE TABLE a (id int);\nDO $$ BEGIN LOOP END LOOP; END $$;\nSELECT nothing FROM a;',
  });
  assert.deepEqual(verdict.statements.map(gist), [
    'works',
    'unjudged: it was stopped in the shadow after 2 s',
    '3:8 42703 column "nothing" does not exist',
  ]);
});

test('a newer text ends the question before it', async (t) => {
  const shadow = service(t);
  const controller = new AbortController();
  const long = up('SELECT 1;\n'.repeat(20_000));
  await shadow.check(SQLITE, up('SELECT 1;'));
  const first = shadow.check(SQLITE, long, controller.signal);
  const refused = assert.rejects(first, NotWanted);
  await delay(20);
  controller.abort();
  const second = await shadow.check(SQLITE, up('SELECT nobody;'));
  await refused;
  assert.deepEqual(second.statements.map(gist), ['2:8 no such column: nobody']);
});

test('what is kept on the disk answers the same in the next session', async (t) => {
  const cacheFolder = temporaryFolder(t);
  const [first, second] = [service(t, { cacheFolder }), service(t, { cacheFolder })];
  const one = await first.run(SQLITE);
  first.close();
  assert.deepEqual(await second.run(SQLITE), one);
  const last = up('CREATE TABLE users (id int);');
  assert.deepEqual(
    withoutTimes(await second.check(SQLITE, last)).statements.map(({ error }) => error?.message),
    ['table users already exists'],
  );
});

test('a dialect that nothing here can run is said to be so', async (t) => {
  const verdict = await service(t).check({ ...SQLITE, dialect: 'mysql' }, up('SELECT 1;'));
  assert.equal(verdict.unjudged, 'mysql is not run in the shadow database');
});
