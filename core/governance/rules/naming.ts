/** Names of what is new. */
import type { Difference } from '../../schema/difference.ts';
import type { Relation } from '../../schema/snapshot.ts';
import { type Judged, lineOf, type Rule } from '../judged.ts';
import type { NamedKind } from '../manifest.ts';

interface Named {
  kind: NamedKind;
  name: string;
  relation?: string | undefined;
  object: string;
}

export const naming: Rule = (judged, manifest) => {
  const patterns = manifest.naming;
  if (!patterns) return [];
  return newNames(judged).flatMap(({ kind, name, relation, object }) => {
    const pattern = patterns[kind];
    if (pattern === undefined || new RegExp(pattern, 'u').test(name)) return [];
    return [
      {
        message: `The name ${name} does not match ${pattern}, as naming.${kind} asks; rename ${object}.`,
        object,
        line: lineOf(judged, relation, name),
      },
    ];
  });
};

function newNames({ differences }: Judged): Named[] {
  return differences.flatMap((difference): Named[] => {
    const { relation, object } = difference;
    const last = object.split('.').at(-1) ?? object;
    switch (difference.kind) {
      case 'table_added':
      case 'partitioned_table_added':
      case 'foreign_table_added':
        return [
          { kind: 'tables', name: difference.after.name, relation, object },
          ...namesInside(difference.after, object),
        ];
      case 'view_added':
      case 'materialized_view_added':
        return [{ kind: 'views', name: difference.after.name, relation, object }];
      case 'column_added':
        return [{ kind: 'columns', name: difference.after.name, relation, object }];
      case 'index_added':
        return [{ kind: 'indexes', name: difference.after.name, relation, object }];
      case 'constraint_added':
        return [{ kind: CONSTRAINTS[difference.after.type], name: difference.after.name, relation, object }];
      case 'trigger_added':
        return [{ kind: 'triggers', name: difference.after.name, relation, object }];
      case 'function_added':
        return [{ kind: 'functions', name: difference.after.name, object }];
      case 'enum_added':
      case 'domain_added':
      case 'composite_added':
        return [{ kind: 'types', name: last, object }];
      default:
        return [];
    }
  });
}

const CONSTRAINTS: Record<Relation['constraints'][number]['type'], NamedKind> = {
  'primary key': 'primaryKeys',
  'foreign key': 'foreignKeys',
  unique: 'uniques',
  check: 'checks',
  exclusion: 'uniques',
};

function namesInside(table: Relation, relation: string): Named[] {
  const inside = (kind: NamedKind, items: readonly { name: string }[]): Named[] =>
    items.map(({ name }) => ({ kind, name, relation, object: `${relation}.${name}` }));
  return [
    ...inside(
      'columns',
      table.columns.filter(({ inherited }) => !inherited),
    ),
    ...inside(
      'indexes',
      table.indexes.filter(({ constraint }) => !constraint),
    ),
    ...table.constraints
      .filter(({ inherited }) => !inherited)
      .flatMap((constraint) => inside(CONSTRAINTS[constraint.type], [constraint])),
    ...inside('triggers', table.triggers),
  ];
}

/** Tables that a migration made. */
export function newTables(differences: readonly Difference[]): { object: string; table: Relation }[] {
  return differences.flatMap((difference) =>
    difference.kind === 'table_added' || difference.kind === 'partitioned_table_added'
      ? [{ object: difference.object, table: difference.after }]
      : [],
  );
}
