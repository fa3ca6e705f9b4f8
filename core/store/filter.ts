/** Event filters and page cursors as SQL. */
import { TelemetryError } from '../contract/errors.ts';
import type { EventFilter } from '../contract/methods.ts';
import type { SqlValue } from './sqlite.ts';

export interface Where {
  sql: string;
  values: SqlValue[];
}

/** The filter as a WHERE expression over `events`; `1` when it asks for nothing. */
export function whereOf(filter: EventFilter): Where {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (sql: string, ...bound: SqlValue[]) => {
    parts.push(sql);
    values.push(...bound);
  };
  const anyOf = (column: string, names: readonly string[]) =>
    add(`${column} IN (${names.map(() => '?').join(',')})`, ...names);
  if (filter.type?.length) anyOf('type', filter.type);
  if (filter.status?.length) anyOf('status', filter.status);
  if (filter.source) add('source = ?', filter.source);
  if (filter.workspace) add('workspace = ?', filter.workspace);
  if (filter.operation) add('operation = ?', filter.operation);
  if (filter.correlationId) add('correlation = ?', filter.correlationId);
  if (filter.from) add('ts >= ?', Date.parse(filter.from));
  if (filter.to) add('ts < ?', Date.parse(filter.to));
  if (filter.text) add(`body LIKE ? ESCAPE '\\'`, likePattern(filter.text));
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), values };
}

/** Anywhere in the JSON text, written as JSON writes it; LIKE ignores the case of ASCII letters. */
function likePattern(text: string): string {
  const asJson = JSON.stringify(text).slice(1, -1);
  return `%${asJson.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Where a page ends: time and sequence of its last event, so that equal times page correctly. */
export function encodeCursor(ts: number, sequence: number): string {
  return `${ts.toString(36)}-${sequence.toString(36)}`;
}

/** Throws `invalid-request` where the text is no cursor. */
export function decodeCursor(cursor: string): { ts: number; sequence: number } {
  const match = /^(-?[0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(cursor);
  if (!match) {
    throw new TelemetryError('invalid-request', 'The cursor is not one that this server gave out.', {
      errors: [{ pointer: '/cursor', message: 'use nextCursor of the page before, unchanged' }],
    });
  }
  return { ts: Number.parseInt(match[1] ?? '', 36), sequence: Number.parseInt(match[2] ?? '', 36) };
}
