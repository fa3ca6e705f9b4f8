/** What stands where content would be: nothing there, still loading, could not be loaded. */
import type { ComponentChildren } from 'preact';
import { TelemetryError } from '../../core/contract/errors.ts';
import { Icon } from './icon.tsx';

/** Nothing to show, in words that say why and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <p class="state-title">{title}</p>
      {children && <div class="state-text">{children}</div>}
    </div>
  );
}

/** Bars in the place of lines to come. */
export function Loading({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span class="loading-line" key={line} />
      ))}
    </div>
  );
}

/** What went wrong, in the engine's words, and a way to try again. */
export function Failure({ error, again }: { error: TelemetryError; again: () => void }) {
  const unreachable = TelemetryError.is(error, 'unavailable');
  return (
    <div class="state">
      <p class="state-title">
        <span class="mark tone-error">
          <Icon name="error" />
        </span>{' '}
        {unreachable ? 'The engine does not answer' : 'This could not be loaded'}
      </p>
      <div class="state-text">
        <p>{error.message}</p>
        {error.errors.length > 0 && (
          <ul>
            {error.errors.map(({ pointer, message }) => (
              <li key={pointer}>
                <code>{pointer}</code> {message}
              </li>
            ))}
          </ul>
        )}
        <button type="button" class="button" onClick={again}>
          <Icon name="retry" /> Try again
        </button>
      </div>
    </div>
  );
}
