/**
 * The one table of features that durations are predicted from. A feature that is missing is NaN, never zero: the trees
 * learn which way missing goes. `docs/prediction.md` shows this table.
 */
import { type Shape, WORK_NAMES, WORK_UNITS, type Work } from './work.ts';

/** What a statement mostly does, from its operations. */
export const KINDS = [
  'metadata',
  'rewrite',
  'scan',
  'index',
  'index-concurrently',
  'foreign-key',
  'update',
  'delete',
  'copy',
  'create',
] as const;
export type Kind = (typeof KINDS)[number];

export interface FeatureInput {
  kind: Kind;
  work: Work;
  shape: Shape;
  serverVersion: number;
  inTransaction: boolean | undefined;
}

export interface Feature {
  name: string;
  unit: string;
  about: string;
  of(input: FeatureInput): number;
}

const log = (value: number) => Math.log10(1 + value);

export const FEATURES: readonly Feature[] = [
  ...KINDS.map((kind) => ({
    name: `kind ${kind}`,
    unit: '0 or 1',
    about: `the statement is mostly: ${kind}`,
    of: (input: FeatureInput) => Number(input.kind === kind),
  })),
  ...WORK_NAMES.map((name) => ({
    name,
    unit: `log₁₀(1 + ${WORK_UNITS[name].unit})`,
    about: WORK_UNITS[name].about,
    of: ({ work }: FeatureInput) => log(work[name]),
  })),
  {
    name: 'rows',
    unit: 'log₁₀(1 + rows)',
    about: 'rows of the table that most work is on',
    of: ({ shape }) => log(shape.rows),
  },
  {
    name: 'bytes',
    unit: 'log₁₀(1 + MB)',
    about: 'its bytes, indexes aside',
    of: ({ shape }) => log(shape.bytes / 2 ** 20),
  },
  {
    name: 'rowBytes',
    unit: 'bytes',
    about: 'its bytes a row',
    of: ({ shape }) => (shape.rows > 0 ? shape.bytes / shape.rows : Number.NaN),
  },
  {
    name: 'indexBytes',
    unit: 'log₁₀(1 + MB)',
    about: 'bytes of its indexes',
    of: ({ shape }) => log(shape.indexBytes / 2 ** 20),
  },
  { name: 'indexes', unit: 'indexes', about: 'how many it has', of: ({ shape }) => shape.indexes },
  { name: 'columns', unit: 'columns', about: 'how many it has', of: ({ shape }) => shape.columns },
  {
    name: 'keyColumns',
    unit: 'columns',
    about: 'columns that the statement names',
    of: ({ shape }) => shape.keyColumns,
  },
  {
    name: 'keyWidth',
    unit: 'bytes',
    about: 'average width of those together',
    of: ({ shape }) => shape.keyWidth,
  },
  { name: 'nullFraction', unit: 'share', about: 'NULLs in those', of: ({ shape }) => shape.nullFraction },
  {
    name: 'serverVersion',
    unit: 'major version',
    about: 'of the server',
    of: ({ serverVersion }) => serverVersion,
  },
  {
    name: 'inTransaction',
    unit: '0 or 1',
    about:
      'runs inside of a transaction, so that its commit is not its own; whether the cache is warm is never known',
    of: ({ inTransaction }) => (inTransaction === undefined ? Number.NaN : Number(inTransaction)),
  },
];

/** The row of features of one statement. */
export function featureRow(input: FeatureInput): number[] {
  return FEATURES.map(({ of }) => of(input));
}

export function kindOf(work: Work, operations: readonly { name: string }[]): Kind {
  if (work.copiedRows > 0) return 'copy';
  if (work.updatedRows > 0 || operations.some(({ name }) => name === 'update')) return 'update';
  if (work.deletedRows > 0 || operations.some(({ name }) => name === 'delete')) return 'delete';
  if (work.rewriteRows > 0 || work.rewriteBytes > 0) return 'rewrite';
  if (work.waits > 0) return 'index-concurrently';
  if (work.indexReadBytes > 0 || work.sortedKeys + work.sortedTextKeys + work.lightKeys + work.ginKeys > 0)
    return 'index';
  if (work.lookups > 0) return 'foreign-key';
  if (work.scanRows > 0) return 'scan';
  return work.newFiles > 0 ? 'create' : 'metadata';
}
