/** A `security_event` for each risk of a saved statement that is new or changed. Pure. */
import type { EventInput } from '../../../core/contract/event.ts';
import { risksOf } from './risks.ts';
import type { Save } from './save-events.ts';
import type { SavedStatement } from './statements.ts';

export const SECURITY_SOURCE = 'vscode:security';

/** Without the SQL: what is risky about it is what must not be stored. */
export function securityEvents(
  save: Save,
  statements: readonly SavedStatement[],
  newId: () => string,
): EventInput<'security_event'>[] {
  return statements.flatMap(({ statement }) =>
    risksOf(statement, save.dialect).map(({ kind, severity, message }) => ({
      id: newId(),
      timestamp: save.timestamp,
      type: 'security_event' as const,
      source: SECURITY_SOURCE,
      data: {
        kind,
        severity,
        message,
        file: save.file,
        migration: save.migration.slice(0, 200),
        statement: statement.index,
        line: statement.line,
      },
      metadata: save.metadata,
    })),
  );
}
