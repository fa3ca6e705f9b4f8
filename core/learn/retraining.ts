/** When a model is trained again: enough new labels, drift of a feature or of the error, the schedule. */
import type { Settings } from '../contract/governance.ts';
import type { LearningModel, ModelId } from '../contract/model.ts';
import type { RetrainOutlook } from '../contract/training.ts';
import { durationError, squaredError } from './accuracy.ts';
import { driftOf, errorDrift, FEWEST_RECENT } from './drift.ts';
import type { Example } from './examples.ts';
import { featureTable } from './feature-table.ts';
import type { Ledger } from './ledger.ts';
import type { Version } from './registry.ts';
import { shares } from './usage-model.ts';

export type Trigger = 'labels' | 'drift' | 'schedule';

const DAY_MS = 86_400_000;

export interface OutlookInput {
  id: ModelId;
  /** The active version, else the newest; undefined where it was never trained. */
  version: Version | undefined;
  newLabels: number;
  settings: Settings['retrain'];
  ledger: Ledger;
  /** All examples, in order of time; drift is told from the latest `newLabels` of them. */
  examples: () => readonly Example[];
  /** Of the newest version, active or not. */
  lastTrained: string | undefined;
}

export function outlookOf(input: OutlookInput): RetrainOutlook {
  const { id, version, newLabels, settings, lastTrained } = input;
  const { auto, everyDays, everyLabels } = settings;
  const enough = version !== undefined && newLabels >= FEWEST_RECENT;
  const next =
    auto && everyDays > 0 && lastTrained !== undefined
      ? Date.parse(lastTrained) + everyDays * DAY_MS
      : undefined;
  const drifted = recentErrors(input);
  return {
    newLabels,
    neededLabels: everyLabels,
    drift: enough ? featureDrift(id, version, input.examples(), newLabels) : [],
    ...(drifted === undefined ? {} : { errorDrift: drifted }),
    ...(next === undefined ? {} : { nextScheduled: new Date(next).toISOString() }),
  };
}

/** What is due first; undefined where nothing is. A model that was never trained waits for labels only. */
export function triggerOf(
  newest: LearningModel | undefined,
  newLabels: number,
  { everyLabels, everyDays, onDrift }: Settings['retrain'],
  now: number,
  outlook: () => RetrainOutlook,
): Trigger | undefined {
  if (newLabels >= everyLabels) return 'labels';
  if (newLabels === 0 || !newest?.lastTrained) return undefined;
  if (everyDays > 0 && now - Date.parse(newest.lastTrained) >= everyDays * DAY_MS) return 'schedule';
  if (!onDrift || newLabels < FEWEST_RECENT) return undefined;
  const { drift, errorDrift: worse } = outlook();
  return worse || drift.some(({ state }) => state === 'drifted') ? 'drift' : undefined;
}

function featureDrift(id: ModelId, { reference }: Version, examples: readonly Example[], recent: number) {
  const latest = examples.slice(-recent);
  if (id === 'usage-pattern') {
    const rows = latest.map(shares);
    return reference.map((known, i) =>
      driftOf(
        known,
        rows.map((row) => row[i] ?? Number.NaN),
      ),
    );
  }
  const { features, rows } = featureTable(examples);
  return reference.map((known) => {
    const column = features.findIndex(({ name }) => name === known.feature);
    return driftOf(
      known,
      rows.slice(-recent).map((row) => row[column] ?? Number.NaN),
    );
  });
}

/** Whether predictions of this version have done worse than it did on the hold-out; undefined while too few came true. */
function recentErrors({ id, version, ledger }: OutlookInput): boolean | undefined {
  const metric = id === 'error-prediction' ? 'Brier score' : 'mean absolute log10 error';
  const onHoldOut = version?.model.performance?.metrics.find(({ name }) => name === metric)?.value;
  if (onHoldOut === undefined || !version) return undefined;
  const losses = [...ledger.entries.values()].flatMap((entry) => {
    if (entry.modelId !== id || entry.modelVersion !== version.model.version || entry.abstained) return [];
    const { failed, durationMs } = ledger.truth(entry);
    if (id === 'error-prediction')
      return failed === undefined || entry.failureProbability === undefined
        ? []
        : [squaredError(entry.failureProbability, failed)];
    return !entry.duration || durationMs === undefined || failed
      ? []
      : [durationError(entry.duration[1], durationMs)];
  });
  return losses.length < FEWEST_RECENT ? undefined : errorDrift(losses, onHoldOut);
}
