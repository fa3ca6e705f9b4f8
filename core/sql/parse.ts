/** One door to the readers of all dialects. */
import type { Dialect } from '../contract/event.ts';
import { parseGeneric } from './generic.ts';
import { parseMysql } from './mysql/mysql.ts';
import { loadPostgresParser, parsePostgres } from './postgres.ts';
import { parseSqlite } from './sqlite/sqlite.ts';
import type { ParsedSql } from './statement.ts';

/** Loads what {@link parseSql} needs; call it once before. */
export const loadParsers: () => Promise<void> = loadPostgresParser;

/** The statements of a file, and what could not be read. Never throws. */
export function parseSql(text: string, dialect: Dialect): ParsedSql {
  if (dialect === 'postgres' || dialect === 'unknown') return parsePostgres(text);
  if (dialect === 'mysql') return parseMysql(text);
  return dialect === 'sqlite' ? parseSqlite(text) : parseGeneric(text, dialect);
}
