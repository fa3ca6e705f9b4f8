/**
 * What came of predictions on this machine, from its events: an `ai_prediction` about a statement that says what it could
 * fail by, and the `ai_accuracy` that closed it.
 */
import { type EventType, isType, type TelemetryEvent } from '../contract/event.ts';
import { truthOf } from '../learn/truth.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { EventStore } from '../store/event-store.ts';
import { eventsWithSequences, newestSequences } from '../store/events-behind.ts';
import { DANGER_KINDS, type DangerKind } from './dangers.ts';
import { KINDS, type Kind } from './features.ts';
import { learnOwnOutcomes, type Outcome, type OwnOutcomes } from './own-outcomes.ts';

/** What a prediction about a statement keeps, so that its outcome can teach: in `data.learns` of the event. */
export interface Learns {
  kind: Kind;
  dangers: { kind: DangerKind; p: number }[];
  /** By the prior alone, before own outcomes moved it. */
  priorMs: { p10: number; p50: number; p90: number };
}

const TYPES: readonly EventType[] = ['ai_prediction', 'ai_accuracy'];
/** Older ones were made on another machine, or by another hand. */
const NEWEST = 2_000;

/** Pairs each closed prediction with its outcome, in the order in which they were closed. */
export function outcomesFrom(
  predictions: readonly TelemetryEvent<'ai_prediction'>[],
  accuracies: readonly TelemetryEvent<'ai_accuracy'>[],
): Outcome[] {
  const learns = new Map(
    predictions.flatMap(({ id, data }) => {
      const found = learnsOf(data.learns);
      return found ? [[id.toLowerCase(), found] as const] : [];
    }),
  );
  return accuracies.slice(-NEWEST).flatMap(({ data }): Outcome[] => {
    const about = learns.get(data.predictionId.toLowerCase());
    if (!about) return [];
    const { failed, durationMs } = truthOf({ actualOutcome: data.actual });
    return [
      {
        kind: about.kind,
        predictedMs: about.priorMs,
        dangers: about.dangers,
        ...(failed === undefined ? {} : { failed }),
        ...(durationMs === undefined ? {} : { actualMs: durationMs }),
      },
    ];
  });
}

function learnsOf(value: unknown): Learns | undefined {
  const { kind, dangers, priorMs } = (value ?? {}) as Partial<Learns>;
  const isRange =
    typeof priorMs?.p10 === 'number' && typeof priorMs.p50 === 'number' && typeof priorMs.p90 === 'number';
  if (!KINDS.some((known) => known === kind) || !isRange || !Array.isArray(dangers)) return undefined;
  const known = dangers.filter(
    (one) => DANGER_KINDS.some((k) => k === one?.kind) && typeof one?.p === 'number',
  );
  return { kind: kind as Kind, dangers: known, priorMs };
}

type Prediction = TelemetryEvent<'ai_prediction'>;

/**
 * Kept up to date with a store; made anew when it is first asked for after an outcome. Only the newest outcomes are
 * read, and of predictions only those that they closed, each once.
 */
export class OwnRecord {
  readonly #store: EventStore;
  /** Predictions that the newest outcomes closed. */
  #predictions = new Map<string, Prediction | undefined>();
  #known: { own: OwnOutcomes | undefined } | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(store: EventStore) {
    this.#store = store;
    store.onAppended((events) => {
      if (!events.some(({ type }) => type === 'ai_accuracy')) return;
      this.#known = undefined;
      for (const listener of this.#listeners) listener();
    }, TYPES);
  }

  current(): OwnOutcomes | undefined {
    const { tables } = this.#store;
    this.#known ??= {
      own: this.#learn(tables),
    };
    return this.#known.own;
  }

  /** Events were erased, or hidden, or shown again. */
  forget(): void {
    this.#predictions.clear();
    this.#known = undefined;
    for (const listener of this.#listeners) listener();
  }

  #learn(reader: EventReader): OwnOutcomes | undefined {
    const { sequences } = newestSequences(reader, { type: ['ai_accuracy'] }, NEWEST);
    const accuracies = eventsWithSequences(reader, sequences) as TelemetryEvent<'ai_accuracy'>[];
    const before = this.#predictions;
    this.#predictions = new Map(
      accuracies.map(({ data: { predictionId } }) => {
        const id = predictionId.toLowerCase();
        return [id, before.has(id) ? before.get(id) : predictionWith(reader, id)];
      }),
    );
    const known = [...this.#predictions.values()].filter((prediction) => prediction !== undefined);
    return learnOwnOutcomes(outcomesFrom(known, accuracies));
  }

  /** Called after outcomes arrived, which may move {@link current}. */
  onChanged(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

function predictionWith(reader: EventReader, id: string): Prediction | undefined {
  return reader.withId(id).find((event): event is Prediction => isType(event, 'ai_prediction'));
}
