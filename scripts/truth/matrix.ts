/**
 * Generated cases for the truth: every ALTER TABLE subcommand and every form of index, constraint, trigger, policy, view,
 * partition and the rest, each on a schema of its own, empty and with rows.
 */
import { parseSql } from '../../core/sql/parse.ts';
import type { Case, History } from './histories.ts';
import { MATRIX } from './matrix-cases.ts';

/** A group of statements that are run one after the other on a fresh schema. */
export interface Group {
  name: string;
  /** First PostgreSQL that knows the syntax. */
  since?: number;
  /** Makes what the statements work on; not counted. */
  setup: string;
  /** Rows for the tables, in the second round. */
  rows?: string;
  cases: string[];
}

/** One history a case and round: the setup first, then the case. */
export function matrixHistories(version: number): History[] {
  return MATRIX.filter(({ since = 0 }) => since <= version).flatMap((group) =>
    group.cases.flatMap((sql, n) => {
      const empty = history(`${group.name} ${n + 1}`, group.setup, sql);
      if (group.rows === undefined) return [empty];
      return [empty, history(`${group.name} ${n + 1} with rows`, `${group.setup};${group.rows}`, sql)];
    }),
  );
}

function history(name: string, setup: string, sql: string): History {
  return { name, setup, given: casesOf(name, setup), cases: casesOf(name, sql), brief: true };
}

function casesOf(place: string, sql: string): Case[] {
  return parseSql(sql, 'postgres').statements.map((statement) => ({ place, statement }));
}
