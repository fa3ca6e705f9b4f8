/**
 * How likely a statement is to fail and how long it takes, from its effects, what the shadow said, and the size of its
 * tables. Where the size decides and is not known the interval says so by its width. The learning models take over where
 * they are trained; this is what there is before.
 */
import type { DataDependence, StatementEffects } from '../effects/effects.ts';
import type { StatementRun } from '../shadow/shadow.ts';
import { duplicates } from '../statistics/statistics.ts';
import { MEASURED, SPREAD } from './measured.ts';
import type { DurationEstimate } from './result.ts';
import type { Tables } from './tables.ts';

/** Milliseconds of a change that touches catalogues only: round trip, lock, commit. */
const METADATA_MS: DurationEstimate = { p10: 0.5, p50: 2, p90: 15 };
/** Work that grows with a table of unknown size: from an empty one to tens of gigabytes. */
const UNKNOWN_SIZE_MS: DurationEstimate = { p10: 2, p50: 200, p90: 120_000 };

/** Chances. `given` are judgements, not measurements; each is replaced by own outcomes once there are enough. */
const CHANCE = {
  broken: 0.99,
  /** The shadow is the real engine, yet its version, extensions and rows are not those of the target. */
  failedInShadow: 0.97,
  ranInShadow: 0.02,
  notRun: 0.05,
  /** Rows decide and nothing is known of them. */
  rowsDecide: 0.1,
  /** A NOT NULL column without a default: it fails on any row at all. */
  anyRow: 0.6,
  certainByStatistics: 0.97,
  excludedByStatistics: 0.01,
} as const;

export interface Judged {
  effects: StatementEffects;
  tables: Tables;
  /** Relations among those it touches whose size decides nothing, because the migration made them. */
  made: ReadonlySet<string>;
  syntaxError: boolean;
  /** A rule says that it fails for certain. */
  fails: boolean;
  /** It adds a NOT NULL column without a default to a table that others use. */
  needsNoRow: boolean;
  /** Builds an index. */
  indexes: string[];
  /** Relations of which an UPDATE or DELETE changes many rows. */
  changes: string[];
}

export function failureProbability(judged: Judged, run: StatementRun | undefined): number {
  const { effects, tables, made } = judged;
  if (judged.syntaxError) return CHANCE.broken;
  if (run?.outcome === 'failed') return CHANCE.failedInShadow;
  if (judged.fails) return CHANCE.failedInShadow;
  const ran = run !== undefined && run.outcome !== 'skipped';
  const chances: number[] = [ran ? CHANCE.ranInShadow : CHANCE.notRun];
  if (judged.needsNoRow) chances.push(CHANCE.anyRow);
  else
    for (const dependence of effects.dataDependent) {
      const relation = relationOf(dependence);
      if (!made.has(relation)) chances.push(byRows(dependence, relation, tables));
    }
  const none = chances.reduce((product, chance) => product * (1 - chance), 1);
  return round(1 - none);
}

/** `schema.table.column` is about `schema.table`. */
export function relationOf({ object, columns }: DataDependence): string {
  const last = object.split('.').at(-1) ?? '';
  return columns.includes(last) && object.split('.').length > 2
    ? object.slice(0, -(last.length + 1))
    : object;
}

function byRows({ columns, sqlState }: DataDependence, relation: string, tables: Tables): number {
  const size = tables.size(relation);
  if (size === undefined) return CHANCE.rowsDecide;
  if (size.rows === 0) return 0;
  const known = columns.map((column) => tables.statistics()?.column(relation, column));
  if (sqlState === '23502') {
    const shares = known.map((column) => column?.nullFraction);
    if (shares.some((share) => typeof share === 'number' && share > 0)) return CHANCE.certainByStatistics;
    return shares.length > 0 && shares.every((share) => share === 0)
      ? CHANCE.excludedByStatistics
      : CHANCE.rowsDecide;
  }
  if (sqlState === '23505') {
    const found = known.map((column) => (column ? duplicates(column, size.rows) : 'possible'));
    if (found.includes('no')) return CHANCE.excludedByStatistics;
    return columns.length === 1 && found[0] === 'yes' ? CHANCE.certainByStatistics : CHANCE.rowsDecide;
  }
  return CHANCE.rowsDecide;
}

/** Sums the work on each relation; the shadow's own time where no work grows with a table. */
export function durationOf(judged: Judged, run: StatementRun | undefined): DurationEstimate {
  const { effects, tables, made } = judged;
  const work: {
    relation: string;
    ms: (size: { rows: number; bytes: number; indexRows: number }) => number;
  }[] = [
    ...effects.rewrites.map((relation) => ({
      relation,
      ms: ({ bytes, rows, indexRows }: { bytes: number; rows: number; indexRows: number }) =>
        seconds(bytes, MEASURED.rewriteBytes) + seconds(indexRows * Math.sign(rows), MEASURED.indexRows),
    })),
    ...effects.scans
      .filter((relation) => !effects.rewrites.includes(relation) && !judged.indexes.includes(relation))
      .map((relation) => ({
        relation,
        ms: ({ bytes }: { bytes: number }) => seconds(bytes, MEASURED.scanBytes),
      })),
    ...effects.dataDependent
      .filter(({ sqlState }) => sqlState === '23503')
      .map((dependence) => ({
        relation: relationOf(dependence),
        ms: ({ rows }: { rows: number }) => seconds(rows, MEASURED.lookupRows),
      })),
    ...judged.indexes.map((relation) => ({
      relation,
      ms: ({ rows }: { rows: number }) => seconds(rows, MEASURED.indexRows),
    })),
    ...judged.changes.map((relation) => ({
      relation,
      ms: ({ rows }: { rows: number }) => seconds(rows, MEASURED.updateRows),
    })),
  ].filter(({ relation }) => !made.has(relation));
  if (work.length === 0) {
    const own = run?.durationMs;
    if (own === undefined) return METADATA_MS;
    return { p10: round(own / SPREAD), p50: round(own), p90: round(Math.max(own, METADATA_MS.p50) * SPREAD) };
  }
  const sizes = work.map(({ relation }) => tables.size(relation));
  if (sizes.includes(undefined)) return UNKNOWN_SIZE_MS;
  const total = work.reduce((sum, { relation, ms }, i) => {
    const size = sizes[i] ?? { rows: 0, bytes: 0 };
    const indexBytes = tables.statistics()?.table(relation)?.indexBytes ?? 0;
    /** An index entry of one usual column takes some 20 bytes (btree, 8 byte key). */
    return sum + ms({ ...size, indexRows: indexBytes / 20 });
  }, METADATA_MS.p50);
  return { p10: round(total / SPREAD), p50: round(total), p90: round(total * SPREAD) };
}

function seconds(amount: number, perSecond: number): number {
  return (amount / perSecond) * 1_000;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
