/**
 * The only file that knows sql.js. A small, typed face of SQLite in memory: prepared statements by text, rows as
 * arrays, images.
 */
import initSqlJs from 'sql.js';

export type SqlValue = string | number | null | Uint8Array;

interface RawStatement {
  bind(values: SqlValue[]): boolean;
  step(): boolean;
  get(): SqlValue[];
  reset(): void;
  free(): void;
  getColumnNames(): string[];
}
interface RawDatabase {
  exec(sql: string): { columns: string[]; values: SqlValue[][] }[];
  prepare(sql: string): RawStatement;
  export(): Uint8Array;
  getRowsModified(): number;
  iterateStatements(
    sql: string,
  ): Iterable<RawStatement & { getSQL(): string }> & { getRemainingSQL(): string };
  close(): void;
}
interface SqlJsModule {
  Database: new (image?: Uint8Array) => RawDatabase;
}

let loading: Promise<SqlJsModule> | undefined;

/** Loads the SQLite module once. `wasm` is the text of `sql-wasm.wasm`. */
export function loadSqlite(wasm: Uint8Array): Promise<SqliteModule> {
  loading ??= (initSqlJs as unknown as (options: object) => Promise<SqlJsModule>)({
    wasmBinary: wasm,
    useOldExtensionFunctions: false,
  });
  return loading.then((module) => new SqliteModule(module));
}

export class SqliteModule {
  readonly #module: SqlJsModule;
  constructor(module: SqlJsModule) {
    this.#module = module;
  }

  /** A database in memory: empty, or from an image. Throws where the image is none. */
  open(image?: Uint8Array): Sqlite {
    const raw = new this.#module.Database(image);
    if (image) raw.exec('SELECT count(*) FROM sqlite_schema');
    return new Sqlite(raw);
  }
}

/** One database in memory. Not safe for use from several places at once; SQLite errors are thrown as they are. */
export class Sqlite {
  readonly #raw: RawDatabase;
  readonly #prepared = new Map<string, RawStatement>();

  constructor(raw: RawDatabase) {
    this.#raw = raw;
  }

  /** Runs a script of any number of statements and drops what they return. */
  script(sql: string): void {
    this.#raw.exec(sql);
  }

  /** Runs one statement; returns the number of rows it changed. */
  run(sql: string, values: SqlValue[] = []): number {
    const statement = this.#prepare(sql);
    try {
      statement.bind(values);
      statement.step();
      return this.#raw.getRowsModified();
    } finally {
      statement.reset();
    }
  }

  /** The rows of one query, each mapped by `read`. */
  all<T>(sql: string, values: SqlValue[], read: (row: SqlValue[]) => T): T[] {
    const statement = this.#prepare(sql);
    const rows: T[] = [];
    try {
      statement.bind(values);
      while (statement.step()) rows.push(read(statement.get()));
      return rows;
    } finally {
      statement.reset();
    }
  }

  /** The first row of one query, or undefined. */
  first<T>(sql: string, values: SqlValue[], read: (row: SqlValue[]) => T): T | undefined {
    const statement = this.#prepare(sql);
    try {
      statement.bind(values);
      return statement.step() ? read(statement.get()) : undefined;
    } finally {
      statement.reset();
    }
  }

  /** All or nothing: a throw inside rolls everything back and goes on up. */
  transaction(work: () => void): void {
    this.#raw.exec('BEGIN');
    try {
      work();
    } catch (error) {
      this.#raw.exec('ROLLBACK');
      throw error;
    }
    this.#raw.exec('COMMIT');
  }

  /** The whole database as the bytes of an SQLite file. */
  image(): Uint8Array {
    return this.#raw.export();
  }

  close(): void {
    for (const statement of this.#prepared.values()) statement.free();
    this.#prepared.clear();
    this.#raw.close();
  }

  /**
   * Runs a script one statement at a time, as SQLite splits it; `each` gets the text of a statement and runs it by
   * calling `step`. Used to run migrations.
   */
  eachStatement(sql: string, each: (text: string, step: () => void) => void): void {
    for (const statement of this.#raw.iterateStatements(sql)) {
      each(statement.getSQL(), () => {
        while (statement.step());
      });
    }
  }

  #prepare(sql: string): RawStatement {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#raw.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
