/** The telemetry report: one document from what the methods answer, the same in every face. */
import type { TelemetryAIAnalysis, Trend } from './analysis.ts';
import type { TelemetryClient } from './client.ts';
import type { Health } from './health.ts';
import type { Params, Result } from './methods.ts';
import type { LearningModel } from './model.ts';
import type { Timeframe } from './schema.ts';
import type { Statistics } from './statistics.ts';

export interface TelemetryReport {
  generatedAt: string;
  timeframe: Timeframe;
  workspace: string | undefined;
  metrics: Statistics;
  analysis: TelemetryAIAnalysis;
  models: { model: LearningModel; performance: Result<'models.performance'> }[];
  systemHealth: Health;
  trends: Trend[];
}

/** Asks the engine for every part of a report. Rejects with the first part's error. */
export async function telemetryReport(
  client: Pick<TelemetryClient, 'call'>,
  params: Params<'analysis.run'>,
): Promise<TelemetryReport> {
  const [metrics, analysis, { items }, systemHealth] = await Promise.all([
    client.call('stats.get', params),
    client.call('analysis.run', params),
    client.call('models.list', {}),
    client.call('health.get', {}),
  ]);
  const models = await Promise.all(
    items.map(async (model) => ({
      model,
      performance: await client.call('models.performance', { id: model.id }),
    })),
  );
  return {
    generatedAt: analysis.generatedAt,
    timeframe: metrics.timeframe,
    workspace: params.workspace,
    metrics,
    analysis,
    models,
    systemHealth,
    trends: analysis.trends,
  };
}
