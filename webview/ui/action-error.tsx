import type { TelemetryError } from '../../core/contract/errors.ts';

/** What an action ran into, in the engine's words; nothing where it worked. */
export function ActionError({ error }: { error: TelemetryError | undefined }) {
  if (!error) return null;
  const details = error.errors.map(({ pointer, message }) => `${pointer} ${message}.`);
  return (
    <p role="alert" class="text-error">
      {[error.message, ...details].join(' ')}
    </p>
  );
}
