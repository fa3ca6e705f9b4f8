/** Answers the `schema.*` methods from the timelines. */
import { TelemetryError } from '../contract/errors.ts';
import type { Params, Result } from '../contract/methods.ts';
import { compareSchemas } from './comparator.ts';
import { renameHints } from './rename-hints.ts';
import { EMPTY_SCHEMA, nameOf, relationNamed, type SchemaSnapshot } from './snapshot.ts';
import { entriesAt, infoOf, schemaAfter, type Timeline, type Timelines } from './timeline.ts';
import { transition } from './transition/transition.ts';

const MOST_VERSIONS = 50;

/** Newest first. */
export function schemaVersions(
  timelines: Timelines,
  { workspace, history, table, limit = MOST_VERSIONS }: Params<'schema.versions'>,
): Result<'schema.versions'> {
  const heads = matching(timelines, { workspace, history });
  const items = heads.flatMap((head) => {
    const timeline = timelines.read(head);
    return (timeline?.entries ?? [])
      .filter((entry) => table === undefined || touches(entry, table))
      .map((entry) => infoOf(head, entry));
  });
  // Within a history the order is that of its migrations, whatever their times say.
  const newest = heads.length > 1 ? items.sort((a, b) => a.at.localeCompare(b.at)) : items;
  return { items: newest.reverse().slice(0, limit), total: items.length };
}

/** Throws `not-found` for a moment or table that is not there. */
export function schemaAt(
  timelines: Timelines,
  { at = 'latest', table, ...which }: Params<'schema.get'>,
): Result<'schema.get'> {
  const timeline = oneTimeline(timelines, which);
  const count = entriesAt(timeline, at);
  const entry = timeline.entries[count - 1];
  const whole = schemaAfter(timeline.entries, count);
  const schema = table === undefined ? whole : onlyTable(whole, table, at);
  return { ...(entry ? { version: infoOf(timeline, entry) } : {}), schema };
}

export function schemaDiff(
  timelines: Timelines,
  { from, to = 'latest', sql, ...which }: Params<'schema.diff'>,
): Result<'schema.diff'> {
  const timeline = oneTimeline(timelines, which);
  const side = (moment: string) => {
    const count = entriesAt(timeline, moment);
    const entry = timeline.entries[count - 1];
    return { info: entry && infoOf(timeline, entry), schema: schemaAfter(timeline.entries, count) };
  };
  const [before, after] = [side(from), side(to)];
  return {
    ...(before.info ? { from: before.info } : {}),
    ...(after.info ? { to: after.info } : {}),
    ...compared(before.schema, after.schema, sql === true && timeline.dialect !== 'sqlite'),
  };
}

/** Differences, what may be renamings, and the SQL where it is wanted. */
export function compared(before: SchemaSnapshot, after: SchemaSnapshot, sql: boolean) {
  const differences = compareSchemas(before, after);
  return {
    differences,
    renames: renameHints(differences),
    ...(sql ? { sql: transition(before, after) } : {}),
  };
}

function matching(
  timelines: Timelines,
  { workspace, history }: { workspace?: string | undefined; history?: string | undefined },
) {
  return timelines
    .heads()
    .filter((head) => workspace === undefined || head.workspace === workspace)
    .filter((head) => history === undefined || head.history === history);
}

/** Throws `not-found` where there is none, `conflict` where there are several. */
export function oneTimeline(timelines: Timelines, which: { workspace?: string; history?: string }): Timeline {
  const heads = matching(timelines, which);
  const [head] = heads;
  const timeline = head && timelines.read(head);
  if (!timeline) {
    throw new TelemetryError(
      'not-found',
      'No schema of such a history is known. Import its repository first: aibos import PATH.',
    );
  }
  if (heads.length > 1) {
    const names = heads.map(({ workspace, history }) => `${workspace} ${history}`).join(', ');
    throw new TelemetryError(
      'conflict',
      `There are ${heads.length} histories; name one by workspace and history: ${names}.`,
    );
  }
  return timeline;
}

function touches(entry: Timeline['entries'][number], table: string): boolean {
  const keys = [...Object.keys(entry.changed), ...entry.removed];
  return keys.some((key) => key === `relations ${table}` || key === `relations public.${table}`);
}

function onlyTable(schema: SchemaSnapshot, table: string, at: string): SchemaSnapshot {
  const relation = relationNamed(schema, table);
  if (relation) return { ...EMPTY_SCHEMA, relations: [relation] };
  const names = schema.relations.map(nameOf).sort();
  const some = names.length > 20 ? `${names.slice(0, 20).join(', ')}, …` : names.join(', ');
  throw new TelemetryError(
    'not-found',
    `There was no table ${table} at ${at}. There were: ${some || 'none'}.`,
  );
}
