/** Imports one migration history: finds what is new in it, runs that in the shadow, remembers where it stands. */
import type { ManifestGovernance } from '../../governance/governance.ts';
import type { FoundHistory } from '../../migrations/discover.ts';
import type { AIService } from '../../predict/ai-service.ts';
import type { SchemaComparator } from '../../schema/comparator.ts';
import { EMPTY_SCHEMA } from '../../schema/snapshot.ts';
import type { Timeline } from '../../schema/timeline.ts';
import { SchemaVersioning } from '../../schema/versioning.ts';
import type { Instrument } from '../../trace/instrument.ts';
import type { Trace } from '../../trace/trace.ts';
import { nodePlatform } from '../platform.ts';
import type { TimelineFiles } from '../schema/timeline-files.ts';
import { HistoryRun } from './history-run.ts';
import { HistoryShadow, shadowDialect } from './history-shadow.ts';
import type { ImportMemory, RememberedHistory, RememberedMigration } from './memory.ts';
import { type Listed, type PrepareContext, prepare, remembered, unchanged } from './prepare.ts';
import type { Recorder } from './recorder.ts';

/** The engines that take part, as made for this import. */
export interface ImportEngines {
  versioning: Instrument;
  comparator: SchemaComparator;
  governance: ManifestGovernance;
  ai: AIService;
}

export interface ImportContext extends PrepareContext {
  trace: Trace;
  engines: ImportEngines;
  recorder: Recorder;
  memory: ImportMemory;
  timelines: TimelineFiles;
  onProgress: (done: number, total: number, name: string) => void;
  /** Whether someone wants it to stop; it stops between two migrations and remembers what is done. */
  cancelled: () => boolean;
}

export interface ImportedHistory {
  history: FoundHistory;
  /** Migrations that were new. */
  imported: number;
  failed: number;
  /** What they ran in; undefined where nothing had to be run or could be. */
  engine: string | undefined;
}

const NAMES: Partial<Record<FoundHistory['dialect'], string>> = {
  mysql: 'MySQL',
  clickhouse: 'ClickHouse',
  mssql: 'SQL Server',
};

/** Resolves once everything is durable and remembered. */
export async function importHistory(history: FoundHistory, context: ImportContext): Promise<ImportedHistory> {
  const known = context.memory.history(history.folder);
  const listed = inOrder(history.migrations.map((found) => prepare(history, found, context)));
  const same = unchanged(listed, known?.migrations ?? []);
  const dialect = shadowDialect(history.dialect);
  const timeline = context.timelines.read({ workspace: context.workspace, history: history.folder });
  const nothingNew = known && same === listed.length && same === known.migrations.length;
  if (nothingNew && (timeline || !dialect)) {
    return { history, imported: 0, failed: 0, engine: undefined };
  }
  const follows = known !== undefined && timeline !== undefined && same === known.migrations.length;
  const image = follows && known.image !== null ? context.memory.loadImage(known.image) : undefined;
  const shadow = dialect ? await HistoryShadow.start(dialect, history.format, image) : undefined;
  try {
    const resumedAt = image && known && timeline ? { ...known, timeline } : undefined;
    return await runHistory(history, listed, same, shadow, resumedAt, context);
  } finally {
    await shadow?.close();
  }
}

/**
 * @param same migrations from the first on that an earlier import recorded
 * @param resumedAt version and timeline of the schema that the shadow already holds; undefined where it begins empty
 */
async function runHistory(
  history: FoundHistory,
  listed: readonly Listed[],
  same: number,
  shadow: HistoryShadow | undefined,
  resumedAt: (RememberedHistory & { timeline: Timeline }) | undefined,
  context: ImportContext,
): Promise<ImportedHistory> {
  const { engines, recorder, trace, onProgress, cancelled } = context;
  const versioning = new SchemaVersioning(engines.versioning, nodePlatform, resumedAt?.schemaVersion);
  const timeline: Timeline = {
    workspace: context.workspace,
    history: history.folder,
    dialect: history.dialect,
    entries: [...(resumedAt?.timeline.entries ?? [])],
  };
  const onVersion = (entry: Timeline['entries'][number]) => timeline.entries.push(entry);
  const dialectName = NAMES[history.dialect] ?? history.dialect;
  const schema = resumedAt !== undefined && shadow ? await shadow.snapshot() : EMPTY_SCHEMA;
  const run = new HistoryRun(
    { ...engines, trace, recorder, shadow, versioning, onVersion, dialectName },
    schema,
    resumedAt?.headless,
  );
  let done = 0;
  let failed = 0;
  for (const item of listed) {
    if (done >= same) {
      if (cancelled()) break;
      onProgress(done, listed.length, item.migration.found.name);
      if (await run.record(item)) failed++;
    } else {
      await run.replay(item, resumedAt && (resumedAt.migrations[done]?.broken ?? []));
    }
    done++;
  }
  onProgress(done, listed.length, '');
  await recorder.flush();
  if (shadow) context.timelines.write(timeline);
  const { current } = versioning;
  const migrations = listed.slice(0, done).map((item) => remembered(item, run.broken(item)));
  await remember(history, migrations, shadow, current, run.headless, context);
  return { history, imported: done - Math.min(done, same), failed, engine: shadow?.version };
}

async function remember(
  history: FoundHistory,
  migrations: RememberedMigration[],
  shadow: HistoryShadow | undefined,
  schemaVersion: string,
  headless: boolean,
  { memory, workspace }: ImportContext,
): Promise<void> {
  let image: string | null = null;
  if (shadow) {
    const content = [workspace, history.folder, ...migrations.map(({ checksum }) => checksum)].join('\n');
    image = `${nodePlatform.sha256(content).slice(0, 24)}.image`;
    memory.saveImage(image, await shadow.image());
  }
  memory.remember(history.folder, { migrations, schemaVersion, headless, image });
}

/** What follows a migration that is known only in part meets a schema that may not be quite its own. */
function inOrder(listed: Listed[]): Listed[] {
  const first = listed.findIndex(({ partly }) => partly !== undefined);
  const after = listed[first]?.migration.found.name;
  if (after === undefined) return listed;
  return listed.map((item, i) => (i > first ? { ...item, after } : item));
}
