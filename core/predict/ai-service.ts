/**
 * The AI service: says before a migration runs how likely it is to fail and how long it will take, and afterwards how
 * right it was. Uses the trained models where there are any, else the running figures of what it has seen; abstains
 * where it has seen too little.
 */
import type { EventData } from '../contract/event.ts';
import type { ModelId } from '../contract/model.ts';
import { durationAccuracy, failureAccuracy } from '../learn/accuracy.ts';
import { predictFailure } from '../learn/error-model.ts';
import type { Example, MigrationFacts } from '../learn/examples.ts';
import { dominantGroup, FeatureHistory, type Group } from '../learn/features.ts';
import { predictDuration } from '../learn/performance-model.ts';
import type { Artifact } from '../learn/trainable.ts';
import { quantile, significant } from '../numbers.ts';
import type { Instrument } from '../trace/instrument.ts';

export interface LoadedModel {
  version: string;
  artifact: Artifact;
}
export type LoadedModels = Partial<Record<ModelId, LoadedModel>>;

type PredictionData = EventData<'ai_prediction'>;
export interface MigrationPrediction {
  failure: PredictionData;
  duration: PredictionData;
}

/** Runs it must have seen before it speaks without a trained model. */
const ENOUGH = 5;
/** Weight of the prior failure rate, in runs. */
const PRIOR_WEIGHT = 5;
const PRIOR_RATE = 0.03;

export class AIService {
  readonly #instrument: Instrument;
  readonly #history = new FeatureHistory();
  readonly #durations = new Map<Group, number[]>();
  readonly #failureModel: { version: string; run: ReturnType<typeof predictFailure> } | undefined;
  readonly #durationModel: { version: string; run: ReturnType<typeof predictDuration> } | undefined;
  #runs = 0;
  #failures = 0;

  constructor(instrument: Instrument, models: LoadedModels = {}) {
    this.#instrument = instrument;
    const failure = models['error-prediction'];
    const duration = models['performance-prediction'];
    if (failure) this.#failureModel = { version: failure.version, run: predictFailure(failure.artifact) };
    if (duration)
      this.#durationModel = { version: duration.version, run: predictDuration(duration.artifact) };
  }

  predict(facts: MigrationFacts): MigrationPrediction {
    return this.#instrument.measure('predict', () => {
      const features = this.#history.row(facts);
      return { failure: this.#failure(facts, features), duration: this.#duration(facts, features) };
    });
  }

  /** Learns from what happened. Feed migrations in order of time. */
  observe(facts: MigrationFacts, { failed, durationMs }: Pick<Example, 'failed' | 'durationMs'>): void {
    this.#history.observe(facts, failed);
    if (failed === undefined) return;
    this.#runs++;
    if (failed) this.#failures++;
    if (failed || durationMs === undefined) return;
    const group = dominantGroup(facts);
    const known = this.#durations.get(group) ?? [];
    known.push(durationMs);
    if (known.length > 500) known.shift();
    this.#durations.set(group, known);
  }

  #failure(facts: MigrationFacts, features: number[]): PredictionData {
    const base = { modelId: 'error-prediction', subject: facts.name, subjectType: 'migration' };
    if (this.#failureModel) {
      const failureProbability = significant(this.#failureModel.run(features, facts));
      const modelVersion = this.#failureModel.version;
      return {
        ...base,
        modelVersion,
        failureProbability,
        confidence: this.#confidence(),
        basis: ['outcomes'],
      };
    }
    const failureProbability = significant(
      (this.#failures + PRIOR_RATE * PRIOR_WEIGHT) / (this.#runs + PRIOR_WEIGHT),
    );
    const reason = `${this.#failures} of ${this.#runs} earlier migrations here failed`;
    return {
      ...base,
      modelVersion: '0',
      failureProbability,
      confidence: this.#confidence(),
      basis: ['outcomes'],
      reasons: [reason],
      ...(this.#runs < ENOUGH ? { abstained: true } : {}),
    };
  }

  #duration(facts: MigrationFacts, features: number[]): PredictionData {
    const base = { modelId: 'performance-prediction', subject: facts.name, subjectType: 'migration' };
    if (this.#durationModel) {
      const { p10, p50, p90 } = this.#durationModel.run(features, facts);
      const durationMs = { p10: significant(p10), p50: significant(p50), p90: significant(p90) };
      const modelVersion = this.#durationModel.version;
      return { ...base, modelVersion, durationMs, confidence: this.#confidence(), basis: ['outcomes'] };
    }
    const group = dominantGroup(facts);
    const known = this.#durations.get(group) ?? [];
    const reason = `${known.length} earlier migrations that mostly do “${group}”`;
    const abstain = known.length < ENOUGH;
    const at = (p: number) => significant(quantile(known, p));
    return {
      ...base,
      modelVersion: '0',
      confidence: known.length / (known.length + ENOUGH),
      basis: ['outcomes'],
      reasons: [reason],
      ...(abstain ? { abstained: true } : { durationMs: { p10: at(0.1), p50: at(0.5), p90: at(0.9) } }),
    };
  }

  /** Grows with what was seen: a half after {@link ENOUGH} runs. */
  #confidence(): number {
    return significant(this.#runs / (this.#runs + ENOUGH));
  }
}

/** The `ai_accuracy` data of a prediction once its outcome is known; undefined where it abstained or nothing compares. */
export function accuracyData(
  predictionId: string,
  prediction: PredictionData,
  actual: { failed: boolean; durationMs: number | undefined },
): EventData<'ai_accuracy'> | undefined {
  if (prediction.abstained) return undefined;
  const base = {
    predictionId,
    modelId: prediction.modelId,
    subject: prediction.subject,
    ...(prediction.modelVersion ? { modelVersion: prediction.modelVersion } : {}),
  };
  if (prediction.failureProbability !== undefined) {
    return {
      ...base,
      accuracy: significant(failureAccuracy(prediction.failureProbability, actual.failed)),
      predicted: prediction.failureProbability,
      actual: actual.failed ? 1 : 0,
    };
  }
  if (prediction.durationMs && actual.durationMs !== undefined && !actual.failed) {
    return {
      ...base,
      accuracy: significant(durationAccuracy(prediction.durationMs.p50, actual.durationMs)),
      predicted: prediction.durationMs.p50,
      actual: significant(actual.durationMs),
    };
  }
  return undefined;
}
