/**
 * `npm run measure:prediction -- DIR…`: how right predictions are on public histories, of which the prior knows nothing.
 * Each history below a folder is run on a real PostgreSQL, its tables are filled with made-up rows that keep its keys,
 * and migrations of many kinds are judged by the check and then run, on data that lets them fail and on data that does
 * not. Prints AUROC, Brier score, calibration error, coverage, and the duration error beside a regression on row count.
 *
 *     --minutes N   of migrations for all histories together, filling their tables aside; 6 where absent
 *     --seed N      other rows, other migrations
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { Checker } from '../core/check/check.ts';
import { loadParsers } from '../core/node/parsers.ts';
import { seededRandom } from '../core/numbers.ts';
import { Predictor } from '../core/predict/predictor.ts';
import { type StatisticsFile, StatisticsIndex } from '../core/statistics/statistics.ts';
import { durationFigures, failureFigures, rowRegression } from './prediction/figures.ts';
import { readLive } from './prediction/live.ts';
import { measureTables, type Outcome } from './prediction/measure.ts';
import { populate } from './prediction/populate.ts';
import { shuffled } from './prediction/random.ts';
import { withoutCounts } from './prediction/replay.ts';
import { startServer } from './prediction/server.ts';
import { readHistories } from './truth/histories.ts';

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});

interface Judged {
  outcome: Outcome;
  history: string;
  rows: number;
  plain: Said;
  exact: Said;
}
interface Said {
  p: number;
  duration: { p10: number; p50: number; p90: number };
}

await loadParsers();
const predictor = new Predictor();
const seed = Number(values.seed ?? 1);
const histories = (await Promise.all(positionals.map((folder) => readHistories(folder)))).flat();
const budget = (Number(values.minutes ?? 6) * 60_000) / Math.max(1, histories.length);
const judged: Judged[] = [];
const server = await startServer();
try {
  for (const [i, { name, setup = '', cases }] of histories.entries()) {
    const client = await server.database(`history_${i}`);
    const texts = cases.map(({ statement }) => statement.text);
    await measureHistory(client, name, [setup, ...texts], seededRandom(seed * 100 + i));
    await client.end();
  }
} finally {
  await server.stop();
}
report();

async function measureHistory(
  client: pg.Client,
  name: string,
  statements: string[],
  random: () => number,
): Promise<void> {
  const done: string[] = [];
  for (const sql of statements) {
    try {
      if (sql !== '') await client.query(sql);
      done.push(sql);
    } catch {
      // What needs an extension or rows of its own is left out.
    }
  }
  await client.query('SET search_path TO public').catch(() => undefined);
  const tables = shuffled(await readLive(client), random).slice(0, 12);
  const sizes = new Map(tables.map(({ relation }) => [relation, Math.round(10 ** (2.3 + random() * 2.9))]));
  const filled = await populate(client, tables, ({ relation }) => sizes.get(relation) ?? 0, random);
  const before = judged.length;
  const until = performance.now() + budget;
  let n = 0;
  for (const table of shuffled(filled, random)) {
    if (performance.now() > until) break;
    n = await measureTables({
      client,
      tables: [table],
      among: filled,
      random,
      until: Math.min(until, performance.now() + budget / 5),
      firstNumber: n,
      onOutcome: (outcome) => {
        judged.push(judge(outcome, name, done));
        if (outcome.ok && outcome.undo.length === 0) done.push(outcome.sql);
      },
    });
  }
  process.stderr.write(
    `${name}: ${statements.length} statements, ${filled.length} tables with rows, ${judged.length - before} cases\n`,
  );
}

function judge(outcome: Outcome, history: string, done: readonly string[]): Judged {
  const say = (statistics: StatisticsFile): Said => {
    const checker = new Checker({
      statistics: new StatisticsIndex(statistics),
      serverVersion: 18,
      predictor,
    });
    checker.apply({ path: 'history.sql', text: done.join(';\n'), dialect: 'postgres', applied: true });
    const file = { path: 'new.sql', text: outcome.sql, dialect: 'postgres' as const, applied: false };
    const { statements } = checker.conclude(checker.analyse(file));
    const sum = (of: (range: Said['duration']) => number) =>
      statements.reduce((all, { durationMs }) => all + of(durationMs), 0);
    return {
      p: 1 - statements.reduce((none, { failureProbability }) => none * (1 - failureProbability), 1),
      duration: { p10: sum(({ p10 }) => p10), p50: sum(({ p50 }) => p50), p90: sum(({ p90 }) => p90) },
    };
  };
  const rows = outcome.statistics.tables.find(({ relation }) => relation === outcome.table)?.rows ?? 0;
  return {
    outcome,
    history,
    rows,
    plain: say(withoutCounts(outcome.statistics)),
    exact: say(outcome.statistics),
  };
}

function report(): void {
  const failed = judged.map(({ outcome }) => !outcome.ok);
  const decidable = judged.filter(({ outcome }) => outcome.variant !== 'any');
  console.log(
    `${judged.length} migrations on ${histories.length} histories; ${failed.filter(Boolean).length} failed.`,
  );
  console.table({
    'plain statistics': failureFigures(
      judged.map(({ plain }) => plain.p),
      failed,
    ),
    'with exact counts': failureFigures(
      judged.map(({ exact }) => exact.p),
      failed,
    ),
    'plain, rows decide': failureFigures(
      decidable.map(({ plain }) => plain.p),
      decidable.map(({ outcome }) => !outcome.ok),
    ),
    'exact, rows decide': failureFigures(
      decidable.map(({ exact }) => exact.p),
      decidable.map(({ outcome }) => !outcome.ok),
    ),
  });
  const kinds = [...new Set(judged.map(({ outcome }) => outcome.kind))].sort();
  console.table(
    Object.fromEntries(
      kinds.map((kind) => {
        const own = judged.filter(({ outcome }) => outcome.kind === kind);
        const bad = own.map(({ outcome }) => !outcome.ok);
        const plain = failureFigures(
          own.map(({ plain }) => plain.p),
          bad,
        );
        const exact = failureFigures(
          own.map(({ exact }) => exact.p),
          bad,
        );
        return [
          kind,
          {
            cases: own.length,
            failed: plain.failed,
            plain: plain.auroc,
            exact: exact.auroc,
            brier: plain.brier,
            exactBrier: exact.brier,
          },
        ];
      }),
    ),
  );
  const timed = judged
    .filter(({ outcome }) => outcome.ok)
    .map(({ outcome, rows, plain, history }) => ({
      ...plain.duration,
      ms: outcome.ms,
      rows,
      history,
      kind: outcome.kind,
    }));
  const rowsOnly = rowRegression(timed);
  const large = timed.filter(({ rows }) => rows >= 10_000);
  console.log(
    'Durations of those that succeeded; the regression on row count is fitted on these very cases.',
  );
  console.table({
    all: durationFigures(timed, rowsOnly),
    'from 10,000 rows': durationFigures(large, rowsOnly),
    ...Object.fromEntries(
      kinds.flatMap((kind) => {
        const own = timed.filter((one) => one.kind === kind);
        return own.length === 0 ? [] : [[kind, durationFigures(own, rowsOnly)]];
      }),
    ),
  });
}
