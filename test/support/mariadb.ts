/** A real MariaDB server for one test file. */
import { mariadbPrograms, startMariadb as start } from '../../scripts/mariadb-server.ts';
import type { Requirement } from './requirements.ts';
import { cleanup, type TestScope, temporaryFolder } from './temp.ts';

/** Whether there is one to be started. */
export function mariadb(): Requirement<string> {
  const programs = mariadbPrograms();
  return 'found' in programs ? { found: programs.found.server } : programs;
}

/** URL of an empty database on a server that ends with the test. */
export async function startMariadb(scope: TestScope): Promise<string> {
  const programs = mariadbPrograms();
  if ('missing' in programs) throw new Error(programs.missing);
  const server = await start(temporaryFolder(scope, 'mdb-'), programs.found);
  cleanup(scope, () => server.stop());
  return server.url;
}
