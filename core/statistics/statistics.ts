/**
 * Table statistics without any row data: what `aibos stats export` writes and `--stats FILE` reads (`read.ts`). The format is fixed;
 * neither most common values nor histogram bounds are in it, for those are values of rows. Fields that are not known here
 * are passed over, so that files of newer versions can be read.
 */
import Type, { type Static } from 'typebox';
import { open, Share } from '../contract/schema.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Amount = Type.Number({ minimum: 0 });

/**
 * What was counted over every row, where that was cheap enough; absent where it was not. Counts, lengths and yes or no:
 * none of them is a value of a row. They decide what a sample cannot.
 */
const ExactColumn = {
  /** NULLs. */
  nulls: Type.Optional(Amount),
  /** Different values, NULL not counted. */
  exactDistinct: Type.Optional(Amount),
  /** Characters of the shortest and the longest text. */
  minLength: Type.Optional(Amount),
  maxLength: Type.Optional(Amount),
  /** Of the types that were tried, those that every value can be cast to. */
  castsTo: Type.Optional(Type.Array(Type.String({ maxLength: 100 }))),
  /** The types that were tried. */
  castsTried: Type.Optional(Type.Array(Type.String({ maxLength: 100 }))),
  /** Numbers below zero, and zeros: how many rows. */
  negative: Type.Optional(Amount),
  zero: Type.Optional(Amount),
  /** Digits before the point of the largest number. */
  maxDigits: Type.Optional(Amount),
};

export const ColumnStatistics = open({
  name: Type.String({ minLength: 1, maxLength: 1_000 }),
  /** Share of the rows in which it is NULL; null where unknown. */
  nullFraction: Nullable(Share),
  /** As `pg_stats.n_distinct`: a count, or where negative minus a fraction of the rows; null where unknown. */
  distinct: Nullable(Type.Number({ minimum: -1 })),
  /** Bytes; null where unknown. */
  avgWidth: Nullable(Amount),
  ...ExactColumn,
});
export type ColumnStatistics = Static<typeof ColumnStatistics>;

export const TableStatistics = open({
  /** Schema-qualified, as `aibos check` names it. */
  relation: Type.String({ minLength: 1, maxLength: 1_000 }),
  rows: Amount,
  /** Of the table itself and its large values, without indexes. */
  bytes: Amount,
  indexBytes: Amount,
  columns: Type.Array(ColumnStatistics),
  /** The rows when everything was counted; `rows` may be an estimate. */
  exactRows: Type.Optional(Amount),
  /** Rows whose value is missing in the column that it may point at: by name, no key says so yet. */
  orphans: Type.Optional(
    Type.Array(
      open({
        column: Type.String({ maxLength: 1_000 }),
        references: Type.String({ maxLength: 1_000 }),
        referencedColumn: Type.String({ maxLength: 1_000 }),
        rows: Amount,
      }),
    ),
  ),
  /** Columns that may be a key together, and how many rows share theirs with an earlier one. */
  duplicateKeys: Type.Optional(
    Type.Array(open({ columns: Type.Array(Type.String({ maxLength: 1_000 })), rows: Amount })),
  ),
});
export type TableStatistics = Static<typeof TableStatistics>;

export const StatisticsFile = open({
  version: Type.Literal(1),
  dialect: Type.Enum(['postgres', 'mysql', 'sqlite']),
  serverVersion: Type.String({ maxLength: 200 }),
  tables: Type.Array(TableStatistics),
});
export type StatisticsFile = Static<typeof StatisticsFile>;

/** Finds tables and columns by name. */
export class StatisticsIndex {
  readonly file: StatisticsFile;
  readonly #tables: ReadonlyMap<string, TableStatistics>;

  constructor(file: StatisticsFile) {
    this.file = file;
    this.#tables = new Map(file.tables.map((table) => [table.relation, table]));
  }

  table(relation: string): TableStatistics | undefined {
    return this.#tables.get(relation);
  }

  column(relation: string, column: string): ColumnStatistics | undefined {
    return this.table(relation)?.columns.find(({ name }) => name === column);
  }
}

/** How many different values a column holds; undefined where that is not known. */
export function distinctValues(column: ColumnStatistics, rows: number): number | undefined {
  const { distinct } = column;
  if (distinct === null) return undefined;
  return distinct < 0 ? -distinct * rows : distinct;
}

/** NULLs are no duplicates of each other. Below this share of repeated values an estimate may still be all different. */
const ESTIMATE_SLACK = 0.02;

/**
 * Whether a column holds a value twice. `no` and `yes` are as sure as the statistics, which are estimates from a
 * sample; `possible` is anything between and everything unknown.
 */
export function duplicates(column: ColumnStatistics, rows: number): 'yes' | 'possible' | 'no' {
  if (rows <= 1) return 'no';
  const found = distinctValues(column, rows);
  if (found === undefined || column.nullFraction === null) return 'possible';
  const filled = rows * (1 - column.nullFraction);
  if (filled <= 1) return 'no';
  if (found >= filled * 0.9999) return 'no';
  return found < filled * (1 - ESTIMATE_SLACK) ? 'yes' : 'possible';
}
