/** Reads a PostgreSQL schema from its catalogues: as a whole, or again by reading only what has changed since. */
import { categoryQuery, FINGERPRINTS } from './postgres-queries.ts';
import {
  CATEGORIES,
  type Category,
  type Relation,
  type SchemaObject,
  type SchemaSnapshot,
} from './snapshot.ts';

/** One session with a server. `sql` is a single statement. */
export interface CatalogSession {
  query(sql: string): Promise<Record<string, unknown>[]>;
}

/** Settings that change how definitions are printed, and the values under which a snapshot is read. */
const PRINTING = {
  search_path: '',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  quote_all_identifiers: 'off',
} as const;
/** A plan that is made once and kept. */
const PREPARED = { ...PRINTING, plan_cache_mode: 'force_generic_plan' } as const;

/** The schema as it is now. Leaves the session's settings as they were. */
export function readPostgresSchema(session: CatalogSession): Promise<SchemaSnapshot> {
  return under(PRINTING, session, async () => snapshotOf(await readAll(session, await versionOf(session))));
}

type ByOid = Map<number, SchemaObject>;
type Objects = Record<Category, ByOid>;

/**
 * Reads the schema of one server again and again, between transactions. What has not changed is not read again and is
 * the same object as before. Its queries are prepared, because planning them takes longer than running them. For a
 * session of its own on PostgreSQL 12 or newer, as a superuser.
 */
export class PostgresCatalog {
  readonly #session: CatalogSession;
  readonly #prepared = new Set<string>();
  #version = 0;
  #fingerprints = new Map<string, string>();
  #names = new Map<string, string>();
  #objects: Objects | undefined;

  constructor(session: CatalogSession) {
    this.#session = session;
  }

  read(): Promise<SchemaSnapshot> {
    return under(PREPARED, this.#session, async () => {
      this.#version ||= await versionOf(this.#session);
      const fingerprints = new Map<string, string>();
      const names = new Map<string, string>();
      const changed = new Map<Category, number[]>();
      for (const [category, oid, name, rows, written] of await this.#fingerprint()) {
        const key = `${category} ${oid}`;
        const fingerprint = `${rows} ${written}`;
        fingerprints.set(key, fingerprint);
        names.set(key, name);
        if (this.#fingerprints.get(key) === fingerprint) continue;
        if (category !== 'everything') changed.set(category, [...(changed.get(category) ?? []), oid]);
      }
      const renamed = [...names].some(([key, name]) => (this.#names.get(key) ?? name) !== name);
      const everything = fingerprints.get('everything 0') !== this.#fingerprints.get('everything 0');
      const objects =
        this.#objects && !renamed && !everything
          ? await this.#readChanged(this.#objects, fingerprints, changed)
          : undefined;
      this.#objects = objects ?? (await readAll(this.#session, this.#version));
      this.#fingerprints = fingerprints;
      this.#names = names;
      return snapshotOf(this.#objects);
    });
  }

  async #fingerprint(): Promise<[Category | 'everything', number, string, number, string][]> {
    const [row] = await this.#execute('fingerprints', FINGERPRINTS);
    return JSON.parse(String(row?.fingerprints ?? '[]'));
  }

  /** Undefined where a name that others print has changed, so that everything must be read. */
  async #readChanged(
    before: Objects,
    present: ReadonlyMap<string, string>,
    changed: ReadonlyMap<Category, number[]>,
  ): Promise<Objects | undefined> {
    const objects = { ...before };
    for (const category of CATEGORIES) {
      const kept = [...before[category]].filter(([oid]) => present.has(`${category} ${oid}`));
      const oids = changed.get(category);
      if (!oids && kept.length === before[category].size) continue;
      objects[category] = new Map(kept);
      if (!oids) continue;
      for (const oid of oids) objects[category].delete(oid);
      const query = categoryQuery(this.#version, category, true);
      const rows = await this.#execute(category, query, oids);
      for (const [oid, object] of byOid(rows)) {
        const was = before[category].get(oid);
        if (was && mayBeRenamed(printedNames(was), printedNames(object))) return undefined;
        objects[category].set(oid, object);
      }
    }
    return objects;
  }

  async #execute(name: string, sql: string, oids?: readonly number[]): Promise<Record<string, unknown>[]> {
    const statement = `aibos_${name}`;
    const execute = oids ? `EXECUTE ${statement}('{${oids.join(',')}}')` : `EXECUTE ${statement}`;
    if (this.#prepared.has(name)) {
      try {
        return await this.#session.query(execute);
      } catch {
        // A migration ran DISCARD ALL or DEALLOCATE ALL.
        await this.#session.query(`DEALLOCATE ${statement}`).catch(() => undefined);
      }
    }
    await this.#session.query(`PREPARE ${statement}${oids ? '(oid[])' : ''} AS ${sql}`);
    this.#prepared.add(name);
    return this.#session.query(execute);
  }
}

function mayBeRenamed(before: readonly string[], after: readonly string[]): boolean {
  return before.some((name) => !after.includes(name)) && after.some((name) => !before.includes(name));
}

/** Names inside an object that definitions of other objects print. */
function printedNames(object: SchemaObject): string[] {
  if ('columns' in object) return (object as Relation).columns.map(({ name }) => name);
  if ('labels' in object) return object.labels;
  return 'attributes' in object ? object.attributes.map(({ name }) => name) : [];
}

async function readAll(session: CatalogSession, version: number): Promise<Objects> {
  const objects = {} as Objects;
  for (const category of CATEGORIES) objects[category] = await readCategory(session, version, category);
  return objects;
}

async function readCategory(session: CatalogSession, version: number, category: Category): Promise<ByOid> {
  return byOid(await session.query(categoryQuery(version, category)));
}

function byOid(rows: Record<string, unknown>[]): ByOid {
  return new Map(rows.map(({ oid, object }) => [Number(oid), withoutNulls(object) as SchemaObject]));
}

/** The engine prints null for what an object does not have. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

function snapshotOf(objects: Objects): SchemaSnapshot {
  return Object.fromEntries(
    CATEGORIES.map((category) => [category, [...objects[category].values()]]),
  ) as unknown as SchemaSnapshot;
}

async function versionOf(session: CatalogSession): Promise<number> {
  const [row] = await session.query(`SELECT current_setting('server_version_num')::int AS version`);
  return Number(row?.version);
}

/** Runs `work` under other settings and puts back what was there. */
async function under<T>(
  settings: Readonly<Record<string, string>>,
  session: CatalogSession,
  work: () => Promise<T>,
): Promise<T> {
  const names = Object.keys(settings);
  const [before = {}] = await session.query(
    `SELECT ${names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`,
  );
  const set = (values: Readonly<Record<string, unknown>>) =>
    session.query(
      `SELECT ${names.map((name) => `set_config('${name}', '${String(values[name]).replaceAll("'", "''")}', false)`).join(', ')}`,
    );
  await set(settings);
  try {
    return await work();
  } finally {
    await set(before).catch(() => undefined);
  }
}
