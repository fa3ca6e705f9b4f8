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
/** What sql.js exports of SQLite's C interface, as far as it is used here; pointers are numbers. */
interface SqlJsModule {
  Database: new (image?: Uint8Array) => RawDatabase & { db: number };
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  stringToNewUTF8(text: string): number;
  UTF8ToString(pointer: number): string;
  _sqlite3_open(name: number, handle: number): number;
  _sqlite3_close_v2(handle: number): number;
  _sqlite3_backup_init(to: number, toName: number, from: number, fromName: number): number;
  _sqlite3_backup_step(backup: number, pages: number): number;
  _sqlite3_backup_finish(backup: number): number;
  _sqlite3_prepare_v2(db: number, sql: number, bytes: number, statement: number, tail: number): number;
  _sqlite3_bind_int(statement: number, at: number, value: number): number;
  _sqlite3_bind_double(statement: number, at: number, value: number): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_reset(statement: number): number;
  _sqlite3_finalize(statement: number): number;
  _sqlite3_errmsg(db: number): number;
}

let loading: Promise<SqliteModule> | undefined;

/** Loads the SQLite module once. `wasm` is the content of `sql-wasm.wasm`. */
export function loadSqlite(wasm: Uint8Array): Promise<SqliteModule> {
  loading ??= load(wasm);
  return loading;
}

async function load(wasm: Uint8Array): Promise<SqliteModule> {
  let memory: WebAssembly.Memory | undefined;
  const module = await (initSqlJs as unknown as (options: object) => Promise<SqlJsModule>)({
    useOldExtensionFunctions: false,
    instantiateWasm(imports: object, receive: (instance: object, module: object) => void) {
      void WebAssembly.instantiate(wasm, imports).then(({ instance, module: compiled }) => {
        memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
        receive(instance, compiled);
      });
      return {};
    },
  });
  if (!memory) throw new Error('sql-wasm.wasm exports no memory');
  return new SqliteModule(module, memory);
}

export class SqliteModule {
  readonly #module: SqlJsModule;
  readonly #memory: WebAssembly.Memory;

  constructor(module: SqlJsModule, memory: WebAssembly.Memory) {
    this.#module = module;
    this.#memory = memory;
  }

  /**
   * A database in memory: empty, or from a copy of an image. Throws where the image is none. sql.js copies by `slice`, which
   * for a Node buffer is no copy: the database would change with whatever is read into that buffer next.
   */
  open(image?: Uint8Array): Sqlite {
    const raw = new this.#module.Database(
      image && new Uint8Array(image.buffer, image.byteOffset, image.length),
    );
    if (image) raw.exec('SELECT count(*) FROM sqlite_schema');
    return new Sqlite(raw);
  }

  /**
   * A database in SQLite's own memory: two to four times as fast to write as {@link open}, which goes through a file
   * in memory. With an image it starts as a copy of that.
   */
  openMemory(image?: Uint8Array): FastSqlite {
    const sqlite = this.#module;
    const raw = new sqlite.Database();
    sqlite._sqlite3_close_v2(raw.db);
    const name = sqlite.stringToNewUTF8(':memory:');
    const handle = sqlite._malloc(4);
    const code = sqlite._sqlite3_open(name, handle);
    raw.db = new DataView(this.#memory.buffer).getInt32(handle, true);
    sqlite._free(name);
    sqlite._free(handle);
    if (code !== 0) throw new Error(`SQLite could not open a database in memory (code ${code})`);
    if (image) copyDatabase(sqlite, this.open(image), raw.db);
    raw.exec('PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY');
    return new FastSqlite(raw, sqlite, this.#memory);
  }
}

/** Copies a database over another one, and closes the first. */
function copyDatabase(sqlite: SqlJsModule, from: Sqlite, to: number): void {
  const main = sqlite.stringToNewUTF8('main');
  try {
    const backup = sqlite._sqlite3_backup_init(to, main, from.handle, main);
    const code = sqlite._sqlite3_backup_step(backup, -1);
    sqlite._sqlite3_backup_finish(backup);
    if (code !== DONE) throw new Error(`SQLite could not copy a database (code ${code})`);
  } finally {
    sqlite._free(main);
    from.close();
  }
}

const DONE = 101;

/** One database in memory. Not safe for use from several places at once; SQLite errors are thrown as they are. */
export class Sqlite {
  readonly #raw: RawDatabase;
  readonly #prepared = new Map<string, RawStatement>();

  constructor(raw: RawDatabase) {
    this.#raw = raw;
  }

  /** SQLite's own pointer, for {@link SqliteModule}. */
  get handle(): number {
    return (this.#raw as RawDatabase & { db: number }).db;
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

/** A database in SQLite's own memory, with a way to insert many rows quickly. */
export class FastSqlite extends Sqlite {
  readonly #sqlite: SqlJsModule;
  readonly #memory: WebAssembly.Memory;
  readonly #inserters: Inserter[] = [];

  constructor(raw: RawDatabase, sqlite: SqlJsModule, memory: WebAssembly.Memory) {
    super(raw);
    this.#sqlite = sqlite;
    this.#memory = memory;
  }

  /** Prepares an INSERT for many rows; it ends with the database. */
  inserter(sql: string): Inserter {
    const inserter = new Inserter(this.#sqlite, this.#memory, this.handle, sql);
    this.#inserters.push(inserter);
    return inserter;
  }

  override close(): void {
    for (const inserter of this.#inserters) inserter.close();
    super.close();
  }
}

/**
 * Inserts rows of numbers by SQLite's own binding calls: sql.js spends most of its time on finding out what each value
 * is and on copying texts. NaN is NULL.
 */
export class Inserter {
  readonly #sqlite: SqlJsModule;
  readonly #db: number;
  readonly #statement: number;

  constructor(sqlite: SqlJsModule, memory: WebAssembly.Memory, db: number, sql: string) {
    this.#sqlite = sqlite;
    this.#db = db;
    const text = sqlite.stringToNewUTF8(sql);
    const handle = sqlite._malloc(4);
    const code = sqlite._sqlite3_prepare_v2(db, text, -1, handle, 0);
    this.#statement = new DataView(memory.buffer).getInt32(handle, true);
    sqlite._free(text);
    sqlite._free(handle);
    if (code !== 0) throw this.#error('prepare');
  }

  /** Binds a whole number of at most 32 bits. */
  int(at: number, value: number): void {
    this.#sqlite._sqlite3_bind_int(this.#statement, at, value);
  }

  /** Binds any other number; a column of INTEGER affinity keeps whole ones as integers. */
  number(at: number, value: number): void {
    this.#sqlite._sqlite3_bind_double(this.#statement, at, value);
  }

  /** Inserts the row as it is bound. Throws SQLite's error. */
  insert(): void {
    const code = this.#sqlite._sqlite3_step(this.#statement);
    if (code !== DONE) {
      const error = this.#error('insert');
      this.#sqlite._sqlite3_reset(this.#statement);
      throw error;
    }
    this.#sqlite._sqlite3_reset(this.#statement);
  }

  close(): void {
    this.#sqlite._sqlite3_finalize(this.#statement);
  }

  #error(what: string): Error {
    return new Error(`${what}: ${this.#sqlite.UTF8ToString(this.#sqlite._sqlite3_errmsg(this.#db))}`);
  }
}
