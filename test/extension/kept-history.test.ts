/** Going back and forth in a kept history says what a run from nothing says, whatever was looked at before. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { FileToCheck } from '../../core/check/analysed.ts';
import { checkFiles } from '../../core/check/check.ts';
import type { Dialect } from '../../core/contract/event.ts';
import { loadParsers } from '../../core/node/parsers.ts';
import { Cancelled, KeptHistory } from '../../extension/server/language/kept-history.ts';

before(loadParsers);

const PARTS: Partial<Record<Dialect, ((n: number) => string)[]>> = {
  postgres: [
    (n) => `CREATE TABLE t${n} (id int PRIMARY KEY, a text, b int);`,
    (n) => `ALTER TABLE t${n - 1} RENAME COLUMN a TO c; CREATE INDEX i${n} ON t${n - 1} (c);`,
    (n) => `ALTER TABLE t${n - 2} RENAME TO r${n}; DROP INDEX i${n - 1};`,
    (n) => `ALTER TABLE r${n - 1} ADD CONSTRAINT u${n} UNIQUE (b), DROP COLUMN c;`,
    (n) =>
      `SET search_path = public; INSERT INTO r${n - 2} VALUES (1); CREATE VIEW v${n} AS SELECT b FROM r${n - 2};`,
    (n) => `DROP TABLE nobody${n}; SELECT 1; ALTER TABLE broken`,
  ],
  mysql: [
    (n) => `CREATE TABLE t${n} (id int PRIMARY KEY, a varchar(20), b int);`,
    (n) => `ALTER TABLE t${n - 1} MODIFY a varchar(300), ADD INDEX (b);`,
    (n) => `RENAME TABLE t${n - 2} TO r${n}; ALTER TABLE r${n} ADD COLUMN c int NOT NULL;`,
    (n) => `SET FOREIGN_KEY_CHECKS = 0; ALTER TABLE r${n - 1} DROP COLUMN b;`,
    (n) => `DROP TABLE r${n - 2};`,
  ],
  sqlite: [
    (n) => `CREATE TABLE t${n} (id integer PRIMARY KEY, a text, b int);`,
    (n) => `ALTER TABLE t${n - 1} RENAME COLUMN a TO c;`,
    (n) => `ALTER TABLE t${n - 2} RENAME TO r${n}; CREATE INDEX i${n} ON r${n} (b);`,
    (n) => `ALTER TABLE r${n - 1} DROP COLUMN b;`,
    (n) => `DROP TABLE r${n - 2};`,
  ],
};

function historyOf(dialect: Dialect, count: number): FileToCheck[] {
  const parts = PARTS[dialect] ?? [];
  return Array.from({ length: count }, (_, n) => ({
    path: `${n}.sql`,
    text: parts[n % parts.length]?.(n) ?? '',
    dialect,
    applied: true,
  }));
}

for (const dialect of ['postgres', 'mysql', 'sqlite'] as const) {
  test(`back and forth in a history of ${dialect}, with edits in between`, async () => {
    const files = historyOf(dialect, 70);
    const kept = new KeptHistory({});
    for (const [at, edited] of [
      [70, -1],
      [70, -1],
      [3, -1],
      [52, -1],
      [70, 11],
      [33, 11],
      [0, -1],
      [69, 68],
      [70, -1],
    ] as const) {
      const now = files.map((file, n) =>
        n === edited ? { ...file, text: 'CREATE TABLE other (a int);' } : file,
      );
      const history = now.slice(0, at);
      const last = { ...(now[at] ?? now[4]), path: 'last.sql', applied: false } as FileToCheck;
      await kept.seek(history, () => false);
      const again = () => kept.attempt((checker) => checker.conclude(checker.analyse(last)));
      const [wanted] = checkFiles([...history, last]).files;
      assert.deepEqual(again(), wanted, `${at} files, ${edited} edited`);
      assert.deepEqual(again(), wanted, 'and once more: trying it leaves nothing behind');
    }
  });
}

test('what was done until nobody wanted it any more is kept', async () => {
  const files = historyOf('postgres', 600);
  const kept = new KeptHistory({});
  await assert.rejects(
    kept.seek(files, () => true),
    Cancelled,
  );
  assert.ok(kept.isUnfinished);
  assert.ok(kept.distance(files) < files.length);
  await kept.seek(files, () => false);
  assert.deepEqual([kept.isUnfinished, kept.distance(files)], [false, 0]);
});
