/**
 * `aibos feedback`: what a person’s answer would teach most; `aibos feedback EVENT --outcome failed`: answers one;
 * `aibos feedback withdraw ID`: takes an answer back.
 */
import type { TelemetryClient } from '../../../contract/client.ts';
import { TelemetryError } from '../../../contract/errors.ts';
import type { FeedbackInput, LearningFeedback } from '../../../contract/feedback.ts';
import type { QueueItem } from '../../../contract/prediction.ts';
import { percent, plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface FeedbackOptions extends GlobalOptions {
  outcome?: 'failed' | 'succeeded';
  /** Milliseconds. */
  duration?: number;
  right?: boolean;
  wrong?: boolean;
  rating?: number;
  text?: string;
  workspace?: string;
  limit?: number;
}

export async function feedbackCommand(
  first: string | undefined,
  second: string | undefined,
  options: FeedbackOptions,
): Promise<number> {
  if (first === 'withdraw' && second === undefined)
    throw new TelemetryError('invalid-request', 'Say which: aibos feedback withdraw ID.');
  return withClient(options, async (client) => {
    if (first === undefined) return queue(client, options);
    if (first === 'withdraw') return withdraw(client, second ?? '', options);
    return answer(client, first, options);
  });
}

async function queue(
  client: TelemetryClient,
  { workspace, limit = 20, format }: FeedbackOptions,
): Promise<number> {
  const params = { limit, ...(workspace === undefined ? {} : { workspace }) };
  const result = await client.call('feedback.queue', params);
  if (format === 'json') printJson(result);
  else print(queueText(result.items, result.total, terminalStyle()));
  return EXIT.done;
}

async function withdraw(
  client: TelemetryClient,
  id: string,
  { text, format }: FeedbackOptions,
): Promise<number> {
  const withdrawn = await client.call('feedback.withdraw', {
    id,
    ...(text === undefined ? {} : { reason: text }),
  });
  if (format === 'json') printJson(withdrawn);
  else print('Taken back. The models forget it on their next training.');
  return EXIT.done;
}

async function answer(client: TelemetryClient, eventId: string, options: FeedbackOptions): Promise<number> {
  const given = await client.call('feedback.provide', inputOf(eventId, options));
  if (options.format === 'json') printJson(given);
  else print(answerText(given));
  return EXIT.done;
}

function inputOf(eventId: string, options: FeedbackOptions): FeedbackInput {
  const { outcome, duration, right, wrong, rating, text } = options;
  if (right && wrong) throw new TelemetryError('invalid-request', 'It cannot be both --right and --wrong.');
  const verdict = right ? 'right' : wrong ? 'wrong' : undefined;
  const known = outcome !== undefined || duration !== undefined;
  if (!known && verdict === undefined && rating === undefined)
    throw new TelemetryError(
      'invalid-request',
      'Say what happened: --outcome, --duration, --right, --wrong or --rating.',
    );
  const happened = {
    ...(outcome === undefined ? {} : { outcome }),
    ...(duration === undefined ? {} : { durationMs: duration }),
  };
  return {
    eventId,
    actualOutcome: known ? happened : (verdict ?? 'rated'),
    ...(known && verdict !== undefined ? { accuracy: verdict === 'right' ? 1 : 0 } : {}),
    ...(rating === undefined ? {} : { userRating: rating }),
    ...(text === undefined ? {} : { feedback: text }),
  };
}

function queueText(items: readonly QueueItem[], total: number, style: Style): string {
  if (items.length === 0)
    return 'Nothing to answer: no prediction is open or surprising, and nobody disagrees.';
  const lines = items.flatMap(({ kind, eventId, title, because, teaches }) => [
    `${style.bold(title)}  ${style.dim(`${kind}, teaches ${percent(teaches)}`)}`,
    `  ${because}`,
    style.dim(`  aibos feedback ${eventId} --outcome failed|succeeded`),
  ]);
  const more =
    total > items.length ? [style.dim(`… and ${plural(total - items.length, 'more', 'more')}`)] : [];
  return [...lines, ...more].join('\n');
}

function answerText({ id, accuracy, effect }: LearningFeedback): string {
  const taken = `Recorded (${percent(accuracy)} right). To take it back: aibos feedback withdraw ${id}`;
  if (!effect) return taken;
  const { moved, newLabels, neededLabels, nextPrediction } = effect;
  const left = Math.max(0, neededLabels - newLabels);
  const next =
    left === 0 ? 'The next training is due.' : `${plural(left, 'more outcome')} until the next training.`;
  return [taken, ...(moved ? [moved] : []), ...(nextPrediction ? [nextPrediction] : []), next].join('\n');
}
