/** PostgreSQL, 11 or newer, by `pg`. */
import pg from 'pg';
import { readPostgresSchema } from '../../schema/postgres-catalog.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { StatisticsFile } from '../../statistics/statistics.ts';
import {
  CONNECT_TIMEOUT_MS,
  type DatabaseFacts,
  type Driver,
  type RunOptions,
  type RunSession,
  STATEMENT_TIMEOUT_MS,
} from './driver.ts';
import { EXACT_STATEMENT_MS } from './postgres-exact.ts';
import { PostgresRun } from './postgres-run.ts';
import { readPostgresStatistics } from './postgres-statistics.ts';

export class PostgresDriver implements Driver {
  readonly dialect = 'postgres';
  onFault: (message: string) => void = () => undefined;
  readonly #url: string;
  readonly #pool: pg.Pool;

  /** Connects on first use, read-only, at most two connections. */
  constructor(url: string) {
    this.#url = url;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'aibos-telemetry',
      options: '-c default_transaction_read_only=on',
    });
    this.#pool.on('error', (error) => this.onFault(error.message));
  }

  get connections(): number {
    return this.#pool.totalCount;
  }

  async facts(): Promise<DatabaseFacts> {
    const { rows } = await this.#pool.query(
      `SELECT 'PostgreSQL' AS product, current_setting('server_version') AS version, current_database() AS database,
              pg_database_size(current_database())::float8 AS bytes`,
    );
    return rows[0] as DatabaseFacts;
  }

  async snapshot(): Promise<SchemaSnapshot> {
    const client = await this.#pool.connect();
    try {
      return await readPostgresSchema({ query: async (sql) => (await client.query(sql)).rows });
    } finally {
      client.release();
    }
  }

  async statistics(): Promise<StatisticsFile> {
    const { version } = await this.facts();
    const tables = await readPostgresStatistics(
      async (sql, values) => (await this.#pool.query(sql, values)).rows,
      async (sql) => {
        const results = await this.#pool.query(`SET LOCAL statement_timeout = ${EXACT_STATEMENT_MS}; ${sql}`);
        return (results as unknown as pg.QueryResult[]).at(-1)?.rows ?? [];
      },
    );
    return { version: 1, dialect: 'postgres', serverVersion: version.split(' ')[0] ?? version, tables };
  }

  openRun(options: RunOptions): Promise<RunSession> {
    return PostgresRun.open(this.#url, options);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
