/** The `ai_accuracy` event that joins a prediction with its outcome. Its id is derived, so that it is recorded once. */
import type { EventData, EventInput } from '../contract/event.ts';
import { derivedUuid } from '../events/ids.ts';
import { mean, significant } from '../numbers.ts';
import type { Platform } from '../platform.ts';
import { durationAccuracy, failureAccuracy } from './accuracy.ts';
import type { Entry } from './ledger-entry.ts';
import type { Truth } from './truth.ts';

const SOURCE = 'engine:telemetry-engine';
/** Off by more than half: the model leant to the wrong side, or a duration was more than twice or less than half. */
const SURPRISING = 0.5;

/** Undefined where the prediction abstained, has no run, or says nothing that the run can be compared with. */
export function accuracyEvent(
  entry: Entry,
  platform: Pick<Platform, 'sha256'>,
): EventInput<'ai_accuracy'> | undefined {
  const { run, modelId, modelVersion, subject } = entry;
  if (!run || entry.abstained) return undefined;
  const failed = run.outcome === 'failed';
  const accuracy = accuracyAgainst(entry, {
    failed,
    ...(run.durationMs === undefined ? {} : { durationMs: run.durationMs }),
  });
  if (accuracy === undefined) return undefined;
  const data: EventData<'ai_accuracy'> = {
    predictionId: entry.id,
    modelId,
    modelVersion,
    subject,
    accuracy,
    ...comparison(entry, failed, run.durationMs),
    outcome: run.outcome,
    ...(run.durationMs === undefined ? {} : { durationMs: run.durationMs }),
    ...(run.eventId === undefined ? {} : { outcomeEventId: run.eventId }),
    ...(run.environment === undefined ? {} : { environment: run.environment }),
  };
  return {
    id: derivedUuid(run.at, platform.sha256(`accuracy\n${entry.id}`)),
    type: 'ai_accuracy',
    source: SOURCE,
    data,
    metadata: entry.workspace === undefined ? {} : { workspace: entry.workspace },
  };
}

/** How right a prediction was, 0 to 1; a duration is compared where it did not fail. Undefined where nothing compares. */
export function accuracyAgainst(
  { failureProbability, duration, abstained }: Entry,
  { failed, durationMs }: Truth,
): number | undefined {
  if (abstained) return undefined;
  const parts: number[] = [];
  if (failureProbability !== undefined && failed !== undefined)
    parts.push(failureAccuracy(failureProbability, failed));
  if (duration && durationMs !== undefined && failed !== true)
    parts.push(durationAccuracy(duration[1], durationMs));
  return parts.length === 0 ? undefined : significant(mean(parts));
}

export function isSurprising(accuracy: number | undefined): boolean {
  return accuracy !== undefined && accuracy < SURPRISING;
}

/** Predicted and actual as plain figures where one of them was predicted, else by name. */
function comparison(
  { failureProbability, duration }: Entry,
  failed: boolean,
  durationMs: number | undefined,
) {
  if (!duration) return { predicted: failureProbability, actual: Number(failed) };
  if (failureProbability === undefined) return { predicted: duration[1], actual: durationMs };
  return {
    predicted: { failureProbability, durationMs: duration[1] },
    actual: { outcome: failed ? 'failed' : 'succeeded', ...(durationMs === undefined ? {} : { durationMs }) },
  };
}
