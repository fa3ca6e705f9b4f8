/** What the analyser says of definitions beside what a real MariaDB accepts; all of it: `npm run truth:mariadb`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mysql from 'mysql2/promise';
import { onlineCases } from '../../../scripts/truth/mariadb-cases.ts';
import { compare } from '../../../scripts/truth/mariadb-compare.ts';
import { mariadb, startMariadb } from '../../support/mariadb.ts';
import { needs } from '../../support/requirements.ts';
import { cleanup } from '../../support/temp.ts';

test(
  'MariaDB accepts the algorithms and locks that the analyser names, and rebuilds what it names',
  needs(mariadb()),
  async (t) => {
    const connection = await mysql.createConnection(await startMariadb(t));
    cleanup(t, () => connection.end());
    const [rows] = await connection.query('SELECT VERSION() AS version');
    const version = Number(/^\d+\.\d+/.exec(String((rows as { version: string }[])[0]?.version))?.[0]);
    const cases = onlineCases().filter(({ table }) => table === 'plain' || table === 'nokey');
    const compared = await compare(connection, cases, version);
    const judged = compared.filter(({ equal }) => equal !== undefined);
    const wrong = judged
      .filter(({ equal }) => !equal)
      .map(({ case: { sql }, said, server }) => `${sql}: ${said}, ${server}`);
    assert.ok(judged.length > 150, `${judged.length} statements were accepted`);
    // Servers of other versions may differ in single forms.
    assert.ok(wrong.length <= judged.length * 0.01, wrong.join('\n'));
  },
);
