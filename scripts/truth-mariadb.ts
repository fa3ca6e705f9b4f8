/**
 * `npm run truth:mariadb`: every form of ALTER TABLE on seven kinds of tables with rows, what the analyser says of it
 * (ALGORITHM, LOCK, whether the table is written anew) beside what a real MariaDB accepts and does. `--all` prints those
 * that agree too. Ends with 1 where less than 99 % agree.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { mariadbPrograms, startMariadb } from './mariadb-server.ts';
import { onlineCases } from './truth/mariadb-cases.ts';
import { compare } from './truth/mariadb-compare.ts';

const GOAL = 0.99;

const programs = mariadbPrograms();
if ('missing' in programs) {
  process.stderr.write(`not run: ${programs.missing}\n`);
  process.exit(3);
}
const folder = mkdtempSync(join(tmpdir(), 'truth-mariadb-'));
const server = await startMariadb(folder, programs.found);
try {
  const connection = await mysql.createConnection(server.url);
  const [rows] = await connection.query('SELECT VERSION() AS version');
  const version = String((rows as { version: string }[])[0]?.version);
  const compared = await compare(connection, onlineCases(), Number(/^\d+\.\d+/.exec(version)?.[0]));
  await connection.end();
  const judged = compared.filter(({ equal }) => equal !== undefined);
  const wrong = judged.filter(({ equal }) => !equal);
  for (const { case: one, said, server: answer } of process.argv.includes('--all') ? compared : wrong)
    console.log(`${one.table.padEnd(12)} ${one.sql}\n    said ${said}, server ${answer}`);
  const share = (judged.length - wrong.length) / judged.length;
  console.log(
    `MariaDB ${version}: ${judged.length - wrong.length} of ${judged.length} agree (${(share * 100).toFixed(1)} %); ` +
      `${compared.length - judged.length} are refused by the server on their table`,
  );
  process.exitCode = share >= GOAL ? 0 : 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
