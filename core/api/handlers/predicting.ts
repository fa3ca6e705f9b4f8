/** `predictions.make`: judges a migration as `aibos check` does, with what came of earlier predictions here. */
import { Checker } from '../../check/check.ts';
import type { CheckedStatement } from '../../check/result.ts';
import type { EventInput } from '../../contract/event.ts';
import type { Params, Result } from '../../contract/methods.ts';
import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Learns } from '../../predict/own-record.ts';
import { Predictor } from '../../predict/predictor.ts';
import { loadParsers } from '../../sql/parse.ts';
import { readStatistics } from '../../statistics/read.ts';
import { StatisticsIndex } from '../../statistics/statistics.ts';
import type { Handlers } from '../handlers.ts';

export function predictingHandlers(engine: AITelemetryEngine) {
  return {
    'predictions.make': (params) => predict(engine, params),
  } satisfies Partial<Handlers>;
}

async function predict(
  engine: AITelemetryEngine,
  params: Params<'predictions.make'>,
): Promise<Result<'predictions.make'>> {
  const { sql, name = 'migration', dialect = 'postgres', schema } = params;
  await loadParsers();
  const statistics =
    params.statistics === undefined
      ? undefined
      : new StatisticsIndex(readStatistics(JSON.stringify(params.statistics)));
  const serverVersion = params.serverVersion ?? majorOf(statistics);
  const predictor = new Predictor(engine.ownRecord.current());
  const checker = new Checker({
    predictor,
    ...(statistics ? { statistics } : {}),
    ...(serverVersion === undefined ? {} : { serverVersion }),
  });
  if (schema !== undefined) checker.apply({ path: 'schema.sql', text: schema, dialect, applied: true });
  const analysed = checker.analyse({ path: name, text: sql, dialect, applied: false });
  const { statements } = checker.conclude(analysed);
  const learns = analysed.statements.map(({ facts }) => predictor.learns(facts));
  const predictionIds = params.record
    ? await record(engine, params, statements, learns, predictor.version)
    : [];
  const sum = (of: (range: CheckedStatement['durationMs']) => number) =>
    statements.reduce((total, { durationMs }) => total + of(durationMs), 0);
  const none = statements.reduce((product, { failureProbability }) => product * (1 - failureProbability), 1);
  const abstained = statements.some((statement) => statement.abstained);
  return {
    failureProbability: Math.round((1 - none) * 1_000) / 1_000,
    durationMs: { p10: sum(({ p10 }) => p10), p50: sum(({ p50 }) => p50), p90: sum(({ p90 }) => p90) },
    ...(abstained ? { abstained } : {}),
    predictionIds,
    statements: statements.map((one) => ({
      index: one.index,
      line: one.line,
      endLine: one.endLine,
      kind: one.kind,
      operations: one.operations,
      failureProbability: one.failureProbability,
      durationMs: one.durationMs,
      locks: one.locks,
      reasons: one.reasons ?? [],
      basis: one.basis,
      ...(one.abstained ? { abstained: true } : {}),
      ...(one.unanalysed === undefined ? {} : { unanalysed: one.unanalysed }),
    })),
  };
}

/** One event a statement: a run that names the migration closes them. */
async function record(
  engine: AITelemetryEngine,
  { name = 'migration', workspace, environment }: Params<'predictions.make'>,
  statements: readonly CheckedStatement[],
  learns: readonly Learns[],
  modelVersion: string,
): Promise<string[]> {
  const events = statements.map(
    (one, i): EventInput<'ai_prediction'> => ({
      type: 'ai_prediction',
      source: 'ai-service',
      data: {
        modelId: 'error-prediction',
        modelVersion,
        subject: `${name}, statement ${one.index + 1}`,
        subjectType: 'statement',
        migration: name,
        statement: one.index,
        operations: one.operations,
        ...(environment === undefined ? {} : { environment }),
        failureProbability: one.failureProbability,
        durationMs: one.durationMs,
        confidence: Math.abs(one.failureProbability - 0.5) * 2,
        basis: one.basis,
        reasons: one.reasons ?? [],
        ...(one.abstained ? { abstained: true } : {}),
        learns: learns[i],
      },
      ...(workspace === undefined ? {} : { metadata: { workspace } }),
    }),
  );
  return events.length === 0 ? [] : (await engine.recordEvents(events)).ids;
}

function majorOf(statistics: StatisticsIndex | undefined): number | undefined {
  if (statistics?.file.dialect !== 'postgres') return undefined;
  const major = Number.parseInt(statistics.file.serverVersion, 10);
  return Number.isInteger(major) ? major : undefined;
}
