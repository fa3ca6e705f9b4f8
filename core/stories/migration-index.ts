/**
 * Every migration by workspace and name, with what its line in a list says. Made from the events that name it, brought
 * up to date from the journal when it is asked, in slices between which other work comes first. Bounded: where there are
 * too many, those that nothing has happened to for longest go.
 */
import { type EventType, isType, type TelemetryEvent } from '../contract/event.ts';
import type { MigrationSummary } from '../contract/migration-story.ts';
import { significant } from '../numbers.ts';
import { countEvents } from '../store/aggregates.ts';
import type { EventReader } from '../store/event-reader.ts';
import { eventsOfTypesBehind } from '../store/events-behind.ts';

const TYPES: EventType[] = [
  'migration_execution',
  'schema_operation',
  'ai_prediction',
  'ai_accuracy',
  'error_occurrence',
  'compliance_check',
];
const SLICE = 1_000;
/** Events of one migration that its story can tell. */
const MOST_EVENTS = 2_000;
const MOST_NAMES = 200;
/** Migrations that are known, and events of all of them together. */
const MOST_MIGRATIONS = 20_000;
const MOST_SEQUENCES = 1_000_000;
/** Share that goes when there are too many, so that it need not happen with every event. */
const GOING = 0.1;
/** Outcomes of something that did run. */
const RAN = new Set(['succeeded', 'failed', 'rolled_back']);

export interface IndexedMigration {
  name: string;
  workspace: string;
  firstAt: number;
  lastAt: number;
  /** Sequences of its events, in order of recording. */
  sequences: number[];
  file?: string;
  dialect?: MigrationSummary['dialect'];
  author?: string;
  statements: number;
  tables: Set<string>;
  operations: Set<string>;
  edits: Set<number>;
  runs: number;
  lastRun?: { at: number; outcome: string; durationMs: number | undefined };
  predicted: NonNullable<MigrationSummary['predicted']>;
  accuracySum: number;
  accuracies: number;
}

export class MigrationIndex {
  readonly #reader: EventReader;
  readonly #pause: () => Promise<void>;
  readonly #most: number;
  #sequences = 0;
  #migrations = new Map<string, IndexedMigration>();
  #sequence = 0;
  #folded = 0;
  #updating: Promise<void> | undefined;

  constructor(reader: EventReader, pause: () => Promise<void>, most = MOST_MIGRATIONS) {
    this.#reader = reader;
    this.#pause = pause;
    this.#most = most;
  }

  /** All migrations, as of now. */
  async all(): Promise<IndexedMigration[]> {
    await this.#update();
    return [...this.#migrations.values()];
  }

  /** Those with a name, of one workspace or of all; the last one that something happened to first. */
  async named(name: string, workspace: string | undefined): Promise<IndexedMigration[]> {
    const all = await this.all();
    return all
      .filter((one) => one.name === name && (workspace === undefined || one.workspace === workspace))
      .sort((a, b) => b.lastAt - a.lastAt);
  }

  async #update(): Promise<void> {
    this.#updating ??= this.#readOn().finally(() => {
      this.#updating = undefined;
    });
    await this.#updating;
  }

  async #readOn(): Promise<void> {
    await this.#readNew();
    if (countEvents(this.#reader, { type: TYPES }) === this.#folded) return;
    // Fewer than were read: some were erased. More: an erasure was taken back. Either way all is read again.
    this.#migrations = new Map();
    this.#sequence = 0;
    this.#sequences = 0;
    this.#folded = 0;
    await this.#readNew();
  }

  async #readNew(): Promise<void> {
    for (;;) {
      const { events, upTo } = eventsOfTypesBehind(this.#reader, TYPES, this.#sequence, SLICE);
      for (const event of events) this.#fold(event);
      this.#folded += events.length;
      this.#sequence = upTo;
      if (this.#migrations.size > this.#most || this.#sequences > MOST_SEQUENCES) this.#makeRoom();
      if (events.length < SLICE) return;
      await this.#pause();
    }
  }

  #makeRoom(): void {
    const oldestFirst = [...this.#migrations].sort(([, a], [, b]) => a.lastAt - b.lastAt);
    for (const [key, { sequences }] of oldestFirst) {
      const few = this.#migrations.size <= this.#most * (1 - GOING);
      if (few && this.#sequences <= MOST_SEQUENCES * (1 - GOING)) return;
      this.#migrations.delete(key);
      this.#sequences -= sequences.length;
    }
  }

  #fold(event: TelemetryEvent): void {
    const name = migrationOf(event);
    if (name === undefined) return;
    const workspace = event.metadata.workspace ?? '';
    const at = Date.parse(event.timestamp);
    const key = `${workspace}\n${name}`;
    let one = this.#migrations.get(key);
    if (!one) {
      one = {
        name,
        workspace,
        firstAt: at,
        lastAt: at,
        sequences: [],
        statements: 0,
        tables: new Set(),
        operations: new Set(),
        edits: new Set(),
        runs: 0,
        predicted: {},
        accuracySum: 0,
        accuracies: 0,
      };
      this.#migrations.set(key, one);
    }
    one.firstAt = Math.min(one.firstAt, at);
    one.lastAt = Math.max(one.lastAt, at);
    one.sequences.push(event.sequence);
    this.#sequences++;
    if (one.sequences.length > 2 * MOST_EVENTS) {
      one.sequences = one.sequences.slice(-MOST_EVENTS);
      this.#sequences -= MOST_EVENTS + 1;
    }
    take(one, event, at);
  }
}

function take(one: IndexedMigration, event: TelemetryEvent, at: number): void {
  const user = event.metadata.user;
  if (isType(event, 'migration_execution')) {
    const { data } = event;
    if (data.file) one.file = data.file;
    if (data.dialect) one.dialect = data.dialect;
    one.author = data.author ?? one.author ?? user ?? '';
    one.statements = Math.max(one.statements, data.statements ?? 0);
    add(one.tables, data.tables);
    add(one.operations, data.operations);
    if (!RAN.has(data.outcome)) return;
    one.runs++;
    if (!one.lastRun || at >= one.lastRun.at)
      one.lastRun = { at, outcome: data.outcome, durationMs: data.durationMs };
  } else if (isType(event, 'schema_operation')) {
    const { data } = event;
    if (data.file) one.file ??= data.file;
    if (data.dialect) one.dialect ??= data.dialect;
    if (user) one.author ??= user;
    one.statements = Math.max(one.statements, (data.statement ?? -1) + 1);
    // A run in a terminal names no tables; what was saved of it does.
    add(one.tables, data.objects);
    add(one.operations, [data.operation]);
    if (isEdit(event)) one.edits.add(at);
  } else if (isType(event, 'ai_prediction')) {
    if (event.data.abstained) return;
    const { failureProbability, durationMs } = event.data;
    if (failureProbability !== undefined) one.predicted.failureProbability = failureProbability;
    if (durationMs) Object.assign(one.predicted, durationMs);
  } else if (isType(event, 'ai_accuracy')) {
    one.accuracySum += event.data.accuracy;
    one.accuracies++;
  }
}

/** A statement that was written, not run. */
export function isEdit({ data }: TelemetryEvent<'schema_operation'>): boolean {
  return (data.outcome ?? 'unknown') === 'unknown' && data.environment !== 'shadow';
}

/** The migration that an event is about. */
function migrationOf(event: TelemetryEvent): string | undefined {
  if (isType(event, 'ai_prediction')) {
    const { subject, subjectType } = event.data;
    return subjectType === 'migration' ? subject.slice(0, 200) || undefined : ownName(event.data);
  }
  if (isType(event, 'ai_accuracy')) return event.data.subject?.slice(0, 200) || undefined;
  return ownName(event.data);
}

function ownName(data: object): string | undefined {
  const { migration } = data as { migration?: unknown };
  return typeof migration === 'string' && migration ? migration : undefined;
}

function add(names: Set<string>, more: readonly string[] | undefined): void {
  for (const name of more ?? []) if (names.size < MOST_NAMES) names.add(name);
}

/** The line of a migration in a list. */
export function summaryOf(one: IndexedMigration): MigrationSummary {
  const { lastRun, predicted } = one;
  return {
    name: one.name,
    workspace: one.workspace || 'unknown',
    ...(one.file ? { file: one.file } : {}),
    ...(one.dialect ? { dialect: one.dialect } : {}),
    firstAt: new Date(one.firstAt).toISOString(),
    lastAt: new Date(one.lastAt).toISOString(),
    ...(one.author ? { author: one.author } : {}),
    statements: one.statements,
    tables: [...one.tables],
    operations: [...one.operations],
    edits: one.edits.size,
    runs: one.runs,
    outcome: lastRun?.outcome ?? 'not run',
    ...(lastRun?.durationMs === undefined ? {} : { durationMs: lastRun.durationMs }),
    ...(Object.keys(predicted).length > 0 ? { predicted } : {}),
    ...(one.accuracies > 0 ? { accuracy: significant(one.accuracySum / one.accuracies) } : {}),
  };
}
