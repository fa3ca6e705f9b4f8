/** Migrations as stories: the list of them, and one from its first edit to its outcome. */
import { TelemetryError } from '../contract/errors.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { MigrationStory, MigrationSummary } from '../contract/migration-story.ts';
import { eventsAbout } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import { shortHash } from '../watch/samples.ts';
import { type IndexedMigration, MigrationIndex, summaryOf } from './migration-index.ts';
import { predictionsOf, runsOf, statementsOf, stepsOf } from './parts.ts';

const DEFAULT_LIMIT = 50;
const MOST_SIMILAR = 5;
const LEAST_LIKENESS = 0.25;
/** Events whose feedback is looked up for one story. */
const MOST_ASKED = 200;

export class Stories {
  readonly #reader: EventReader;
  readonly #index: MigrationIndex;

  constructor(reader: EventReader, pause: () => Promise<void>) {
    this.#reader = reader;
    this.#index = new MigrationIndex(reader, pause);
  }

  /** Newest first. Throws `invalid-request` for a cursor of another list. */
  async list(params: Params<'migrations.list'>): Promise<Result<'migrations.list'>> {
    const { workspace, from, to, outcome, text, table, limit = DEFAULT_LIMIT, cursor } = params;
    const wanted = text?.toLowerCase();
    const found = (await this.#index.all())
      .filter(
        (one) =>
          (!workspace || one.workspace === workspace) &&
          (!from || one.lastAt >= Date.parse(from)) &&
          (!to || one.lastAt < Date.parse(to)) &&
          (!outcome?.length || outcome.includes(one.lastRun?.outcome ?? 'not run')) &&
          (!wanted || `${one.name} ${one.file ?? ''}`.toLowerCase().includes(wanted)) &&
          (!table || one.tables.has(table)),
      )
      .map((one) => ({ one, place: placeOf(one) }))
      .sort((a, b) => (a.place < b.place ? 1 : -1));
    if (cursor !== undefined && !/^[0-9a-z]{9}[0-9a-z]+$/.test(cursor))
      throw new TelemetryError('invalid-request', 'The cursor is not of this list.');
    const rest = cursor === undefined ? found : found.filter(({ place }) => place < cursor);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ one }) => summaryOf(one)),
      total: found.length,
      ...(rest.length > limit && last ? { nextCursor: last.place } : {}),
    };
  }

  /** Throws `not-found`, or `conflict` where several workspaces have one of that name and none is given. */
  async get({ name, workspace }: Params<'migrations.get'>): Promise<MigrationStory> {
    const known = workspace === 'unknown' ? '' : workspace;
    const found = await this.#index.named(name, known);
    const [one] = found;
    if (!one) throw new TelemetryError('not-found', `There is no migration ${name}.`);
    if (found.length > 1) {
      const workspaces = found.map(({ workspace: place }) => place || 'unknown').join(', ');
      throw new TelemetryError(
        'conflict',
        `Several workspaces have a migration ${name}; add workspace (one of ${workspaces}).`,
      );
    }
    const own = one.sequences
      .flatMap((sequence) =>
        this.#reader.after(sequence - 1, 1).filter((event) => event.sequence === sequence),
      )
      .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.sequence - b.sequence);
    const feedback = own
      .filter(({ type }) => type !== 'ai_accuracy')
      .slice(-MOST_ASKED)
      .flatMap(({ id }) => eventsAbout(this.#reader, 'learning_feedback', id));
    return {
      summary: summaryOf(one),
      steps: stepsOf(own, feedback),
      statements: statementsOf(own),
      predictions: predictionsOf(own, feedback),
      runs: runsOf(own),
      similar: similarTo(one, await this.#index.all()),
    };
  }
}

/** Where a migration stands in the list: by time, then by name. Sorts as a text. */
function placeOf(one: IndexedMigration): string {
  return `${one.lastAt.toString(36).padStart(9, '0')}${shortHash(`${one.workspace}\n${one.name}`)}`;
}

/** Those that touch the same tables and do the same, best first; those that ran before those that did not. */
function similarTo(one: IndexedMigration, all: readonly IndexedMigration[]): MigrationStory['similar'] {
  return all
    .filter((other) => other !== one)
    .map((other) => ({ other, likeness: likenessOf(one, other) }))
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort(
      (a, b) =>
        b.likeness - a.likeness ||
        Number(b.other.runs > 0) - Number(a.other.runs > 0) ||
        b.other.lastAt - a.other.lastAt,
    )
    .slice(0, MOST_SIMILAR)
    .map(({ other }) => {
      const { name, workspace, outcome, durationMs }: MigrationSummary = summaryOf(other);
      return {
        name,
        workspace,
        because: because(one, other),
        outcome,
        ...(durationMs === undefined ? {} : { durationMs }),
      };
    });
}

/** Shared parts of tables and of operations (Jaccard); what is done counts a little more than where. */
function likenessOf(a: IndexedMigration, b: IndexedMigration): number {
  const place = a.workspace === b.workspace ? overlap(a.tables, b.tables) : 0;
  return 0.45 * place + 0.55 * overlap(a.operations, b.operations);
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const shared = common(a, b).length;
  return shared / (a.size + b.size - shared);
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...a].filter((name) => b.has(name));
}

function because(a: IndexedMigration, b: IndexedMigration): string {
  const operations = common(a.operations, b.operations);
  const tables = a.workspace === b.workspace ? common(a.tables, b.tables) : [];
  const does =
    operations.length > 0 ? `also does ${operations.slice(0, 3).join(', ').replaceAll('_', ' ')}` : '';
  const touches = tables.length > 0 ? `touches ${tables.slice(0, 3).join(', ')}` : '';
  return [does, touches].filter(Boolean).join('; ');
}
