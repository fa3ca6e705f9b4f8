/** Hosts the engine on a data folder: store, models, monitor, connector, and the one way into them. */

import { rmSync } from 'node:fs';
import { type Caller, checkRole, type Dispatch, dispatcher } from '../../api/dispatch.ts';
import type { Subscribe } from '../../contract/client.ts';
import type { EventMetadata, TelemetryEvent } from '../../contract/event.ts';
import { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { uuidV7Source } from '../../events/ids.ts';
import { Erasures } from '../../privacy/erasures.ts';
import type { PrintPdf } from '../../report/make.ts';
import { SettingsKeeper } from '../../settings/settings.ts';
import { EventStore } from '../../store/event-store.ts';
import type { PartitionHead } from '../../store/partition.ts';
import { loadSqlite } from '../../store/sqlite.ts';
import { instrument } from '../../trace/instrument.ts';
import { accessKeysOf } from '../access-keys.ts';
import { alertActor } from '../alerts/actor.ts';
import { readAsset } from '../assets.ts';
import { type DataFolder, maxMemoryMb } from '../data-folder.ts';
import { DatabaseConnector } from '../database/connector.ts';
import { readDatabase } from '../database/read-database.ts';
import { type RecordedBody, recordedBody } from '../intake/answer.ts';
import { IntakeThreads } from '../intake/thread.ts';
import { nodePlatform } from '../platform.ts';
import { OwnOutcomesFile } from '../predict/own-outcomes-file.ts';
import { cleaner, placeOfData, pseudonymOfMe } from '../privacy.ts';
import { reportFiles } from '../report/report-files.ts';
import { runSchedules } from '../report/run-schedules.ts';
import { ResourceMonitor } from '../resource-monitor.ts';
import { TimelineFiles } from '../schema/timeline-files.ts';
import { artifactFiles } from '../store/artifact-files.ts';
import { ImageFiles } from '../store/image-files.ts';
import { JournalFiles } from '../store/journal-files.ts';
import { keptFile } from '../store/kept-file.ts';
import { asyncTrace } from '../trace.ts';
import { trainInThread } from '../training/thread.ts';
import { VERSION } from '../version.ts';
import { keepHouse } from './housekeeping.ts';

/** What can be done with an engine, wherever it runs. */
export interface Backend {
  dispatch: Dispatch;
  subscribe: Subscribe;
  /** Called whenever what outcomes taught the predictor is written (`predict/own-outcomes-file.ts`), until the result is. */
  onLearned: (listener: () => void) => () => void;
  /** Records the events of a large JSON body, read in another thread; undefined where the engine is elsewhere. */
  record?: ((body: Uint8Array, caller: Caller) => Promise<RecordedBody>) | undefined;
}

export interface HostedEngine extends Backend {
  engine: AITelemetryEngine;
  /** Ends monitor, connector and store, in this order; everything that was acknowledged is on the disk. */
  close(reason: string): Promise<void>;
}

export interface HostOptions {
  /** A database whose health is watched. */
  databaseUrl?: string;
  defaults?: EventMetadata;
  /** Makes PDFs; without it an installed browser does. */
  print?: PrintPdf;
}

/** Events handed to a new subscriber at a time. */
const CATCH_UP = 500;

/** How often it is looked whether a training is due. */
const LOOK_FOR_TRAINING_MS = 5_000;

/** The caller must hold the folder's lock. */
export async function hostEngine(folder: DataFolder, options: HostOptions = {}): Promise<HostedEngine> {
  const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
  // Images of version 0.1; the journal has everything that they held.
  rmSync(folder.in('checkpoints'), { recursive: true, force: true });
  const memory = maxMemoryMb();
  const settings = new SettingsKeeper(
    keptFile(folder.in('settings.json')),
    memory === undefined ? {} : { maxMemoryMb: memory },
  );
  const newId = uuidV7Source(nodePlatform);
  const erasures = new Erasures({
    kept: keptFile(folder.in('erasures.json')),
    platform: nodePlatform,
    newId,
    clean: cleaner(folder),
  });
  const store = EventStore.open({
    sqlite,
    hidden: erasures.hidden,
    maxMemoryMb: settings.current().maxMemoryMb,
    platform: nodePlatform,
    journal: new JournalFiles(folder.folder('journal')),
    images: new ImageFiles<PartitionHead>(folder.folder('images')),
  });
  const trace = asyncTrace();
  const sessionId = newId();
  let connector: DatabaseConnector | undefined;
  const monitor = new ResourceMonitor({
    path: folder.path,
    forward: (event) => engine.forward(event),
    connections: () => connector?.connections ?? 0,
  });
  const engine: AITelemetryEngine = new AITelemetryEngine({
    store,
    trace,
    platform: nodePlatform,
    trainer: trainInThread,
    artifacts: artifactFiles(folder.folder('models')),
    settings,
    erasures,
    keys: accessKeysOf(folder),
    folder: placeOfData(folder),
    me: await pseudonymOfMe(folder),
    version: VERSION,
    processId: process.pid,
    defaults: { sessionId, ...options.defaults },
    resources: () => monitor.latest,
    timelines: new TimelineFiles(folder),
    readDatabase,
    insights: keptFile(folder.in('insights.json')),
    trainings: keptFile(folder.in('trainings.json')),
    effects: keptFile(folder.in('effects.json')),
    reports: reportFiles(folder.in('report-schedules.json'), options.print),
    watch: {
      kept: keptFile(folder.in('watch.json')),
      pause: (ms = 0) =>
        new Promise((resolve) => (ms >= 1 ? setTimeout(resolve, ms) : setImmediate(resolve))),
      actor: alertActor,
    },
    probes: {
      'database-connector': () => {
        if (!connector) return { state: 'ok', message: 'no database configured' };
        return connector.fault
          ? { state: 'degraded', message: connector.fault }
          : { state: 'ok', message: 'connected' };
      },
    },
  });
  if (options.databaseUrl) {
    const forward = engine.forward.bind(engine);
    connector = new DatabaseConnector(
      instrument('database-connector', forward, nodePlatform),
      options.databaseUrl,
    );
    void connector.facts().catch(() => undefined);
  }
  const ownOutcomes = new OwnOutcomesFile(folder, engine.ownRecord);
  const intake = new IntakeThreads();
  const endHousekeeping = keepHouse(engine);
  const due = setInterval(() => engine.learning.tick(), LOOK_FOR_TRAINING_MS).unref();
  await monitor.start();
  const dispatch = dispatcher(engine, trace);
  const endSchedules = runSchedules(engine.reports, (method, params) =>
    dispatch(method, params, { role: 'viewer', via: 'schedule' }),
  );
  return {
    engine,
    dispatch,
    subscribe: subscribeTo(engine),
    onLearned: ownOutcomes.onWritten,
    async record(body, { role, via: _via, ...context }) {
      checkRole('events.record', role);
      const taken = await intake.encode(body, context, engine.defaults);
      return recordedBody(await engine.recordEncoded(taken), taken.ids);
    },
    async close(reason) {
      endHousekeeping();
      // A command that records a run and ends would else leave before its outcome has taught anything.
      await engine.learning.joinedOwn();
      ownOutcomes.close();
      clearInterval(due);
      endSchedules();
      monitor.stop();
      await intake.close();
      await connector?.close().catch(() => undefined);
      await engine.close(reason);
    },
  };
}

/** First what was missed, then what comes, without a gap and without a repeat. */
function subscribeTo(engine: AITelemetryEngine): Subscribe {
  return ({ after, filter }, onEvent) => {
    let seen = after ?? engine.lastSequence;
    let open = true;
    const deliver = (events: readonly TelemetryEvent[]) => {
      for (const event of events) {
        if (!open || event.sequence <= seen) continue;
        seen = event.sequence;
        if (matches(event, filter)) onEvent(event);
      }
    };
    const catchUp = () => {
      for (let events = engine.eventsAfter(seen, CATCH_UP); open && events.length > 0; ) {
        deliver(events);
        events = engine.eventsAfter(seen, CATCH_UP);
      }
    };
    catchUp();
    const end = engine.onRecorded(deliver);
    return () => {
      open = false;
      end();
    };
  };
}

function matches(event: TelemetryEvent, filter: Parameters<Subscribe>[0]['filter']): boolean {
  if (filter?.type?.length && !filter.type.includes(event.type)) return false;
  return !filter?.workspace || event.metadata.workspace === filter.workspace;
}
