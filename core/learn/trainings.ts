/**
 * Trainings as they go on: one after another, each of some models, with progress and cancel. What a training brings is
 * stored only once it is whole, so one that crashes or is cancelled leaves the active versions as they are.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { Settings } from '../contract/governance.ts';
import type { LearningModel, ModelId, TrainingResult } from '../contract/model.ts';
import { TrainingRun } from '../contract/training.ts';
import { check } from '../events/validate.ts';
import type { Kept } from '../kept.ts';
import type { Platform } from '../platform.ts';
import { HOLD_OUT } from './hold-out.ts';
import type { Labels } from './labels.ts';
import { type RunningTraining, type Trainer, trainableModels } from './models.ts';
import { type ModelRegistry, said, untrained } from './registry.ts';
import type { Trained } from './trainable.ts';
import { contestOf, verdict } from './verdict.ts';

export interface TrainingsOptions {
  platform: Pick<Platform, 'sha256' | 'now' | 'monotonic'>;
  newId: () => string;
  trainer: Trainer;
  registry: ModelRegistry;
  /** What there is to learn from, and the sequence of the newest event in it. */
  labels: () => Promise<Labels & { upTo: number }>;
  isWithdrawn: (feedbackId: string) => boolean;
  retrain: () => Settings['retrain'];
  /** Where the history is kept between runs of the program. */
  kept: Kept;
}

export const SEED = 20_260_101;
const KEPT = 20;
const DAY_MS = 86_400_000;

export class Trainings {
  readonly #options: TrainingsOptions;
  #recent: TrainingRun[] = [];
  #waiting: TrainingRun[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #worker: RunningTraining | undefined;
  #cancelled = new Set<string>();

  constructor(options: TrainingsOptions) {
    this.#options = options;
    this.#recent = historyOf(options.kept);
  }

  /** The run that is going on, and those that are through, newest first. */
  status(): { running?: TrainingRun; recent: TrainingRun[] } {
    const [running] = this.#waiting;
    return {
      ...(running ? { running: structuredCopy(running) } : {}),
      recent: this.#recent.map(structuredCopy),
    };
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Begins once the runs before it are through. `results` rejects only where it was cancelled. */
  start(
    models: readonly ModelId[],
    trigger: TrainingRun['trigger'],
  ): { run: TrainingRun; results: Promise<TrainingResult[]> } {
    const { newId, platform } = this.#options;
    const run: TrainingRun = {
      id: newId(),
      models: [...models],
      trigger,
      state: 'running',
      startedAt: new Date(platform.now()).toISOString(),
      ...(this.busy ? { step: 'waiting for the training before' } : {}),
      progress: 0,
      messages: [],
    };
    this.#waiting.push(run);
    this.#keep();
    const results = this.#turn.then(() => this.#run(run));
    this.#turn = results.catch(() => undefined);
    return { run: structuredCopy(run), results };
  }

  /** Ends the run that is going on. Whether there was one. */
  cancel(): boolean {
    const [running] = this.#waiting;
    if (!running) return false;
    this.#cancelled.add(running.id);
    this.#worker?.cancel();
    return true;
  }

  /** Resolves once nothing is going on. */
  async settled(): Promise<void> {
    while (this.busy) await this.#turn;
  }

  async #run(run: TrainingRun): Promise<TrainingResult[]> {
    const results: TrainingResult[] = [];
    try {
      const labels = await this.#options.labels();
      for (const [i, id] of run.models.entries()) {
        this.#checkCancelled(run);
        run.modelId = id;
        const { name } = trainableModels[id];
        const progress = (step: string, share: number) => {
          run.step = `${name}: ${step}`;
          run.progress = Math.min(1, (i + share) / run.models.length);
        };
        progress('beginning', 0);
        const result = await this.#guarded(run, id, labels, progress);
        results.push(result);
        run.messages.push(`${name}: ${result.message}`);
      }
      run.state = run.state === 'failed' ? 'failed' : 'done';
      return results;
    } catch (error) {
      run.state = 'cancelled';
      throw error;
    } finally {
      run.endedAt = new Date(this.#options.platform.now()).toISOString();
      run.progress = run.state === 'done' ? 1 : run.progress;
      delete run.step;
      delete run.modelId;
      this.#cancelled.delete(run.id);
      this.#waiting = this.#waiting.filter((other) => other !== run);
      this.#recent = [run, ...this.#recent].slice(0, KEPT);
      this.#keep();
    }
  }

  /** A history that cannot be kept costs nothing but itself. */
  #keep(): void {
    try {
      this.#options.kept.write({ runs: [...this.#waiting.toReversed(), ...this.#recent].slice(0, KEPT) });
    } catch {
      // It is written again after the next run.
    }
  }

  /** A model whose training crashes is as it was before; the others are trained all the same. */
  async #guarded(
    run: TrainingRun,
    id: ModelId,
    labels: Labels & { upTo: number },
    progress: (step: string, share: number) => void,
  ): Promise<TrainingResult> {
    try {
      return await this.#trainOne(id, labels, progress);
    } catch (error) {
      this.#checkCancelled(run);
      run.state = 'failed';
      const why = error instanceof Error ? error.message : String(error);
      const model = this.#current(id, labels);
      const stays = model.status === 'active' ? ` Version ${model.version} stays active.` : '';
      return {
        modelId: id,
        trained: false,
        activated: false,
        message: `${why}${stays}`,
        durationMs: 0,
        model,
      };
    }
  }

  #checkCancelled({ id }: TrainingRun): void {
    if (this.#cancelled.has(id)) throw new TelemetryError('conflict', 'The training was cancelled.');
  }

  #current(id: ModelId, { examples }: Labels): LearningModel {
    const { registry } = this.#options;
    return (registry.active(id) ?? registry.newest(id))?.model ?? untrained(id, examples);
  }

  async #trainOne(
    id: ModelId,
    labels: Labels & { upTo: number },
    progress: (step: string, share: number) => void,
  ): Promise<TrainingResult> {
    const { platform, trainer, registry, isWithdrawn } = this.#options;
    const { examples } = labels;
    const active = registry.active(id);
    const tainted = active?.model.trainingData.feedback?.some(isWithdrawn) ?? false;
    const lacking = trainableModels[id].shortage(examples);
    if (lacking) {
      if (tainted) await registry.depose(id, 'it had learnt from feedback that was taken back');
      const model = this.#current(id, labels);
      return { modelId: id, trained: false, activated: false, message: said(lacking), durationMs: 0, model };
    }
    const started = platform.monotonic();
    const champion = active && !tainted ? await registry.artifact(active) : undefined;
    this.#worker = trainer(
      { modelId: id, examples, seed: SEED, ...(champion ? { champion } : {}) },
      progress,
    );
    const trained = await this.#worker.result.finally(() => {
      this.#worker = undefined;
    });
    const durationMs = Math.round(platform.monotonic() - started);
    const decided = verdict(trained, active && { version: active.model.version, tainted });
    const version = registry.nextVersion(id);
    const text = JSON.stringify(trained.artifact);
    const model = this.#describe(id, version, trained, labels, platform.sha256(text), decided);
    const contest =
      trained.rivalry && active ? contestOf(trained.rivalry, active.model.version, version) : undefined;
    const { candidates, importance, reference } = trained;
    if (decided.deposed) await registry.depose(id, decided.reason);
    await registry.add(
      model,
      { seed: SEED, candidates, importance, reference, ...(contest ? { contest } : {}) },
      text,
      decided.reason,
    );
    const { name, value, baseline, unit = '' } = trained.headline;
    const leaks = trained.leaks.map((leak) => ` ${leak.charAt(0).toUpperCase()}${leak.slice(1)}.`).join('');
    const state = decided.promoted ? 'is active' : 'is not active';
    const message = `Version ${version} ${state}, ${trained.algorithm}: ${decided.reason} (${name} ${value}${unit}, baseline ${baseline}${unit}).${leaks}`;
    return { modelId: id, trained: true, activated: decided.promoted, message, durationMs, model };
  }

  #describe(
    id: ModelId,
    version: string,
    trained: Trained,
    { examples, feedback, upTo }: Labels & { upTo: number },
    artifact: string,
    { promoted, reason }: { promoted: boolean; reason: string },
  ): LearningModel {
    const { platform, retrain } = this.#options;
    const { name, type, features, needed, baseline } = trainableModels[id];
    const iso = (ms: number) => new Date(ms).toISOString();
    const { auto, everyDays } = retrain();
    const now = platform.now();
    const { beatsBaseline, metrics, headline, holdOut } = trained;
    const notes = [...(promoted ? [] : [reason]), ...trained.leaks];
    return {
      id,
      name,
      type,
      version,
      status: promoted ? 'active' : 'inactive',
      features,
      hyperparameters: trained.hyperparameters,
      algorithm: trained.algorithm,
      artifact,
      trainingData: {
        events: examples.length,
        examples: trained.trained + trained.tested,
        needed,
        positives: examples.filter(({ failed }) => failed).length,
        fingerprint: platform.sha256(JSON.stringify(examples)),
        from: iso(examples[0]?.at ?? now),
        to: iso(examples.at(-1)?.at ?? now),
        upTo,
        ...(feedback.length > 0 ? { feedback } : {}),
      },
      performance: {
        metrics,
        headline,
        baseline,
        beatsBaseline,
        holdOut: {
          trained: trained.trained,
          tested: trained.tested,
          method: HOLD_OUT,
          from: iso(holdOut.from),
          to: iso(holdOut.to),
        },
      },
      lastTrained: iso(now),
      ...(auto && everyDays > 0 ? { nextRetrain: iso(now + everyDays * DAY_MS) } : {}),
      ...(notes.length > 0 ? { message: notes.join('; ') } : {}),
    };
  }
}

/** Newest first. What was going on when the program ended has ended with it. */
function historyOf(kept: Kept): TrainingRun[] {
  let runs: readonly unknown[];
  try {
    const found = (kept.read() as { runs?: unknown } | undefined)?.runs;
    runs = Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
  return runs.filter(isRun).map((run): TrainingRun => {
    if (run.state !== 'running') return run;
    const { step: _, modelId: __, ...rest } = run;
    return {
      ...rest,
      state: 'failed',
      messages: [...run.messages, 'The program ended before it was through.'],
    };
  });
}

function isRun(run: unknown): run is TrainingRun {
  return check(TrainingRun, run).ok;
}

function structuredCopy(run: TrainingRun): TrainingRun {
  return { ...run, models: [...run.models], messages: [...run.messages] };
}
