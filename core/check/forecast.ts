/**
 * What the check says of the migrations of a history, one after the other, before each runs in a shadow: a database in
 * which tables hold no rows but those that migrations write.
 */
import type { Dialect } from '../contract/event.ts';
import type { Forecast } from '../predict/ai-service.ts';
import { StatisticsIndex, type TableStatistics } from '../statistics/statistics.ts';
import type { FileToCheck } from './analysed.ts';
import { Checker } from './check.ts';
import type { CheckedStatement } from './result.ts';
import { type Runner, UNKNOWN_RUNNER } from './runner.ts';

export interface MigrationText {
  path: string;
  text: string;
  dialect: Dialect;
  runner?: Runner;
}

export class Forecaster {
  readonly #tables = new ShadowTables();
  readonly #checker = new Checker({ statistics: this.#tables });

  /** Judges a migration on the schema so far, and moves the schema on by every statement that can work. */
  forecast(migration: MigrationText): Forecasted {
    const file = fileOf(migration);
    this.#checker.settle();
    const back = this.#checker.mark();
    const { statements } = this.#checker.conclude(this.#checker.analyse(file));
    const filled = statements.filter(writesRows);
    const fresh = this.#tables.fill(filled.flatMap(({ objects = [] }) => objects));
    return {
      ...forecastOf(statements),
      ranOnly: (hasWorked) => {
        back();
        this.#checker.apply(file, hasWorked);
        this.#tables.empty(fresh);
        this.#tables.fill(filled.flatMap(({ index, objects = [] }) => (hasWorked(index) ? objects : [])));
      },
    };
  }
}

/** A forecast, and how to correct what it made of the schema. */
export interface Forecasted extends Forecast {
  /** Called before the next forecast where not every statement worked: those that did not leave nothing behind. */
  ranOnly(hasWorked: (index: number) => boolean): void;
}

function fileOf({ path, text, dialect, runner = UNKNOWN_RUNNER }: MigrationText): FileToCheck {
  return { path, text, dialect, runner, applied: false };
}

function writesRows({ operations }: CheckedStatement): boolean {
  return operations.some((name) => name === 'insert' || name === 'copy');
}

/** The worst statement decides: chances of statements that share a schema are not independent. */
function forecastOf(statements: readonly CheckedStatement[]): Forecast {
  const sum = (at: 'p10' | 'p50' | 'p90') =>
    statements.reduce((total, { durationMs }) => total + durationMs[at], 0);
  const worst = statements.reduce<CheckedStatement | undefined>(
    (a, b) => (a === undefined || b.failureProbability > a.failureProbability ? b : a),
    undefined,
  );
  return {
    failureProbability: worst?.failureProbability ?? 0,
    reasons: worst?.reasons?.map((reason) => `statement ${worst.index + 1}: ${reason}`) ?? [],
    durationMs: { p10: sum('p10'), p50: sum('p50'), p90: sum('p90') },
  };
}

/** Every table is empty until a migration writes to it; then nobody knows how many rows it has. */
class ShadowTables extends StatisticsIndex {
  readonly #filled = new Set<string>();

  constructor() {
    super({ version: 1, dialect: 'postgres', serverVersion: '', tables: [] });
  }

  /** Returns those that held nothing before. */
  fill(relations: readonly string[]): string[] {
    const fresh = relations.filter((relation) => !this.#filled.has(relation));
    for (const relation of fresh) this.#filled.add(relation);
    return fresh;
  }

  empty(relations: readonly string[]): void {
    for (const relation of relations) this.#filled.delete(relation);
  }

  override table(relation: string): TableStatistics | undefined {
    if (this.#filled.has(relation)) return undefined;
    return { relation, rows: 0, bytes: 0, indexBytes: 0, columns: [] };
  }
}
