/** Imports a repository: finds its migration histories, runs what is new, records everything. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { allEvents, type TelemetryClient } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import { type EventInput, isType, type TelemetryEvent } from '../../contract/event.ts';
import type { EngineName } from '../../contract/health.ts';
import { MODEL_IDS } from '../../contract/model.ts';
import { uuidV7Source } from '../../events/ids.ts';
import { ManifestGovernance } from '../../governance/governance.ts';
import { DEFAULT_MANIFEST, MANIFEST_FILE, readManifest } from '../../governance/manifest.ts';
import { exampleOf } from '../../learn/examples.ts';
import { type FoundHistory, isLeftOut } from '../../migrations/discover.ts';
import { IMPORT_SOURCE } from '../../migrations/record.ts';
import { type UnreadMigrations, unread } from '../../migrations/unread.ts';
import { AIService, type Forecast, type LoadedModels } from '../../predict/ai-service.ts';
import { pseudonym } from '../../privacy/pseudonym.ts';
import { SchemaComparator } from '../../schema/comparator.ts';
import { instrument } from '../../trace/instrument.ts';
import type { DataFolder } from '../data-folder.ts';
import { loadParsers } from '../parsers.ts';
import { nodePlatform } from '../platform.ts';
import { TimelineFiles } from '../schema/timeline-files.ts';
import { artifactFiles } from '../store/artifact-files.ts';
import { asyncTrace } from '../trace.ts';
import { discoverBelow } from './discover-below.ts';
import { type FileList, listFiles } from './files.ts';
import { fileOrigins } from './git-history.ts';
import { AI_SOURCE } from './history-run.ts';
import { type ImportedHistory, importHistory } from './import-history.ts';
import { ImportMemory } from './memory.ts';
import { Recorder } from './recorder.ts';

export interface ImportOptions {
  root: string;
  folder: DataFolder;
  client: TelemetryClient;
  onProgress?: (progress: ImportProgress) => void;
  cancelled?: () => boolean;
}

export interface ImportProgress {
  folder: string;
  done: number;
  total: number;
  /** The migration that is running; empty at the end. */
  name: string;
}

export interface ImportResult {
  root: string;
  workspace: string;
  histories: ImportedHistory[];
  passedOver: string[];
  /** Migrations in languages that are not read. */
  unread: UnreadMigrations[];
  /** Places that could not be read. */
  problems: FileList['problems'];
  /** Events that were new to the store. */
  events: number;
}

/**
 * Throws `not-found` where the path is no folder that can be read. A folder without migrations gives a result without
 * histories.
 */
export async function importRepository(options: ImportOptions): Promise<ImportResult> {
  const { client } = options;
  const root = folderAt(options.root);
  const workspace = workspaceOf(root);
  const trace = asyncTrace();
  const requestId = uuidV7Source(nodePlatform)();
  const recorder = new Recorder(client, () => ({ requestId, workspace, ...trace.current() }));
  const [{ paths, problems }] = await Promise.all([listFiles(root), loadParsers()]);
  const { histories, passedOver } = discoverBelow(root, paths);
  recorder.add(problems.map(problemEvent));
  const imported: ImportedHistory[] = [];
  if (histories.length > 0) {
    const context = await importContext(options, root, workspace, recorder, histories);
    for (const history of histories) {
      const onProgress = (done: number, total: number, name: string) =>
        options.onProgress?.({ folder: history.folder, done, total, name });
      imported.push(await importHistory(history, { ...context, trace, onProgress }));
    }
  }
  await recorder.flush();
  return {
    root,
    workspace,
    histories: imported,
    passedOver,
    unread: unread(paths.filter((path) => !isLeftOut(dirname(path)))),
    problems,
    events: recorder.accepted,
  };
}

/** The name by which events of a repository are told apart: its folder’s name and a short hash of its place. */
export function workspaceOf(root: string): string {
  return `${basename(root) || 'root'}~${nodePlatform.sha256(root).slice(0, 6)}`;
}

function folderAt(path: string): string {
  let root: string;
  try {
    root = realpathSync(path);
  } catch {
    throw new TelemetryError('not-found', `There is no folder ${path}.`);
  }
  if (!statSync(root).isDirectory()) throw new TelemetryError('not-found', `${path} is not a folder.`);
  return root;
}

async function importContext(
  { folder, client, cancelled }: ImportOptions,
  root: string,
  workspace: string,
  recorder: Recorder,
  histories: readonly FoundHistory[],
) {
  const files = histories.flatMap(({ migrations }) => migrations.map(({ path }) => path));
  const key = folder.identityKey();
  const engine = (name: EngineName) => instrument(name, recorder.forward, nodePlatform);
  const [origins, models, past, predictions] = await Promise.all([
    fileOrigins(root, files),
    loadModels(folder, client),
    allEvents(client, { type: ['migration_execution'], workspace }),
    allEvents(client, { type: ['ai_prediction'], source: AI_SOURCE, workspace }),
  ]);
  const ai = new AIService(engine('ai-service'), models);
  const forecasts = forecastsIn(predictions);
  for (const event of past) {
    if (!isType(event, 'migration_execution')) continue;
    const example = exampleOf(event);
    // One that sends nothing teaches nothing.
    if (event.data.statements === 0 && !example.failed) continue;
    ai.observe(example, example, forecasts.get(event.metadata.correlationId ?? ''));
  }
  return {
    root,
    workspace,
    recorder,
    origins,
    memory: new ImportMemory(folder, workspace, past.length === 0),
    timelines: new TimelineFiles(folder),
    authorOf: (email: string) => pseudonym(nodePlatform, key, email),
    cancelled: cancelled ?? (() => false),
    engines: {
      ai,
      versioning: engine('schema-versioning'),
      comparator: new SchemaComparator(engine('schema-comparator')),
      governance: new ManifestGovernance(engine('manifest-governance'), manifestOf(root, recorder)),
    },
  };
}

/** What earlier imports forecast of migrations, by what ties a migration's events together. */
function forecastsIn(events: readonly TelemetryEvent[]): Map<string, Forecast> {
  const forecasts = new Map<string, Forecast>();
  for (const event of events) {
    if (!isType(event, 'ai_prediction')) continue;
    const { forecast } = event.data as { forecast?: Omit<Forecast, 'reasons'> };
    const { correlationId } = event.metadata;
    if (forecast && correlationId) forecasts.set(correlationId, { ...forecast, reasons: [] });
  }
  return forecasts;
}

/** The active models, for predictions. */
export async function loadModels(folder: DataFolder, client: TelemetryClient): Promise<LoadedModels> {
  const files = artifactFiles(folder.folder('models'));
  const { items } = await client.call('models.list', {});
  const loaded: LoadedModels = {};
  for (const { id, status, artifact, version } of items) {
    const text = status === 'active' && artifact ? await files.get(artifact) : undefined;
    if (text !== undefined && MODEL_IDS.includes(id)) loaded[id] = { version, artifact: JSON.parse(text) };
  }
  return loaded;
}

/** The repository's manifest, or the default one; a broken one is reported and the default used. */
function manifestOf(root: string, recorder: Recorder) {
  const path = join(root, MANIFEST_FILE);
  if (!existsSync(path)) return DEFAULT_MANIFEST;
  const read = readManifest(readFileSync(path, 'utf8'));
  if ('manifest' in read) return read.manifest;
  recorder.add([problemEvent({ path: MANIFEST_FILE, message: read.problem })]);
  return DEFAULT_MANIFEST;
}

function problemEvent({ path, message }: { path: string; message: string }): EventInput {
  return {
    type: 'error_occurrence',
    source: IMPORT_SOURCE,
    data: {
      message: `${path}: ${message}`,
      severity: 'warning',
      component: 'import',
      code: 'unreadable',
      file: path,
    },
  };
}
