/** Runs scenarios on a live database: data made bad or good, statistics written down, the migration timed, taken back. */
import type pg from 'pg';
import { ExactCounts } from '../../core/node/database/postgres-exact.ts';
import { readPostgresStatistics } from '../../core/node/database/postgres-statistics.ts';
import type { StatisticsFile } from '../../core/statistics/statistics.ts';
import { type LiveTable, readLive } from './live.ts';
import type { Random } from './populate.ts';
import { shuffled } from './random.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

export interface Outcome {
  kind: string;
  variant: 'good' | 'bad' | 'any';
  table: string;
  sql: string;
  undo: string[];
  statistics: StatisticsFile;
  ok: boolean;
  /** SQLSTATE, where it failed. */
  code?: string;
  ms: number;
}

/** Counting a larger table takes longer than the migration itself. */
const COUNTED_ROWS = 150_000;

export interface MeasureOptions {
  client: pg.Client;
  /** With rows. */
  tables: readonly LiveTable[];
  /** Every table that a foreign key may point at; {@link tables} where absent. */
  among?: readonly LiveTable[];
  random: Random;
  /** Stops in between when this is over (milliseconds of performance.now). */
  until: number;
  /** Numbers from here on for names. */
  firstNumber: number;
  kinds?: readonly string[];
  /** Rounds over all kinds for each table. */
  rounds?: number;
  onOutcome(outcome: Outcome): void;
}

export async function measureTables(options: MeasureOptions): Promise<number> {
  let n = options.firstNumber;
  const order = [...options.tables].sort((a, b) => a.rows - b.rows);
  for (const table of order)
    for (let round = 0; round < (options.rounds ?? 1); round++)
      for (const kind of shuffled(options.kinds ?? Object.keys(SCENARIOS), options.random)) {
        if (performance.now() > options.until) return n;
        n++;
        await refresh(options, table);
        const scenario = SCENARIOS[kind]?.({
          table,
          tables: options.among ?? options.tables,
          random: options.random,
          n,
        });
        if (scenario) await runBoth(options, table, scenario);
      }
  return n;
}

/** Bad data first: what is left when it fails is what the good data is made of. */
async function runBoth(options: MeasureOptions, table: LiveTable, scenario: Scenario): Promise<void> {
  const { good, bad } = scenario;
  if (bad === undefined) {
    await runOne(options, table, scenario, 'any', good);
    return;
  }
  const goodFirst = options.random() < 0.5;
  if (goodFirst) await runOne(options, table, scenario, 'good', good);
  await runOne(options, table, scenario, 'bad', [...good, ...bad]);
  if (!goodFirst) await runOne(options, table, scenario, 'good', good);
}

async function runOne(
  { client, onOutcome }: MeasureOptions,
  table: LiveTable,
  { kind, sql, undo }: Scenario,
  variant: Outcome['variant'],
  prepare: readonly string[],
): Promise<void> {
  await client.query('SET session_replication_role = replica');
  try {
    for (const one of prepare) await client.query(one);
  } catch {
    return;
  } finally {
    await client.query('SET session_replication_role = DEFAULT');
  }
  await client.query(`VACUUM ANALYZE ${table.quoted}`);
  const exact = variant !== 'any' && table.rows <= COUNTED_ROWS;
  const statistics = await exportStatistics(client, exact ? [table.relation] : []);
  const began = performance.now();
  let failure: unknown;
  try {
    await client.query(sql);
  } catch (error) {
    failure = error;
  }
  const ms = performance.now() - began;
  const code = failure === undefined ? undefined : (failure as { code?: string }).code;
  onOutcome({
    kind,
    variant,
    table: table.relation,
    sql,
    undo: failure === undefined ? undo : [],
    statistics,
    ok: failure === undefined,
    ...(code === undefined ? {} : { code }),
    ms,
  });
  if (failure === undefined) for (const one of undo) await client.query(one).catch(() => undefined);
}

/** @param counted tables of which every row is looked at, as `aibos stats export` does of all of them */
async function exportStatistics(client: pg.Client, counted: readonly string[]): Promise<StatisticsFile> {
  const query = async (sql: string, values?: unknown[]) => (await client.query(sql, values)).rows;
  const { rows } = await client.query<{ v: string }>(`SELECT current_setting('server_version') AS v`);
  const sampled = await readPostgresStatistics(query);
  const exact = await new ExactCounts(query).complete(
    sampled.filter(({ relation }) => counted.includes(relation)),
  );
  const tables = sampled.map((table) => exact.find(({ relation }) => relation === table.relation) ?? table);
  return { version: 1, dialect: 'postgres', serverVersion: rows[0]?.v ?? '', tables };
}

/** Types and rows change as migrations stay. */
async function refresh({ client }: MeasureOptions, table: LiveTable): Promise<void> {
  const found = (await readLive(client)).find(({ relation }) => relation === table.relation);
  if (found) table.columns = found.columns;
  const { rows } = await client.query<{ n: number }>(`SELECT count(*)::float8 AS n FROM ${table.quoted}`);
  table.rows = Number(rows[0]?.n ?? table.rows);
}
