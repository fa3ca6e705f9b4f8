/** Versions, schemas and differences as text for a terminal. */
import type { SchemaVersionInfo } from '../contract/schema-version.ts';
import type { Difference, RenameHint } from '../schema/difference.ts';
import { nameOf, type Relation, routineName, type SchemaSnapshot } from '../schema/snapshot.ts';
import { columnDefinition } from '../schema/transition/parts.ts';
import type { Style } from './summary-text.ts';

/** One line for a version, and one for each reason. */
export function versionLines(
  { version, hash, at, migration, changes, reasons, succeeded }: SchemaVersionInfo,
  style: Style,
): string[] {
  const counts = [
    changes.breaking > 0 ? style.bad(`${changes.breaking} breaking`) : '',
    changes.additive > 0 ? `${changes.additive} additive` : '',
    changes.patch > 0 ? `${changes.patch} other` : '',
  ].filter(Boolean);
  const what = counts.join(', ') || style.dim('schema unchanged');
  const failed = succeeded ? '' : style.warn('  failed in part');
  return [
    `${style.bold(version.padEnd(9))} ${style.dim(hash.slice(0, 10))}  ${at.slice(0, 10)}  ${migration}  ${what}${failed}`,
    ...reasons.map((reason) => style.dim(`            ${reason}`)),
  ];
}

export function schemaLines(schema: SchemaSnapshot, style: Style): string[] {
  const names = (title: string, list: readonly string[]) =>
    list.length === 0 ? [] : ['', `${style.bold(title)}  ${[...list].sort().join(', ')}`];
  return [
    ...[...schema.relations]
      .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      .flatMap((relation) => ['', ...relationLines(relation, style)]),
    ...names('types', schema.types.map(nameOf)),
    ...names('sequences', schema.sequences.map(nameOf)),
    ...names('functions', schema.routines.map(routineName)),
    ...names(
      'extensions',
      schema.extensions.map(({ name }) => name),
    ),
  ].slice(1);
}

function relationLines(relation: Relation, style: Style): string[] {
  const { kind, columns, constraints, indexes, triggers, policies, definition, comment, partitionKey } =
    relation;
  const part = (word: string, text: string) => `  ${style.dim(word.padEnd(10))} ${text}`;
  return [
    `${style.bold(nameOf(relation))}  ${style.dim(kind.replaceAll('_', ' '))}${comment ? style.dim(`  ${comment}`) : ''}`,
    ...columns.map(
      (column) => `  ${columnDefinition(column)}${column.comment ? style.dim(`  -- ${column.comment}`) : ''}`,
    ),
    ...(partitionKey ? [part('partitions', partitionKey)] : []),
    ...constraints.map((constraint) => part('constraint', `${constraint.name} ${constraint.definition}`)),
    ...indexes.filter(({ constraint }) => !constraint).map((index) => part('index', index.definition)),
    ...triggers.map((trigger) => part('trigger', trigger.definition)),
    ...policies.map(({ name, command }) => part('policy', `${name} for ${command}`)),
    ...(relation.rowSecurity ? [part('rows', `row security ${relation.rowSecurity}`)] : []),
    ...(definition && (kind === 'view' || kind === 'materialized_view')
      ? definition.split('\n').map((line) => `  ${line}`)
      : []),
  ];
}

/** Worst first. */
export function differenceLines(differences: readonly Difference[], style: Style): string[] {
  const paint = { breaking: style.bad, additive: style.good, patch: style.dim };
  return (['breaking', 'additive', 'patch'] as const).flatMap((level) =>
    differences
      .filter((difference) => difference.level === level)
      .flatMap(({ kind, object, before, after, consequence, losesData, lock, cost }) => {
        const change = [before, after].every((side) => side === undefined || typeof side !== 'object')
          ? sides(before, after)
          : '';
        const costs = [
          losesData ? style.bad('loses data') : '',
          lock ? `takes ${lock}` : '',
          cost === 'rewrite' ? 'writes the table anew' : cost === 'scan' ? 'reads the whole table' : '',
        ].filter(Boolean);
        return [
          `${paint[level](level.padEnd(8))}  ${kind.replaceAll('_', ' ')}  ${style.bold(object)}${change}`,
          style.dim(`          ${consequence}`) + (costs.length > 0 ? ` ${costs.join(', ')}` : ''),
        ];
      }),
  );
}

function sides(before: unknown, after: unknown): string {
  if (before === undefined && after === undefined) return '';
  return `  ${before ?? 'nothing'} → ${after ?? 'nothing'}`;
}

export function renameLines(renames: readonly RenameHint[], style: Style): string[] {
  return renames.map(({ what, from, to, likeness }) =>
    style.warn(
      `May be a renaming: ${what} ${from} to ${to} (${Math.round(likeness * 100)} % alike). RENAME keeps the data; drop and add loses it.`,
    ),
  );
}
