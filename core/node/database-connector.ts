/** The database connector: reaches a PostgreSQL by its URL, says whether it is there and what is in it. Reads only. */
import pg from 'pg';
import { TelemetryError } from '../contract/errors.ts';
import { redactText } from '../privacy/redact.ts';
import { POSTGRES_CATALOG } from '../schema/postgres-catalog.ts';
import type { SchemaSnapshot } from '../schema/snapshot.ts';
import type { Instrument } from '../trace/instrument.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;

export interface DatabaseFacts {
  version: string;
  database: string;
  bytes: number;
}

export class DatabaseConnector {
  readonly #instrument: Instrument;
  readonly #pool: pg.Pool;
  #fault: string | undefined;

  /** Connects on first use, read-only, at most two connections. */
  constructor(instrument: Instrument, url: string) {
    this.#instrument = instrument;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'aibos-telemetry',
      options: '-c default_transaction_read_only=on',
    });
    this.#pool.on('error', (error) => {
      this.#fault = redactText(error.message);
    });
  }

  /** Open connections. */
  get connections(): number {
    return this.#pool.totalCount;
  }

  /** What went wrong last; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Throws `unavailable` with the server's message, without the password. */
  facts(): Promise<DatabaseFacts> {
    return this.#query<DatabaseFacts>(
      'facts',
      `SELECT current_setting('server_version') AS version, current_database() AS database,
              pg_database_size(current_database())::float8 AS bytes`,
    );
  }

  /** The schema as it is now. Throws `unavailable` like {@link facts}. */
  async snapshot(): Promise<SchemaSnapshot> {
    return (await this.#query<{ snapshot: SchemaSnapshot }>('snapshot', POSTGRES_CATALOG)).snapshot;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #query<T>(operation: string, sql: string): Promise<T> {
    return this.#instrument.measure(operation, async () => {
      try {
        const { rows } = await this.#pool.query(sql);
        this.#fault = undefined;
        return rows[0] as T;
      } catch (cause) {
        this.#fault = redactText(messageOf(cause));
        throw new TelemetryError('unavailable', `The database cannot be read: ${this.#fault}`, { cause });
      }
    });
  }
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((one) => messageOf(one)).join('; ');
  return error instanceof Error ? error.message : String(error);
}
