/**
 * The features of a migration: one table, used when training and when predicting, so that both see the same numbers.
 * Those that look back look only at what came before. What is not known is missing (NaN), not zero.
 */
import type { Example, MigrationFacts } from './examples.ts';

/** Kinds of operations that behave alike. */
export const GROUPS = [
  'table',
  'column',
  'drop',
  'retype',
  'constraint',
  'index',
  'data',
  'routine',
  'type',
  'other',
] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(operation: string): Group {
  if (/^drop_(?:not_null|default|constraint|identity|expression)/.test(operation)) return 'constraint';
  if (/^(?:drop_|truncate|detach_)/.test(operation)) return 'drop';
  if (/index/.test(operation)) return 'index';
  if (/^create_(?:table|partition|schema|sequence|materialized_view)/.test(operation)) return 'table';
  if (/^(?:add_column|rename_column|rename_table)/.test(operation)) return 'column';
  if (/^alter_column_type/.test(operation)) return 'retype';
  if (/^(?:add_enum|create_type|alter_type|rename_enum|create_domain|create_extension)/.test(operation))
    return 'type';
  if (/^(?:add_|set_not_null|set_default|validate_)/.test(operation)) return 'constraint';
  if (/^(?:insert|update|delete|merge|select|copy|call)/.test(operation)) return 'data';
  if (/function|procedure|trigger|view|policy|rule|do_block|row_security/.test(operation)) return 'routine';
  return 'other';
}

export interface Feature {
  name: string;
  unit: string;
  meaning: string;
}

/** Every feature, in the order of a row. */
export const FEATURES: Feature[] = [
  { name: 'statements', unit: 'ln(1 + count)', meaning: 'statements in the migration' },
  { name: 'sql_length', unit: 'ln(1 + characters)', meaning: 'length of its SQL' },
  ...GROUPS.map((group) => ({
    name: `operations_${group}`,
    unit: 'ln(1 + count)',
    meaning: `operations of the kind “${group}”`,
  })),
  { name: 'loses_data', unit: 'ln(1 + count)', meaning: 'operations that lose data' },
  {
    name: 'author_failure_rate',
    unit: '0 to 1',
    meaning: 'share of the author’s earlier migrations that failed, smoothed',
  },
  {
    name: 'recent_failure_rate',
    unit: '0 to 1',
    meaning: 'share of the last ten migrations here that failed',
  },
  { name: 'days_since_previous', unit: 'ln(1 + days)', meaning: 'time since the migration before' },
  { name: 'in_shadow', unit: '0 or 1', meaning: 'run in a throw-away database, which is empty and fast' },
];
export const FEATURE_NAMES = FEATURES.map(({ name }) => name);

const PRIOR_RATE = 0.03;
const PRIOR_WEIGHT = 5;

/** Remembers what has happened so far and turns the next migration into a row. Feed it in order of time. */
export class FeatureHistory {
  readonly #authors = new Map<string, { runs: number; failures: number }>();
  readonly #recent = new Map<string, boolean[]>();
  readonly #lastAt = new Map<string, number>();

  row(facts: MigrationFacts): number[] {
    const groups = new Map<Group, number>();
    for (const [name, count] of Object.entries(facts.operations)) {
      const group = groupOf(name);
      groups.set(group, (groups.get(group) ?? 0) + count);
    }
    const author = this.#authors.get(facts.author ?? '') ?? { runs: 0, failures: 0 };
    const recent = this.#recent.get(facts.workspace) ?? [];
    const before = this.#lastAt.get(facts.workspace);
    const days = before === undefined ? Number.NaN : Math.max(0, facts.at - before) / 86_400_000;
    return [
      Math.log1p(facts.statements),
      facts.bytes > 0 ? Math.log1p(facts.bytes) : Number.NaN,
      ...GROUPS.map((group) => Math.log1p(groups.get(group) ?? 0)),
      Math.log1p(facts.destructive),
      (author.failures + PRIOR_RATE * PRIOR_WEIGHT) / (author.runs + PRIOR_WEIGHT),
      recent.length === 0 ? PRIOR_RATE : recent.filter(Boolean).length / recent.length,
      Math.log1p(days),
      facts.environment === undefined ? Number.NaN : Number(facts.environment === 'shadow'),
    ];
  }

  observe(facts: MigrationFacts, failed: boolean | undefined): void {
    this.#lastAt.set(facts.workspace, facts.at);
    if (failed === undefined) return;
    const key = facts.author ?? '';
    const author = this.#authors.get(key) ?? { runs: 0, failures: 0 };
    this.#authors.set(key, { runs: author.runs + 1, failures: author.failures + Number(failed) });
    const recent = [...(this.#recent.get(facts.workspace) ?? []), failed].slice(-10);
    this.#recent.set(facts.workspace, recent);
  }
}

/** A row for each example, in order; the examples must be in order of time. */
export function featureRows(examples: readonly Example[]): number[][] {
  const history = new FeatureHistory();
  return examples.map((example) => {
    const row = history.row(example);
    history.observe(example, example.failed);
    return row;
  });
}

/** The kind of operation a migration mostly consists of. */
export function dominantGroup(facts: Pick<MigrationFacts, 'operations'>): Group {
  const counts = new Map<Group, number>();
  for (const [name, count] of Object.entries(facts.operations)) {
    const group = groupOf(name);
    counts.set(group, (counts.get(group) ?? 0) + count);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'other';
}

/** Scales columns to mean 0.5 and about 0 to 1, as the networks want them. */
export interface Scaling {
  means: number[];
  deviations: number[];
}

export function fitScaling(rows: readonly number[][]): Scaling {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, i) =>
    rows.map((row) => row[i] ?? Number.NaN).filter((value) => !Number.isNaN(value)),
  );
  const means = columns.map(
    (column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length),
  );
  const deviations = columns.map((column, i) => {
    const squares = column.reduce((sum, value) => sum + (value - (means[i] ?? 0)) ** 2, 0);
    return Math.sqrt(squares / Math.max(1, column.length)) || 1;
  });
  return { means, deviations };
}

/** Four standard deviations on either side span 0 to 1; what lies beyond is cut, what is missing lies in the middle. */
export function scale({ means, deviations }: Scaling, row: readonly number[]): number[] {
  return row.map((value, i) => {
    const standard = (value - (means[i] ?? 0)) / (deviations[i] ?? 1);
    return Number.isNaN(standard) ? 0.5 : Math.min(1, Math.max(0, 0.5 + standard / 8));
  });
}
