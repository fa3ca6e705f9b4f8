/** Runs a history on a server, statement by statement, and sets what it measures beside what the analyser says. */
import { type Analyser, makeAnalyser, type StatementEffects } from '../../core/effects/effects.ts';
import type { Case, History } from './histories.ts';
import { Laboratory, type Measured } from './measure.ts';
import type { Server } from './server.ts';
import { standInFor } from './stand-ins.ts';

export interface Difference {
  place: string;
  text: string;
  /** `relation MODE` that the server showed and the analyser did not say. */
  missing: string[];
  /** `relation MODE` that the analyser said and the server did not show. */
  wrong: string[];
  rewritesMissed: string[];
  rewritesWrong: string[];
  /** The analyser was sure that it fails, and it did not. */
  failsWrong: string[];
}

export interface Score {
  name: string;
  /** Statements that ran on the server. */
  statements: number;
  /** Statements whose set of locks is the server's, exactly. */
  exact: number;
  /** Statements that took a lock that counts, and how many of those are exact. */
  locking: number;
  lockingExact: number;
  rewrites: number;
  rewritesFound: number;
  rewritesWrong: number;
  unanalysed: number;
  differences: Difference[];
  /** Statements that the server refused, with its error. */
  failed: { place: string; text: string; error: string }[];
  unanalysedPlaces: { place: string; reason: string }[];
}

let databases = 0;

/** Gives each score as soon as it is there. Histories that are `brief` share a database. */
export async function* compareHistories(
  server: Server,
  version: number,
  histories: readonly History[],
): AsyncGenerator<{ history: History; score: Score }> {
  const control = await Laboratory.open(server.url('postgres'));
  let shared: Laboratory | undefined;
  const fresh = async () => {
    const database = `truth_${databases++}`;
    await control.prepare(`CREATE DATABASE ${database}`);
    return Laboratory.open(server.url(database));
  };
  try {
    for (const history of histories) {
      if (history.brief) shared ??= await fresh();
      const laboratory = history.brief && shared ? shared : await fresh();
      yield { history, score: await compareHistory(laboratory, version, history) };
      if (laboratory === shared) await laboratory.reset();
      else await laboratory.close();
    }
  } finally {
    await shared?.close();
    await control.close();
  }
}

async function compareHistory(laboratory: Laboratory, version: number, history: History): Promise<Score> {
  const score = emptyScore(history.name);
  const analyser = makeAnalyser('postgres', { serverVersion: version });
  if (history.setup) await laboratory.prepare(history.setup);
  for (const { statement } of history.given ?? []) analyser.apply(statement);
  for (const each of history.cases) await compareCase(laboratory, analyser, each, score);
  return score;
}

async function compareCase(
  laboratory: Laboratory,
  analyser: Analyser,
  { place, statement }: Case,
  score: Score,
): Promise<void> {
  const effects = analyser.analyse(statement);
  const alone = effects.noTransaction !== undefined;
  let result = await laboratory.measure(statement.text, alone);
  for (let tries = 0; result.error !== undefined && tries < 5; tries++) {
    const standIn = standInFor(result.error, statement.text);
    if (!standIn) break;
    await laboratory.prepare(standIn.sql).catch(() => undefined);
    if (standIn.instead) {
      analyser.apply(statement);
      return;
    }
    result = await laboratory.measure(statement.text, alone);
  }
  if (result.measured === undefined) {
    score.failed.push({ place, text: statement.text, error: result.error });
    return;
  }
  analyser.apply(statement);
  count(score, place, statement.text, effects, result.measured);
}

function count(
  score: Score,
  place: string,
  text: string,
  effects: StatementEffects,
  measured: Measured,
): void {
  const truth = [...measured.locks].map(([relation, mode]) => `${relation} ${mode}`);
  const said = effects.locks.map(({ relation, mode }) => `${relation} ${mode}`);
  const difference: Difference = {
    place,
    text,
    missing: truth.filter((lock) => !said.includes(lock)),
    wrong: said.filter((lock) => !truth.includes(lock)),
    rewritesMissed: [...measured.rewrites].filter((relation) => !effects.rewrites.includes(relation)),
    rewritesWrong: effects.rewrites.filter((relation) => !measured.rewrites.has(relation)),
    failsWrong: effects.fails === undefined ? [] : [effects.fails],
  };
  const exact = difference.missing.length + difference.wrong.length === 0;
  score.statements++;
  if (exact) score.exact++;
  if (truth.length > 0) {
    score.locking++;
    if (exact) score.lockingExact++;
  }
  score.rewrites += measured.rewrites.size;
  score.rewritesFound += measured.rewrites.size - difference.rewritesMissed.length;
  score.rewritesWrong += difference.rewritesWrong.length;
  if (effects.unanalysed) {
    score.unanalysed++;
    score.unanalysedPlaces.push({ place, reason: effects.unanalysed });
  }
  const { rewritesMissed, rewritesWrong, failsWrong } = difference;
  if (!exact || rewritesMissed.length + rewritesWrong.length + failsWrong.length > 0)
    score.differences.push(difference);
}

/** The counts of a score before anything is compared. */
export const ZERO = {
  statements: 0,
  exact: 0,
  locking: 0,
  lockingExact: 0,
  rewrites: 0,
  rewritesFound: 0,
  rewritesWrong: 0,
  unanalysed: 0,
};

function emptyScore(name: string): Score {
  return {
    name,
    ...ZERO,
    differences: [],
    failed: [],
    unanalysedPlaces: [],
  };
}
