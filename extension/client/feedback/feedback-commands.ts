/** Feedback on predictions: right, wrong, what happened; and the question after a run that went otherwise. */
import * as vscode from 'vscode';
import type { PredictionRecord } from '../../../core/contract/prediction.ts';
import type { FeedbackArgument } from '../../contributions/commands.ts';
import { t } from '../../text.ts';
import type { EngineClient } from '../engine-client.ts';
import { filePlace, predictionUri } from '../places.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import {
  type Answer,
  effectText,
  feedbackOf,
  parseDuration,
  predictionText,
  surpriseText,
} from './answer.ts';
import { type Choice, choose, inSteps, SKIP, write } from './steps.ts';

/** Predictions about which a person was asked; for all windows. */
const ASKED = 'aibos.feedback.asked';
const MOST_REMEMBERED = 500;
/** More than one question after a run is a nuisance. */
const MOST_QUESTIONS = 1;

export class Feedback {
  readonly #engine: EngineClient;
  readonly #store: TelemetryStore;
  readonly #memory: vscode.Memento;

  constructor(engine: EngineClient, store: TelemetryStore, memory: vscode.Memento) {
    this.#engine = engine;
    this.#store = store;
    this.#memory = memory;
  }

  /** One click: it was, or was not, as predicted. */
  async judge(argument: unknown, right: boolean): Promise<void> {
    const prediction = await this.#predictionOf(argument);
    if (prediction) await this.#give(prediction, { right });
  }

  /** Outcome, duration, what was wrong, a rating and words, one after the other. */
  async whatHappened(argument: unknown): Promise<void> {
    const prediction =
      (await this.#predictionOf(argument)) ?? (argument === undefined ? await this.#choose() : undefined);
    if (!prediction) return;
    const title = t('What happened: {0}', prediction.subject);
    const answer = await inSteps<Answer>({}, [
      async (_, at) =>
        wrapped(await choose({ title, ...at, placeholder: t('How did it end?') }, outcomes()), (outcome) => ({
          outcome,
        })),
      async (_, at) =>
        wrapped(
          await write(
            {
              title,
              ...at,
              placeholder: t('How long did it take? For example 300 ms, 12 s, 1.5 min. {0}', SKIP()),
            },
            (text) =>
              text.trim() === '' || parseDuration(text) !== undefined
                ? undefined
                : t('A time like 300 ms, 12 s or 1.5 min'),
          ),
          (text) => {
            const durationMs = parseDuration(text);
            return durationMs === undefined ? {} : { durationMs };
          },
        ),
      async (_, at) =>
        wrapped(
          await choose({ title, ...at, placeholder: t('Which part of the prediction was wrong?') }, parts()),
          (corrected) => (corrected === 'none' ? { right: true } : { corrected, right: false }),
        ),
      async (_, at) =>
        wrapped(
          await choose({ title, ...at, placeholder: t('How useful was the prediction?') }, ratings()),
          (rating) => (rating === 0 ? {} : { rating }),
        ),
      async (_, at) =>
        wrapped(await write({ title, ...at, placeholder: t('Anything else? {0}', SKIP()) }), (text) =>
          text ? { text } : {},
        ),
    ]);
    if (answer) await this.#give(prediction, answer);
  }

  /** The place that was predicted of, in its file. */
  async show(argument: unknown): Promise<void> {
    const prediction = await this.#predictionOf(argument);
    const uri = prediction && predictionUri(prediction, this.#engine.status.folders);
    if (!prediction || !uri) return;
    await vscode.window.showTextDocument(uri, { selection: filePlace(prediction.line) });
  }

  /** After a run: asks for the reason of the most surprising one, never twice for the same prediction. */
  async askWhy(surprising: readonly PredictionRecord[]): Promise<void> {
    if (!vscode.workspace.getConfiguration('aibos').get('feedback.askWhenWrong', true)) return;
    const asked = this.#memory.get<string[]>(ASKED, []);
    const open = surprising.filter(({ id }) => !asked.includes(id)).slice(0, MOST_QUESTIONS);
    await this.#memory.update(ASKED, [...asked, ...surprising.map(({ id }) => id)].slice(-MOST_REMEMBERED));
    for (const prediction of open) {
      const reasons = [t('Other Data'), t('Other Load'), t('Wrong Reasons'), t('Tell More…')];
      const chosen = await vscode.window.showInformationMessage(surpriseText(prediction), ...reasons);
      if (chosen === reasons.at(-1)) await this.whatHappened({ predictionId: prediction.id });
      else if (chosen !== undefined)
        await this.#give(prediction, { ...outcomeOf(prediction), right: false, text: chosen });
    }
  }

  async #give(prediction: PredictionRecord, answer: Answer): Promise<void> {
    const feedback = await this.#engine.call('feedback.provide', feedbackOf(prediction, answer));
    await this.#store.refresh('predictions', 'models');
    const [models, undo] = [t('Open Models'), t('Undo')];
    // Not awaited: the next answer need not wait until this one's notification is closed.
    void vscode.window.showInformationMessage(effectText(feedback), models, undo).then(async (chosen) => {
      if (chosen === models) await vscode.commands.executeCommand('aibos.openDashboard', '#/models');
      else if (chosen === undo) {
        await this.#engine.call('feedback.withdraw', { id: feedback.id });
        await this.#store.refresh('predictions', 'models');
      }
    });
  }

  /** By its id, or by its place in a file. */
  async #predictionOf(argument: unknown): Promise<PredictionRecord | undefined> {
    if (argument === undefined || argument === null) return undefined;
    const { predictionId, prediction, uri, line, subject } = argument as Partial<FeedbackArgument> & {
      prediction?: PredictionRecord;
    };
    if (prediction) return prediction;
    if (predictionId) return this.#engine.call('predictions.get', { id: predictionId });
    if (uri === undefined) return undefined;
    const found = await this.#at(vscode.Uri.parse(uri), line, subject);
    if (!found)
      void vscode.window.showInformationMessage(
        t('This prediction is recorded when the file is saved; save it first.'),
      );
    return found;
  }

  async #at(
    uri: vscode.Uri,
    line: number | undefined,
    subject: string | undefined,
  ): Promise<PredictionRecord | undefined> {
    const file = vscode.workspace.asRelativePath(uri, false);
    const { items } = await this.#engine.call('predictions.list', { file, limit: 200 });
    const atLine = items.find((item) => item.subjectType === 'statement' && item.line === line);
    const whole = items.find((item) => item.subjectType === 'migration');
    return atLine ?? whole ?? items.find((item) => item.subject === subject);
  }

  /** Among those that await feedback. */
  async #choose(): Promise<PredictionRecord | undefined> {
    await this.#store.refresh('predictions');
    const items = this.#store.known.predictions.map((prediction) => ({
      label: prediction.subject,
      description: predictionText(prediction),
      ...(prediction.file ? { detail: prediction.file } : {}),
      prediction,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      placeHolder: t('Of which prediction?'),
      matchOnDetail: true,
    });
    return chosen?.prediction;
  }
}

function outcomeOf({ outcome }: PredictionRecord): Pick<Answer, 'outcome' | 'durationMs'> {
  if (!outcome || outcome.outcome === 'unknown') return {};
  return {
    outcome: outcome.outcome,
    ...(outcome.durationMs === undefined ? {} : { durationMs: outcome.durationMs }),
  };
}

function wrapped<T, P>(answered: { answer: T } | 'back' | undefined, wrap: (answer: T) => P) {
  return answered === undefined || answered === 'back' ? answered : { answer: wrap(answered.answer) };
}

function outcomes(): Choice<NonNullable<Answer['outcome']>>[] {
  return [
    { label: `$(pass) ${t('It succeeded')}`, value: 'succeeded' },
    { label: `$(error) ${t('It failed')}`, value: 'failed' },
    { label: `$(discard) ${t('It was rolled back')}`, value: 'rolled_back' },
    { label: `$(circle-slash) ${t('It was not run')}`, value: 'skipped' },
  ];
}

function parts(): Choice<'none' | NonNullable<Answer['corrected']>>[] {
  return [
    { label: t('Nothing, it was right'), value: 'none' },
    { label: t('Whether it fails'), value: 'failure' },
    { label: t('How long it takes'), value: 'duration' },
    { label: t('Its locks'), value: 'locks' },
    { label: t('Its reasons'), value: 'reasons' },
  ];
}

function ratings(): Choice<number>[] {
  const stars = (count: number) => '★'.repeat(count) + '☆'.repeat(5 - count);
  return [
    { label: t('No rating'), value: 0 },
    ...[5, 4, 3, 2, 1].map((value) => ({ label: stars(value), description: String(value), value })),
  ];
}
