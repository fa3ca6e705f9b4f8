/** What the trained models add to an analysis: groups of like migrations, and migrations unlike all before. */
import type { Anomaly, Pattern } from '../contract/analysis.ts';
import { scoreAnomaly } from '../learn/anomaly-model.ts';
import { featureRows } from '../learn/features.ts';
import type { Artifact } from '../learn/trainable.ts';
import { usageGroup } from '../learn/usage-model.ts';
import { groupBy, quantileSorted, significant } from '../numbers.ts';
import type { AnalysedMigration } from './migrations.ts';

/** The active versions, as far as there are any. */
export interface ActiveModels {
  usage: Artifact | undefined;
  anomaly: Artifact | undefined;
}

const FEWEST = 5;

/** One pattern for each group of migrations that the usage model finds here. */
export function usagePatterns(model: Artifact, migrations: readonly AnalysedMigration[]): Pattern[] {
  const groupOf = usageGroup(model);
  const groups = groupBy(
    migrations.filter(({ statements }) => statements > 0),
    (migration) => groupOf(migration).name,
  );
  return [...groups]
    .filter(([, members]) => members.length >= FEWEST)
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, members]) => {
      const failed = members.filter((migration) => migration.failed).length;
      const ending = failed === 0 ? 'none failed' : `${failed} failed`;
      return {
        id: `usage:${name}`,
        kind: 'concentration',
        title: `${members.length} migrations of one kind (${name}); ${ending}`,
        support: members.length,
        strength: significant(members.length / migrations.length),
        evidence: { events: members.slice(-50).map(({ eventId }) => eventId), count: members.length },
      };
    });
}

/** Migrations whose features and duration the anomaly model reproduces worse than any it was trained on. */
export function unlikeAnyOther(model: Artifact, migrations: readonly AnalysedMigration[]): Anomaly[] {
  const score = scoreAnomaly(model);
  const { errors } = model as { errors: number[] };
  const at = (p: number) => significant(quantileSorted(errors, p));
  const rows = featureRows(migrations);
  return migrations.flatMap((migration, i): Anomaly[] => {
    if (!migration.durationMs) return [];
    const found = score([...(rows[i] ?? []), Math.log10(migration.durationMs)]);
    if (found.score < 1) return [];
    return [
      {
        id: `unlike:${migration.eventId}`,
        series: 'likeness to earlier migrations',
        at: new Date(migration.at).toISOString(),
        value: significant(found.error),
        expected: { low: at(0.05), median: at(0.5), high: at(0.95) },
        unit: 'reconstruction error',
        score: significant(Math.min(1, 1 - at(0.95) / Math.max(found.error, 1e-12))),
        severity: 'info',
        title: `${migration.name} is unlike every migration that the model was trained on`,
        eventId: migration.eventId,
        evidence: { events: [migration.eventId], count: 1 },
      },
    ];
  });
}
