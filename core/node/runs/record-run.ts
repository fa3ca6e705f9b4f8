/**
 * A command that ran migrations: finds out which ones, records each with its outcome, and lets the outcome join the
 * predictions that were made of it.
 */
import { relative, resolve, sep } from 'node:path';
import { allEvents, type TelemetryClient } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import { type Environment, type EventInput, type EventMetadata, isType } from '../../contract/event.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { EnvironmentPatterns } from '../../database/environment.ts';
import type { RanCommand } from '../../migrations/command/ended-command.ts';
import { commandEnvironment } from '../../migrations/command/environment.ts';
import { sameMigration } from '../../migrations/command/names.ts';
import {
  type KnownMigration,
  migrationsOf,
  type RanMigration,
  runEvents,
} from '../../migrations/command/run-events.ts';
import { isWayBack } from '../../migrations/discover.ts';
import { discoverBelow } from '../import/discover-below.ts';
import { listFiles } from '../import/files.ts';
import { nodePlatform } from '../platform.ts';

/** The folder whose migrations a command may run. */
export interface RunPlace {
  root: string;
  workspace: string;
}

export interface RunRecording {
  client: TelemetryClient;
  place: RunPlace;
  /** Whether files of the folder may be listed and read. */
  trusted: boolean;
  patterns: EnvironmentPatterns;
  /** Who records it. */
  source: string;
  /** Pseudonym of whoever ran it. */
  user: string | undefined;
  /** Resolves once the events are stored. */
  send(events: EventInput[]): Promise<void>;
}

export interface RecordedRun {
  migrations: RanMigration[];
  environment: Environment;
  /** Predictions that this run showed to be wrong. */
  surprising: PredictionRecord[];
}

export async function recordRun(ran: RanCommand, recording: RunRecording): Promise<RecordedRun> {
  const { client, place, user, source } = recording;
  const known = recording.trusted ? await knownMigrations(place.root) : [];
  const pending = await pendingOf(client, place, known);
  const migrations = migrationsOf(belowRoot(ran, place), known, pending);
  const metadata: EventMetadata = {
    workspace: place.workspace,
    correlationId: ran.id,
    ...(user ? { user } : {}),
  };
  const badge = commandEnvironment(ran.whereabouts, recording.patterns);
  const { environment } = badge;
  const events = runEvents(ran, migrations, badge, metadata, { source, sha256: nodePlatform.sha256 });
  await recording.send(events);
  const surprising: PredictionRecord[] = [];
  for (const [at, migration] of migrations.entries())
    if (ran.direction === 'up' && migration.outcome !== 'unknown')
      surprising.push(
        ...(await resolvePredictions(client, migration, {
          workspace: place.workspace,
          environment,
          eventId: events[at]?.id,
        })),
      );
  return { migrations, environment, surprising };
}

/** Joins the outcome; what the engine joined by itself is found by its event. */
async function resolvePredictions(
  client: TelemetryClient,
  { name, outcome, durationMs }: RanMigration,
  about: { workspace: string; environment: Environment; eventId: string | undefined },
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

async function knownMigrations(root: string): Promise<KnownMigration[]> {
  const { paths } = await listFiles(root);
  return discoverBelow(root, paths).histories.flatMap(({ migrations }) =>
    migrations.filter(({ path }) => !isWayBack(path)).map(({ name, path }) => ({ name, file: path })),
  );
}

/**
 * Migrations that no run is known to have applied. Before the first known run that would be all of them, applied long
 * ago by other hands: then only those of which a prediction awaits its outcome count.
 */
async function pendingOf(
  client: TelemetryClient,
  { workspace }: RunPlace,
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
function belowRoot(ran: RanCommand, { root }: RunPlace): RanCommand {
  const from = ran.folder ?? root;
  const files = ran.files.map((file) => {
    const path = relative(root, resolve(from, file));
    return path.startsWith('..') ? file : path.split(sep).join('/');
  });
  return { ...ran, files };
}
