/**
 * What is worth telling about migrations. Everything that was looked for and could be chance is judged together, so that
 * of what is told at most one in twenty is (Benjamini & Hochberg 1995); figures that are just counts need no test.
 */
import type { Insight, Pattern, Recommendation } from '../contract/analysis.ts';
import { groupBy, significant } from '../numbers.ts';
import type { Steps } from '../steps.ts';
import { plainInsights } from './insights.ts';
import type { AnalysedMigration } from './migrations.ts';
import { patternCandidates } from './patterns.ts';
import { benjaminiHochberg } from './significance.ts';
import { singleFactors } from './single-factors.ts';

export interface Findings {
  /** What would save most first. */
  insights: Insight[];
  recommendations: Recommendation[];
  patterns: Pattern[];
}

/** Patterns of one kind that are told. */
const MOST_OF_A_KIND = 5;

export function* findingsOf(migrations: readonly AnalysedMigration[]): Steps<Findings> {
  const plain = yield* plainInsights(migrations);
  const patterns = yield* patternCandidates(migrations);
  const factors = singleFactors(migrations);
  yield;
  const holds = benjaminiHochberg([...patterns, ...factors].map(({ p }) => p));
  const tested = holds.length;
  const told = patterns
    .filter(({ matters }, i) => holds[i] && matters)
    .map(({ p, tell }): Pattern => ({ ...tell(), p: significant(p, 2), tested }));
  const risks = factors
    .filter(({ matters }, i) => holds[patterns.length + i] && matters)
    .map(({ p, tell }) => {
      const risk = tell();
      return { ...risk, numbers: { ...risk.numbers, p: significant(p, 2), tested } };
    });
  const found = [...plain, ...risks].sort((a, b) => b.impact - a.impact);
  return {
    insights: found.map(({ action: _, ...insight }) => insight),
    recommendations: found.flatMap(({ id, title, action }) =>
      action ? [{ id: `do:${id}`, action, because: title, insight: id }] : [],
    ),
    patterns: [...groupBy(told, ({ kind }) => kind).values()].flatMap((some) =>
      some.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_OF_A_KIND),
    ),
  };
}

function weight({ support, strength }: Pattern): number {
  return support * Math.log(1 + strength);
}
