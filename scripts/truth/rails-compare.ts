/** What ActiveRecord sent for a migration beside what is read from its text. */
import type { Node } from 'libpg-query';
import { sqlOf } from '../../core/check/rewrite/sql.ts';
import { extractRails } from '../../core/migrations/rails/extract.ts';
import { parseSql } from '../../core/sql/parse.ts';

export interface Compared {
  /** Statements of ActiveRecord. */
  sent: number;
  /** Those that only one of the two has. */
  onlySent: string[];
  onlyRead: string[];
}

/** Undefined where the text leaves something open, which is said there and not compared. */
export function compare(text: string, sql: readonly string[]): Compared | undefined {
  const { statements, unanalysed } = extractRails(text, 'postgres');
  if (unanalysed.length > 0) return undefined;
  const sent = sql.flatMap(comparable);
  const read = statements.flatMap((statement) => comparable(statement.sql));
  return {
    sent: sent.length,
    onlySent: without(sent, read),
    onlyRead: without(read, sent),
  };
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** Renames that ActiveRecord makes only where their object is there. */
const FOLLOWS =
  /^ALTER (?:INDEX|SEQUENCE) (?:IF EXISTS )?\S+ RENAME TO|^ALTER TABLE \S+_(?:seq|pkey) RENAME TO/;

/**
 * A statement in one way of writing. What a condition on existence becomes (IF EXISTS), defaults of nothing, and columns
 * that are dropped together or one by one are the same.
 */
function comparable(sql: string): string[] {
  return parseSql(sql, 'postgres').statements.flatMap(({ tree, text }) => {
    const written = tree === undefined ? text : sqlOf(tree as Node);
    const plain = written
      .replace(/\s+/g, ' ')
      .replace(/ IF (?:NOT )?EXISTS| DEFAULT NULL| RESTRICT| CASCADE$|;$/g, '')
      .replace(/ serial NOT NULL/g, ' serial')
      .replace(/\b0\.0\b/g, '0');
    if (FOLLOWS.test(plain)) return [];
    const [head, ...more] = plain.split(', DROP COLUMN ');
    const table = /^ALTER TABLE \S+/.exec(plain)?.[0];
    return [head ?? plain, ...more.map((column) => `${table} DROP COLUMN ${column}`)];
  });
}
