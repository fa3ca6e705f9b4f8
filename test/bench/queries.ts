/** The queries of a dashboard over a million events of seven days. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventFilter } from '../../core/contract/methods.ts';
import { countsByTypeAndTime, durationsByOperation, tallyNames } from '../../core/store/aggregates.ts';
import { listEvents } from '../../core/store/event-queries.ts';
import type { EventStore } from '../../core/store/event-store.ts';
import { encodeCursor } from '../../core/store/filter.ts';
import { DAY_MS, FIRST_MS, SPAN_MS } from './events.ts';
import { firstLine } from './native.ts';
import { type Candidate, inRounds, timed } from './rounds.ts';

const HOUR_MS = DAY_MS / 24;
const END_MS = FIRST_MS + SPAN_MS;
const iso = (ms: number) => new Date(ms).toISOString();

interface Query {
  name: string;
  ours(store: EventStore): unknown;
  /** The same question in SQL; `P95` stands for the engine's own 95th percentile. */
  sql: string;
}

function p95(name: string, span: number): Query {
  const from = END_MS - span;
  return {
    name: `p95 by operation, ${name}`,
    ours: (store) => durationsByOperation(store, { from: iso(from), to: iso(END_MS) }, [0.95]),
    sql: `SELECT operation, count(*), P95 FROM events WHERE ts >= ${from} AND ts < ${END_MS} AND operation IS NOT NULL
          AND duration IS NOT NULL GROUP BY operation`,
  };
}

const QUERIES: Query[] = [
  p95('one hour', HOUR_MS),
  p95('one day', DAY_MS),
  p95('7 days', SPAN_MS),
  {
    name: 'counts by type and hour, 7 days',
    ours: (store) => countsByTypeAndTime(store, { from: iso(FIRST_MS), to: iso(END_MS) }, HOUR_MS),
    sql: `SELECT type, ts // ${HOUR_MS}, count(*) FROM events WHERE ts >= ${FIRST_MS} AND ts < ${END_MS} GROUP BY 1, 2`,
  },
  {
    name: 'top errors, 7 days',
    ours: (store) =>
      tallyNames(store, { from: iso(FIRST_MS), to: iso(END_MS), status: ['error'] }, 'problem').slice(0, 10),
    sql: `SELECT problem, count(*) FROM events WHERE status = 'error' AND ts >= ${FIRST_MS} AND ts < ${END_MS}
          AND problem IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
  },
];

/** Pages of 50 behind a cursor in the middle of the seven days: of a common filter, and of one that few events match. */
const PAGES: { name: string; filter: EventFilter; where: string }[] = [
  {
    name: 'page of 50, type and workspace',
    filter: { type: ['schema_operation'], workspace: 'workspace-3' },
    where: `type = 'schema_operation' AND workspace = 'workspace-3'`,
  },
  {
    name: 'page of 50, few matches',
    filter: { type: ['error_occurrence'], status: ['error'], operation: 'vacuum', workspace: 'workspace-3' },
    where: `type = 'error_occurrence' AND status = 'error' AND operation = 'vacuum' AND workspace = 'workspace-3'`,
  },
];

export const OURS = 'AI-BOS';
export const DUCKDB = 'DuckDB';
export const SQLITE = 'node:sqlite';

/** An SQL engine with the same events. */
interface Engine {
  name: string;
  all(sql: string): Promise<unknown> | unknown;
}

/** Milliseconds of each query, by query and engine. */
export async function measureQueries(
  store: EventStore,
  duck: Engine | undefined,
  sqlite: Engine,
  rounds: number,
): Promise<Map<string, Map<string, number[]>>> {
  const results = new Map<string, Map<string, number[]>>();
  for (const { name, ours, sql } of QUERIES) {
    const candidates: Candidate[] = [{ name: OURS, run: () => timed(() => ours(store)) }];
    const forDuck = sql.replace('P95', 'quantile_cont(duration, 0.95)');
    if (duck) candidates.push({ name: DUCKDB, run: () => timed(() => duck.all(forDuck)) });
    if (!sql.includes('P95')) {
      const forSqlite = sql.replace('//', '/');
      candidates.push({ name: SQLITE, run: () => timed(() => sqlite.all(forSqlite)) });
    }
    results.set(name, await inRounds(candidates, rounds));
  }
  const middle = FIRST_MS + SPAN_MS / 2;
  for (const { name, filter, where } of PAGES) {
    const cursor = encodeCursor(middle, 0);
    const sql = `SELECT seq, body, ts FROM events WHERE ${where} AND (ts, seq) < (${middle}, 0)
      ORDER BY ts DESC, seq DESC LIMIT 51`;
    const candidates: Candidate[] = [
      { name: OURS, run: () => timed(() => listEvents(store, filter, { limit: 50, cursor })) },
      { name: SQLITE, run: () => timed(() => sqlite.all(sql)) },
    ];
    results.set(name, await inRounds(candidates, rounds));
  }
  return results;
}

export function openSqlite(folder: string): Engine {
  const db = new DatabaseSync(join(folder, 'events.db'), { readOnly: true });
  return { name: SQLITE, all: (sql) => db.prepare(sql).all() };
}

interface DuckConnection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[] }>;
}

/** DuckDB in memory with the events of a CSV file. */
export async function openDuck(peers: string, csv: string): Promise<Engine | { missing: string }> {
  try {
    const { DuckDBInstance } = createRequire(`${peers}/package.json`)('@duckdb/node-api') as {
      DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckConnection> }> };
    };
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`CREATE TABLE events AS SELECT * FROM read_csv('${csv.replaceAll("'", "''")}', header = true,
      columns = {'type': 'VARCHAR', 'ts': 'BIGINT', 'status': 'VARCHAR', 'operation': 'VARCHAR', 'duration': 'DOUBLE',
      'workspace': 'VARCHAR', 'problem': 'VARCHAR'})`);
    return { name: DUCKDB, all: async (sql) => (await connection.runAndReadAll(sql)).getRows() };
  } catch (error) {
    return { missing: firstLine(error) };
  }
}
