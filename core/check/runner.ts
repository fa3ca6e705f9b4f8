/** How the tool that runs a migration wraps it in transactions, and how its user switches that off. */
import type { FormatName, Wrapping } from '../migrations/formats.ts';

export interface Runner {
  title: string;
  /** `unknown`: nothing tells which tool runs the file; only its own BEGIN counts then. */
  wrapping: Wrapping | 'unknown';
  /** What to write so that a file runs outside of a transaction, as an end of the sentence “To run it outside, …”. */
  unwrap?: string;
}

export const UNKNOWN_RUNNER: Runner = { title: 'the tool', wrapping: 'unknown' };

const UNWRAP: Partial<Record<FormatName, string>> = {
  prisma: 'put it into a migration that holds this statement only',
  'golang-migrate': 'put it into a migration that holds this statement only',
  goose: 'put it into a migration with the line -- +goose NO TRANSACTION',
  dbmate: 'put it into a migration that begins with -- migrate:up transaction:false',
  sqlx: 'put it into a migration whose first line is -- no-transaction',
  diesel: 'put it into a migration whose metadata.toml says run_in_transaction = false',
  flyway: 'put it into a migration that holds only such statements, or set executeInTransaction=false',
  rails: 'put it into a migration with the line disable_ddl_transaction!',
  knex: 'put it into a migration that exports config = { transaction: false }',
  typeorm: 'put it into a migration with the property transaction = false',
  drizzle: 'run it by hand beside the migrations: Drizzle runs all of them in one transaction',
};

export function unwrapping(format: FormatName): string | undefined {
  return UNWRAP[format];
}
