/** What an answer changes, said to whoever gave it. */
import { isType, type TelemetryEvent } from '../contract/event.ts';
import type { FeedbackEffect } from '../contract/feedback.ts';
import { MODEL_NAMES, type ModelId } from '../contract/model.ts';
import { mean, median, significant } from '../numbers.ts';
import { duration, percent, plural } from '../report/format.ts';
import { type Example, exampleOf } from './examples.ts';
import { dominantGroup, type Group } from './features.ts';
import type { Labels } from './labels.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import { WORDS } from './usage-model.ts';

export interface EffectContext {
  ledger: Ledger;
  labels: () => Labels;
  /** Active version of a model. */
  active: (id: ModelId) => string | undefined;
  newLabels: (id: ModelId) => number;
  neededLabels: () => number;
}

/**
 * Call it before the answer is recorded; what it returns, call after. Undefined where no model learns from such an event.
 */
export function effectOf(about: TelemetryEvent, context: EffectContext): () => FeedbackEffect | undefined {
  const { ledger, labels, active, newLabels, neededLabels } = context;
  const entry = ledger.entries.get(about.id.toLowerCase());
  const modelId = entry?.modelId ?? (isType(about, 'migration_execution') ? 'error-prediction' : undefined);
  if (!modelId) return () => undefined;
  const before = { ...realised(ledger, modelId), examples: labels().examples };
  const own = isType(about, 'migration_execution')
    ? exampleOf(about)
    : before.examples.find(({ eventId }) => eventId === (entry?.run?.eventId ?? about.id));
  const group = entry?.group ?? (own && dominantGroup(own));
  return () => {
    const after = realised(ledger, modelId);
    const moved = movedText(modelId, before, after, entry && { entry, ledger });
    const sentence = group && experience(group, modelId, before.examples, labels().examples);
    return {
      modelId,
      modelVersion: active(modelId) ?? entry?.modelVersion ?? '0',
      ...(before.accuracy === undefined ? {} : { accuracyBefore: before.accuracy }),
      ...(after.accuracy === undefined ? {} : { accuracyAfter: after.accuracy }),
      outcomes: after.outcomes,
      ...(moved === undefined ? {} : { moved }),
      newLabels: newLabels(modelId),
      neededLabels: neededLabels(),
      ...(sentence === undefined ? {} : { nextPrediction: sentence }),
    };
  };
}

interface Realised {
  accuracy: number | undefined;
  outcomes: number;
}

/** So few outcomes that one answer moves their mean much. */
const FEW_OUTCOMES = 20;

/**
 * `Error prediction: 98.5 % right before, 56.9 % now, on 2 outcomes, because you say that it failed where a
 * failure had been expected with 3 %; …`. Undefined while nothing is known.
 */
function movedText(
  id: ModelId,
  before: Realised,
  after: Realised,
  about: { entry: Entry; ledger: Ledger } | undefined,
): string | undefined {
  if (after.accuracy === undefined) return undefined;
  const name = MODEL_NAMES[id];
  const now = `${percent(after.accuracy)} ${before.accuracy === undefined ? 'right' : 'now'}`;
  const on = `on ${plural(after.outcomes, 'outcome')}`;
  if (before.accuracy === undefined) return `${name}: ${now}, ${on}.`;
  if (before.accuracy === after.accuracy)
    return `${name}: ${percent(after.accuracy)} right, as before, ${on}.`;
  const why = about && reasonOf(about.entry, about.ledger);
  const few =
    after.accuracy < before.accuracy && after.outcomes < FEW_OUTCOMES
      ? '; with so few outcomes one answer moves it much'
      : '';
  return `${name}: ${percent(before.accuracy)} right before, ${now}, ${on}${why ? `, because ${why}` : ''}${few}.`;
}

/** What was said of a prediction beside what it had said. */
function reasonOf(entry: Entry, ledger: Ledger): string | undefined {
  const { failed, durationMs } = {
    ...ledger.said(entry.id),
    ...(entry.run?.eventId ? ledger.said(entry.run.eventId) : {}),
  };
  const { failureProbability: p, duration: range } = entry;
  if (entry.modelId === 'performance-prediction' || p === undefined) {
    if (durationMs !== undefined && range)
      return `you say that it took ${duration(durationMs)} where ${duration(range[1])} had been expected`;
  }
  if (failed !== undefined && p !== undefined)
    return `you say that it ${failed ? 'failed' : 'succeeded'} where a failure had been expected with ${percent(p)}`;
  const right = ledger.answers(entry.id).at(-1)?.right;
  return right === undefined ? undefined : `you call it ${right ? 'right' : 'wrong'}`;
}

/** Mean accuracy of a model’s predictions that have come true or not. */
function realised(ledger: Ledger, id: ModelId): Realised {
  const known = [...ledger.entries.values()].flatMap((entry) => {
    const accuracy = entry.modelId === id ? ledger.accuracy(entry) : undefined;
    return accuracy === undefined ? [] : [accuracy];
  });
  return { accuracy: known.length === 0 ? undefined : significant(mean(known)), outcomes: known.length };
}

/** What is known of migrations of this kind, before and with the answer. */
function experience(
  group: Group,
  id: ModelId,
  before: readonly Example[],
  after: readonly Example[],
): string | undefined {
  const of = (examples: readonly Example[]) => examples.filter((example) => dominantGroup(example) === group);
  const kind = `Migrations that mostly do “${WORDS[group]}”`;
  if (id === 'performance-prediction') {
    const times = (examples: readonly Example[]) =>
      of(examples).flatMap(({ durationMs, failed }) =>
        durationMs === undefined || failed ? [] : [durationMs],
      );
    const [was, is] = [times(before), times(after)];
    if (is.length === 0) return undefined;
    const earlier = was.length > 0 ? ` (before your answer ${duration(median(was))})` : '';
    return `${kind} count as taking ${duration(median(is))} here, from ${plural(is.length, 'run')}${earlier}; the next training learns from it.`;
  }
  const failures = (examples: readonly Example[]) => {
    const known = of(examples).flatMap(({ failed }) => (failed === undefined ? [] : [failed]));
    return `${known.filter(Boolean).length} of ${known.length}`;
  };
  const [was, is] = [failures(before), failures(after)];
  const earlier = was === is ? '' : ` (before your answer ${was})`;
  return `${kind} count as failed in ${is} cases here${earlier}; the next training learns from it.`;
}
