/**
 * The AI service: says before a migration runs how likely it is to fail and how long it will take, and afterwards how
 * right it was. Uses the trained models where there are any, else what the check says of the statements, corrected by
 * what it has seen; abstains where it has seen too little.
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
import { RunningCalibration } from './running-calibration.ts';

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

/** What the check says of a migration before it runs. */
export interface Forecast {
  /** Of its worst statement. */
  failureProbability: number;
  /** Sentences about that statement. */
  reasons: readonly string[];
  /** Milliseconds, over all statements, on the machine of the shipped prior. */
  durationMs: { p10: number; p50: number; p90: number };
}

/** Runs it must have seen before it speaks without a trained model. */
const ENOUGH = 5;
/** Chance of failure where nothing speaks for or against it. */
const PRIOR_RATE = 0.03;
/** From here on a failure is expected; what came of such forecasts is counted apart. */
const LIKELY = 0.5;
const NEWEST_RATIOS = 500;

export class AIService {
  readonly #instrument: Instrument;
  readonly #history = new FeatureHistory();
  readonly #durations = new Map<Group, number[]>();
  readonly #failureModel: { version: string; run: ReturnType<typeof predictFailure> } | undefined;
  readonly #durationModel: { version: string; run: ReturnType<typeof predictDuration> } | undefined;
  /** log₁₀ of actual over forecast, of runs that succeeded. */
  readonly #ratios: number[] = [];
  readonly #calibration = new RunningCalibration(PRIOR_RATE);
  readonly #seen = { likely: { count: 0, failed: 0 }, unlikely: { count: 0, failed: 0 } };

  constructor(instrument: Instrument, models: LoadedModels = {}) {
    this.#instrument = instrument;
    const failure = models['error-prediction'];
    const duration = models['performance-prediction'];
    if (failure) this.#failureModel = { version: failure.version, run: predictFailure(failure.artifact) };
    if (duration)
      this.#durationModel = { version: duration.version, run: predictDuration(duration.artifact) };
  }

  predict(facts: MigrationFacts, forecast?: Forecast): MigrationPrediction {
    return this.#instrument.measure('predict', () => {
      const features = this.#history.row(facts);
      return {
        failure: this.#failure(facts, features, forecast),
        duration: this.#duration(facts, features, forecast),
      };
    });
  }

  /** Learns from what happened. Feed migrations in order of time, each with what was forecast of it where that is known. */
  observe(
    facts: MigrationFacts,
    { failed, durationMs }: Pick<Example, 'failed' | 'durationMs'>,
    forecast?: Forecast,
  ): void {
    this.#history.observe(facts, failed);
    if (failed === undefined) return;
    this.#calibration.observe(chanceOf(forecast), failed);
    const seen = this.#seen[leaning(forecast)];
    seen.count++;
    if (failed) seen.failed++;
    if (failed || durationMs === undefined) return;
    if (forecast && forecast.durationMs.p50 > 0 && durationMs > 0) {
      this.#ratios.push(Math.log10(durationMs / forecast.durationMs.p50));
      if (this.#ratios.length > NEWEST_RATIOS) this.#ratios.shift();
    }
    const group = dominantGroup(facts);
    const known = this.#durations.get(group) ?? [];
    known.push(durationMs);
    if (known.length > 500) known.shift();
    this.#durations.set(group, known);
  }

  #failure(facts: MigrationFacts, features: number[], forecast: Forecast | undefined): PredictionData {
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
    const { count, failed } = this.#seen[leaning(forecast)];
    const said = leaning(forecast) === 'likely' ? 'were expected to fail, and did' : 'failed unexpectedly';
    const reason = `${failed} of ${count} earlier migrations here ${said}`;
    return {
      ...base,
      modelVersion: '0',
      failureProbability: significant(this.#calibration.probability(chanceOf(forecast))),
      confidence: this.#confidence(),
      basis: forecast ? ['rules', 'outcomes'] : ['outcomes'],
      reasons: [...(forecast?.reasons ?? []), reason],
      ...(this.#runs < ENOUGH ? { abstained: true } : {}),
    };
  }

  #duration(facts: MigrationFacts, features: number[], forecast: Forecast | undefined): PredictionData {
    const base = { modelId: 'performance-prediction', subject: facts.name, subjectType: 'migration' };
    if (this.#durationModel) {
      const { p10, p50, p90 } = this.#durationModel.run(features, facts);
      const durationMs = { p10: significant(p10), p50: significant(p50), p90: significant(p90) };
      const modelVersion = this.#durationModel.version;
      return { ...base, modelVersion, durationMs, confidence: this.#confidence(), basis: ['outcomes'] };
    }
    const group = dominantGroup(facts);
    const known = this.#durations.get(group) ?? [];
    if (known.length < ENOUGH && forecast && this.#ratios.length >= ENOUGH)
      return { ...base, ...this.#scaled(forecast) };
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

  /** The forecast times how much longer or shorter earlier ones took. */
  #scaled({ durationMs: { p50 } }: Forecast) {
    const at = (p: number) => significant(p50 * 10 ** quantile(this.#ratios, p));
    return {
      modelVersion: '0',
      confidence: this.#confidence(),
      basis: ['prior' as const, 'outcomes' as const],
      reasons: [`the work of its statements, at the speed of ${this.#ratios.length} earlier migrations here`],
      durationMs: { p10: at(0.1), p50: at(0.5), p90: at(0.9) },
    };
  }

  get #runs(): number {
    return this.#seen.likely.count + this.#seen.unlikely.count;
  }

  /** Grows with what was seen: a half after {@link ENOUGH} runs. */
  #confidence(): number {
    return significant(this.#runs / (this.#runs + ENOUGH));
  }
}

function leaning(forecast: Forecast | undefined): 'likely' | 'unlikely' {
  return forecast && forecast.failureProbability >= LIKELY ? 'likely' : 'unlikely';
}

function chanceOf(forecast: Forecast | undefined): number {
  return forecast?.failureProbability ?? PRIOR_RATE;
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
