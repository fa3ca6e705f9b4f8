/**
 * The database connector: reaches a database by its address, says whether it is there and what is in it, and runs
 * migrations on it when asked. Reads only, but for {@link DatabaseConnector.openRun}.
 */
import { TelemetryError } from '../../contract/errors.ts';
import { redactText } from '../../privacy/redact.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { StatisticsFile } from '../../statistics/statistics.ts';
import type { Instrument } from '../../trace/instrument.ts';
import { readAddress } from './address.ts';
import { type DatabaseFacts, type Driver, messageOf, type RunOptions, type RunSession } from './driver.ts';

export class DatabaseConnector {
  readonly #instrument: Instrument;
  readonly #driver: Promise<Driver>;
  #opened: Driver | undefined;
  #fault: string | undefined;

  /** Connects on first use; what is no address is refused then, with `invalid-request`. */
  constructor(instrument: Instrument, url: string) {
    this.#instrument = instrument;
    this.#driver = openDriver(url).then((driver) => {
      driver.onFault = (message) => {
        this.#fault = redactText(message);
      };
      this.#opened = driver;
      return driver;
    });
    this.#driver.catch(() => undefined);
  }

  /** Open connections. */
  get connections(): number {
    return this.#opened?.connections ?? 0;
  }

  /** What went wrong last; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Throws `unavailable` with the server's message, without the password. */
  facts(): Promise<DatabaseFacts> {
    return this.#measure('facts', (driver) => driver.facts());
  }

  /** The schema as it is now. Throws `unavailable` like {@link facts}. */
  snapshot(): Promise<SchemaSnapshot> {
    return this.#measure('snapshot', (driver) => driver.snapshot());
  }

  /** Statistics of every table, without any row data. Throws `unavailable` like {@link facts}. */
  statistics(): Promise<StatisticsFile> {
    return this.#measure('statistics', (driver) => driver.statistics());
  }

  /** A connection that may change the database. Close it. Throws `unavailable` like {@link facts}. */
  openRun(options: RunOptions = {}): Promise<RunSession> {
    return this.#measure('run', (driver) => driver.openRun(options));
  }

  async close(): Promise<void> {
    const driver = await this.#driver.catch(() => undefined);
    await driver?.close();
  }

  #measure<T>(operation: string, work: (driver: Driver) => Promise<T>): Promise<T> {
    return this.#instrument.measure(operation, async () => {
      try {
        const result = await work(await this.#driver);
        this.#fault = undefined;
        return result;
      } catch (cause) {
        this.#fault = redactText(messageOf(cause));
        if (TelemetryError.is(cause)) throw cause;
        throw new TelemetryError('unavailable', `The database cannot be read: ${this.#fault}`, { cause });
      }
    });
  }
}

/** Drivers are loaded when one is called for: most commands need none. */
async function openDriver(url: string): Promise<Driver> {
  const address = readAddress(url);
  switch (address.dialect) {
    case 'postgres':
      return new (await import('./postgres.ts')).PostgresDriver(address.url);
    case 'mysql':
      return new (await import('./mysql.ts')).MysqlDriver(address.url);
    case 'sqlite':
      return new (await import('./sqlite.ts')).SqliteDriver(address.path ?? '');
  }
}
