/** The compact form of what was measured: every schema, table state and outcome once, short keys, no value of a row. */
import type { ColumnStatistics, StatisticsFile, TableStatistics } from '../../core/statistics/statistics.ts';
import type { Outcome } from './measure.ts';

export interface Measurements {
  machine: Record<string, unknown>;
  /** SQL that makes each schema. */
  schemas: string[];
  /** States of tables, as `aibos stats export` writes them. */
  states: TableStatistics[];
  outcomes: MeasuredOutcome[];
}

export interface MeasuredOutcome {
  kind: string;
  /** `g` good data, `b` bad data, `a` any data would do. */
  variant: 'g' | 'b' | 'a';
  schema: number;
  sql: string;
  undo: string[];
  /** Of the tables that it names, with the columns that it names. */
  states: number[];
  /** SQLSTATE of a failure; empty where it succeeded. */
  code: string;
  ms: number;
}

/** An outcome by itself; the states of its tables as texts. */
export type LooseOutcome = Omit<MeasuredOutcome, 'schema' | 'states'> & { states: string[] };

/** A schema with what was measured on it. */
export interface MeasuredSchema {
  sql: string;
  outcomes: LooseOutcome[];
  /** How long it took in all. */
  ms: number;
}

/** Of the statistics only what the statement names. */
export function looseOutcome({ kind, variant, sql, undo, statistics, ok, code, ms }: Outcome): LooseOutcome {
  const words = new Set(sql.match(/\w+/g));
  const named = statistics.tables.filter(({ relation }) => words.has(relation.split('.').at(-1) ?? ''));
  return {
    kind,
    variant: variant === 'good' ? 'g' : variant === 'bad' ? 'b' : 'a',
    sql,
    undo,
    states: named.map((table) => {
      const columns = table.columns.filter(({ name }) => words.has(name));
      return JSON.stringify(rounded({ ...table, columns }));
    }),
    code: ok ? '' : (code ?? 'error'),
    ms: Number(ms.toPrecision(4)),
  };
}

export class Recorder {
  readonly #schemas: string[] = [];
  readonly #states = new Map<string, number>();
  readonly #outcomes: MeasuredOutcome[] = [];

  get count(): number {
    return this.#outcomes.length;
  }

  add({ sql, outcomes }: MeasuredSchema): void {
    const schema = this.#schemas.push(sql) - 1;
    for (const outcome of outcomes)
      this.#outcomes.push({
        ...outcome,
        schema,
        states: outcome.states.map((state) => this.#placeOf(state)),
      });
  }

  #placeOf(state: string): number {
    const known = this.#states.get(state) ?? this.#states.size;
    this.#states.set(state, known);
    return known;
  }

  /** One row a line, so that a new run can be compared with the last one. */
  text(machine: Record<string, unknown>): string {
    const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join(',\n');
    return `{"machine":${JSON.stringify(machine)},
"schemas":[
${lines(this.#schemas)}
],"states":[
${[...this.#states.keys()].map((text) => JSON.stringify(stateRow(JSON.parse(text) as TableStatistics))).join(',\n')}
],"outcomes":[
${lines(this.#outcomes.map((o) => [o.kind, o.variant, o.schema, o.sql, o.undo, o.states, o.code, o.ms]))}
]}
`;
  }
}

export function readMeasurements(text: string): Measurements {
  const raw = JSON.parse(text) as {
    machine: Record<string, unknown>;
    schemas: string[];
    states: StateRow[];
    outcomes: [string, 'g' | 'b' | 'a', number, string, string[], number[], string, number][];
  };
  return {
    machine: raw.machine,
    schemas: raw.schemas,
    states: raw.states.map(tableOf),
    outcomes: raw.outcomes.map(([kind, variant, schema, sql, undo, states, code, ms]) => ({
      kind,
      variant,
      schema,
      sql,
      undo,
      states,
      code,
      ms,
    })),
  };
}

export function statisticsOf({ states, machine }: Measurements, outcome: MeasuredOutcome): StatisticsFile {
  const settings = machine.settings as Record<string, string> | undefined;
  return {
    version: 1,
    dialect: 'postgres',
    serverVersion: settings?.server_version ?? '18',
    tables: outcome.states.flatMap((at) => states[at] ?? []),
  };
}

type ColumnRow = [string, number | null, number | null, number | null, Partial<ColumnStatistics>?];
type StateRow = [string, number, number, number, ColumnRow[], Partial<TableStatistics>?];

function stateRow({ relation, rows, bytes, indexBytes, columns, ...rest }: TableStatistics): StateRow {
  const own = columns.map(
    ({ name, nullFraction, distinct, avgWidth, castsTried: _, ...exact }): ColumnRow => {
      const row: ColumnRow = [name, nullFraction, distinct, avgWidth];
      if (Object.keys(exact).length > 0) row.push(exact);
      return row;
    },
  );
  const row: StateRow = [relation, rows, bytes, indexBytes, own];
  if (Object.keys(rest).length > 0) row.push(rest);
  return row;
}

function tableOf([relation, rows, bytes, indexBytes, columns, rest = {}]: StateRow): TableStatistics {
  return {
    relation,
    rows,
    bytes,
    indexBytes,
    ...rest,
    columns: columns.map(([name, nullFraction, distinct, avgWidth, exact = {}]) => ({
      name,
      nullFraction,
      distinct,
      avgWidth,
      ...exact,
    })),
  };
}

function rounded(table: TableStatistics): TableStatistics {
  const short = (value: number | null) => (value === null ? null : Number(value.toPrecision(7)));
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      nullFraction: short(column.nullFraction),
      distinct: short(column.distinct),
    })),
  };
}
