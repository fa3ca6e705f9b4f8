/** Turns a measured run of a migration on a real database into the events that record it. */
import type { DatabaseError, Dialect, Environment, EventInput, Outcome } from '../contract/event.ts';
import { mainOperation, shorten } from '../migrations/record.ts';
import { redactSql } from '../sql/redact.ts';
import type { Statement } from '../sql/statement.ts';
import { Lines } from '../sql/text.ts';
import type { MeasuredRun } from './measured.ts';

export const RUN_SOURCE = 'cli:run';

export interface RanMigration {
  name: string;
  /** Path as given. */
  file: string;
  tool: string;
  dialect: Dialect;
  environment: Environment;
  /** `host/database`, without user and password. */
  database: string;
  server: string;
  dryRun: boolean;
  text: string;
  statements: readonly Statement[];
  /** First 16 hex digits of the SHA-256 of the file. */
  checksum: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/**
 * One `schema_operation` a statement and one `migration_execution`. Of statements that carry rows the literals are left
 * out. A dry run is `rolled_back`: it teaches how long statements take and whether they fail.
 */
export function runEvents(migration: RanMigration, run: MeasuredRun): EventInput[] {
  const { startedAt, dialect, environment, dryRun, database, server } = migration;
  const timestamp = new Date(startedAt).toISOString();
  const where = { dialect, environment, database, server, dryRun };
  const lines = new Lines(migration.text);
  const statements = migration.statements.map((statement, i): EventInput<'schema_operation'> => {
    const measured = run.statements[i];
    const outcome: Outcome = measured?.outcome ?? 'unknown';
    return {
      type: 'schema_operation',
      source: RUN_SOURCE,
      timestamp,
      data: {
        ...where,
        operation: mainOperation(statement).name,
        operations: statement.operations.map(({ name }) => name).slice(0, 100),
        objects: [...new Set(statement.operations.flatMap(({ objects }) => objects))],
        destructive: statement.operations.some(({ destructive }) => destructive),
        kind: statement.kind,
        migration: migration.name,
        file: migration.file,
        statement: statement.index,
        line: statement.line,
        endLine: statement.endLine,
        sql: shorten(redactSql(statement.text, dialect)),
        outcome,
        ...(measured && outcome !== 'skipped' ? { durationMs: microseconds(measured.durationMs) } : {}),
        ...(measured?.reason ? { reason: measured.reason } : {}),
        ...(measured?.rows === undefined ? {} : { rows: measured.rows }),
        ...(measured && measured.locks.length > 0 ? { locks: measured.locks } : {}),
        ...(measured && measured.waits.length > 0
          ? { waits: measured.waits, waitedMs: Math.max(...measured.waits.map(({ waitedMs }) => waitedMs)) }
          : {}),
        ...(measured?.error ? { error: placed(measured.error, lines, statement) } : {}),
      },
    };
  });
  const failed = run.failedStatement;
  const error = failed === undefined ? undefined : run.statements[failed]?.error;
  const execution: EventInput<'migration_execution'> = {
    type: 'migration_execution',
    source: RUN_SOURCE,
    timestamp,
    data: {
      ...where,
      migration: migration.name,
      file: migration.file,
      tool: migration.tool,
      outcome: run.outcome,
      durationMs: microseconds(run.durationMs),
      statements: migration.statements.length,
      operations: [
        ...new Set(migration.statements.flatMap(({ operations }) => operations.map(({ name }) => name))),
      ],
      checksum: migration.checksum,
      ...(failed === undefined || !error
        ? {}
        : {
            failedStatement: failed,
            error: placed(error, lines, migration.statements[failed]),
            reason: `statement ${failed + 1} of ${run.statements.length}: ${error.message}`,
          }),
    },
  };
  return [...statements, execution];
}

/** Where the server named no place, the statement as a whole is it. */
function placed(error: DatabaseError, lines: Lines, statement: Statement | undefined): DatabaseError {
  const position = error.position ?? statement?.start;
  return position === undefined ? error : { ...error, position, ...lines.at(position) };
}

function microseconds(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
