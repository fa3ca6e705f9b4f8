/**
 * One health check over all engines. What an engine did is read from its `performance_metric` events, so it counts
 * wherever the engine ran: in this process, in a window of the editor, in a terminal.
 */
import type { Resources } from '../contract/event.ts';
import { facetsOf } from '../contract/facets.ts';
import {
  ENGINE_NAMES,
  type EngineHealth,
  type EngineName,
  type Health,
  type HealthState,
} from '../contract/health.ts';
import type { EventFilter } from '../contract/methods.ts';
import { significant } from '../numbers.ts';
import { plural } from '../report/format.ts';
import { countEvents } from '../store/aggregates.ts';
import { listEvents } from '../store/event-queries.ts';
import type { EventStore } from '../store/event-store.ts';

const DAY = 86_400_000;

/** What an engine knows of itself beyond what it did. */
export type HealthProbe = () => { state: HealthState; message: string } | undefined;

export interface HealthContext {
  store: EventStore;
  probes: Partial<Record<EngineName, HealthProbe>>;
  resources: Resources;
  version: string;
  startedAt: number;
  processId: number;
  now: number;
}

export function unifiedHealth(context: HealthContext): Health {
  const { store, now, startedAt } = context;
  const engines = ENGINE_NAMES.map((name) => engineHealth(name, context));
  const { segments, bytes } = store.info();
  const recovered = recoveryMessage(store);
  return {
    state: worst(engines.map(({ state }) => state)),
    version: context.version,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: Math.max(0, Math.round(now - startedAt)),
    processId: context.processId,
    engines,
    resources: context.resources,
    store: {
      events: store.count,
      journalBytes: bytes,
      segments,
      queued: store.queued,
      ...(recovered ? { recovered } : {}),
    },
  };
}

function engineHealth(name: EngineName, { store, probes, now }: HealthContext): EngineHealth {
  const own = { type: ['performance_metric'], source: `engine:${name}` } satisfies EventFilter;
  const today = { ...own, from: new Date(now - DAY).toISOString() };
  const done = countEvents(store.tables, today);
  const failed = countEvents(store.tables, { ...today, status: ['error'] });
  const last = listEvents(store.tables, own, { limit: 1 }).items[0];
  const probed = probes[name]?.();
  const share = done === 0 ? 0 : failed / done;
  const judged: HealthState = (last && facetsOf(last).status === 'error') || share > 0.1 ? 'degraded' : 'ok';
  const said =
    done === 0 ? 'idle for the last 24 hours' : `${plural(done, 'operation')} in 24 hours, ${failed} failed`;
  return {
    name,
    state: probed ? worst([probed.state, judged]) : judged,
    message: probed ? `${probed.message}; ${said}` : said,
    operations: done,
    failures: failed,
    ...(last ? { lastOperation: facetsOf(last).operation ?? '', lastAt: last.timestamp } : {}),
  };
}

const ORDER: HealthState[] = ['ok', 'starting', 'stopped', 'degraded', 'failing'];

function worst(states: HealthState[]): HealthState {
  return ORDER[Math.max(0, ...states.map((state) => ORDER.indexOf(state)))] ?? 'ok';
}

/** What was not as it should be when the store was opened, in words; undefined when all was. */
export function recoveryMessage({ recovery }: EventStore): string | undefined {
  const { damage, fromCheckpoint, fromJournal } = recovery;
  if (damage.length === 0) return undefined;
  const places = damage.map(({ segment, start, end, place, reason }) => {
    const what = place === 'tail' ? 'cut off at the end, removed' : 'unreadable, passed over';
    return `${segment} bytes ${start} to ${end} (${what}: ${reason})`;
  });
  const read = significant(fromCheckpoint + fromJournal, 12);
  return `Read ${read} events. Damage in the journal: ${places.join('; ')}.`;
}
