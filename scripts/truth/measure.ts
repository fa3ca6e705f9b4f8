/** What a statement really does on a server: the locks it holds and the files it writes, read before it commits. */
import pg from 'pg';
import { LOCKABLE } from '../../core/effects/effects.ts';
import { type LockMode, stronger } from '../../core/effects/lock-modes.ts';

export interface Measured {
  /** Strongest mode of each relation that was there before. */
  locks: Map<string, LockMode>;
  /** Relations that were there before and whose file is another now. */
  rewrites: Set<string>;
}

/** Either what it did, or the server's error. */
export type Measurement = { measured: Measured; error?: never } | { measured?: never; error: string };

/** Locks that pg_locks shows as `AccessShareLock`, from the weakest. */
const MODES: Record<string, LockMode> = {
  AccessShareLock: 'ACCESS SHARE',
  RowShareLock: 'ROW SHARE',
  RowExclusiveLock: 'ROW EXCLUSIVE',
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareLock: 'SHARE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  ExclusiveLock: 'EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
};
const ORDER = Object.keys(MODES);

/** Relation kinds of pg_class whose locks count: `core/effects/effects.ts` says why. */
const KINDS = Object.values(LOCKABLE)
  .map((kind) => `'${kind}'`)
  .join(', ');
const RELATIONS = `SELECT c.oid, n.nspname || '.' || c.relname AS name, pg_relation_filenode(c.oid) AS file,
    c.relkind = 'p' AS partitioned
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN (${KINDS}) AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'`;
const LOCKS = `SELECT relation AS oid, mode FROM pg_locks
  WHERE locktype = 'relation' AND pid = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

interface Row {
  oid: number;
  name: string;
  file: string | null;
  partitioned: boolean;
}

/** Longest that a statement may run, or wait, in milliseconds. */
const PATIENCE_MS = 60_000;
const POLL_MS = 3;
/** Tables that are held at once while a statement outside of a transaction runs. */
const MOST_BLOCKERS = 12;

/** One database and the two connections that watch it. */
export class Laboratory {
  readonly #runner: pg.Client;
  readonly #observer: pg.Client;
  readonly #blockers: pg.Client[] = [];
  readonly #url: string;
  #pid = 0;

  private constructor(url: string) {
    const make = () => new pg.Client({ connectionString: url });
    this.#runner = make();
    this.#observer = make();
    this.#url = url;
  }

  static async open(url: string): Promise<Laboratory> {
    const laboratory = new Laboratory(url);
    const all = [laboratory.#runner, laboratory.#observer];
    for (const client of all) {
      client.on('error', () => undefined);
      await client.connect();
    }
    await laboratory.#runner.query(`SET statement_timeout = ${PATIENCE_MS}`);
    const { rows } = await laboratory.#runner.query('SELECT pg_backend_pid() AS pid');
    laboratory.#pid = rows[0].pid;
    return laboratory;
  }

  async close(): Promise<void> {
    await Promise.all([this.#runner, this.#observer, ...this.#blockers].map((client) => client.end()));
  }

  /** Runs SQL that is not measured. */
  async prepare(sql: string): Promise<void> {
    await this.#runner.query(sql);
  }

  /** Takes away everything that cases made in this database. */
  async reset(): Promise<void> {
    await this.#runner.query('RESET ALL');
    await this.#runner.query(`SET statement_timeout = ${PATIENCE_MS}`);
    await this.#runner.query('DEALLOCATE ALL');
    const { rows } = await this.#runner.query<{ sql: string }>(`
      SELECT format('DROP PUBLICATION %I', pubname) AS sql FROM pg_publication
      UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`);
    for (const { sql } of rows) await this.#runner.query(sql);
    await this.#runner.query('CREATE SCHEMA public');
  }

  /** Runs one statement in its own transaction; outside of one where `alone`. */
  async measure(sql: string, alone: boolean): Promise<Measurement> {
    const before = await this.#relations(this.#observer);
    return alone ? this.#measureAlone(sql, before) : this.#measureInside(sql, before);
  }

  async #measureInside(sql: string, before: Map<number, Row>): Promise<Measurement> {
    try {
      await this.#runner.query('BEGIN');
      await this.#runner.query(sql);
      const locks = await this.#locks(before);
      const after = await this.#relations(this.#runner);
      await this.#runner.query('COMMIT');
      return { measured: { locks, rewrites: rewritten(before, after) } };
    } catch (error) {
      await this.#runner.query('ROLLBACK');
      return { error: message(error) };
    }
  }

  /**
   * A statement that commits by itself is caught while it waits. Other sessions hold a lock on each table that conflicts
   * with the weakest one such a statement takes; whenever it waits, its locks are read and the one it waits for is let go.
   */
  async #measureAlone(sql: string, before: Map<number, Row>): Promise<Measurement> {
    const locks = new Map<string, LockMode>();
    const blockers = await this.#block(sql, before);
    let ended = false;
    const running = this.#runner.query(sql).then(
      () => undefined,
      (error: unknown) => message(error),
    );
    running.finally(() => {
      ended = true;
    });
    while (!ended) {
      const wanted = await this.#waitsFor();
      if (wanted === undefined) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        continue;
      }
      for (const [relation, mode] of await this.#locks(before)) {
        const seen = locks.get(relation);
        locks.set(relation, seen ? stronger(seen, mode) : mode);
      }
      await blockers.get(wanted)?.query('ROLLBACK');
      blockers.delete(wanted);
    }
    for (const blocker of blockers.values()) await blocker.query('ROLLBACK');
    const error = await running;
    if (error !== undefined) return { error };
    const after = await this.#relations(this.#observer);
    return { measured: { locks, rewrites: rewritten(before, after) } };
  }

  /** A session for each table that the statement may be about. */
  async #block(sql: string, before: Map<number, Row>): Promise<Map<number, pg.Client>> {
    const tables = [...before.values()].filter(({ file, partitioned }) => file !== null || partitioned);
    const named = tables.filter(({ name }) => sql.includes(name.slice(name.indexOf('.') + 1)));
    const blockers = new Map<number, pg.Client>();
    for (const { oid, name } of tables.length > MOST_BLOCKERS ? named.slice(0, MOST_BLOCKERS) : tables) {
      const blocker = this.#blockers[blockers.size] ?? (await this.#newBlocker());
      await blocker.query(`BEGIN; LOCK TABLE ONLY ${quoted(name)} IN SHARE UPDATE EXCLUSIVE MODE`);
      blockers.set(oid, blocker);
    }
    return blockers;
  }

  async #newBlocker(): Promise<pg.Client> {
    const blocker = new pg.Client({ connectionString: this.#url });
    blocker.on('error', () => undefined);
    await blocker.connect();
    this.#blockers.push(blocker);
    return blocker;
  }

  /** The relation that the statement waits for; 0 where it waits for something else. */
  async #waitsFor(): Promise<number | undefined> {
    const { rows } = await this.#observer.query<{ relation: number | null }>(
      `SELECT relation FROM pg_locks WHERE pid = $1 AND NOT granted`,
      [this.#pid],
    );
    return rows[0] && (rows[0].relation ?? 0);
  }

  async #relations(client: pg.Client): Promise<Map<number, Row>> {
    const { rows } = await client.query<Row>(RELATIONS);
    return new Map(rows.map((row) => [row.oid, row]));
  }

  async #locks(before: Map<number, Row>): Promise<Map<string, LockMode>> {
    const { rows } = await this.#observer.query<{ oid: number; mode: string }>(LOCKS, [this.#pid]);
    const strongest = new Map<string, LockMode>();
    for (const { oid, mode } of rows.sort((a, b) => ORDER.indexOf(a.mode) - ORDER.indexOf(b.mode))) {
      const relation = before.get(oid);
      const word = MODES[mode];
      if (relation && word) strongest.set(relation.name, word);
    }
    return strongest;
  }
}

function rewritten(before: Map<number, Row>, after: Map<number, Row>): Set<string> {
  const names = new Set<string>();
  for (const [oid, { name, file }] of before) {
    const now = after.get(oid);
    if (now && file !== null && now.file !== file) names.add(name);
  }
  return names;
}

function quoted(name: string): string {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)].map((part) => pg.escapeIdentifier(part)).join('.');
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
