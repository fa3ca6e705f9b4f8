/** A MariaDB (or MySQL) server in a folder of its own, on a socket and a free loopback port, gone when stopped. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.ts';

const exec = promisify(execFile);
const START_TIMEOUT_MS = 60_000;

export interface MariadbServer {
  /** Of a database `test`, for a user that may do everything. */
  url: string;
  stop(): Promise<void>;
}

export interface MariadbPrograms {
  server: string;
  install: string;
}

/** Paths of the programs, or in words why they are not there. */
export function mariadbPrograms(): { found: MariadbPrograms } | { missing: string } {
  const server = onPath('mariadbd') ?? onPath('mysqld');
  const install = onPath('mariadb-install-db') ?? onPath('mysql_install_db');
  if (server && install) return { found: { server, install } };
  return { missing: 'no MariaDB server found; install the package mariadb-server' };
}

function onPath(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
  ];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Starts one whose data is in `folder`, which must be empty. Throws with the server's last words where it does not come up. */
export async function startMariadb(
  folder: string,
  { server, install }: MariadbPrograms,
): Promise<MariadbServer> {
  const data = join(folder, 'data');
  // A server that is started by root must be told which user to be.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  chmodSync(folder, 0o755);
  await exec(install, [
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...user,
  ]);
  const port = await freePort();
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${join(folder, 's.sock')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${join(folder, 'pid')}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
    '--performance-schema=ON',
    '--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON',
    '--skip-name-resolve',
    ...user,
  ];
  const child = spawn(server, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const root = `mysql://root@127.0.0.1:${port}`;
  try {
    await ready(root, child);
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`MariaDB did not start: ${words.trim().split('\n').at(-1) ?? cause}`, { cause });
  }
  return {
    url: `${root}/test`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const connection = await mysql.createConnection(url);
      await connection.query('CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4');
      await connection.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
