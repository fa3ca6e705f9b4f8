import type { DatabaseError } from '../../core/contract/event.ts';
import { Icon } from '../ui/icon.tsx';

/** What the database said when it refused a statement, and where. */
export function DatabaseProblem({ error }: { error: unknown }) {
  const { message, sqlState, detail, hint, line, column, position } = asDatabaseError(error);
  const place = [
    line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
    line === undefined && position !== undefined ? `character ${position}` : undefined,
  ].filter(Boolean);
  return (
    <section class="problem" aria-label="Error">
      <p class="problem-message">
        <span class="mark tone-error">
          <Icon name="error" />
        </span>
        {message}
      </p>
      {detail && <p>{detail}</p>}
      {hint && <p>Hint: {hint}</p>}
      {(sqlState || place.length > 0) && (
        <p class="text-quiet">
          {sqlState && `SQLSTATE ${sqlState}`}
          {sqlState && place.length > 0 && ' · '}
          {place.join(', ')}
        </p>
      )}
    </section>
  );
}

/** The fields of a database's error, whatever was recorded as one. */
export function asDatabaseError(error: unknown): Partial<DatabaseError> {
  if (typeof error === 'object' && error !== null) return error as Partial<DatabaseError>;
  return { message: String(error) };
}
