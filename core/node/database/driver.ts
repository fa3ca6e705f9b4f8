/** What each database's driver can do. All reading is read-only; only a {@link RunSession} may change anything. */
import type { MeasuredSession } from '../../database/measured.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { StatisticsFile } from '../../statistics/statistics.ts';

export type ConnectedDialect = StatisticsFile['dialect'];

export interface DatabaseFacts {
  /** `PostgreSQL`, `MySQL`, `MariaDB` or `SQLite`. */
  product: string;
  version: string;
  database: string;
  bytes: number;
}

export interface RunOptions {
  /** Gives up waiting for a lock after so many milliseconds; the server's own limit where undefined. */
  lockTimeoutMs?: number | undefined;
}

export interface RunSession extends MeasuredSession {
  close(): Promise<void>;
}

export interface Driver {
  readonly dialect: ConnectedDialect;
  /** Open connections. */
  readonly connections: number;
  /** Called with what goes wrong while nobody waits for an answer. */
  onFault: (message: string) => void;
  facts(): Promise<DatabaseFacts>;
  snapshot(): Promise<SchemaSnapshot>;
  statistics(): Promise<StatisticsFile>;
  openRun(options: RunOptions): Promise<RunSession>;
  close(): Promise<void>;
}

export const CONNECT_TIMEOUT_MS = 5_000;
export const STATEMENT_TIMEOUT_MS = 30_000;

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((one) => messageOf(one)).join('; ');
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return error.message || (typeof code === 'string' ? code : error.name);
}
