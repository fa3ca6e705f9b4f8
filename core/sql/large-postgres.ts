/**
 * Keeps large files in bounds. A dump of rows is not read row by row: of an INSERT with thousands of rows the first is
 * read, and of thousands of INSERTs of one form the first hundreds.
 */
import type { Node } from 'libpg-query';

/** Characters; a longer text is read in pieces of about this size. */
export const PIECE = 256 * 1024;
/** A longer statement is not read, unless it is an INSERT. */
export const MOST_STATEMENT = 4 * 1024 * 1024;
/** So many INSERTs of one form are read in one file before the others are taken to be like them. */
export const ENOUGH_ALIKE = 500;

const HEAD = /^insert\s+into\s+[^('$]{1,200}(?:\([^()'$]{1,8000}\)\s*)?values\s*\(/i;

/** Everything up to the first row of an INSERT: two with the same head differ in their values only. */
export function insertHead(text: string): string | undefined {
  return HEAD.exec(text.slice(0, 10_000))?.[0];
}

/** An INSERT with its first row only; undefined where that cannot be told. */
export function firstRow(text: string): string | undefined {
  const head = insertHead(text);
  if (head === undefined) return undefined;
  let depth = 1;
  for (let at = head.length; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === "'") {
      const escapes = /[eE]/.test(text.charAt(at - 1));
      at++;
      while (at < text.length && text.charAt(at) !== "'") at += escapes && text.charAt(at) === '\\' ? 2 : 1;
    } else if (c === '(') depth++;
    else if (c === ')') {
      depth--;
      if (depth === 0) return text.slice(0, at + 1);
    }
  }
  return undefined;
}

/** Leaves the first rows of an INSERT's tree only: a hundred rows say no more about a schema than a few. */
export function thinned(tree: Node): Node {
  const insert = 'InsertStmt' in tree ? tree.InsertStmt : undefined;
  const select =
    insert?.selectStmt && 'SelectStmt' in insert.selectStmt ? insert.selectStmt.SelectStmt : undefined;
  if (!insert || !select?.valuesLists || select.valuesLists.length <= 3) return tree;
  const SelectStmt = { ...select, valuesLists: select.valuesLists.slice(0, 3) };
  return { InsertStmt: { ...insert, selectStmt: { SelectStmt } } };
}
