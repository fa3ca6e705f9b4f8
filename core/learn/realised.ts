/** Realised accuracy: how right the predictions of a model turned out to be, by version, newest outcomes first. */
import { isType } from '../contract/event.ts';
import type { ModelId, RealisedAccuracy } from '../contract/model.ts';
import { mean, significant } from '../numbers.ts';
import { inTurns, type Steps, sorted } from '../steps.ts';
import { countEvents } from '../store/aggregates.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';

const RECENT = 50;

/** Predictions are counted over all events, outcomes over those that the ledger keeps; only the newest outcomes are read. */
export function* realisedAccuracy(reader: EventReader, ledger: Ledger, id: ModelId): Steps<RealisedAccuracy> {
  const judged: { entry: Entry; accuracy: number }[] = [];
  yield* inTurns([...ledger.entries.values()], (entry) => {
    const accuracy = entry.modelId === id && entry.judged ? ledger.accuracy(entry) : undefined;
    if (accuracy !== undefined) judged.push({ entry, accuracy });
  });
  const newest = yield* sorted(judged, (a, b) => sequenceOf(b.entry) - sequenceOf(a.entry));
  const byVersion = new Map<string, number[]>();
  for (const { entry, accuracy } of judged) {
    const known = byVersion.get(entry.modelVersion);
    if (known) known.push(accuracy);
    else byVersion.set(entry.modelVersion, [accuracy]);
  }
  const average = (values: number[]) => significant(mean(values));
  const about = { operation: id } as const;
  const predictions = { ...about, type: ['ai_prediction' as const] };
  return {
    predictions: countEvents(reader, predictions),
    resolved: judged.length,
    abstained: countEvents(reader, { ...predictions, status: ['unknown'] }),
    ...(judged.length > 0 ? { accuracy: average(judged.map(({ accuracy }) => accuracy)) } : {}),
    byVersion: [...byVersion].map(([version, values]) => ({
      version,
      resolved: values.length,
      accuracy: average(values),
    })),
    recent: newest.slice(0, RECENT).map(({ entry, accuracy }) => outcomeOf(reader, entry, accuracy)),
  };
}

function sequenceOf({ judged }: Entry): number {
  return judged?.sequence ?? 0;
}

function outcomeOf(reader: EventReader, entry: Entry, accuracy: number): RealisedAccuracy['recent'][number] {
  const [event] = reader.after(sequenceOf(entry) - 1, 1);
  const { predicted = null, actual = null } = event && isType(event, 'ai_accuracy') ? event.data : {};
  return {
    at: new Date(entry.judged?.at ?? entry.at).toISOString(),
    subject: entry.subject,
    version: entry.modelVersion,
    predicted,
    actual,
    accuracy,
  };
}
