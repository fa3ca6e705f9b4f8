/** What a person says of a prediction, as the API takes it, and what is said back. Pure. */
import type { FeedbackEffect, FeedbackInput, LearningFeedback } from '../../../core/contract/feedback.ts';
import type { ModelId } from '../../../core/contract/model.ts';
import type { PredictionRecord } from '../../../core/contract/prediction.ts';
import { duration, percent } from '../../../core/report/format.ts';
import { t } from '../../text.ts';

export type Corrected = 'failure' | 'duration' | 'locks' | 'reasons';

export interface Answer {
  right?: boolean;
  outcome?: 'succeeded' | 'failed' | 'rolled_back' | 'skipped';
  durationMs?: number;
  /** Which parts of the prediction were wrong. */
  corrected?: Corrected;
  rating?: number;
  text?: string;
}

/** A time as people write it: `300ms`, `12 s`, `1.5 min`, `2h`; a bare number is seconds. Undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const match =
    /^\s*(\d+(?:[.,]\d+)?)\s*(ms|milliseconds?|s|sec|seconds?|m|min|minutes?|h|hours?)?\s*$/i.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]?.replace(',', '.'));
  const unit = match[2]?.toLowerCase() ?? 's';
  if (unit.startsWith('ms') || unit.startsWith('milli')) return value;
  if (unit.startsWith('h')) return value * 3_600_000;
  return value * (unit.startsWith('m') ? 60_000 : 1_000);
}

export function feedbackOf(prediction: PredictionRecord, answer: Answer): FeedbackInput {
  const { right, outcome, durationMs, corrected, rating, text } = answer;
  const happened = outcome ?? (right === undefined ? 'unknown' : right ? 'right' : 'wrong');
  const said = predictedOf(prediction);
  return {
    eventId: prediction.id,
    actualOutcome: durationMs === undefined ? happened : { ...(outcome ? { outcome } : {}), durationMs },
    ...(said === undefined ? {} : { predictedOutcome: said }),
    ...(right === undefined ? {} : { accuracy: right ? 1 : 0 }),
    ...(rating === undefined ? {} : { userRating: rating }),
    ...(text ? { feedback: text } : {}),
    ...(corrected ? { corrections: [correction(prediction, corrected, answer)] } : {}),
  };
}

function predictedOf({ failureProbability, durationMs }: PredictionRecord) {
  if (failureProbability === undefined && durationMs === undefined) return undefined;
  return {
    ...(failureProbability === undefined ? {} : { failureProbability }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

function correction(prediction: PredictionRecord, field: Corrected, { outcome, durationMs, text }: Answer) {
  if (field === 'failure')
    return {
      field: 'failureProbability',
      predicted: prediction.failureProbability,
      corrected: outcome === 'failed' ? 1 : 0,
    };
  if (field === 'duration')
    return {
      field: 'durationMs',
      predicted: prediction.durationMs,
      corrected: durationMs ?? text ?? 'other',
    };
  return { field, corrected: text ?? 'other' };
}

/** Version of a model that was never trained. */
const NEVER_TRAINED = '0';
/** Versions of predictions by rules and measurements, which nobody trained here. */
const UNTRAINED = 'check-';
/** Predictions of one saved version are made within this time. */
const ONE_VERSION_MS = 5_000;

/** Of each file those of its newest version: what was predicted of an earlier text, nobody can run any more. */
export function newestOfFiles(predictions: readonly PredictionRecord[]): PredictionRecord[] {
  const place = ({ workspace, file, id }: PredictionRecord) =>
    file === undefined ? id : `${workspace} ${file}`;
  const newest = new Map<string, number>();
  for (const prediction of predictions)
    newest.set(place(prediction), Math.max(Date.parse(prediction.at), newest.get(place(prediction)) ?? 0));
  return predictions.filter(
    (prediction) => Date.parse(prediction.at) > (newest.get(place(prediction)) ?? 0) - ONE_VERSION_MS,
  );
}

/** `31 % may fail · about 12 s (4 s to 40 s)`. */
export function predictionText({ failureProbability, durationMs, state, reasons }: PredictionRecord): string {
  if (state === 'abstained')
    return t('no prediction yet: {0}', reasons.at(-1) ?? t('unlike anything seen so far'));
  const parts = [
    ...(failureProbability === undefined ? [] : [t('{0} may fail', percent(failureProbability))]),
    ...(durationMs === undefined
      ? []
      : [
          t(
            'about {0} ({1} to {2})',
            duration(durationMs.p50),
            duration(durationMs.p10),
            duration(durationMs.p90),
          ),
        ]),
  ];
  return parts.join(' · ');
}

/** What the view's hover tells of a prediction. */
export function predictionLines(prediction: PredictionRecord): string[] {
  const { reasons, basis, modelId, modelVersion } = prediction;
  return [
    predictionText(prediction),
    ...reasons,
    ...(basis.length > 0 ? [t('Based on: {0}', basis.join(', '))] : []),
    modelVersion.startsWith(UNTRAINED)
      ? t('By the shipped measurements and what happened here')
      : t('{0}, version {1}', modelName(modelId), modelVersion),
  ];
}

/** What the answer changed: the model, how often it was right before and now, when it trains next, what it says from now on. */
export function effectText({ effect }: LearningFeedback): string {
  if (!effect) return t('Thank you; the models learn from it on their next training.');
  const { modelId, moved, accuracyBefore, accuracyAfter, nextPrediction } = effect;
  return [
    moved ?? accuracyText(modelName(modelId), accuracyBefore, accuracyAfter),
    trainingText(effect),
    ...(nextPrediction ? [nextPrediction] : []),
  ].join(' ');
}

function trainingText({ modelVersion, newLabels, neededLabels }: FeedbackEffect): string {
  if (newLabels >= neededLabels) return t('It trains again soon.');
  return modelVersion === NEVER_TRAINED || modelVersion.startsWith(UNTRAINED)
    ? t('{0} of {1} answers until it trains.', newLabels, neededLabels)
    : t('Version {0} until it trains again: {1} of {2} new answers.', modelVersion, newLabels, neededLabels);
}

function accuracyText(model: string, before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined)
    return after === undefined
      ? t('{0} has learned of it.', model)
      : t('{0}: {1} right so far, with your answer.', model, percent(after));
  const [was, is] = [percent(before), percent(after)];
  return was === is
    ? t('{0}: {1} right, as before your answer.', model, is)
    : t('{0}: {1} right before your answer, {2} now.', model, was, is);
}

/** A model as people call it, in their language. */
export function modelName(id: ModelId): string {
  const names: Record<ModelId, string> = {
    'performance-prediction': t('Performance prediction'),
    'anomaly-detection': t('Anomaly detection'),
    'usage-pattern': t('Usage pattern'),
    'error-prediction': t('Error prediction'),
  };
  return names[id];
}

/** Why a run that went otherwise than predicted did so, to be asked once. */
export function surpriseText({ subject, failureProbability, durationMs, outcome }: PredictionRecord): string {
  const failed = outcome?.outcome === 'failed';
  if (failureProbability !== undefined && failed !== failureProbability >= 0.5)
    return failed
      ? t(
          '{0} failed; a risk of {1} was predicted. What was the reason?',
          subject,
          percent(failureProbability),
        )
      : t(
          '{0} went well; {1} was predicted to fail. What was the reason?',
          subject,
          percent(failureProbability),
        );
  const took = outcome?.durationMs;
  if (took !== undefined && durationMs)
    return t(
      '{0} took {1}; {2} was predicted. What was the reason?',
      subject,
      duration(took),
      duration(durationMs.p50),
    );
  return t('{0} went otherwise than predicted. What was the reason?', subject);
}
