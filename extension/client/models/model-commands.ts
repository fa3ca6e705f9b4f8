/** Training with progress and cancel, and going back to the version before. */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { TelemetryError } from '../../../core/contract/errors.ts';
import type { LearningModel, ModelId } from '../../../core/contract/model.ts';
import type { TrainingRun } from '../../../core/contract/training.ts';
import { t } from '../../text.ts';
import type { EngineClient } from '../engine-client.ts';
import { modelName } from '../feedback/answer.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { trainedText } from './trained-text.ts';

const BETWEEN_LOOKS_MS = 400;

export class ModelCommands {
  readonly #engine: EngineClient;
  readonly #store: TelemetryStore;

  constructor(engine: EngineClient, store: TelemetryStore) {
    this.#engine = engine;
    this.#store = store;
  }

  /** @param argument an item of the view; all models where there is none */
  async train(argument: unknown): Promise<void> {
    const model = modelOf(argument);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: model ? t('Training {0}', modelName(model.id)) : t('Training the models'),
      cancellable: true,
    };
    const before = await this.#models(model?.id);
    const cancelled = await vscode.window.withProgress(options, (progress, token) =>
      this.#train(model ? [model.id] : undefined, progress, token),
    );
    await this.#store.refresh('models');
    const text = cancelled
      ? t('The training was cancelled; the models are as they were.')
      : trainedText(before, await this.#models(model?.id));
    const open = t('Open Models');
    void vscode.window.showInformationMessage(text, open).then((chosen) => {
      if (chosen === open) void vscode.commands.executeCommand('aibos.openDashboard', '#/models');
    });
  }

  /** All of them where none is named. */
  async #models(id: ModelId | undefined): Promise<LearningModel[]> {
    const { items } = await this.#engine.call('models.list', {});
    return id === undefined ? items : items.filter((model) => model.id === id);
  }

  async rollBack(argument: unknown): Promise<void> {
    const model = modelOf(argument);
    if (!model) return;
    const yes = t('Roll Back');
    const question = t('Go back to the version of {0} before {1}?', modelName(model.id), model.version);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
    const { model: now } = await this.#engine.call('models.rollback', {
      id: model.id,
      reason: 'asked for in the editor',
    });
    await this.#store.refresh('models');
    void vscode.window.showInformationMessage(
      t('{0} is at version {1} again.', modelName(now.id), now.version),
    );
  }

  /** True where it was cancelled. */
  async #train(
    models: ModelId[] | undefined,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<boolean> {
    const which = models ? { models } : {};
    let run: TrainingRun;
    try {
      run = await this.#engine.call('training.start', which);
    } catch (error) {
      if (!TelemetryError.is(error) || error.code !== 'unavailable') throw error;
      await this.#engine.call('models.train', which);
      return false;
    }
    const cancel = token.onCancellationRequested(() => void this.#engine.call('training.cancel', {}));
    try {
      for (let shown = 0; run.state === 'running'; ) {
        const share = run.progress * 100;
        progress.report({
          ...(run.step ? { message: run.step } : {}),
          increment: Math.max(0, share - shown),
        });
        shown = Math.max(shown, share);
        await delay(BETWEEN_LOOKS_MS);
        const { running, recent } = await this.#engine.call('training.status', {});
        run =
          running?.id === run.id
            ? running
            : (recent.find(({ id }) => id === run.id) ?? { ...run, state: 'done' });
      }
    } finally {
      cancel.dispose();
    }
    return run.state === 'cancelled';
  }
}

function modelOf(argument: unknown): LearningModel | undefined {
  return (argument as { model?: LearningModel } | undefined)?.model;
}
