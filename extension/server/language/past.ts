/** What the engine knows beside a prediction: similar past runs, how good predictions have been. Never waited for long. */

import type { AccuracyReport } from '../../../core/contract/accuracy.ts';
import type { TelemetryClient } from '../../../core/contract/client.ts';
import type { MigrationSummary } from '../../../core/contract/migration-story.ts';
import type { Session } from '../../../core/node/engine/session.ts';

export interface Past {
  similar: MigrationSummary[];
  accuracy?: AccuracyReport;
  /** How many examples the model that predicts failures has, and needs. */
  training?: { examples: number; needed: number };
}

/** A hover does not wait longer; the next one has it. */
const PATIENCE_MS = 150;
const FRESH_MS = 30_000;
const MOST_SIMILAR = 3;

export class PastRuns {
  readonly #session: () => Promise<Session>;
  readonly #answers = new Map<string, { at: number; answer: Promise<unknown> }>();

  constructor(session: () => Promise<Session>) {
    this.#session = session;
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
