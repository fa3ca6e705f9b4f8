/**
 * The ledger of predictions: what was said, what came of it, what people said of that. It is a fold over the events,
 * so the journal gives the same ledger again; only compact figures are kept, texts stay in the journal.
 *
 * A run closes the open predictions about its migration: the same name and workspace, made before it, for its kind of
 * environment. A prediction is closed once.
 */
import { type EventType, isType, type Outcome, type TelemetryEvent } from '../contract/event.ts';
import type { Glance } from '../store/glance.ts';
import { exampleOf } from './examples.ts';
import { dominantGroup } from './features.ts';
import { accuracyAgainst } from './judging.ts';
import {
  type Entry,
  entryOf,
  isReal,
  judgedTruth,
  madeFor,
  ofStatement,
  type Run,
  type StatementOutcome,
} from './ledger-entry.ts';
import { type Truth, truthOf, verdictOf } from './truth.ts';

/** The types that the ledger is folded from. */
export const LEDGER_TYPES = [
  'ai_prediction',
  'ai_accuracy',
  'learning_feedback',
  'migration_execution',
  'schema_operation',
] as const satisfies readonly EventType[];

/** Predictions that are kept, and answers; of older ones only the events are left. */
export const MOST_ENTRIES = 100_000;

export interface Answer {
  id: string;
  at: number;
  eventId: string;
  user: string;
  truth: Truth;
  /** Whether it says that the prediction was right. */
  right: boolean | undefined;
  withdrawn: boolean;
}

export class Ledger {
  readonly entries = new Map<string, Entry>();
  /** Changes with every event that is folded in. */
  version = 0;
  readonly #most: number;
  /** Answers by the event that they are about. */
  readonly #answers = new Map<string, Answer[]>();
  readonly #answersById = new Map<string, Answer>();
  /** Ids of open predictions, by workspace and migration. */
  readonly #open = new Map<string, Map<string, Set<string>>>();
  /** Statement outcomes of a run that is being recorded, by migration. */
  readonly #statements = new Map<string, Map<number, StatementOutcome>>();

  /** @param most predictions to keep, and answers */
  constructor(most = MOST_ENTRIES) {
    this.#most = most;
  }

  /** Whether the event can say anything of a prediction: a run where none of its workspace is open says nothing. */
  cares({ type, workspace }: Pick<Glance, 'type' | 'workspace'>): boolean {
    const ran = type === 'migration_execution' || type === 'schema_operation';
    return !ran || this.#open.has(workspace ?? '');
  }

  /** Folds one event in, in order of sequence. Returns the entries that it closed. */
  take(event: TelemetryEvent): Entry[] {
    this.version++;
    if (isType(event, 'ai_prediction')) this.#predicted(event);
    else if (isType(event, 'ai_accuracy')) this.#judged(event);
    else if (isType(event, 'learning_feedback')) this.#answered(event);
    else if (isType(event, 'schema_operation')) this.#ran(event);
    else if (isType(event, 'migration_execution')) return this.#executed(event);
    return [];
  }

  /** What people say of an event, without what was taken back. */
  answers(eventId: string): Answer[] {
    return (this.#answers.get(eventId) ?? []).filter(({ withdrawn }) => !withdrawn);
  }

  isWithdrawn(feedbackId: string): boolean {
    return this.#answersById.get(feedbackId)?.withdrawn ?? false;
  }

  answered(): IterableIterator<[string, Answer[]]> {
    return this.#answers.entries();
  }

  /** What is known of how it went: what people say counts before what was measured. */
  truth(entry: Entry): Truth {
    const measured: Truth = {};
    const { run } = entry;
    const judged = entry.judged && !this.#taken(entry.judged.by) ? entry.judged.truth : {};
    if (run) {
      measured.failed = run.outcome === 'failed';
      if (run.durationMs !== undefined) measured.durationMs = run.durationMs;
    }
    return {
      ...measured,
      ...judged,
      ...this.said(entry.id),
      ...(run?.eventId ? this.said(run.eventId) : {}),
    };
  }

  /** What people say of an event: of each the latest answer; of several the one that most give, of as many the latest. */
  said(eventId: string): Truth {
    if (!this.#answers.has(eventId)) return {};
    const latest = new Map<string, Answer>();
    for (const answer of this.answers(eventId)) latest.set(answer.user, answer);
    const answers = [...latest.values()];
    const outcomes = answers.flatMap(({ truth }) => (truth.failed === undefined ? [] : [truth.failed]));
    const durations = answers.flatMap(({ truth }) =>
      truth.durationMs === undefined ? [] : [truth.durationMs],
    );
    const failures = outcomes.filter(Boolean).length;
    const durationMs = durations.at(-1);
    const failed = failures * 2 === outcomes.length ? outcomes.at(-1) : failures * 2 > outcomes.length;
    return {
      ...(failed === undefined ? {} : { failed }),
      ...(durationMs === undefined ? {} : { durationMs }),
    };
  }

  /** 0 to 1, of what is known now; undefined while nobody knows, or where what is known does not compare. */
  accuracy(entry: Entry): number | undefined {
    if (this.#isAnswered(entry)) {
      const corrected = accuracyAgainst(entry, this.truth(entry));
      if (corrected !== undefined) return corrected;
    }
    return entry.judged && !this.#taken(entry.judged.by) ? entry.judged.accuracy : undefined;
  }

  state(entry: Entry): 'awaiting' | 'resolved' | 'abstained' {
    if (entry.abstained) return 'abstained';
    const known = entry.run || this.accuracy(entry) !== undefined || this.answers(entry.id).length > 0;
    return known ? 'resolved' : 'awaiting';
  }

  /** The open predictions about a migration. */
  openAbout(migration: string, workspace: string | undefined): Entry[] {
    const ids = this.#open.get(workspace ?? '')?.get(migration) ?? [];
    return [...ids].flatMap((id) => this.entries.get(id) ?? []);
  }

  /** Closes the open predictions about a migration that has run; each once. */
  close(migration: string, workspace: string | undefined, run: Run, failedStatement?: number): Entry[] {
    const key = keyOf(migration, workspace);
    const statements = this.#statements.get(key);
    this.#statements.delete(key);
    const closed: Entry[] = [];
    for (const entry of this.openAbout(migration, workspace)) {
      if (!madeFor(entry.environment, run.environment)) continue;
      const own =
        entry.statement === undefined ? run : ofStatement(run, entry.statement, statements, failedStatement);
      if (!own) continue;
      entry.run = own;
      this.#closeEntry(entry);
      closed.push(entry);
    }
    return closed;
  }

  #predicted(event: TelemetryEvent<'ai_prediction'>): void {
    const entry = entryOf(event);
    if (!entry || this.entries.has(entry.id)) return;
    this.entries.set(entry.id, entry);
    this.#makeRoom();
    if (entry.migration === undefined) return;
    const { migration, workspace = '' } = entry;
    const here = this.#open.get(workspace) ?? new Map<string, Set<string>>();
    this.#open.set(workspace, here);
    here.set(migration, (here.get(migration) ?? new Set()).add(entry.id));
  }

  /** The oldest prediction goes where there are too many; nothing is known of it any more but its events. */
  #makeRoom(): void {
    if (this.entries.size <= this.#most) return;
    const [oldest] = this.entries.values();
    if (!oldest) return;
    this.#closeEntry(oldest);
    this.entries.delete(oldest.id);
  }

  #judged({ data, timestamp, sequence }: TelemetryEvent<'ai_accuracy'>): void {
    const entry = this.entries.get(data.predictionId.toLowerCase());
    if (!entry) return;
    const { outcome, durationMs, feedbackId, outcomeEventId, environment } = data;
    const at = Date.parse(timestamp);
    const truth = judgedTruth(data, entry.modelId);
    entry.judged = {
      accuracy: data.accuracy,
      at,
      truth,
      by: typeof feedbackId === 'string' ? feedbackId : undefined,
      sequence,
    };
    if (entry.judged.by) return;
    if (typeof outcome === 'string') {
      const known = entry.run ?? {
        eventId: typeof outcomeEventId === 'string' ? outcomeEventId : undefined,
        at,
        environment: typeof environment === 'string' ? environment : undefined,
      };
      const ms = typeof durationMs === 'number' ? durationMs : undefined;
      entry.run = { ...known, outcome: outcome as Outcome, durationMs: ms };
    }
    this.#closeEntry(entry);
  }

  #answered(event: TelemetryEvent<'learning_feedback'>): void {
    const { data, timestamp, metadata } = event;
    if (typeof data.withdraws === 'string') {
      const taken = this.#answersById.get(data.withdraws);
      if (taken) taken.withdrawn = true;
      return;
    }
    const about = data.eventId.toLowerCase();
    const entry = this.entries.get(about);
    const answer: Answer = {
      id: event.id,
      at: Date.parse(timestamp),
      eventId: about,
      user: metadata.user ?? 'someone',
      truth: truthOf(data, entry && { failureProbability: entry.failureProbability }),
      right: verdictOf(data),
      withdrawn: false,
    };
    this.#answersById.set(event.id, answer);
    if (this.#answersById.size > this.#most) this.#forgetOldestAnswer();
    const others = this.#answers.get(about);
    if (others) others.push(answer);
    else this.#answers.set(about, [answer]);
  }

  #forgetOldestAnswer(): void {
    const [oldest] = this.#answersById.values();
    if (!oldest) return;
    this.#answersById.delete(oldest.id);
    const left = (this.#answers.get(oldest.eventId) ?? []).filter((answer) => answer !== oldest);
    if (left.length > 0) this.#answers.set(oldest.eventId, left);
    else this.#answers.delete(oldest.eventId);
  }

  #ran({ data, metadata }: TelemetryEvent<'schema_operation'>): void {
    const { migration, statement, outcome, durationMs } = data;
    if (migration === undefined || statement === undefined || !outcome) return;
    const key = keyOf(migration, metadata.workspace);
    if (this.openAbout(migration, metadata.workspace).length === 0) return;
    const known = this.#statements.get(key) ?? new Map<number, StatementOutcome>();
    known.set(statement, { outcome, durationMs });
    this.#statements.set(key, known);
  }

  #executed(event: TelemetryEvent<'migration_execution'>): Entry[] {
    const { data, metadata } = event;
    if (!isReal(data.outcome)) return [];
    const run: Run = {
      eventId: event.id,
      at: Date.parse(event.timestamp),
      outcome: data.outcome,
      durationMs: data.durationMs,
      environment: data.environment,
    };
    const closed = this.close(data.migration, metadata.workspace, run, data.failedStatement);
    const group = closed.some((entry) => !entry.group) ? dominantGroup(exampleOf(event)) : undefined;
    for (const entry of closed) entry.group ??= group;
    return closed;
  }

  #closeEntry(entry: Entry): void {
    if (entry.migration === undefined) return;
    const { migration, workspace = '' } = entry;
    const here = this.#open.get(workspace);
    const open = here?.get(migration);
    open?.delete(entry.id);
    if (open?.size === 0) here?.delete(migration);
    if (here?.size === 0) this.#open.delete(workspace);
  }

  #isAnswered({ id, run }: Entry): boolean {
    return this.#tells(id) || (run?.eventId !== undefined && this.#tells(run.eventId));
  }

  /** Whether somebody says of an event how it went. */
  #tells(eventId: string): boolean {
    const answers = this.#answers.get(eventId) ?? [];
    return answers.some(
      ({ withdrawn, truth }) => !withdrawn && (truth.failed !== undefined || truth.durationMs !== undefined),
    );
  }

  #taken(feedbackId: string | undefined): boolean {
    return feedbackId !== undefined && this.isWithdrawn(feedbackId);
  }
}

function keyOf(migration: string, workspace: string | undefined): string {
  return `${workspace ?? ''}\0${migration}`;
}
