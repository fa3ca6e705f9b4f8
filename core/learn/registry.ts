/**
 * The model registry: which versions there are, how each came about, and which is active. Its state is the `model_update`
 * events; a trained model’s weights are stored as a file named by their hash before the event that names them.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { EventInput, TelemetryEvent } from '../contract/event.ts';
import { type LearningModel, MODEL_IDS, type ModelId } from '../contract/model.ts';
import type { ModelVersion } from '../contract/training.ts';
import type { Reference } from './drift.ts';
import type { Example } from './examples.ts';
import { trainableModels } from './models.ts';
import type { Artifact, NotEnough } from './trainable.ts';

/** Keeps model files by the SHA-256 of their text. */
export interface Artifacts {
  put(hash: string, text: string): Promise<void>;
  get(hash: string): Promise<string | undefined>;
  /** Gone when it resolves; nothing happens where there is none. */
  remove(hash: string): Promise<void>;
}

export interface RegistryOptions {
  artifacts: Artifacts;
  /** Records all or nothing. */
  record: (events: EventInput<'model_update'>[]) => Promise<void>;
}

/** A version as it is kept. */
export interface Version extends Omit<ModelVersion, 'champion'> {
  /** What its features looked like in training. */
  reference: Reference[];
}

/** How a version came about; goes with the event that brings it. */
export type Origin = Pick<Version, 'seed' | 'contest' | 'candidates' | 'importance' | 'reference'>;

const SOURCE = 'engine:telemetry-engine';
/** Models of version 0.1 said nothing of their origin, and nothing reads them any more. */
const OUTDATED = 'made by an earlier version of the program: train again';

export class ModelRegistry {
  readonly #options: RegistryOptions;
  readonly #versions = new Map<ModelId, Map<string, Version>>(MODEL_IDS.map((id) => [id, new Map()]));
  /** Versions in the order in which they became active. */
  readonly #reigns = new Map<ModelId, string[]>(MODEL_IDS.map((id) => [id, []]));

  /** @param updates the recorded `model_update` events, oldest first */
  constructor(options: RegistryOptions, updates: readonly TelemetryEvent<'model_update'>[]) {
    this.#options = options;
    for (const update of updates) this.#take(update);
  }

  active(id: ModelId): Version | undefined {
    return this.#all(id).find(({ model }) => model.status === 'active');
  }

  newest(id: ModelId): Version | undefined {
    return this.#all(id).at(-1);
  }

  /** Newest first. */
  versions(id: ModelId): ModelVersion[] {
    return this.#all(id)
      .map(({ reference: _, ...version }) => ({ ...version, champion: version.model.status === 'active' }))
      .reverse();
  }

  /** Throws `not-found` where there is no such version. */
  version(id: ModelId, version: string): Version {
    const found = this.#versions.get(id)?.get(version);
    if (!found) throw new TelemetryError('not-found', `There is no version ${version} of ${id}.`);
    return found;
  }

  nextVersion(id: ModelId): string {
    return String(1 + Math.max(0, ...this.#all(id).map(({ model }) => Number(model.version))));
  }

  /** The stored weights of a model’s active version. */
  async load(id: ModelId): Promise<{ version: string; artifact: Artifact } | undefined> {
    const active = this.active(id);
    const artifact = active && (await this.artifact(active));
    return artifact && { version: active.model.version, artifact };
  }

  async artifact({ model }: Version): Promise<Artifact | undefined> {
    const text = model.artifact === undefined ? undefined : await this.#options.artifacts.get(model.artifact);
    return text === undefined ? undefined : (JSON.parse(text) as Artifact);
  }

  /** Keeps a trained version; an active one takes the place of the one before in the same step. */
  async add(model: LearningModel, origin: Origin, text: string, reason: string): Promise<void> {
    await this.#options.artifacts.put(model.artifact ?? '', text);
    const before = model.status === 'active' ? this.active(model.id) : undefined;
    await this.#options.record([
      ...(before
        ? [updateOf({ ...before.model, status: 'inactive' }, `replaced by version ${model.version}`)]
        : []),
      updateOf(model, reason, origin),
    ]);
  }

  /** Takes the active version out of use. */
  async depose(id: ModelId, reason: string): Promise<void> {
    const before = this.active(id);
    if (before)
      await this.#options.record([
        updateOf({ ...before.model, status: 'inactive', message: reason }, reason),
      ]);
  }

  /**
   * Removes the weights of every version: some of what they had learnt from was erased. The versions stay in the list,
   * deprecated. Files go first, so that none is left whatever happens in between.
   *
   * @returns the models that had any
   */
  async unlearn(reason: string): Promise<ModelId[]> {
    const versions = MODEL_IDS.flatMap((id) => this.#all(id).filter(({ model }) => model.artifact));
    for (const { model } of versions) await this.#options.artifacts.remove(model.artifact ?? '');
    const updates = versions.map(({ model }) => {
      const { artifact: _, ...rest } = model;
      return updateOf({ ...rest, status: 'deprecated', message: reason }, reason);
    });
    if (updates.length > 0) await this.#options.record(updates);
    return [...new Set(versions.map(({ model }) => model.id))];
  }

  /** Makes a version the active one, whatever the contest said. */
  async promote(id: ModelId, version: string, reason: string): Promise<ModelVersion> {
    const chosen = this.version(id, version);
    const before = this.active(id);
    if (!chosen.model.artifact)
      throw new TelemetryError(
        'conflict',
        `Version ${version} of ${id} has no weights any more: ${chosen.reason}.`,
      );
    if (before === chosen)
      throw new TelemetryError('conflict', `Version ${version} of ${id} is active already.`);
    await this.#replace(before, chosen, 'inactive', reason);
    return this.#given(id, version);
  }

  /** Back to the version that was active before; the one that is given up is deprecated. */
  async rollback(id: ModelId, reason: string): Promise<ModelVersion> {
    const before = this.active(id);
    const past = [...(this.#reigns.get(id) ?? [])].reverse();
    const back = past.find(
      (version) =>
        version !== before?.model.version && this.version(id, version).model.status !== 'deprecated',
    );
    if (back === undefined)
      throw new TelemetryError('conflict', `No other version of ${id} was active before.`);
    await this.#replace(before, this.version(id, back), 'deprecated', reason);
    return this.#given(id, back);
  }

  async #replace(
    before: Version | undefined,
    chosen: Version,
    status: 'inactive' | 'deprecated',
    reason: string,
  ): Promise<void> {
    const { message: _, ...model } = chosen.model;
    await this.#options.record([
      ...(before ? [updateOf({ ...before.model, status }, reason)] : []),
      updateOf({ ...model, status: 'active' }, reason),
    ]);
  }

  #given(id: ModelId, version: string): ModelVersion {
    const { reference: _, ...found } = this.version(id, version);
    return { ...found, champion: found.model.status === 'active' };
  }

  /** Brings the registry up to date with an event that was recorded. */
  take(update: TelemetryEvent<'model_update'>): void {
    this.#take(update);
  }

  #take({ data, timestamp }: TelemetryEvent<'model_update'>): void {
    const recorded = data.model as LearningModel | undefined;
    const versions = recorded && this.#versions.get(recorded.id);
    if (!versions) return;
    const known = versions.get(recorded.version);
    const origin = data.origin as Origin | undefined;
    const model: LearningModel =
      known || origin ? recorded : { ...recorded, status: 'inactive', message: OUTDATED };
    versions.set(model.version, {
      ...(known ?? { at: timestamp, candidates: [], importance: [], reference: [] }),
      ...(origin ?? {}),
      model,
      reason: data.reason ?? '',
    });
    const reigns = this.#reigns.get(model.id);
    if (model.status === 'active' && reigns?.at(-1) !== model.version) reigns?.push(model.version);
  }

  #all(id: ModelId): Version[] {
    return [...(this.#versions.get(id)?.values() ?? [])];
  }
}

function updateOf(model: LearningModel, reason: string, origin?: Origin): EventInput<'model_update'> {
  const { id, version, status, name, type, artifact } = model;
  return {
    type: 'model_update',
    source: SOURCE,
    data: {
      modelId: id,
      version,
      status,
      name,
      modelType: type,
      reason,
      ...(artifact ? { artifact } : {}),
      model,
      ...(origin ? { origin } : {}),
    },
  };
}

/** A model that has no version yet. */
export function untrained(id: ModelId, examples: readonly Example[]): LearningModel {
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

export function said({ have, need, of }: NotEnough): string {
  return `not enough data: ${have} of ${need} ${of}`;
}
