/** What a person wants to know after an import, in few lines: gathered over the client, so it is the same everywhere. */

import type { Insight, Recommendation } from '../contract/analysis.ts';
import { allEvents, type TelemetryClient } from '../contract/client.ts';
import type { TelemetryEvent } from '../contract/event.ts';
import type { LearningModel } from '../contract/model.ts';
import type { Statistics } from '../contract/statistics.ts';
import { exampleOf } from '../learn/examples.ts';
import { isVersion } from '../migrations/paths.ts';

export interface HistorySummary {
  folder: string;
  tool: string;
  dialect: string;
  total: number;
  applied: number;
  failed: number;
  /** Neither: it could not be run here. */
  unknown: number;
}

export interface ImportSummary {
  workspace: string;
  histories: HistorySummary[];
  failures: {
    migration: string;
    file: string;
    line: number | undefined;
    reason: string;
    sqlState: string | undefined;
  }[];
  slowest: { migration: string; durationMs: number }[];
  tables: Statistics['tables'];
  authors: number;
  from: string | undefined;
  to: string | undefined;
  insights: Insight[];
  recommendations: Recommendation[];
  models: LearningModel[];
}

const SHOWN = 5;

/** Of one workspace. */
export async function summarise(client: TelemetryClient, workspace: string): Promise<ImportSummary> {
  const [events, statistics, analysis, models] = await Promise.all([
    allEvents(client, { type: ['migration_execution'], workspace }),
    client.call('stats.get', { workspace }),
    client.call('analysis.run', { workspace }),
    client.call('models.list', {}),
  ]);
  const migrations = latestOfEach(events as TelemetryEvent<'migration_execution'>[]);
  const failed = migrations.filter(({ data }) => data.outcome === 'failed');
  const examples = migrations.map(exampleOf);
  return {
    workspace,
    histories: historiesOf(migrations),
    failures: failed.map(({ data }) => ({
      migration: data.migration,
      file: data.file ?? '',
      line: data.error?.line,
      reason: data.reason ?? data.error?.message ?? 'no reason was given',
      sqlState: data.error?.sqlState,
    })),
    slowest: examples
      .flatMap(({ name, durationMs }) => (durationMs === undefined ? [] : [{ migration: name, durationMs }]))
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, SHOWN),
    tables: statistics.tables.slice(0, SHOWN),
    authors: new Set(examples.flatMap(({ author }) => author ?? [])).size,
    from: migrations[0]?.timestamp,
    to: migrations.at(-1)?.timestamp,
    insights: analysis.insights.slice(0, SHOWN),
    recommendations: analysis.recommendations.slice(0, SHOWN),
    models: models.items,
  };
}

/** A file that was changed is a new event; only its newest counts. Order of time is kept. */
function latestOfEach(
  events: TelemetryEvent<'migration_execution'>[],
): TelemetryEvent<'migration_execution'>[] {
  const latest = new Map<string, TelemetryEvent<'migration_execution'>>();
  for (const event of events) {
    const key = event.data.file ?? event.data.migration;
    const known = latest.get(key);
    if (!known || known.sequence < event.sequence) latest.set(key, event);
  }
  return events.filter((event) => latest.get(event.data.file ?? event.data.migration) === event);
}

function historiesOf(migrations: TelemetryEvent<'migration_execution'>[]): HistorySummary[] {
  const histories = new Map<string, HistorySummary>();
  for (const { data } of migrations) {
    const folder = folderOf(data.file ?? '', data.tool ?? '');
    const history = histories.get(folder) ?? {
      folder,
      tool: data.tool ?? 'unknown',
      dialect: data.dialect ?? 'unknown',
      total: 0,
      applied: 0,
      failed: 0,
      unknown: 0,
    };
    history.total++;
    if (data.outcome === 'succeeded') history.applied++;
    else if (data.outcome === 'failed') history.failed++;
    else history.unknown++;
    histories.set(folder, history);
  }
  return [...histories.values()].sort((a, b) => b.total - a.total);
}

/** Folder of the history: one up for tools that give each migration, or each version, its own folder. */
function folderOf(file: string, tool: string): string {
  const parts = file.split('/').slice(0, -1);
  const own =
    tool === 'prisma' ||
    tool === 'diesel' ||
    file.endsWith('/migration.sql') ||
    isVersion(parts.at(-1) ?? '');
  return (own ? parts.slice(0, -1) : parts).join('/') || '.';
}
