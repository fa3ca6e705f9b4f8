/** The events of one save: a `schema_operation` for each statement, an `error_occurrence` for each broken one. Pure. */
import type { Dialect, EventInput, EventMetadata } from '../../../core/contract/event.ts';
import { mainOperation, shorten } from '../../../core/migrations/record.ts';
import type { SavedStatement } from './statements.ts';

/** Who recorded what the editor records. */
export const EDITOR_SOURCE = 'vscode';

/** What all events of a save have in common. */
export interface Save {
  /** Path of the file below the workspace folder, with `/`. */
  file: string;
  migration: string;
  dialect: Dialect;
  tool: string | undefined;
  timestamp: string;
  metadata: EventMetadata;
}

const LONGEST_NAME = 200;
const MOST_NAMES = 100;

/** The ids are given here, so that sending the events again stores none of them twice. */
export function saveEvents(
  save: Save,
  statements: readonly SavedStatement[],
  newId: () => string,
): EventInput[] {
  return statements.map((saved) => {
    const base = {
      id: newId(),
      timestamp: save.timestamp,
      source: EDITOR_SOURCE,
      metadata: save.metadata,
    };
    return saved.problem ? errorOf(base, save, saved) : operationOf(base, save, saved);
  });
}

type Base = Pick<EventInput, 'id' | 'timestamp' | 'source' | 'metadata'>;

function operationOf(base: Base, save: Save, { statement }: SavedStatement): EventInput<'schema_operation'> {
  const { operations } = statement;
  return {
    ...base,
    type: 'schema_operation',
    data: {
      operation: name(mainOperation(statement).name),
      kind: statement.kind,
      ...placeOf(save),
      statement: statement.index,
      line: statement.line,
      endLine: statement.endLine,
      sql: shorten(statement.text),
      objects: names(operations.flatMap(({ objects }) => objects)),
      operations: operations.map((operation) => operation.name).slice(0, MOST_NAMES),
      destructive: operations.some(({ destructive }) => destructive),
    },
  };
}

function errorOf(
  base: Base,
  save: Save,
  { statement, problem }: SavedStatement,
): EventInput<'error_occurrence'> {
  return {
    ...base,
    type: 'error_occurrence',
    data: {
      message: problem?.message ?? 'the statement could not be read',
      code: statement.text ? 'sql-syntax' : 'unreadable',
      severity: 'error',
      component: 'migration-file',
      ...placeOf(save),
      statement: statement.index,
      line: problem?.line ?? statement.line,
      ...(problem ? { column: problem.column } : {}),
      ...(statement.text ? { sql: shorten(statement.text) } : {}),
    },
  };
}

function placeOf({ file, migration, dialect, tool }: Save) {
  return { file, migration: name(migration), dialect, ...(tool ? { tool } : {}) };
}

function names(all: readonly string[]): string[] {
  return [...new Set(all.filter(Boolean).map(name))].slice(0, MOST_NAMES);
}

function name(text: string): string {
  return text.slice(0, LONGEST_NAME);
}
