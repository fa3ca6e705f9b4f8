/** Imports one migration history: runs what is new in the shadow, lets the engines judge it, records how it went. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import type { EventInput } from '../../contract/event.ts';
import type { ManifestGovernance } from '../../governance/governance.ts';
import type { FoundHistory, FoundMigration } from '../../migrations/discover.ts';
import { formats } from '../../migrations/formats.ts';
import {
  type Execution,
  factsOf,
  metadataOf,
  migrationEvent,
  type PreparedMigration,
  type RecordIds,
  recordIds,
  statementEvents,
} from '../../migrations/record.ts';
import { type AIService, accuracyData } from '../../predict/ai-service.ts';
import type { Difference, SchemaComparator } from '../../schema/comparator.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot } from '../../schema/snapshot.ts';
import { SchemaVersioning } from '../../schema/versioning.ts';
import type { MigrationToRun } from '../../shadow/shadow.ts';
import { parseSql } from '../../sql/parse.ts';
import type { Instrument } from '../../trace/instrument.ts';
import type { Trace } from '../../trace/trace.ts';
import { nodePlatform } from '../platform.ts';
import { type ShadowDialect, ShadowProcess } from '../shadow/process.ts';
import type { Origin } from './git-history.ts';
import type { ImportMemory, RememberedMigration } from './memory.ts';
import { readSqlFile } from './read-sql.ts';
import type { Recorder } from './recorder.ts';

/** The engines that take part, as made for this import. */
export interface ImportEngines {
  versioning: Instrument;
  comparator: SchemaComparator;
  governance: ManifestGovernance;
  ai: AIService;
}

export interface ImportContext {
  trace: Trace;
  root: string;
  workspace: string;
  engines: ImportEngines;
  recorder: Recorder;
  memory: ImportMemory;
  origins: ReadonlyMap<string, Origin>;
  authorOf: (email: string) => string;
  onProgress: (done: number, total: number, name: string) => void;
  /** Set by whoever wants it to stop; it stops between two migrations and remembers what is done. */
  cancelled: () => boolean;
}

export interface ImportedHistory {
  history: FoundHistory;
  /** Migrations that were new. */
  imported: number;
  failed: number;
  /** What they ran in; undefined where nothing could be run. */
  engine: string | undefined;
}

const SHADOWED: Partial<Record<FoundHistory['dialect'], ShadowDialect>> = {
  postgres: 'postgres',
  sqlite: 'sqlite',
  unknown: 'postgres',
};
const NAMES: Partial<Record<FoundHistory['dialect'], string>> = {
  mysql: 'MySQL',
  clickhouse: 'ClickHouse',
  mssql: 'SQL Server',
};

/** Resolves once everything is durable and remembered. */
export async function importHistory(history: FoundHistory, context: ImportContext): Promise<ImportedHistory> {
  const { memory } = context;
  const known = memory.history(history.folder);
  const listed = history.migrations.map((found) => prepare(history, found, context));
  const same = commonPrefix(listed.map(remembered), known?.migrations ?? []);
  if (known && same === listed.length && same === known.migrations.length) {
    return { history, imported: 0, failed: 0, engine: undefined };
  }
  const dialect = SHADOWED[history.dialect];
  const run = dialect
    ? await HistoryRun.start(history, dialect, context, listed, same)
    : new HistoryRun(history, context, undefined, EMPTY_SCHEMA, '0.0.0');
  try {
    return await run.all(listed, same);
  } finally {
    await run.close();
  }
}

type Listed = { migration: PreparedMigration } | { migration: PreparedMigration; problem: string };

function prepare(history: FoundHistory, found: FoundMigration, context: ImportContext): Listed {
  const file = readSqlFile(join(context.root, found.path));
  const format = formats[history.format];
  const text = 'text' in file ? format.up(file.text) : '';
  const origin = context.origins.get(found.path);
  const migration: PreparedMigration = {
    found,
    format,
    dialect: history.dialect,
    text,
    parsed: { dialect: history.dialect, statements: [], problems: [] },
    checksum: nodePlatform.sha256('text' in file ? file.text : file.problem).slice(0, 16),
    at: writtenAt(timeOf(found.name), origin?.at) ?? changedAt(join(context.root, found.path)),
    author: origin ? context.authorOf(origin.email) : undefined,
    commit: origin ? { id: origin.commit, at: origin.at } : undefined,
    workspace: context.workspace,
  };
  return 'problem' in file ? { migration, problem: file.problem } : { migration };
}

/**
 * When a migration was written: the time in its name, unless the commit that brought it is older, so that the name
 * cannot be true. A commit alone is less telling, for histories are often moved or squashed.
 */
function writtenAt(named: number | undefined, committed: number | undefined): number | undefined {
  if (named === undefined || committed === undefined) return named ?? committed;
  return named <= committed + DAY_MS ? named : committed;
}

const DAY_MS = 86_400_000;

/** When the file was last written; now where even that is not known. */
function changedAt(path: string): number {
  try {
    return Math.floor(statSync(path).mtimeMs);
  } catch {
    return nodePlatform.now();
  }
}

/** The time that a migration's name begins with, as UTC; undefined where it begins with none. */
export function timeOf(name: string): number | undefined {
  const match = /^[VR]?(20\d{2})-?(\d{2})-?(\d{2})[-_T]?(?:(\d{2}):?(\d{2}):?(\d{2}))?/.exec(name);
  if (!match) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return Number.isNaN(at) || (month ?? 0) > 12 || (day ?? 0) > 31 ? undefined : at;
}

function remembered({ migration }: Listed): RememberedMigration {
  return { name: migration.found.name, checksum: migration.checksum };
}

function commonPrefix(now: readonly RememberedMigration[], before: readonly RememberedMigration[]): number {
  let same = 0;
  while (same < now.length && same < before.length && isSame(now[same], before[same])) same++;
  return same;
}

function isSame(a: RememberedMigration | undefined, b: RememberedMigration | undefined): boolean {
  return a !== undefined && b !== undefined && a.name === b.name && a.checksum === b.checksum;
}

/** The run of one history through its shadow. */
class HistoryRun {
  readonly #history: FoundHistory;
  readonly #context: ImportContext;
  readonly #versioning: SchemaVersioning;
  #shadow: ShadowProcess | undefined;
  #schema: SchemaSnapshot;
  /** What has run, in order; replayed when a shadow had to be given up. */
  readonly #ran: MigrationToRun[] = [];
  #failed = 0;
  #done: RememberedMigration[] = [];

  constructor(
    history: FoundHistory,
    context: ImportContext,
    shadow: ShadowProcess | undefined,
    schema: SchemaSnapshot,
    schemaVersion: string,
  ) {
    this.#history = history;
    this.#context = context;
    this.#shadow = shadow;
    this.#schema = schema;
    this.#versioning = new SchemaVersioning(context.engines.versioning, nodePlatform, schemaVersion);
  }

  /** Starts from the remembered image where what is new only follows what was there, else from the beginning. */
  static async start(
    history: FoundHistory,
    dialect: ShadowDialect,
    context: ImportContext,
    listed: readonly Listed[],
    same: number,
  ): Promise<HistoryRun> {
    const known = context.memory.history(history.folder);
    const follows = known !== undefined && same === known.migrations.length && known.image !== null;
    const image = follows && known.image ? context.memory.loadImage(known.image) : undefined;
    if (image && known) {
      const shadow = await ShadowProcess.start(dialect, image);
      const run = new HistoryRun(history, context, shadow, await shadow.snapshot(), known.schemaVersion);
      run.#done = listed.slice(0, same).map(remembered);
      return run;
    }
    const shadow = await ShadowProcess.start(dialect);
    const run = new HistoryRun(history, context, shadow, EMPTY_SCHEMA, '0.0.0');
    await run.#prepareShadow(shadow);
    for (const item of listed.slice(0, same)) await run.#replayUnrecorded(item);
    return run;
  }

  async all(listed: readonly Listed[], from: number): Promise<ImportedHistory> {
    const { onProgress, cancelled, recorder } = this.#context;
    let imported = 0;
    for (const [i, item] of listed.entries()) {
      if (i < from) continue;
      if (cancelled()) break;
      onProgress(i, listed.length, item.migration.found.name);
      await this.#one(item);
      this.#done.push(remembered(item));
      imported++;
    }
    onProgress(this.#done.length, listed.length, '');
    await recorder.flush();
    await this.#remember();
    return { history: this.#history, imported, failed: this.#failed, engine: this.#shadow?.version };
  }

  async close(): Promise<void> {
    await this.#shadow?.close();
  }

  /** All that happens for a migration is recorded under its id: what engines did, what was predicted, how it went. */
  #one(item: Listed): Promise<void> {
    const migration = readable(item);
    const ids = recordIds(nodePlatform, migration);
    return this.#context.trace.run({ correlationId: ids('migration') }, () =>
      this.#record(item, migration, ids),
    );
  }

  async #record(item: Listed, migration: PreparedMigration, ids: RecordIds): Promise<void> {
    const { engines, recorder } = this.#context;
    const facts = factsOf(migration);
    const prediction = engines.ai.predict(facts);
    const execution = await this.#execute(item, migration);
    const schema = await this.#schemaAfter(migration, execution);
    const failed = 'run' in execution ? execution.run.outcome === 'failed' : execution.outcome === 'failed';
    const outcome = 'outcome' in execution && execution.outcome === 'unknown' ? undefined : failed;
    const durationMs = 'run' in execution ? execution.run.durationMs : undefined;
    engines.ai.observe(facts, { failed: outcome, durationMs });
    if (failed) this.#failed++;
    recorder.add([
      ...predictionEvents(
        migration,
        ids,
        prediction,
        outcome === undefined ? undefined : { failed, durationMs },
      ),
      ...statementEvents(migration, execution, ids),
      migrationEvent(migration, execution, ids, schema),
      ...this.#governanceEvents(migration, ids, schema?.differences ?? []),
    ]);
  }

  async #execute(item: Listed, migration: PreparedMigration): Promise<Execution> {
    if ('problem' in item) return { outcome: 'failed', reason: item.problem };
    if (!this.#shadow) {
      const name = NAMES[this.#history.dialect] ?? this.#history.dialect;
      return {
        outcome: 'unknown',
        reason: `${name} is not run in the shadow database; its statements are recorded only`,
      };
    }
    const toRun = migrationToRun(migration);
    try {
      const run = await this.#shadow.run(toRun);
      this.#ran.push(toRun);
      return { run };
    } catch (error) {
      await this.#restart();
      return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A shadow that hung or crashed is replaced by one in which everything else has run again. */
  async #restart(): Promise<void> {
    await this.#shadow?.close();
    const dialect = SHADOWED[this.#history.dialect];
    if (!dialect) throw new TelemetryError('internal', 'a shadow of no dialect');
    this.#shadow = await ShadowProcess.start(dialect);
    await this.#prepareShadow(this.#shadow);
    for (const migration of this.#ran) await this.#shadow.run(migration);
  }

  async #prepareShadow(shadow: ShadowProcess): Promise<void> {
    const { books } = formats[this.#history.format];
    if (books && this.#history.dialect !== 'sqlite') await shadow.prepare(books.create);
  }

  /** Brings the shadow to where the history stood, for what was recorded by an earlier import. */
  async #replayUnrecorded(item: Listed): Promise<void> {
    const migration = readable(item);
    const facts = factsOf(migration);
    if (!('problem' in item) && this.#shadow) {
      const toRun = migrationToRun(migration);
      const run = await this.#shadow.run(toRun);
      this.#ran.push(toRun);
      await this.#schemaAfter(migration, { run });
      this.#context.engines.ai.observe(facts, {
        failed: run.outcome === 'failed',
        durationMs: run.durationMs,
      });
    }
    this.#done.push(remembered(item));
  }

  async #schemaAfter(migration: PreparedMigration, execution: Execution) {
    if (!this.#shadow || !('run' in execution)) return undefined;
    const dataOnly = migration.parsed.statements.every(({ operations }) =>
      operations.every(({ name }) => name === 'insert' || name === 'update' || name === 'set'),
    );
    const after = dataOnly ? this.#schema : await this.#shadow.snapshot();
    const differences: Difference[] = dataOnly
      ? []
      : this.#context.engines.comparator.compare(this.#schema, after);
    this.#schema = after;
    return { differences, version: this.#versioning.advance(migration.found.name, after, differences) };
  }

  #governanceEvents(
    migration: PreparedMigration,
    ids: RecordIds,
    differences: readonly Difference[],
  ): EventInput[] {
    const { data } = this.#context.engines.governance.evaluate({
      migration: migration.found.name,
      statements: migration.parsed.statements,
      differences,
      after: this.#schema,
    });
    return [
      {
        id: ids('compliance'),
        timestamp: new Date(migration.at).toISOString(),
        type: 'compliance_check',
        source: 'engine:manifest-governance',
        metadata: metadataOf(migration),
        data: { ...data, file: migration.found.path },
      },
    ];
  }

  async #remember(): Promise<void> {
    const { memory, workspace } = this.#context;
    let image: string | null = null;
    if (this.#shadow) {
      const content = [workspace, this.#history.folder, ...this.#done.map(({ checksum }) => checksum)].join(
        '\n',
      );
      image = `${nodePlatform.sha256(content).slice(0, 24)}.image`;
      memory.saveImage(image, await this.#shadow.image());
    }
    memory.remember(this.#history.folder, {
      migrations: this.#done,
      schemaVersion: this.#versioning.current,
      image,
    });
  }
}

/** The migration with its statements. Parsed only when it is its turn: most of a known history never is. */
function readable({ migration }: Listed): PreparedMigration {
  return { ...migration, parsed: parseSql(migration.text, migration.dialect) };
}

function migrationToRun(migration: PreparedMigration): MigrationToRun {
  const { found, format, text, parsed, dialect } = migration;
  return {
    name: found.name,
    wrapping: format.wrapping(text),
    statements: parsed.statements.map((statement) => ({ text: statement.text, start: statement.start })),
    ...(format.books && dialect !== 'sqlite' ? { books: format.books.insert(found.name) } : {}),
  };
}

/** The predictions that were made before it ran, and how right they were. */
function predictionEvents(
  migration: PreparedMigration,
  ids: RecordIds,
  prediction: ReturnType<AIService['predict']>,
  actual: { failed: boolean; durationMs: number | undefined } | undefined,
): EventInput[] {
  const base = {
    timestamp: new Date(migration.at).toISOString(),
    source: 'engine:ai-service',
    metadata: metadataOf(migration),
  };
  return (['failure', 'duration'] as const).flatMap((kind): EventInput[] => {
    const id = ids(`prediction-${kind}`);
    const data = { ...prediction[kind], file: migration.found.path, basedOn: 'only what came before it' };
    const accuracy = actual ? accuracyData(id, prediction[kind], actual) : undefined;
    return [
      { ...base, id, type: 'ai_prediction', data },
      ...(accuracy
        ? [{ ...base, id: ids(`accuracy-${kind}`), type: 'ai_accuracy' as const, data: accuracy }]
        : []),
    ];
  });
}
