/** MySQL 5.7 or newer and MariaDB 10.2 or newer, by `mysql2`. */
import mysql from 'mysql2/promise';
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
import { readMysqlSchema } from './mysql-catalog.ts';
import { MysqlRun } from './mysql-run.ts';
import { readMysqlStatistics } from './mysql-statistics.ts';

export type MysqlRow = Record<string, unknown>;
export type MysqlQuery = (sql: string, values?: (string | number)[]) => Promise<MysqlRow[]>;

export class MysqlDriver implements Driver {
  readonly dialect = 'mysql';
  onFault: (message: string) => void = () => undefined;
  readonly #url: string;
  #connecting: Promise<mysql.Connection> | undefined;
  #connected: mysql.Connection | undefined;

  /** Connects on first use, read-only, one connection; again after it was lost. */
  constructor(url: string) {
    this.#url = url;
  }

  get connections(): number {
    return this.#connected ? 1 : 0;
  }

  async facts(): Promise<DatabaseFacts> {
    const [row] = await this.#query(
      `SELECT VERSION() AS version, DATABASE() AS name, (SELECT SUM(DATA_LENGTH + INDEX_LENGTH)
         FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()) AS bytes`,
    );
    const said = String(row?.version ?? '');
    return {
      product: /mariadb/i.test(said) ? 'MariaDB' : 'MySQL',
      version: said.split('-')[0] ?? said,
      database: requireDatabase(row?.name),
      bytes: Number(row?.bytes ?? 0),
    };
  }

  async snapshot(): Promise<SchemaSnapshot> {
    return readMysqlSchema(this.#query);
  }

  async statistics(): Promise<StatisticsFile> {
    const { version, product } = await this.facts();
    const tables = await readMysqlStatistics(this.#query);
    const serverVersion = product === 'MariaDB' ? `${version}-MariaDB` : version;
    return { version: 1, dialect: 'mysql', serverVersion, tables };
  }

  openRun(options: RunOptions): Promise<RunSession> {
    return MysqlRun.open(this.#url, options);
  }

  async close(): Promise<void> {
    const connection = await this.#connecting?.catch(() => undefined);
    await connection?.end().catch(() => undefined);
  }

  readonly #query: MysqlQuery = async (sql, values = []) => {
    this.#connecting ??= this.#connect();
    let connection: mysql.Connection;
    try {
      connection = await this.#connecting;
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
    const [rows] = await connection.query(sql, values);
    return rows as MysqlRow[];
  };

  async #connect(): Promise<mysql.Connection> {
    const connection = await connectMysql(this.#url);
    connection.on('error', (error: Error) => {
      this.onFault(error.message);
      this.#connecting = undefined;
      this.#connected = undefined;
    });
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    await limitTime(connection);
    this.#connected = connection;
    return connection;
  }
}

/** A connection that runs one statement at a time. Dates come as text, large numbers whole. */
export function connectMysql(url: string): Promise<mysql.Connection> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const socket = searchParams.get('socket') ?? searchParams.get('socketPath');
  const ssl = searchParams.get('ssl-mode') ?? searchParams.get('sslmode') ?? searchParams.get('ssl');
  const encrypted = ssl !== null && !/^(?:false|0|disabled?|preferred)$/i.test(ssl);
  return mysql.createConnection({
    ...(socket
      ? { socketPath: socket }
      : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3306) }),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    connectTimeout: CONNECT_TIMEOUT_MS,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    ...(encrypted ? { ssl: { rejectUnauthorized: /verify|identity|true|1/i.test(ssl ?? '') } } : {}),
  });
}

/** MariaDB and MySQL each have a name of their own for it, and counts that are not from yesterday. */
async function limitTime(connection: mysql.Connection): Promise<void> {
  const settings = [
    `max_statement_time = ${STATEMENT_TIMEOUT_MS / 1_000}`,
    `max_execution_time = ${STATEMENT_TIMEOUT_MS}`,
    'information_schema_stats_expiry = 0',
  ];
  for (const setting of settings) await connection.query(`SET SESSION ${setting}`).catch(() => undefined);
}

function requireDatabase(name: unknown): string {
  if (typeof name === 'string' && name) return name;
  throw new Error('no database was named; put its name behind the host, as in mysql://user@host/name');
}
