/** Measured outcomes as the check sees them: the same analyser, the same facts, in the order in which they were run. */
import { makeAnalyser } from '../../core/effects/effects.ts';
import { factsOf, type StatementFacts } from '../../core/predict/facts.ts';
import { TableKnowledge } from '../../core/predict/table-knowledge.ts';
import { parseSql } from '../../core/sql/parse.ts';
import { type StatisticsFile, StatisticsIndex } from '../../core/statistics/statistics.ts';
import { type MeasuredOutcome, type Measurements, statisticsOf } from './measurements.ts';

export interface Replayed {
  outcome: MeasuredOutcome;
  /** Of each statement, from statistics as any tool writes them, and with what was counted exactly. */
  plain: StatementFacts[];
  exact: StatementFacts[];
}

export function replay(measurements: Measurements): Replayed[] {
  const found: Replayed[] = [];
  for (const [schema, sql] of measurements.schemas.entries()) {
    const applied: string[] = [];
    const main = makeAnalyser('postgres', { serverVersion: 18 });
    const apply = (text: string, to = main) => {
      for (const statement of parseSql(text, 'postgres').statements) to.apply(statement);
      if (to === main) applied.push(text);
    };
    apply(sql);
    for (const outcome of measurements.outcomes.filter((one) => one.schema === schema)) {
      const file = statisticsOf(measurements, outcome);
      const [plain, exact] = [withoutCounts(file), file].map((statistics) => {
        const knowledge = new TableKnowledge(new StatisticsIndex(statistics));
        const { statements } = parseSql(outcome.sql, 'postgres');
        let analyser = main;
        if (statements.length > 1) {
          analyser = makeAnalyser('postgres', { serverVersion: 18 });
          for (const text of applied) apply(text, analyser);
        }
        return statements.map((statement) => {
          const effects = analyser.analyse(statement);
          const subject = {
            statement,
            effects,
            catalogue: analyser.catalogue,
            dialect: 'postgres' as const,
            serverVersion: 18,
            knowledge,
          };
          const facts = factsOf(subject, outcome.sql.includes(';\n'));
          knowledge.advance(statement, analyser.catalogue);
          if (analyser !== main) analyser.apply(statement);
          return facts;
        });
      });
      found.push({ outcome, plain: plain ?? [], exact: exact ?? [] });
      if (outcome.code !== '') continue;
      apply(outcome.sql);
      for (const undo of outcome.undo) apply(undo);
    }
  }
  return found;
}

/** What DESIGN section 10 asks of a file, and nothing more. */
export function withoutCounts(file: StatisticsFile): StatisticsFile {
  return {
    ...file,
    tables: file.tables.map(({ relation, rows, bytes, indexBytes, columns }) => ({
      relation,
      rows,
      bytes,
      indexBytes,
      columns: columns.map(({ name, nullFraction, distinct, avgWidth }) => ({
        name,
        nullFraction,
        distinct,
        avgWidth,
      })),
    })),
  };
}
