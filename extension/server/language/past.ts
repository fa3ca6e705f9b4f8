/** What the engine knows beside a prediction: similar past runs, how good predictions have been. Never waited for long. */

import type { AccuracyReport } from '../../../core/contract/accuracy.ts';
import type { TelemetryClient } from '../../../core/contract/client.ts';
import { TelemetryError } from '../../../core/contract/errors.ts';
import type { MigrationStory, MigrationSummary } from '../../../core/contract/migration-story.ts';
import type { Session } from '../../../core/node/engine/session.ts';

export interface Past {
  similar: MigrationSummary[];
  accuracy?: AccuracyReport;
  /** How many examples the model that predicts failures has, and needs. */
  training?: { examples: number; needed: number };
}

export type Run = MigrationStory['runs'][number];

/** A hover does not wait longer; the next one has it. */
const PATIENCE_MS = 150;
const FRESH_MS = 30_000;
const MOST_SIMILAR = 3;

export class PastRuns {
  readonly #session: () => Promise<Session>;
  readonly #answers = new Map<string, { at: number; answer: Promise<unknown> }>();
  readonly #runs = new Map<string, { known?: Run | undefined }>();
  readonly #onRun: () => void;

  /** @param onRun a run became known that {@link lastRun} had not said */
  constructor(session: () => Promise<Session>, onRun: () => void) {
    this.#session = session;
    this.#onRun = onRun;
  }

  /** Runs of other migrations that did the like to the table; what the engine does not know or say in time is missing. */
  async about(
    {
      migration,
      table,
      operations,
    }: { migration: string; table: string | undefined; operations: readonly string[] },
    workspace: string | undefined,
  ): Promise<Past> {
    const where = workspace === undefined ? {} : { workspace };
    const [onTable, accuracy, models] = await Promise.all([
      table === undefined
        ? undefined
        : this.#ask(`list ${workspace} ${table}`, (client) =>
            client.call('migrations.list', { ...where, table, limit: 50 }),
          ),
      this.#ask(`accuracy ${workspace}`, (client) => client.call('accuracy.get', where)),
      this.#ask('models', (client) => client.call('models.list', {})),
    ]);
    const alike = (run: MigrationSummary) =>
      run.operations.filter((name) => operations.includes(name)).length;
    const similar = (onTable?.items ?? [])
      .filter(({ name, runs }) => name !== migration && runs > 0)
      .sort((a, b) => alike(b) - alike(a))
      .slice(0, MOST_SIMILAR);
    const training = models?.items.find(({ id }) => id === 'error-prediction')?.trainingData;
    return { similar, ...(accuracy ? { accuracy } : {}), ...(training ? { training } : {}) };
  }

  /**
   * The last run of a migration on a database that somebody uses; what was run in the shadow only is no run. Says at once
   * what is known, and asks where nothing is: lenses wait for nobody.
   */
  lastRun(migration: string, workspace: string | undefined): Run | undefined {
    if (workspace === undefined) return undefined;
    const key = `${workspace} ${migration}`;
    const found = this.#runs.get(key);
    if (found) return found.known;
    const asked: { known?: Run | undefined } = {};
    this.#runs.set(key, asked);
    void this.#session()
      .then((session) => session.client().call('migrations.get', { name: migration, workspace }))
      .then(({ runs }) => {
        asked.known = runs
          .filter(({ environment }) => environment !== 'shadow')
          .reduce<Run | undefined>((last, run) => (last && last.at > run.at ? last : run), undefined);
        if (asked.known) this.#onRun();
      })
      .catch((error: unknown) => {
        // One that was never saved or run here has no run until it is, and then runs are asked for anew.
        if (!TelemetryError.is(error, 'not-found')) this.#runs.delete(key);
      });
    return undefined;
  }

  /** Something was run. */
  forgetRuns(): void {
    this.#runs.clear();
  }

  /** Undefined where the engine is not there, does not know the method, or takes too long. */
  #ask<T>(key: string, ask: (client: TelemetryClient) => Promise<T>): Promise<T | undefined> {
    const known = this.#answers.get(key);
    const fresh = known && Date.now() - known.at < FRESH_MS;
    const answer = (
      fresh
        ? known.answer
        : this.#session()
            .then((session) => ask(session.client()))
            .catch(() => undefined)
    ) as Promise<T | undefined>;
    if (!fresh) this.#answers.set(key, { at: Date.now(), answer });
    let timer: NodeJS.Timeout;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}
