/** Realised accuracy: how right the predictions of a model turned out to be, by version, newest outcomes first. */
import type { ModelId, RealisedAccuracy } from '../contract/model.ts';
import { mean, significant } from '../numbers.ts';
import { eventsOfType } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';

const RECENT = 50;

export function realisedAccuracy(reader: EventReader, id: ModelId): RealisedAccuracy {
  const predictions = eventsOfType(reader, 'ai_prediction', { operation: id });
  const outcomes = eventsOfType(reader, 'ai_accuracy', { operation: id });
  const byVersion = new Map<string, number[]>();
  for (const { data } of outcomes) {
    const version = data.modelVersion ?? 'unknown';
    byVersion.set(version, [...(byVersion.get(version) ?? []), data.accuracy]);
  }
  const average = (values: number[]) => significant(mean(values));
  return {
    predictions: predictions.length,
    resolved: outcomes.length,
    abstained: predictions.filter(({ data }) => data.abstained).length,
    ...(outcomes.length > 0 ? { accuracy: average(outcomes.map(({ data }) => data.accuracy)) } : {}),
    byVersion: [...byVersion].map(([version, values]) => ({
      version,
      resolved: values.length,
      accuracy: average(values),
    })),
    recent: outcomes
      .slice(-RECENT)
      .reverse()
      .map(({ timestamp, data }) => ({
        at: timestamp,
        subject: data.subject ?? '',
        version: data.modelVersion ?? 'unknown',
        predicted: data.predicted ?? null,
        actual: data.actual ?? null,
        accuracy: data.accuracy,
      })),
  };
}
