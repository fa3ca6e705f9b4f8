/** One door to the readers of all dialects. */
import type { Dialect } from '../contract/event.ts';
import { parseGeneric } from './generic.ts';
import { loadPostgresParser, parsePostgres } from './postgres.ts';
import type { ParsedSql } from './statement.ts';

/** Loads what {@link parseSql} needs; call it once before. */
export const loadParsers: () => Promise<void> = loadPostgresParser;

/** The statements of a file, and what could not be read. Never throws. */
export function parseSql(text: string, dialect: Dialect): ParsedSql {
  return dialect === 'postgres' || dialect === 'unknown' ? parsePostgres(text) : parseGeneric(text, dialect);
}
