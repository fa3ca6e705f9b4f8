/**
 * The model registry: which versions there are and which is active. Its state is the `model_update` events; a trained
 * model's weights are stored as a file named by their hash before the event that names them.
 */
import type { EventInput } from '../contract/event.ts';
import type { LearningModel, ModelId, TrainingResult } from '../contract/model.ts';
import { MODEL_IDS } from '../contract/model.ts';
import type { Platform } from '../platform.ts';
import type { Example } from './examples.ts';
import { type Trainer, trainableModels } from './models.ts';
import { type Artifact, HOLD_OUT, type NotEnough, type Trained } from './trainable.ts';

/** Keeps model files by the SHA-256 of their text. */
export interface Artifacts {
  put(hash: string, text: string): Promise<void>;
  get(hash: string): Promise<string | undefined>;
}

export interface RegistryOptions {
  platform: Pick<Platform, 'sha256' | 'now' | 'monotonic'>;
  artifacts: Artifacts;
  trainer: Trainer;
  record: (event: EventInput<'model_update'>) => Promise<void>;
}

const SEED = 20_260_101;

export class ModelRegistry {
  readonly #options: RegistryOptions;
  /** Newest state of every version, by model. */
  readonly #versions = new Map<ModelId, LearningModel[]>(MODEL_IDS.map((id) => [id, []]));
  #training: Promise<unknown> = Promise.resolve();

  /** @param updates the recorded `model_update` data, oldest first */
  constructor(options: RegistryOptions, updates: readonly Record<string, unknown>[]) {
    this.#options = options;
    for (const { model } of updates) if (model) this.#remember(model as LearningModel);
  }

  /** The four models: of each the active version, else the newest, else one that was never trained. */
  list(examples: () => readonly Example[]): LearningModel[] {
    return MODEL_IDS.map((id) => {
      const versions = this.#versions.get(id) ?? [];
      return this.active(id) ?? versions.at(-1) ?? untrained(id, examples());
    });
  }

  active(id: ModelId): LearningModel | undefined {
    return this.#versions.get(id)?.findLast(({ status }) => status === 'active');
  }

  /** The stored weights of a model's active version. */
  async load(id: ModelId): Promise<{ version: string; artifact: Artifact } | undefined> {
    const model = this.active(id);
    if (!model?.artifact) return undefined;
    const text = await this.#options.artifacts.get(model.artifact);
    return text === undefined
      ? undefined
      : { version: model.version, artifact: JSON.parse(text) as Artifact };
  }

  /** Trains one after another; a failure of one leaves it and the others as they are. */
  train(ids: readonly ModelId[], examples: Example[]): Promise<TrainingResult[]> {
    const turn = this.#training.then(async () => {
      const results: TrainingResult[] = [];
      for (const id of ids) results.push(await this.#trainOne(id, examples));
      return results;
    });
    this.#training = turn.catch(() => undefined);
    return turn;
  }

  async #trainOne(id: ModelId, examples: Example[]): Promise<TrainingResult> {
    const { platform, trainer } = this.#options;
    const lacking = trainableModels[id].shortage(examples);
    if (lacking) {
      const model = this.active(id) ?? untrained(id, examples);
      return { modelId: id, trained: false, activated: false, message: said(lacking), durationMs: 0, model };
    }
    const started = platform.monotonic();
    const trained = await trainer({ modelId: id, examples, seed: SEED });
    const durationMs = Math.round(platform.monotonic() - started);
    const model = await this.#store(id, trained, examples);
    const activated = model.status === 'active';
    const { name, value, baseline, unit = '' } = trained.headline;
    const figure = `${name} ${value}${unit}, baseline ${baseline}${unit}`;
    const message = activated
      ? `Version ${model.version} is active: ${figure}.`
      : `Version ${model.version} does not beat its baseline (${figure}), so it is not used.`;
    return { modelId: id, trained: true, activated, message, durationMs, model };
  }

  async #store(id: ModelId, trained: Trained, examples: Example[]): Promise<LearningModel> {
    const { platform, artifacts } = this.#options;
    const text = JSON.stringify(trained.artifact);
    const hash = platform.sha256(text);
    await artifacts.put(hash, text);
    const before = this.active(id);
    const version = String(
      1 + Math.max(0, ...(this.#versions.get(id) ?? []).map((model) => Number(model.version))),
    );
    const model = describe(id, version, trained, examples, hash, platform);
    if (before && trained.beatsBaseline)
      await this.#announce({ ...before, status: 'inactive' }, `replaced by ${version}`);
    await this.#announce(model, trained.beatsBaseline ? 'beats its baseline' : 'does not beat its baseline');
    return model;
  }

  async #announce(model: LearningModel, reason: string): Promise<void> {
    const { id, version, status, name, type, artifact } = model;
    await this.#options.record({
      type: 'model_update',
      source: 'engine:telemetry-engine',
      data: {
        modelId: id,
        version,
        status,
        name,
        modelType: type,
        reason,
        ...(artifact ? { artifact } : {}),
        model,
      },
    });
    this.#remember(model);
  }

  #remember(model: LearningModel): void {
    const versions = this.#versions.get(model.id);
    if (!versions) return;
    const at = versions.findIndex(({ version }) => version === model.version);
    if (at === -1) versions.push(model);
    else versions[at] = model;
  }
}

function untrained(id: ModelId, examples: readonly Example[]): LearningModel {
  const { name, type, features, needed, algorithm, shortage } = trainableModels[id];
  const lacking = shortage(examples);
  return {
    id,
    name,
    type,
    version: '0',
    status: 'inactive',
    features,
    hyperparameters: {},
    trainingData: { events: examples.length, examples: examples.length, needed },
    algorithm,
    message: lacking ? said(lacking) : 'not trained yet: run aibos train, or press Train on the models page',
  };
}

function describe(
  id: ModelId,
  version: string,
  trained: Trained,
  examples: Example[],
  artifact: string,
  platform: Pick<Platform, 'sha256' | 'now'>,
): LearningModel {
  const { name, type, features, needed, algorithm, baseline } = trainableModels[id];
  const times = examples.map(({ at }) => at);
  const iso = (ms: number) => new Date(ms).toISOString();
  const from = iso(Math.min(...times));
  const to = iso(Math.max(...times));
  const { beatsBaseline, metrics, headline } = trained;
  return {
    id,
    name,
    type,
    version,
    status: beatsBaseline ? 'active' : 'inactive',
    features,
    hyperparameters: trained.hyperparameters,
    algorithm,
    artifact,
    trainingData: {
      events: examples.length,
      examples: trained.trained + trained.tested,
      needed,
      positives: examples.filter(({ failed }) => failed).length,
      fingerprint: platform.sha256(JSON.stringify(examples)),
      from,
      to,
    },
    performance: {
      metrics,
      headline,
      baseline,
      beatsBaseline,
      holdOut: { trained: trained.trained, tested: trained.tested, method: HOLD_OUT },
    },
    lastTrained: iso(platform.now()),
    ...(beatsBaseline ? {} : { message: 'does not beat its baseline, so it is not used' }),
  };
}

function said({ have, need, of }: NotEnough): string {
  return `not enough data: ${have} of ${need} ${of}`;
}
