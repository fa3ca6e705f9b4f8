/** The shadow of one history: started where the history stood, replaced when it hangs, kept as an image in the end. */
import type { Dialect } from '../../contract/event.ts';
import type { FormatName } from '../../migrations/formats.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { MigrationRun, MigrationToRun } from '../../shadow/shadow.ts';
import { setupScript } from '../../shadow/surroundings.ts';
import { type ShadowDialect, ShadowProcess } from '../shadow/process.ts';

const SHADOWED: Partial<Record<Dialect, ShadowDialect>> = {
  postgres: 'postgres',
  sqlite: 'sqlite',
  unknown: 'postgres',
};

/** The engine that stands in for a dialect; undefined where there is none. */
export function shadowDialect(dialect: Dialect): ShadowDialect | undefined {
  return SHADOWED[dialect];
}

export class HistoryShadow {
  readonly #dialect: ShadowDialect;
  readonly #format: FormatName;
  #shadow: ShadowProcess;
  /** What has run since the start, in order. */
  readonly #ran: MigrationToRun[] = [];

  private constructor(dialect: ShadowDialect, format: FormatName, shadow: ShadowProcess) {
    this.#dialect = dialect;
    this.#format = format;
    this.#shadow = shadow;
  }

  /** Equal to the shadow that `image` came from; without one empty, but for what its tool and platform bring. */
  static async start(dialect: ShadowDialect, format: FormatName, image?: Uint8Array): Promise<HistoryShadow> {
    const shadow = await ShadowProcess.start(dialect, image);
    const started = new HistoryShadow(dialect, format, shadow);
    if (!image) await started.#setUp();
    return started;
  }

  get version(): string {
    return this.#shadow.version;
  }

  /**
   * Runs a migration. One that hangs or takes its shadow down rejects, after the shadow has been replaced by one in
   * which everything before it has run again.
   */
  async run(migration: MigrationToRun): Promise<MigrationRun> {
    try {
      const run = await this.#shadow.run(migration);
      this.#ran.push(migration);
      return run;
    } catch (error) {
      await this.#replace();
      throw error;
    }
  }

  snapshot(): Promise<SchemaSnapshot> {
    return this.#shadow.snapshot();
  }

  image(): Promise<Uint8Array> {
    return this.#shadow.image();
  }

  close(): Promise<void> {
    return this.#shadow.close();
  }

  async #replace(): Promise<void> {
    await this.#shadow.close();
    this.#shadow = await ShadowProcess.start(this.#dialect);
    await this.#setUp();
    for (const migration of this.#ran) await this.#shadow.run(migration);
  }

  async #setUp(): Promise<void> {
    const setup = setupScript(this.#format, this.#dialect);
    if (setup) await this.#shadow.prepare(setup);
  }
}
