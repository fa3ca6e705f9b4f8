/** What the feedback form holds, as the API takes it. */
import type { FeedbackInput } from '../../core/contract/feedback.ts';

export interface FeedbackForm {
  /** `''`: the engine compares prediction and outcome. */
  right: '' | 'right' | 'wrong';
  outcome: string;
  /** Milliseconds, as typed. */
  durationMs: string;
  rating: number | undefined;
  text: string;
}

export const EMPTY_FORM: FeedbackForm = {
  right: '',
  outcome: '',
  durationMs: '',
  rating: undefined,
  text: '',
};

/** The input, or in words what is still missing. */
export function feedbackInput(eventId: string, form: FeedbackForm): FeedbackInput | string {
  const { right, outcome, durationMs, rating, text } = form;
  const took = durationMs.trim() === '' ? undefined : Number(durationMs);
  if (took !== undefined && !(took >= 0)) return 'The duration must be a number of milliseconds, 0 or more.';
  if (outcome === '' && took === undefined && right === '')
    return 'Say what really happened, or whether it was right.';
  const happened = outcome || (right === '' ? undefined : right);
  return {
    eventId,
    actualOutcome: took === undefined ? happened : { ...(outcome ? { outcome } : {}), durationMs: took },
    ...(right === '' ? {} : { accuracy: right === 'right' ? 1 : 0 }),
    ...(rating === undefined ? {} : { userRating: rating }),
    ...(text.trim() ? { feedback: text.trim() } : {}),
  };
}
