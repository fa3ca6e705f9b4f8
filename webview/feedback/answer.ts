/** What a key says of an item of the queue, as the API takes it. */
import type { FeedbackInput } from '../../core/contract/feedback.ts';
import type { QueueItem } from '../../core/contract/prediction.ts';

export type Answer =
  | { is: 'right' | 'wrong' | 'failed' | 'succeeded' }
  /** How long it really took, in milliseconds. */
  | { is: 'took'; durationMs: number };

/** What is said beside the answer; sent along with it. */
export interface Remarks {
  rating?: number | undefined;
  note?: string | undefined;
}

/** An item that asks whether an anomaly is real is answered by that, not by feedback. */
export function isAnomaly(item: QueueItem): boolean {
  return item.kind === 'anomaly' && item.anomalyId !== undefined;
}

/**
 * What can be said of an item beside right and wrong: an answer must compare with what was predicted, or nobody could
 * say how right that was.
 */
export function asksFor({ prediction, ...item }: QueueItem): { outcome: boolean; duration: boolean } {
  if (isAnomaly(item)) return { outcome: false, duration: false };
  return {
    outcome: !prediction || prediction.failureProbability !== undefined,
    duration: !prediction || prediction.durationMs !== undefined,
  };
}

/** The feedback that an answer is. */
export function answerInput(
  { eventId }: Pick<QueueItem, 'eventId'>,
  answer: Answer,
  remarks: Remarks,
): FeedbackInput {
  const { rating, note } = remarks;
  return {
    eventId,
    ...said(answer),
    ...(rating === undefined ? {} : { userRating: rating }),
    ...(note?.trim() ? { feedback: note.trim() } : {}),
  };
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, sec: 1_000, min: 60_000, m: 60_000, h: 3_600_000 };

/** Milliseconds in `1200`, `1.2 s`, `3 min`, `2h`; undefined where it is no duration. Without a unit they are milliseconds. */
export function durationIn(text: string): number | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = UNITS[match?.[2]?.toLowerCase() || 'ms'];
  if (!match?.[1] || unit === undefined) return undefined;
  return Number(match[1].replace(',', '.')) * unit;
}

function said(answer: Answer): Pick<FeedbackInput, 'actualOutcome' | 'accuracy'> {
  switch (answer.is) {
    case 'right':
    case 'wrong':
      return { actualOutcome: answer.is, accuracy: answer.is === 'right' ? 1 : 0 };
    case 'took':
      return { actualOutcome: { durationMs: answer.durationMs } };
    default:
      return { actualOutcome: answer.is };
  }
}
