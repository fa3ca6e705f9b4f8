/** Event filters against columns, and page cursors. */
import { TelemetryError } from '../contract/errors.ts';
import type { TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { BLOCK, type Columns } from './columns.ts';
import { KIND_COUNT, STATUSES, typeCode } from './encode.ts';
import type { EventSource } from './event-source.ts';
import { hashText } from './hash.ts';

/** A filter in the numbers of one source. What is undefined asks for nothing. */
export interface Match {
  /** Included, and excluded. */
  from: number;
  to: number;
  kinds: Uint8Array | undefined;
  source: number | undefined;
  workspace: number | undefined;
  operation: number | undefined;
  /** Hash of the correlation id: the event itself has to be asked. */
  correlation: number | undefined;
  /** Whether only times matter. */
  timesOnly: boolean;
  /** Whether only times, types and statuses matter. */
  kindsOnly: boolean;
}

/** The filter for a source; undefined where no event of it can match. */
export function matchOf(source: EventSource, filter: EventFilter): Match | undefined {
  const { span } = source;
  const from = filter.from ? Date.parse(filter.from) : Number.NEGATIVE_INFINITY;
  const to = filter.to ? Date.parse(filter.to) : Number.POSITIVE_INFINITY;
  if (!span || span.last < from || span.first >= to) return undefined;
  const named: (number | undefined)[] = [];
  for (const text of [filter.source, filter.workspace, filter.operation]) {
    const id = text ? source.names.find(text) : undefined;
    if (text && id === undefined) return undefined;
    named.push(id);
  }
  const kinds = kindsOf(filter);
  const correlation = filter.correlationId ? hashText(filter.correlationId) : undefined;
  const kindsOnly = correlation === undefined && named.every((id) => id === undefined);
  const timesOnly = kindsOnly && !kinds;
  const [sourceId, workspace, operation] = named;
  return { from, to, kinds, source: sourceId, workspace, operation, correlation, timesOnly, kindsOnly };
}

/** Whether every event of a source matches. */
export function isWhole({ span }: EventSource, { timesOnly, from, to }: Match): boolean {
  return timesOnly && span !== undefined && span.first >= from && span.last < to;
}

function kindsOf({ type, status }: EventFilter): Uint8Array | undefined {
  if (!type?.length && !status?.length) return undefined;
  const kinds = new Uint8Array(KIND_COUNT);
  for (let kind = 0; kind < KIND_COUNT; kind++) {
    const typed = !type?.length || type.some((name) => typeCode(name) === kind >> 2);
    const stated = !status?.length || status.includes(STATUSES[kind & 3] ?? 'unknown');
    kinds[kind] = typed && stated ? 1 : 0;
  }
  return kinds;
}

/** Whether a row matches. */
export function matchesRow(columns: Columns, match: Match, row: number): boolean {
  const at = columns.ts[row] as number;
  return (
    at >= match.from &&
    at < match.to &&
    (match.kinds === undefined || match.kinds[columns.kind[row] as number] === 1) &&
    (match.source === undefined || columns.source[row] === match.source) &&
    (match.workspace === undefined || columns.workspace[row] === match.workspace) &&
    (match.operation === undefined || columns.operation[row] === match.operation) &&
    (match.correlation === undefined || columns.correlation[row] === match.correlation)
  );
}

/** Matching rows as stretches: pairs of a first row and the row behind the last. */
export function stretchesOf(columns: Columns, match: Match): number[] {
  const { kind } = columns;
  const stretches: number[] = [];
  let open = -1;
  const close = (row: number) => {
    if (open !== -1) stretches.push(open, row);
    open = -1;
  };
  for (let block = 0, start = 0; start < columns.count; block++, start += BLOCK) {
    const end = Math.min(start + BLOCK, columns.count);
    const first = columns.firstOf(block);
    const last = columns.lastOf(block);
    if (last < match.from || first >= match.to) close(start);
    else if (match.timesOnly && first >= match.from && last < match.to) {
      if (open === -1) open = start;
    } else if (match.kinds && match.kindsOnly && first >= match.from && last < match.to) {
      const { kinds } = match;
      for (let row = start; row < end; row++) {
        if (kinds[kind[row] as number] === 0) {
          if (open !== -1) close(row);
        } else if (open === -1) open = row;
      }
    } else {
      for (let row = start; row < end; row++) {
        if (!matchesRow(columns, match, row)) {
          if (open !== -1) close(row);
        } else if (open === -1) open = row;
      }
    }
  }
  close(columns.count);
  return stretches;
}

/** What columns do not say, so the event itself is asked. */
export interface TextCheck {
  /** By its JSON text, before that is parsed: what fails here is passed over at little cost. */
  json(text: string): boolean;
  event(event: TelemetryEvent): boolean;
}

/** Undefined where the filter wants nothing that columns do not say. The case of letters does not count. */
export function textCheck(filter: Pick<EventFilter, 'text' | 'correlationId'>): TextCheck | undefined {
  const { text, correlationId } = filter;
  if (!text && !correlationId) return undefined;
  const wanted = text ? new RegExp(literal(JSON.stringify(text).slice(1, -1)), 'i') : undefined;
  return {
    json: (json) => wanted === undefined || wanted.test(json),
    event: ({ metadata }) => !correlationId || metadata.correlationId === correlationId,
  };
}

/** A text as a regular expression that finds just it. */
function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
