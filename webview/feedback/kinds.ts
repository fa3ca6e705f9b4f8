/** Why something is in the queue, in words. */
import type { QueueItem } from '../../core/contract/prediction.ts';
import type { Tone } from '../ui/status.tsx';

export const KINDS: Record<QueueItem['kind'], { name: string; tone: Tone }> = {
  uncertain: { name: 'Uncertain', tone: 'info' },
  surprising: { name: 'Surprising', tone: 'warning' },
  disagreement: { name: 'People disagree', tone: 'warning' },
  anomaly: { name: 'Anomaly', tone: 'error' },
  awaiting: { name: 'Awaits its outcome', tone: 'unknown' },
};
