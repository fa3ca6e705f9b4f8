/** How the engine reaches a live database: a port that `core/node/database` fills. */
import { TelemetryError } from '../contract/errors.ts';
import type { Environment } from '../contract/event.ts';
import type { SchemaSnapshot } from './snapshot.ts';

export interface LiveDatabase {
  dialect: 'postgres' | 'mysql' | 'sqlite';
  /** `host/database`, without user and password; the file's name for SQLite. */
  database: string;
  environment: Environment;
  /** `PostgreSQL 17.2` */
  server: string;
  schema: SchemaSnapshot;
}

/**
 * Reads a database, and changes nothing in it. Throws `invalid-request` for what is no address and `unavailable` with
 * the server's message, neither with the password.
 */
export type ReadDatabase = (url: string) => Promise<LiveDatabase>;

export const NO_DATABASES: ReadDatabase = async () => {
  throw new TelemetryError('unavailable', 'This engine reaches no databases.');
};
