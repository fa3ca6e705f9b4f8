/**
 * A command of the terminal, or a task, that ran migrations: finds out which ones, records each with its outcome, and
 * lets the outcome join the predictions that were made of it.
 */
import { join, relative, resolve, sep } from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import { allEvents, type TelemetryClient } from '../../../core/contract/client.ts';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { type EventMetadata, isType } from '../../../core/contract/event.ts';
import type { PredictionRecord } from '../../../core/contract/prediction.ts';
import { commandEnvironment } from '../../../core/migrations/command/environment.ts';
import { sameMigration } from '../../../core/migrations/command/names.ts';
import { discover, isWayBack } from '../../../core/migrations/discover.ts';
import { manifestEnvironments } from '../../../core/node/database/manifest-environments.ts';
import { listFiles } from '../../../core/node/import/files.ts';
import { readSqlFile } from '../../../core/node/import/read-sql.ts';
import { type Answer, RAN, type RanParams, type RanReport } from '../../protocol.ts';
import { answered } from '../method-calls.ts';
import type { OpenFolder } from '../workspace.ts';
import { type RecordingParts, recordedPlace } from './observed.ts';
import { type KnownMigration, migrationsOf, type RanMigration, runEvents } from './run-events.ts';
import { sendEvents } from './sender.ts';

/** Answers {@link RAN}. One run after the other: what is pending after one depends on the one before. */
export function serveRuns(connection: Connection, parts: RecordingParts): void {
  let last: Promise<unknown> = Promise.resolve();
  connection.onRequest<Answer<RanReport>, void>(RAN, (ran: RanParams) => {
    const turn = last.then(() => answered(() => record(ran, parts)));
    last = turn;
    return turn;
  });
}

const NOTHING: RanReport = { migrations: [], surprising: [] };

async function record(ran: RanParams, parts: RecordingParts): Promise<RanReport> {
  const place = recordedPlace(parts, ran.folder);
  if (!place) return NOTHING;
  const session = await parts.session();
  const client = session.client();
  const { trusted } = parts.preferences();
  const known = trusted ? await knownMigrations(place.root) : [];
  const pending = await pendingOf(client, place, known);
  const migrations = migrationsOf(belowRoot(ran, place), known, pending);
  const user = await parts.authors.pseudonymAt(place.root, trusted, session);
  const metadata: EventMetadata = {
    workspace: place.workspace,
    correlationId: ran.id,
    ...(user ? { user } : {}),
  };
  const badge = commandEnvironment(ran.whereabouts, patternsAt(place.root, parts));
  const events = runEvents(ran, migrations, badge, metadata);
  await sendEvents(events, parts.session, parts.log);
  const surprising: PredictionRecord[] = [];
  for (const [at, migration] of migrations.entries())
    if (ran.direction === 'up' && migration.outcome !== 'unknown')
      surprising.push(
        ...(await resolvePredictions(client, migration, {
          workspace: place.workspace,
          environment: badge.environment,
          eventId: events[at]?.id,
        })),
      );
  return { migrations: migrations.map(({ name, outcome }) => ({ name, outcome })), surprising };
}

/** Joins the outcome; what the engine joined by itself is found by its event. */
async function resolvePredictions(
  client: TelemetryClient,
  { name, outcome, durationMs }: RanMigration,
  about: { workspace: string; environment: RanParamsEnvironment; eventId: string | undefined },
): Promise<PredictionRecord[]> {
  const { workspace, environment, eventId } = about;
  try {
    const { resolved, surprising } = await client.call('predictions.resolve', {
      migration: name.slice(0, 200),
      workspace,
      outcome,
      environment,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(eventId === undefined ? {} : { eventId }),
    });
    return resolved.filter(({ id }) => surprising.includes(id));
  } catch (error) {
    // The run itself is stored; an engine of an older version has no such call.
    if (TelemetryError.is(error)) return [];
    throw error;
  }
}

type RanParamsEnvironment = ReturnType<typeof commandEnvironment>['environment'];

/** A broken manifest keeps no run from being recorded; the governance says what is wrong with it. */
function patternsAt(root: string, { log }: RecordingParts) {
  try {
    return manifestEnvironments(root);
  } catch (error) {
    log.error(`environments of the manifest: ${error instanceof Error ? error.message : error}`);
    return {};
  }
}

async function knownMigrations(root: string): Promise<KnownMigration[]> {
  const { paths } = await listFiles(root);
  const read = (path: string) => {
    const file = readSqlFile(join(root, path));
    return 'text' in file ? file.text : undefined;
  };
  return discover(paths, read).histories.flatMap(({ migrations }) =>
    migrations.filter(({ path }) => !isWayBack(path)).map(({ name, path }) => ({ name, file: path })),
  );
}

/**
 * Migrations that no run is known to have applied. Before the first known run that would be all of them, applied long
 * ago by other hands: then only those of which a prediction awaits its outcome count.
 */
async function pendingOf(
  client: TelemetryClient,
  { workspace }: OpenFolder,
  known: readonly KnownMigration[],
): Promise<KnownMigration[]> {
  if (known.length === 0) return [];
  const runs = (await allEvents(client, { type: ['migration_execution'], workspace })).filter(
    (event) =>
      isType(event, 'migration_execution') &&
      event.data.environment !== 'shadow' &&
      event.data.outcome === 'succeeded',
  );
  if (runs.length > 0)
    return known.filter(
      ({ name }) =>
        !runs.some(({ data }) => typeof data.migration === 'string' && sameMigration(data.migration, name)),
    );
  try {
    const { items } = await client.call('predictions.list', { workspace, state: ['awaiting'], limit: 500 });
    const awaited = new Set(items.map(({ file }) => file));
    return known.filter(({ file }) => awaited.has(file));
  } catch (error) {
    if (TelemetryError.is(error)) return [];
    throw error;
  }
}

/** The files that the command names, as paths below the workspace folder where they lie there. */
function belowRoot(ran: RanParams, { root }: OpenFolder): RanParams {
  const from = ran.folder ?? root;
  const files = ran.files.map((file) => {
    const path = relative(root, resolve(from, file));
    return path.startsWith('..') ? file : path.split(sep).join('/');
  });
  return { ...ran, files };
}
