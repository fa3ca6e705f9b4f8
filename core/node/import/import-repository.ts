/** Imports a repository: finds its migration histories, runs what is new, records everything. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TelemetryClient } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { EventInput, TelemetryEvent } from '../../contract/event.ts';
import type { EngineName } from '../../contract/health.ts';
import { MODEL_IDS } from '../../contract/model.ts';
import { ManifestGovernance } from '../../governance/governance.ts';
import { DEFAULT_MANIFEST, MANIFEST_FILE, readManifest } from '../../governance/manifest.ts';
import { exampleOf } from '../../learn/examples.ts';
import { discover, type FoundHistory } from '../../migrations/discover.ts';
import { AIService, type LoadedModels } from '../../predict/ai-service.ts';
import { pseudonym } from '../../privacy/pseudonym.ts';
import { SchemaComparator } from '../../schema/comparator.ts';
import { loadParsers } from '../../sql/parse.ts';
import { instrument } from '../../trace/instrument.ts';
import type { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { artifactFiles } from '../store/artifact-files.ts';
import { type FileList, listFiles } from './files.ts';
import { fileOrigins } from './git-history.ts';
import { type ImportedHistory, importHistory } from './import-history.ts';
import { ImportMemory } from './memory.ts';
import { readSqlFile } from './read-sql.ts';
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
  const recorder = new Recorder(client);
  const [{ paths, problems }] = await Promise.all([listFiles(root), loadParsers()]);
  const { histories, passedOver } = discover(paths, (path) => textOf(join(root, path)));
  recorder.add(problems.map((problem) => problemEvent(problem, workspace)));
  const imported: ImportedHistory[] = [];
  if (histories.length > 0) {
    const context = await importContext(options, root, workspace, recorder, histories);
    for (const history of histories) {
      const onProgress = (done: number, total: number, name: string) =>
        options.onProgress?.({ folder: history.folder, done, total, name });
      imported.push(await importHistory(history, { ...context, onProgress }));
    }
  }
  await recorder.flush();
  return { root, workspace, histories: imported, passedOver, problems, events: recorder.accepted };
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
  const engine = (name: EngineName) =>
    instrument(
      name,
      (event) => recorder.forward({ ...event, metadata: { workspace, ...event.metadata } }),
      nodePlatform,
    );
  const [origins, models, past] = await Promise.all([
    fileOrigins(root, files),
    loadModels(folder, client),
    pastMigrations(client, workspace),
  ]);
  const ai = new AIService(engine('ai-service'), models);
  for (const event of past) ai.observe(exampleOf(event), exampleOf(event));
  return {
    root,
    workspace,
    recorder,
    origins,
    memory: new ImportMemory(folder, workspace, past.length === 0),
    authorOf: (email: string) => pseudonym(nodePlatform, key, email),
    cancelled: cancelled ?? (() => false),
    engines: {
      ai,
      versioning: engine('schema-versioning'),
      comparator: new SchemaComparator(engine('schema-comparator')),
      governance: new ManifestGovernance(
        engine('manifest-governance'),
        manifestOf(root, workspace, recorder),
      ),
    },
  };
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

/** Migrations of this workspace that were recorded before, oldest first. */
async function pastMigrations(
  client: TelemetryClient,
  workspace: string,
): Promise<TelemetryEvent<'migration_execution'>[]> {
  const events: TelemetryEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('events.list', {
      type: ['migration_execution'],
      workspace,
      order: 'oldest',
      limit: 500,
      ...(cursor ? { cursor } : {}),
    });
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return events as TelemetryEvent<'migration_execution'>[];
}

/** The repository's manifest, or the default one; a broken one is reported and the default used. */
function manifestOf(root: string, workspace: string, recorder: Recorder) {
  const path = join(root, MANIFEST_FILE);
  if (!existsSync(path)) return DEFAULT_MANIFEST;
  const read = readManifest(readFileSync(path, 'utf8'));
  if ('manifest' in read) return read.manifest;
  recorder.add([problemEvent({ path: MANIFEST_FILE, message: read.problem }, workspace)]);
  return DEFAULT_MANIFEST;
}

function problemEvent({ path, message }: { path: string; message: string }, workspace: string): EventInput {
  return {
    type: 'error_occurrence',
    source: 'import:shadow',
    data: {
      message: `${path}: ${message}`,
      severity: 'warning',
      component: 'import',
      code: 'unreadable',
      file: path,
    },
    metadata: { workspace },
  };
}

function textOf(path: string): string | undefined {
  const file = readSqlFile(path);
  return 'text' in file ? file.text : undefined;
}
