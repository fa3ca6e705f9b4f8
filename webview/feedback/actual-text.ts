import { OUTCOME_NAMES, sentence } from '../format/names.ts';
import { duration } from '../format/numbers.ts';

/** What somebody said that really happened, in words: `Failed`, `Succeeded, 1.2 s`, `Wrong`. */
export function actualText(actual: unknown): string {
  if (typeof actual === 'number') return duration(actual);
  if (typeof actual !== 'object' || actual === null) return outcomeText(actual);
  const { outcome, durationMs } = actual as { outcome?: unknown; durationMs?: unknown };
  const parts = [
    outcome === undefined ? undefined : outcomeText(outcome),
    typeof durationMs === 'number' ? duration(durationMs) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : JSON.stringify(actual);
}

function outcomeText(outcome: unknown): string {
  const text = String(outcome ?? 'unknown');
  return text in OUTCOME_NAMES ? OUTCOME_NAMES[text as keyof typeof OUTCOME_NAMES] : sentence(text);
}
