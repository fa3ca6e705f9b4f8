/** The names that Rails gives to what has none (activerecord, `schema_statements.rb`). */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { pluralize, singularize } from 'inflection';

/** Bytes that an index's name may have. */
const MOST_INDEX_NAME = 62;
/** Since Rails 7.1 a longer one is made short. */
const SHORT_NAMES = 701;

/** @param version of the migration, 701 for Rails 7.1 */
export function indexName(table: string, columns: readonly string[], version: number): string {
  const words = columns.map((column) =>
    /\W/.test(column) ? column.replace(/\W+/g, '_').replace(/^_|_$/g, '') : column,
  );
  const name = `index_${table.replaceAll('.', '_')}_on_${words.join('_and_')}`;
  if (name.length <= MOST_INDEX_NAME || version < SHORT_NAMES) return name;
  const mark = `_${digest(name)}`;
  return `idx_on_${words.join('_')}`.slice(0, MOST_INDEX_NAME - mark.length) + mark;
}

export function foreignKeyName(table: string, columns: readonly string[]): string {
  return `fk_rails_${digest(`${table}_${columns.join('_')}_fk`)}`;
}

export function checkName(table: string, expression: string): string {
  return `chk_rails_${digest(`${table}_${expression}_chk`)}`;
}

export function uniqueName(table: string, columns: readonly string[]): string {
  return `uniq_rails_${digest(`${table}_${columns.join('_and_')}_unique`)}`;
}

export function exclusionName(table: string, expression: string): string {
  return `excl_rails_${digest(`${table}_${expression}_excl`)}`;
}

/** `users` for a reference to `user`. */
export function tableOf(reference: string): string {
  return pluralize(reference);
}

/** `user_id` for a key to `users`. */
export function keyColumn(table: string): string {
  return `${singularize(table.split('.').at(-1) ?? table)}_id`;
}

/** The first ten hexadecimal digits of SHA-256. */
function digest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 10);
}
