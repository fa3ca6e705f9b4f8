/**
 * The timeline of a schema: one entry for each migration of a history, each with what it changed, so that the schema
 * after any of them can be put together again.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { SchemaVersionInfo } from '../contract/schema-version.ts';
import {
  CATEGORIES,
  type Category,
  objectsOf,
  objectText,
  type SchemaObject,
  type SchemaSnapshot,
} from './snapshot.ts';

export interface TimelineHead {
  workspace: string;
  /** Folder of the migrations, from the root of the workspace. */
  history: string;
  dialect: string;
}

export interface TimelineEntry extends Omit<SchemaVersionInfo, keyof TimelineHead> {
  /** Objects that are new or changed, by `category identity`. */
  changed: Record<string, SchemaObject>;
  removed: string[];
}

export interface Timeline extends TimelineHead {
  entries: TimelineEntry[];
}

/** The timelines that imports have left; implemented in `core/node/schema`. */
export interface Timelines {
  heads(): TimelineHead[];
  read(head: TimelineHead): Timeline | undefined;
}

export const NO_TIMELINES: Timelines = { heads: () => [], read: () => undefined };

/** What has to be kept of `after` by someone who has `before`. */
export function changeOf(
  before: SchemaSnapshot,
  after: SchemaSnapshot,
): Pick<TimelineEntry, 'changed' | 'removed'> {
  const was = objectsOf(before);
  const is = objectsOf(after);
  const changed = [...is].filter(([key, object]) => {
    const old = was.get(key);
    return old === undefined || (old !== object && objectText(old) !== objectText(object));
  });
  return { changed: Object.fromEntries(changed), removed: [...was.keys()].filter((key) => !is.has(key)) };
}

/** The schema after the first `count` entries. */
export function schemaAfter(entries: readonly TimelineEntry[], count = entries.length): SchemaSnapshot {
  const objects = new Map<string, SchemaObject>();
  for (const { changed, removed } of entries.slice(0, count)) {
    for (const key of removed) objects.delete(key);
    for (const [key, object] of Object.entries(changed)) objects.set(key, object);
  }
  const lists = Object.fromEntries(CATEGORIES.map((name) => [name, []])) as unknown as Record<
    Category,
    SchemaObject[]
  >;
  for (const [key, object] of objects) {
    const category = CATEGORIES.find((name) => key.startsWith(`${name} `));
    if (category) lists[category].push(object);
  }
  return lists as unknown as SchemaSnapshot;
}

/** An entry without its content, as the API shows it. */
export function infoOf(
  { workspace, history, dialect }: TimelineHead,
  entry: TimelineEntry,
): SchemaVersionInfo {
  const { changed: _, removed: __, ...rest } = entry;
  return { workspace, history, dialect, ...rest };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * How many entries stand at a moment: a version, a migration's name, a time, a hash, `latest`, `empty`. Throws
 * `not-found` with what there is.
 */
export function entriesAt({ entries, history }: Timeline, moment: string): number {
  if (moment === 'latest') return entries.length;
  if (moment === 'empty') return 0;
  const last = entries.findLastIndex(
    ({ version, migration, hash }) =>
      version === moment ||
      migration === moment ||
      (moment.length >= 6 && (hash.startsWith(moment) || migration.startsWith(moment))),
  );
  if (last !== -1) return last + 1;
  if (/^\d{4}-\d{2}-\d{2}/.test(moment)) {
    const time = Date.parse(DAY.test(moment) ? `${moment}T23:59:59.999Z` : moment);
    if (!Number.isNaN(time)) return entries.findLastIndex(({ at }) => Date.parse(at) <= time) + 1;
  }
  const [first, newest] = [entries[0], entries.at(-1)];
  const range =
    first && newest
      ? `it goes from ${first.version} (${first.at.slice(0, 10)}) to ${newest.version} (${newest.at.slice(0, 10)})`
      : 'it is empty';
  throw new TelemetryError(
    'not-found',
    `${history} has no version, migration or time “${moment}”; ${range}. Use a version, a migration’s name, a date such as 2025-03-01, latest or empty.`,
  );
}
