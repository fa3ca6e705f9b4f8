/** The rows that models learn from: the features of the house, and the further figures that senders gave. */
import type { Example, MigrationFacts } from './examples.ts';
import { FEATURES, type Feature, featureRows } from './features.ts';

export interface FeatureTable {
  features: Feature[];
  /** Names of the further figures, which are the last columns. */
  further: string[];
  rows: number[][];
}

/** A figure that fewer examples have is not tried. */
const LEAST_SHARE = 1 / 3;
const MOST_FURTHER = 50;

/** The examples must be in order of time. */
export function featureTable(examples: readonly Example[]): FeatureTable {
  const counts = new Map<string, number>();
  for (const { further } of examples)
    for (const name of Object.keys(further ?? {})) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts]
    .filter(([, count]) => count >= examples.length * LEAST_SHARE)
    .map(([name]) => name)
    .sort()
    .slice(0, MOST_FURTHER);
  const rows = featureRows(examples);
  return {
    features: [
      ...FEATURES,
      ...names.map((name) => ({
        name,
        unit: 'as given',
        meaning: 'figure that the sender knew before the run',
      })),
    ],
    further: names,
    rows: examples.map((example, i) => withFurther(rows[i] ?? [], example, names)),
  };
}

/** A row of features with the further figures behind it; what is not there is missing. */
export function withFurther(
  row: readonly number[],
  { further }: Pick<MigrationFacts, 'further'>,
  names: readonly string[],
): number[] {
  return [...row, ...names.map((name) => further?.[name] ?? Number.NaN)];
}
