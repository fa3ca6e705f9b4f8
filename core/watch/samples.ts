/**
 * What an event adds to which series: durations, failures, how many there are, resources. A series belongs to one
 * operation, source and workspace, so that what is slow in one place is not judged by another.
 */
import type { EventType, Resources } from '../contract/event.ts';
import type { SeriesInfo } from '../contract/series.ts';
import type { Glance } from '../store/glance.ts';
import { hashText } from '../store/hash.ts';

export type SeriesKind = SeriesInfo['kind'];

/** What a series is about. */
export interface SeriesSubject {
  kind: SeriesKind;
  /** An operation, a type of events, a resource. */
  name: string;
  source: string;
  workspace: string | undefined;
  /** Of the events that it is made from. */
  type: EventType;
}

export interface Sample extends SeriesSubject {
  /** Milliseconds; 1 for a failure and 0 for a success; 1 for an event; the reading of a resource. */
  value: number;
}

/** Where the watch records; its own events are not watched. */
export const WATCH_SOURCE = 'engine:watch';

const MEASURED: ReadonlySet<EventType> = new Set([
  'schema_operation',
  'migration_execution',
  'performance_metric',
]);
/** Totals since boot: their change per second is what is watched. */
export const COUNTERS: ReadonlySet<string> = new Set(['networkReceivedBytes', 'networkSentBytes']);
const LONGEST_ID = 180;

/**
 * The samples of an event, at most a dozen. Of the engine's own work only failures and resources are watched: whether
 * it took one millisecond or ten helps nobody, and how much it says of itself follows from what others do.
 */
export function samplesOf(glance: Glance): Sample[] {
  const { type, source, workspace } = glance;
  if (source === WATCH_SOURCE) return [];
  const inner = isInner(source);
  const samples: Sample[] = [];
  if (MEASURED.has(type)) {
    const { status, operation = type, durationMs } = glance;
    const subject = { name: operation, source, workspace, type };
    if (durationMs !== undefined && status !== 'error' && !inner)
      samples.push({ kind: 'duration', ...subject, value: durationMs });
    if (status === 'ok' || status === 'error')
      samples.push({ kind: 'failure-rate', ...subject, value: status === 'error' ? 1 : 0 });
  }
  if (watchesRate(source))
    samples.push({ kind: 'event-rate', name: type, source, workspace, type, value: 1 });
  if (!glance.hasResources) return samples;
  const { resources = {} } = glance.event().metadata;
  for (const [name, value] of Object.entries(resources) as [keyof Resources, number][])
    samples.push({ kind: 'resource', name, source, workspace: undefined, type, value });
  return samples;
}

/** Whether a series of this kind and source is watched at all; one of an earlier version may not be any more. */
export function isWatched({ kind, source }: SeriesSubject): boolean {
  if (source === WATCH_SOURCE) return false;
  if (kind === 'duration') return !isInner(source);
  return kind === 'event-rate' ? watchesRate(source) : true;
}

/** An import brings years of events within seconds; how fast it does says nothing. */
function watchesRate(source: string): boolean {
  return !source.startsWith('import:') && !isInner(source);
}

/** Whether the engine itself says it. */
export function isInner(source: string): boolean {
  return source.startsWith('engine:');
}

/** The same for the same subject, readable, and never longer than a name may be. */
export function seriesId({ kind, name, source, workspace }: SeriesSubject): string {
  const id = `${kind}/${name}/${source}${workspace ? `/${workspace}` : ''}`;
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 9)}~${shortHash(id)}`;
}

/** A text as a few letters and digits. */
export function shortHash(text: string): string {
  return (hashText(text) >>> 0).toString(36);
}

/** `Duration of add column (cli:run)`. */
export function seriesTitle(subject: SeriesSubject): string {
  const { kind, name, source } = subject;
  if (kind === 'duration') return `Duration of ${spoken(subject)} (${source})`;
  if (kind === 'failure-rate') return `Failures of ${spoken(subject)} (${source})`;
  if (kind === 'event-rate') return `Events per hour: ${spoken(subject)} (${source})`;
  return `${RESOURCE_NAMES[name] ?? name} (${source})`;
}

/** What a series is about, as people say it: `add column`, `prisma migrations`. */
export function spoken({ kind, name, type }: Pick<SeriesSubject, 'kind' | 'name' | 'type'>): string {
  const words = name.replaceAll('_', ' ');
  if (type !== 'migration_execution' || kind === 'event-rate') return words;
  return name === type ? 'migrations' : `${words} migrations`;
}

export function seriesUnit({ kind, name }: SeriesSubject): string {
  if (kind === 'duration') return 'ms';
  if (kind === 'failure-rate') return 'share of the last 20';
  if (kind === 'event-rate') return 'events per hour';
  if (COUNTERS.has(name)) return 'bytes per second';
  if (name.endsWith('Bytes')) return 'bytes';
  if (name.endsWith('Percent')) return '%';
  return name.endsWith('Ms') ? 'ms' : 'connections';
}

const RESOURCE_NAMES: Record<string, string> = {
  cpuPercent: 'Processor',
  memoryBytes: 'Memory in use',
  memoryFreeBytes: 'Memory free',
  diskFreeBytes: 'Disk free',
  networkReceivedBytes: 'Network, received',
  networkSentBytes: 'Network, sent',
  eventLoopLagMs: 'Event loop lag',
  databaseConnections: 'Database connections',
};
