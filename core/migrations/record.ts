/** Turns a migration and how it went into the events that record it. */
import type { AnalysedFields } from '../analyse/migrations.ts';
import type { DatabaseError, Dialect, EventInput, EventMetadata, Outcome } from '../contract/event.ts';
import { derivedUuid } from '../events/ids.ts';
import { countNames, type FactFields, type MigrationFacts } from '../learn/examples.ts';
import type { Platform } from '../platform.ts';
import type { Difference } from '../schema/comparator.ts';
import type { SchemaVersion } from '../schema/versioning.ts';
import type { MigrationRun } from '../shadow/shadow.ts';
import type { ParsedSql, Statement } from '../sql/statement.ts';
import { Lines } from '../sql/text.ts';
import type { FoundMigration } from './discover.ts';
import type { Format, Wrapping } from './formats.ts';

/** A migration that has been read. */
export interface PreparedMigration {
  found: FoundMigration;
  format: Format;
  dialect: Dialect;
  wrapping: Wrapping;
  parsed: ParsedSql;
  text: string;
  /** First 16 hex digits of the SHA-256 of the file. */
  checksum: string;
  /** When it was written, milliseconds since 1970. */
  at: number;
  author: string | undefined;
  /** The commit that brought it, and its author's time. */
  commit: { id: string; at: number } | undefined;
  workspace: string;
}

/** How it went: it ran, or in words why it could not be run. */
export type Execution = { run: MigrationRun } | { outcome: 'failed' | 'unknown'; reason: string };

export const IMPORT_SOURCE = 'import:shadow';
const LONGEST_SQL = 8_000;
const MOST_CHANGES = 200;

/** What is known before it runs. */
export function factsOf(migration: PreparedMigration): MigrationFacts & FactFields {
  const { parsed, found, text, at, author, workspace } = migration;
  const operations = parsed.statements.flatMap((statement) => statement.operations);
  const operationCounts = countNames(operations.map(({ name }) => name));
  return {
    name: found.name,
    at,
    workspace,
    author,
    statements: parsed.statements.length,
    bytes: text.length,
    operations: operationCounts,
    operationCounts,
    destructive: operations.filter(({ destructive }) => destructive).length,
    environment: 'shadow',
  };
}

/** Id of what is recorded of a migration, by what it is and its number where there are several. */
export type RecordIds = (kind: string, index?: number) => string;

/** Makes the ids of a migration's events: the same file recorded again gets the same ones. */
export function recordIds(platform: Pick<Platform, 'sha256'>, migration: PreparedMigration): RecordIds {
  const { workspace, found, checksum, at } = migration;
  return (kind: string, index = 0) =>
    derivedUuid(at, platform.sha256([workspace, found.path, checksum, kind, index].join('\n')));
}

/** Whose it is; what it belongs to and the ids of the action are the recorder's to add. */
export function metadataOf({ author }: PreparedMigration): EventMetadata {
  return author ? { user: author } : {};
}

/** One `schema_operation` for each statement. */
export function statementEvents(
  migration: PreparedMigration,
  execution: Execution,
  ids: RecordIds,
): EventInput[] {
  const lines = new Lines(migration.text);
  const metadata = metadataOf(migration);
  return migration.parsed.statements.map((statement, i): EventInput<'schema_operation'> => {
    const run = 'run' in execution ? execution.run.statements[i] : undefined;
    const operation = mainOperation(statement);
    return {
      id: ids('statement', i),
      timestamp: new Date(migration.at).toISOString(),
      type: 'schema_operation',
      source: IMPORT_SOURCE,
      metadata,
      data: {
        operation: operation.name,
        kind: statement.kind,
        migration: migration.found.name,
        file: migration.found.path,
        statement: statement.index,
        line: statement.line,
        endLine: statement.endLine,
        sql: shorten(statement.text),
        objects: [...new Set(statement.operations.flatMap(({ objects }) => objects))],
        operations: statement.operations.map(({ name }) => name).slice(0, 100),
        dialect: migration.dialect,
        environment: 'shadow',
        outcome: statementOutcome(execution, i),
        destructive: statement.operations.some(({ destructive }) => destructive),
        ...(run && run.outcome !== 'skipped' ? { durationMs: milliseconds(run.durationMs) } : {}),
        ...(run?.error ? { error: placed(run.error, lines, statement) } : {}),
      },
    };
  });
}

/** A failure that is nobody's is none. */
function statementOutcome(execution: Execution, index: number): Outcome {
  if (!('run' in execution)) return execution.outcome === 'failed' ? 'skipped' : 'unknown';
  const { statements, notJudged } = execution.run;
  const outcome = statements[index]?.outcome ?? 'unknown';
  return notJudged !== undefined && outcome === 'failed' ? 'unknown' : outcome;
}

/** The `migration_execution` of a migration. */
export function migrationEvent(
  migration: PreparedMigration,
  execution: Execution,
  ids: RecordIds,
  schema: { version: SchemaVersion; differences: readonly Difference[] } | undefined,
): EventInput<'migration_execution'> {
  const { parsed, found, format, dialect, checksum, author, commit } = migration;
  const { operationCounts, bytes, destructive } = factsOf(migration);
  const extra: FactFields & AnalysedFields = {
    operationCounts,
    bytes,
    destructive,
    changes: (schema?.differences ?? []).slice(0, MOST_CHANGES).map(({ kind, object }) => ({ kind, object })),
    indexesOnExisting: dialect === 'postgres' ? indexesOnExisting(parsed.statements) : undefined,
  };
  return {
    id: ids('migration'),
    timestamp: new Date(migration.at).toISOString(),
    type: 'migration_execution',
    source: IMPORT_SOURCE,
    metadata: metadataOf(migration),
    data: {
      migration: found.name,
      file: found.path,
      tool: format.name,
      dialect,
      environment: 'shadow',
      statements: parsed.statements.length,
      operations: Object.keys(operationCounts),
      tables: tablesOf(parsed.statements),
      checksum,
      ...(author ? { author } : {}),
      ...(commit ? { commit: commit.id, committedAt: new Date(commit.at).toISOString() } : {}),
      ...extra,
      ...(schema ? { schemaVersion: schema.version.version, schemaHash: schema.version.hash } : {}),
      ...outcomeFields(migration, execution),
    },
  };
}

function outcomeFields(migration: PreparedMigration, execution: Execution) {
  if (!('run' in execution)) return { outcome: execution.outcome, reason: execution.reason };
  const { run } = execution;
  if (run.notJudged) return { outcome: 'unknown' as Outcome, reason: run.notJudged };
  const timed = run.statements.length > 0 ? { durationMs: milliseconds(run.durationMs) } : {};
  const base = { outcome: run.outcome as Outcome, ...timed };
  const failed = run.failedStatement;
  const error = failed === undefined ? undefined : run.statements[failed]?.error;
  if (failed === undefined || !error) return base;
  return {
    ...base,
    failedStatement: failed,
    error: placed(error, new Lines(migration.text), migration.parsed.statements[failed]),
    reason: `statement ${failed + 1} of ${run.statements.length}: ${error.message}`,
    salvaged: run.salvaged ?? 0,
  };
}

/** The operation a statement is known by: one that loses data, else the first. */
export function mainOperation(statement: Statement) {
  const lossy = statement.operations.find(({ destructive }) => destructive);
  return lossy ?? statement.operations[0] ?? { name: 'unknown' };
}

/** Operations whose objects are no tables. */
const NOT_ON_TABLES =
  /type|enum|function|procedure|aggregate|operator|schema$|extension|sequence|drop_index|rename_index|alter_index|domain|publication|role|language|collation|comment_on/;

function tablesOf(statements: readonly Statement[]): string[] {
  const operations = statements.flatMap((statement) => statement.operations);
  return [
    ...new Set(operations.filter(({ name }) => !NOT_ON_TABLES.test(name)).flatMap(({ objects }) => objects)),
  ];
}

/** Indexes on tables that this migration did not itself create. */
function indexesOnExisting(statements: readonly Statement[]): AnalysedFields['indexesOnExisting'] {
  const made = new Set<string>();
  const counts = { blocking: 0, concurrent: 0 };
  for (const { operations } of statements) {
    for (const { name, objects } of operations) {
      if (/^create_(?:table|partition|materialized_view)/.test(name))
        for (const object of objects) made.add(object);
      if (!/^create_(?:unique_)?index/.test(name) || objects.some((object) => made.has(object))) continue;
      if (name.endsWith('_concurrently')) counts.concurrent++;
      else counts.blocking++;
    }
  }
  return counts;
}

/** Where the engine named no place, the statement as a whole is it. */
function placed(error: DatabaseError, lines: Lines, statement: Statement | undefined): DatabaseError {
  const position = error.position ?? statement?.start;
  return position === undefined ? error : { ...error, position, ...lines.at(position) };
}

/** SQL as it goes into an event: whole, or its beginning and how much is missing. */
export function shorten(sql: string): string {
  return sql.length <= LONGEST_SQL
    ? sql
    : `${sql.slice(0, LONGEST_SQL)}\n… (${sql.length - LONGEST_SQL} more characters)`;
}

/** To the microsecond. */
function milliseconds(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
