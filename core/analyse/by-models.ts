/** What the trained models add to an analysis: groups of like migrations, and migrations unlike all before. */
import type { Anomaly, Pattern } from '../contract/analysis.ts';
import { scoreAnomaly } from '../learn/anomaly-model.ts';
import { FeatureHistory } from '../learn/features.ts';
import type { Artifact } from '../learn/trainable.ts';
import { usageGroup } from '../learn/usage-model.ts';
import { quantileSorted, significant } from '../numbers.ts';
import type { Steps } from '../steps.ts';
import type { AnalysedMigration } from './migrations.ts';

/** The active versions, as far as there are any. */
export interface ActiveModels {
  usage: Artifact | undefined;
  anomaly: Artifact | undefined;
}

const FEWEST = 5;

/** One pattern for each group of migrations that the usage model finds here. */
export function* usagePatterns(model: Artifact, migrations: readonly AnalysedMigration[]): Steps<Pattern[]> {
  const groupOf = usageGroup(model);
  const groups = new Map<string, AnalysedMigration[]>();
  for (const migration of migrations) {
    yield;
    if (migration.statements === 0) continue;
    const { name } = groupOf(migration);
    groups.set(name, groups.get(name) ?? []);
    groups.get(name)?.push(migration);
  }
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
export function* unlikeAnyOther(model: Artifact, migrations: readonly AnalysedMigration[]): Steps<Anomaly[]> {
  const score = scoreAnomaly(model);
  const { errors } = model as { errors: number[] };
  const at = (p: number) => significant(quantileSorted(errors, p));
  const history = new FeatureHistory();
  const unlike: Anomaly[] = [];
  for (const migration of migrations) {
    yield;
    const row = history.row(migration);
    history.observe(migration, migration.failed);
    if (!migration.durationMs) continue;
    const found = score([...row, Math.log10(migration.durationMs)]);
    if (found.score < 1) continue;
    unlike.push({
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
    });
  }
  return unlike;
}
