/** One history on its way through the shadow: the engines judge each migration, and what they say is recorded. */
import { type Forecasted, Forecaster } from '../../check/forecast.ts';
import type { EventInput } from '../../contract/event.ts';
import type { ManifestGovernance } from '../../governance/governance.ts';
import { dominantGroup, groupOf } from '../../learn/features.ts';
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
import {
  type AIService,
  accuracyData,
  type Forecast,
  type MigrationPrediction,
} from '../../predict/ai-service.ts';
import type { Difference, SchemaComparator } from '../../schema/comparator.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot } from '../../schema/snapshot.ts';
import { changeOf, type TimelineEntry } from '../../schema/timeline.ts';
import type { SchemaVersion, SchemaVersioning } from '../../schema/versioning.ts';
import { isUndefined } from '../../shadow/explain.ts';
import type { MigrationRun } from '../../shadow/shadow.ts';
import type { Trace } from '../../trace/trace.ts';
import { nodePlatform } from '../platform.ts';
import type { HistoryShadow } from './history-shadow.ts';
import { type Listed, migrationToRun, parsed } from './prepare.ts';
import type { Recorder } from './recorder.ts';

export interface RunContext {
  trace: Trace;
  recorder: Recorder;
  comparator: SchemaComparator;
  governance: ManifestGovernance;
  ai: AIService;
  versioning: SchemaVersioning;
  /** Takes the schema after each migration, in order. */
  onVersion: (entry: TimelineEntry) => void;
  /** What it runs in; undefined where nothing can run this dialect. */
  shadow: HistoryShadow | undefined;
  /** The dialect as people call it. */
  dialectName: string;
}

/** Who says what an import expects. */
export const AI_SOURCE = 'engine:ai-service';

interface Outcome {
  /** Undefined where it was not run, or where that says nothing of it. */
  failed: boolean | undefined;
  durationMs: number | undefined;
}

export class HistoryRun {
  readonly #context: RunContext;
  readonly #forecaster = new Forecaster();
  /** Statements that left nothing behind, by path. */
  readonly #broken = new Map<string, readonly number[]>();
  #schema: SchemaSnapshot;
  /** Whether the first migration found that something is not there: the history begins on a schema that is not in it. */
  #headless: boolean | undefined;

  /**
   * @param schema as it stands before the first migration that is run here
   * @param headless as an earlier import found it
   */
  constructor(context: RunContext, schema: SchemaSnapshot, headless: boolean | undefined) {
    this.#context = context;
    this.#schema = schema;
    this.#headless = headless;
  }

  get headless(): boolean {
    return this.#headless ?? false;
  }

  /**
   * Runs a migration and records it; returns whether it failed. All that happens for it carries its id: what the
   * engines did, what was predicted, how it went.
   */
  record(item: Listed): Promise<boolean> {
    const migration = parsed(item);
    const ids = recordIds(nodePlatform, migration);
    return this.#context.trace.run({ correlationId: ids('migration') }, async () => {
      const { ai, recorder } = this.#context;
      const facts = factsOf(migration);
      const forecast = this.#forecast(item, migration);
      // A migration that sends nothing can neither fail nor take long, and teaches nothing.
      const sends = item.problem !== undefined || migration.parsed.statements.length > 0;
      const prediction = sends ? ai.predict(facts, forecast) : undefined;
      const execution = await this.#execute(item, migration);
      const schema = await this.#schemaAfter(migration, execution);
      const outcome = outcomeOf(execution);
      this.#correct(migration, brokenIn(execution), forecast);
      if (sends) ai.observe(facts, outcome, forecast);
      recorder.add([
        ...(prediction ? predictionEvents(migration, ids, { prediction, forecast }, outcome) : []),
        ...statementEvents(migration, execution, ids),
        migrationEvent(migration, execution, ids, schema),
        this.#compliance(migration, ids, schema?.differences ?? []),
      ]);
      return outcome.failed === true;
    });
  }

  /**
   * Brings forecasts, shadow and schema past a migration that an earlier import recorded.
   * @param broken statements that left nothing behind, where the shadow and the schema are past it already
   */
  async replay(item: Listed, broken: readonly number[] | undefined): Promise<void> {
    const { shadow } = this.#context;
    const migration = parsed(item);
    const forecast = this.#forecast(item, migration);
    if (broken) {
      this.#correct(migration, broken, forecast);
      return;
    }
    if (item.problem !== undefined || !shadow) return;
    const run = await this.#run(shadow, item, migration);
    await this.#schemaAfter(migration, { run });
    this.#correct(migration, brokenIn({ run }), forecast);
  }

  /** Indexes of the statements of a migration that left nothing behind, once this history is past it. */
  broken({ migration }: Listed): readonly number[] {
    return this.#broken.get(migration.found.path) ?? [];
  }

  /** Takes back what the forecast made of the schema, as far as it did not come to be. */
  #correct(
    { found: { path } }: PreparedMigration,
    broken: readonly number[],
    forecast: Forecasted | undefined,
  ): void {
    if (broken.length === 0) return;
    this.#broken.set(path, broken);
    forecast?.ranOnly((index) => !broken.includes(index));
  }

  /** Undefined where there is no SQL to judge. */
  #forecast({ problem }: Listed, { found, text, dialect }: PreparedMigration): Forecasted | undefined {
    return problem === undefined ? this.#forecaster.forecast({ path: found.path, text, dialect }) : undefined;
  }

  async #execute(item: Listed, migration: PreparedMigration): Promise<Execution> {
    const { shadow, dialectName } = this.#context;
    if (item.problem !== undefined) return { outcome: 'failed', reason: item.problem };
    if (!shadow) {
      const reason = `${dialectName} is not run in the shadow database; its statements are recorded only`;
      return { outcome: 'unknown', reason };
    }
    try {
      return { run: await this.#run(shadow, item, migration) };
    } catch (error) {
      return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Says of a run why its outcome is nobody's, where not all of it, or of what was before it, is known. */
  async #run(
    shadow: HistoryShadow,
    { partly, after }: Listed,
    migration: PreparedMigration,
  ): Promise<MigrationRun> {
    const run = await shadow.run(migrationToRun(migration));
    const error = run.outcome === 'failed' ? run.statements[run.failedStatement ?? -1]?.error : undefined;
    const absent = error !== undefined && isUndefined(error);
    this.#headless ??= absent && this.#schema === EMPTY_SCHEMA;
    if (partly !== undefined) return { ...run, notJudged: partly };
    if (error === undefined || run.notJudged) return run;
    if (absent && this.#headless)
      return { ...run, notJudged: `${error.message}; the history begins on a schema that is not in it` };
    return after === undefined
      ? run
      : { ...run, notJudged: `${error.message}; an earlier migration, ${after}, is known only in part` };
  }

  async #schemaAfter(
    migration: PreparedMigration,
    execution: Execution,
  ): Promise<{ version: SchemaVersion; differences: Difference[] } | undefined> {
    const { shadow, comparator, versioning, onVersion } = this.#context;
    if (!shadow || !('run' in execution)) return undefined;
    const before = this.#schema;
    const after = changesDataOnly(migration) ? this.#schema : await shadow.snapshot();
    const differences = after === this.#schema ? [] : comparator.compare(this.#schema, after);
    this.#schema = after;
    const version = versioning.advance(migration.found.name, after, differences);
    onVersion({
      ...version,
      file: migration.found.path,
      at: new Date(migration.at).toISOString(),
      succeeded: execution.run.outcome === 'succeeded',
      ...changeOf(before, after),
    });
    return { differences, version };
  }

  #compliance(migration: PreparedMigration, ids: RecordIds, differences: readonly Difference[]): EventInput {
    const { data } = this.#context.governance.evaluate({
      migration: migration.found.name,
      text: migration.text,
      at: migration.at,
      statements: migration.parsed.statements,
      differences,
      after: this.#schema,
    });
    return {
      id: ids('compliance'),
      timestamp: new Date(migration.at).toISOString(),
      type: 'compliance_check',
      source: 'engine:manifest-governance',
      metadata: metadataOf(migration),
      data: { ...data, file: migration.found.path },
    };
  }
}

function outcomeOf(execution: Execution): Outcome {
  if ('run' in execution) {
    const { outcome, notJudged, durationMs } = execution.run;
    return notJudged
      ? { failed: undefined, durationMs: undefined }
      : { failed: outcome === 'failed', durationMs };
  }
  return { failed: execution.outcome === 'failed' ? true : undefined, durationMs: undefined };
}

/** The shadow keeps of a migration that failed what works by itself; the rest is broken. */
function brokenIn(execution: Execution): number[] {
  if (!('run' in execution)) return [];
  return execution.run.statements.flatMap((one, i) =>
    one.outcome === 'succeeded' || one.alone === 'worked' ? [] : [i],
  );
}

/** Such a migration leaves the schema as it was, and reading that is what costs most. */
function changesDataOnly({ parsed: sql }: PreparedMigration): boolean {
  return sql.statements.every(({ operations }) =>
    operations.every(({ name }) => name === 'insert' || name === 'update' || name === 'set'),
  );
}

/** The predictions that were made before it ran, and how right they were. */
function predictionEvents(
  migration: PreparedMigration,
  ids: RecordIds,
  { prediction, forecast }: { prediction: MigrationPrediction; forecast: Forecast | undefined },
  { failed, durationMs }: Outcome,
): EventInput[] {
  const base = {
    timestamp: new Date(migration.at).toISOString(),
    source: AI_SOURCE,
    metadata: metadataOf(migration),
  };
  // As it was before experience moved it: a later import learns from it again.
  const { failureProbability, durationMs: expected } = forecast ?? {};
  return (['failure', 'duration'] as const).flatMap((kind): EventInput[] => {
    const id = ids(`prediction-${kind}`);
    const data = {
      ...prediction[kind],
      file: migration.found.path,
      operations: mostOfAllFirst(migration),
      environment: 'shadow',
      basedOn: 'only what came before it',
      ...(forecast ? { forecast: { failureProbability, durationMs: expected } } : {}),
    };
    const accuracy =
      failed === undefined ? undefined : accuracyData(id, prediction[kind], { failed, durationMs });
    const run = {
      outcome: failed ? 'failed' : 'succeeded',
      ...(durationMs === undefined ? {} : { durationMs }),
      outcomeEventId: ids('migration'),
      environment: 'shadow',
    };
    return [
      { ...base, id, type: 'ai_prediction', data },
      ...(accuracy
        ? [
            {
              ...base,
              id: ids(`accuracy-${kind}`),
              type: 'ai_accuracy' as const,
              data: { ...accuracy, ...run },
            },
          ]
        : []),
    ];
  });
}

/** Names of its operations, those of the kind that it mostly consists of first: a scoreboard goes by the first. */
function mostOfAllFirst(migration: PreparedMigration): string[] {
  const facts = factsOf(migration);
  const main = dominantGroup(facts);
  const names = Object.keys(facts.operations);
  return [
    ...names.filter((name) => groupOf(name) === main),
    ...names.filter((name) => groupOf(name) !== main),
  ];
}
