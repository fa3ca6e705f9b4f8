/**
 * What a person’s answer would teach most, most useful first: predictions near a half, outcomes that surprised, events
 * that people judge differently, anomalies nobody has judged, predictions that still wait for their outcome.
 */
import type { Anomaly } from '../contract/analysis.ts';
import type { QueueItem } from '../contract/prediction.ts';
import { clamp, significant } from '../numbers.ts';
import { duration, percent } from '../report/format.ts';
import { inTurns, type Steps, sorted } from '../steps.ts';
import { verdicts } from './agreement.ts';
import { isSurprising } from './judging.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';

/** An item before its prediction is read and its words are made; `entry` is that prediction. */
export type QueuedItem = Omit<QueueItem, 'prediction' | 'because'> & { because: () => string; entry?: Entry };

/** Distance from a half within which a prediction counts as uncertain. */
const UNCERTAIN = 0.2;
/** An interval this many times as wide as its middle says nothing. */
const WIDEST = 100;

export function* feedbackQueue(
  ledger: Ledger,
  anomalies: readonly Anomaly[],
  workspace: string | undefined,
): Steps<QueuedItem[]> {
  const best = new Map<string, QueuedItem>();
  const add = (item: QueuedItem | undefined) => {
    const known = item && best.get(item.eventId);
    if (item && (!known || known.teaches < item.teaches)) best.set(item.eventId, item);
  };
  yield* inTurns([...ledger.entries.values()], (entry) => {
    if (workspace === undefined || entry.workspace === workspace) add(ofPrediction(ledger, entry));
  });
  yield* inTurns([...ledger.answered()], ([eventId]) => add(disagreement(ledger, eventId, workspace)));
  for (const anomaly of anomalies) add(ofAnomaly(ledger, anomaly));
  return yield* sorted([...best.values()], mostFirst);
}

function mostFirst(a: QueuedItem, b: QueuedItem): number {
  return b.teaches - a.teaches || (a.eventId < b.eventId ? 1 : -1);
}

function ofPrediction(ledger: Ledger, entry: Entry): QueuedItem | undefined {
  if (ledger.answers(entry.id).length > 0) return undefined;
  const base = { eventId: entry.id, title: entry.subject, entry };
  const state = ledger.state(entry);
  if (state === 'resolved') {
    const accuracy = ledger.accuracy(entry);
    if (accuracy === undefined || !isSurprising(accuracy)) return undefined;
    return {
      ...base,
      kind: 'surprising',
      because: () => surprise(entry),
      teaches: teaches(0.5 + 0.5 * (1 - accuracy)),
    };
  }
  if (state !== 'awaiting') return undefined;
  const { failureProbability: p, duration: range } = entry;
  if (p !== undefined) {
    const certain = Math.abs(p - 0.5) * 2;
    const kind = certain <= UNCERTAIN * 2 ? 'uncertain' : 'awaiting';
    const because = () => `The model says ${percent(p)} for a failure, and nobody has said what happened.`;
    return { ...base, kind, because, teaches: teaches(0.2 + 0.6 * (1 - certain)) };
  }
  if (!range) return undefined;
  const width = clamp(Math.log(Math.max(1, range[2] / Math.max(range[0], 1e-3))) / Math.log(WIDEST), 0, 1);
  const because = () =>
    `The model expects ${duration(range[0])} to ${duration(range[2])}, and nobody has said how long it took.`;
  return { ...base, kind: 'awaiting', because, teaches: teaches(0.15 + 0.4 * width) };
}

function surprise({ failureProbability: p, duration: range, run }: Entry): string {
  const failed = run?.outcome === 'failed';
  if (p !== undefined)
    return `It was said to fail with ${percent(p)}, and ${failed ? 'failed' : 'succeeded'}. Is that right?`;
  const took = run?.durationMs === undefined ? 'something else' : duration(run.durationMs);
  return `It was expected to take ${duration(range?.[1] ?? 0)}, and took ${took}. Is that right?`;
}

function disagreement(
  ledger: Ledger,
  eventId: string,
  workspace: string | undefined,
): QueuedItem | undefined {
  const entry = ledger.entries.get(eventId);
  if (workspace !== undefined && entry?.workspace !== workspace) return undefined;
  const answers = verdicts(ledger.answers(eventId));
  const right = answers.filter((answer) => answer.right).length;
  const minority = Math.min(right, answers.length - right);
  if (minority === 0) return undefined;
  const split = minority / (answers.length / 2);
  return {
    kind: 'disagreement',
    eventId,
    title: entry?.subject ?? 'An event that people judge differently',
    because: () =>
      `${right} of ${answers.length} people say it was right, ${answers.length - right} say it was wrong.`,
    teaches: teaches(0.6 + 0.35 * split),
    ...(entry ? { entry } : {}),
  };
}

function ofAnomaly(ledger: Ledger, { id, title, score, evidence }: Anomaly): QueuedItem | undefined {
  const eventId = evidence.events.at(-1);
  if (eventId === undefined || ledger.answers(eventId).length > 0) return undefined;
  const because = () => 'It was found unusual, and nobody has said whether it was real.';
  return { kind: 'anomaly', eventId, title, because, teaches: teaches(0.3 + 0.4 * score), anomalyId: id };
}

function teaches(value: number): number {
  return significant(clamp(value, 0, 1));
}
