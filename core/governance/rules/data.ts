/** Rules about what tables hold: keys, personal data, retention. */
import { type Column, nameOf, type Relation, relationNamed } from '../../schema/snapshot.ts';
import { type Judged, lineOf, type Rule } from '../judged.ts';
import type { Manifest } from '../manifest.ts';
import { matchesAny } from '../patterns.ts';
import { newTables } from './naming.ts';

export const primaryKey: Rule = (judged) =>
  newTables(judged.differences)
    .map(({ object }) => ({ object, table: relationNamed(judged.after, object) }))
    .filter(
      ({ table }) =>
        table && !table.partitionOf && !table.constraints.some(({ type }) => type === 'primary key'),
    )
    .map(({ object }) => ({
      message: `${object} has no primary key; add one, so that rows can be told apart and replicated.`,
      object,
      line: lineOf(judged, object),
    }));

export const personalData: Rule = (judged, manifest) =>
  newPersonalColumns(judged, manifest).flatMap(({ relation, column, object }) => {
    const { require = [], tag = '' } = manifest.personalData ?? {};
    const missing = [
      ...(require.includes('comment') && !column.comment ? ['a comment'] : []),
      ...(require.includes('tag') && !column.comment?.includes(tag) ? [`the tag ${tag} in its comment`] : []),
      ...(require.includes('retention') && !retentionOf(relation, manifest)
        ? ['a retention of its table in the manifest']
        : []),
    ];
    if (missing.length === 0) return [];
    const example =
      require.includes('comment') || require.includes('tag')
        ? ` For example: COMMENT ON COLUMN ${object} IS '${tag || 'personal data'}: why it is kept';`
        : '';
    return [
      {
        message: `${object} holds personal data and lacks ${missing.join(' and ')}.${example}`,
        object,
        line: lineOf(judged, nameOf(relation), column.name),
      },
    ];
  });

export const personalDataApproval: Rule = (judged, manifest) =>
  newPersonalColumns(judged, manifest).map(({ relation, column, object }) => ({
    message: `${object} holds personal data; a new column of it needs an approval in a comment above: aibos:approve personal-data-approval by NAME until YYYY-MM-DD: REASON`,
    object,
    line: lineOf(judged, nameOf(relation), column.name),
  }));

export const personalDataIndex: Rule = (judged, manifest) => {
  if (!manifest.personalData) return [];
  const { columns } = manifest.personalData;
  return newIndexes(judged).flatMap(({ relation, name, indexed }) =>
    indexed
      .filter((column) => matchesAny(columns, `${nameOf(relation)}.${column}`))
      .map((column) => ({
        message: `${name} indexes ${nameOf(relation)}.${column} in plain, so its values stand in the index too; index a keyed hash of it instead.`,
        object: `${nameOf(relation)}.${column}`,
        line: lineOf(judged, nameOf(relation), name) ?? lineOf(judged, nameOf(relation)),
      })),
  );
};

const TIMES = /^(?:date|timestamp|datetime)/i;

export const retention: Rule = (judged, manifest) =>
  touchedTables(judged).flatMap((table) => {
    const rule = retentionOf(table, manifest);
    if (!rule) return [];
    const column = table.columns.find(({ name }) => name === rule.column);
    if (column && TIMES.test(column.type)) return [];
    const why = column
      ? `${rule.column} is of type ${column.type}, not a date or time`
      : `it has no column ${rule.column}`;
    return [
      {
        message: `Rows of ${nameOf(table)} are kept ${rule.days} days, and cannot be found by age: ${why}.`,
        object: nameOf(table),
        line: lineOf(judged, nameOf(table), rule.column),
      },
    ];
  });

function retentionOf(relation: Relation, manifest: Manifest) {
  return manifest.retention?.find(({ tables }) => matchesAny(tables, nameOf(relation)));
}

function touchedTables({ differences, after }: Judged): Relation[] {
  const names = new Set(differences.flatMap(({ relation }) => (relation === undefined ? [] : [relation])));
  return after.relations.filter(
    (relation) =>
      names.has(nameOf(relation)) && (relation.kind === 'table' || relation.kind === 'partitioned_table'),
  );
}

/** Columns of personal data that the migration added, as they are after it. */
function newPersonalColumns({ differences, after }: Judged, { personalData: wanted }: Manifest) {
  if (!wanted) return [];
  const added = new Set(
    differences.flatMap((difference) => (difference.kind === 'column_added' ? [difference.object] : [])),
  );
  const tables = new Set(newTables(differences).map(({ object }) => object));
  return after.relations.flatMap((relation) =>
    relation.columns.flatMap((column): { relation: Relation; column: Column; object: string }[] => {
      const object = `${nameOf(relation)}.${column.name}`;
      const isNew = added.has(object) || tables.has(nameOf(relation));
      return isNew && !relation.partitionOf && matchesAny(wanted.columns, object)
        ? [{ relation, column, object }]
        : [];
    }),
  );
}

/** Indexes that the migration made, with the columns that they hold as they are. */
function newIndexes({ differences, after }: Judged) {
  const tables = new Set(newTables(differences).map(({ object }) => object));
  const named = new Set(
    differences.flatMap((difference) =>
      difference.kind === 'index_added' ||
      difference.kind === 'index_changed' ||
      difference.kind === 'constraint_added'
        ? [difference.object]
        : [],
    ),
  );
  return after.relations.flatMap((relation) =>
    relation.indexes
      .filter(({ name }) => tables.has(nameOf(relation)) || named.has(`${nameOf(relation)}.${name}`))
      .map(({ name, definition }) => ({ relation, name, indexed: plainColumns(definition, relation) })),
  );
}

/** Columns that stand in the list of an index by themselves, not inside an expression. */
function plainColumns(definition: string, { columns }: Relation): string[] {
  const list = /\((.*)\)/s.exec(definition.replace(/ WHERE .*$/s, ''))?.[1] ?? '';
  let depth = 0;
  const outside = [...list].map((character) => {
    if (character === '(') depth++;
    const here = depth === 0 ? character : ' ';
    if (character === ')') depth--;
    return here;
  });
  const names = outside
    .join('')
    .split(',')
    .map((part) => part.trim().match(/^(?:"((?:[^"]|"")*)"|([^\s"(]+)(?=\s|$))/));
  return columns
    .map(({ name }) => name)
    .filter((column) => names.some((match) => (match?.[1]?.replaceAll('""', '"') ?? match?.[2]) === column));
}
