import { OUTCOME_NAMES, sentence, words } from '../format/names.ts';
import { Badge, type Tone } from '../ui/status.tsx';

const TONES: Record<string, Tone> = {
  succeeded: 'ok',
  failed: 'error',
  rolled_back: 'warning',
  skipped: 'warning',
};

/** How the last run ended, in a word; `not run` where there was none. */
export function outcomeName(outcome: string): string {
  return outcome in OUTCOME_NAMES
    ? OUTCOME_NAMES[outcome as keyof typeof OUTCOME_NAMES]
    : sentence(words(outcome));
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  return <Badge tone={TONES[outcome] ?? 'unknown'}>{outcomeName(outcome)}</Badge>;
}
