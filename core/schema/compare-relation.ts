/** Differences between two states of one relation. */
import { difference, match } from './comparator.ts';
import { describedChanges } from './compare-types.ts';
import type { Changes, Difference, DifferenceKind } from './difference.ts';
import { type Column, nameOf, objectText, type Relation } from './snapshot.ts';

export function relationAdded(after: Relation): Difference {
  return difference(`${after.kind}_added`, nameOf(after), { after }, nameOf(after));
}

export function relationRemoved(before: Relation): Difference {
  return difference(`${before.kind}_removed`, nameOf(before), { before }, nameOf(before));
}

export function compareRelation(was: Relation, is: Relation): Difference[] {
  const name = nameOf(is);
  if (was.kind !== is.kind) {
    return [
      difference('relation_kind_changed', name, { before: was.kind, after: is.kind }, name, {
        losesData: was.kind === 'table',
      }),
    ];
  }
  const own = <K extends DifferenceKind>(kind: K, change: Changes[K]) => difference(kind, name, change, name);
  const found: Difference[] = [];
  const isView = is.kind === 'view' || is.kind === 'materialized_view';
  found.push(...compareColumns(name, was.columns, is.columns));
  if (was.definition !== is.definition && (isView || found.length === 0)) {
    found.push(own('definition_changed', { before: was.definition ?? '', after: is.definition ?? '' }));
  }
  if (was.rowSecurity !== is.rowSecurity) {
    found.push(own('row_security_changed', { before: was.rowSecurity, after: is.rowSecurity }));
  }
  if (was.unlogged !== is.unlogged) {
    const word = (relation: Relation) => (relation.unlogged ? 'unlogged' : 'logged');
    found.push(own('persistence_changed', { before: word(was), after: word(is) }));
  }
  if (!same(sorted(was.options), sorted(is.options))) {
    found.push(own('options_changed', { before: was.options ?? [], after: is.options ?? [] }));
  }
  const [partitionsWere, partitionsAre] = [partitioning(was), partitioning(is)];
  if (partitionsWere !== partitionsAre) {
    found.push(own('partitioning_changed', { before: partitionsWere, after: partitionsAre }));
  }
  if (!same(was.inherits, is.inherits)) {
    found.push(own('inheritance_changed', { before: was.inherits ?? [], after: is.inherits ?? [] }));
  }
  found.push(...compareConstraints(name, was, is), ...compareIndexes(name, was, is));
  found.push(...parts(name, 'trigger', was.triggers, is.triggers));
  found.push(...parts(name, 'policy', was.policies, is.policies));
  found.push(...parts(name, 'rule', was.rules ?? [], is.rules ?? []));
  found.push(...parts(name, 'statistics', was.statistics ?? [], is.statistics ?? []));
  found.push(...describedChanges(name, was, is, name));
  // A table of SQLite is its text: what nothing above names is a difference all the same.
  if (found.length === 0 && objectText(was) !== objectText(is)) {
    found.push(own('definition_changed', { before: objectText(was), after: objectText(is) }));
  }
  return found;
}

function partitioning({ partitionKey, partitionOf }: Relation): string | undefined {
  if (partitionOf) return `of ${partitionOf.schema}.${partitionOf.name} ${partitionOf.bound}`;
  return partitionKey;
}

function compareColumns(relation: string, before: readonly Column[], after: readonly Column[]): Difference[] {
  const { added, removed, changed } = match(before, after, ({ name }) => name);
  const at = (column: Column) => `${relation}.${column.name}`;
  return [
    ...added.map((column) => difference('column_added', at(column), { after: column }, relation)),
    ...removed.map((column) => difference('column_removed', at(column), { before: column }, relation)),
    ...changed.flatMap(([was, is]) => columnChanges(at(is), relation, was, is)),
  ];
}

function columnChanges(object: string, relation: string, was: Column, is: Column): Difference[] {
  const found: Difference[] = [];
  const add = <K extends DifferenceKind>(kind: K, change: Changes[K]) =>
    found.push(difference(kind, object, change, relation));
  if (was.type !== is.type) add('column_type_changed', { before: was.type, after: is.type });
  if (was.nullable && !is.nullable) add('not_null_added', { before: true, after: false });
  if (!was.nullable && is.nullable) add('not_null_removed', { before: false, after: true });
  if (generation(was) !== generation(is)) {
    add('generated_changed', { before: generation(was), after: generation(is) });
  } else if (was.expression !== is.expression) {
    add('default_changed', { before: was.expression, after: is.expression });
  }
  if (identityText(was) !== identityText(is)) {
    add('identity_changed', { before: identityText(was), after: identityText(is) });
  }
  if (was.collation !== is.collation)
    add('collation_changed', { before: was.collation, after: is.collation });
  found.push(...describedChanges(object, was, is, relation));
  if (was.inherited !== is.inherited) {
    add('inheritance_changed', { before: inherited(was), after: inherited(is) });
  }
  return found;
}

function generation({ generated, expression }: Column): string | undefined {
  return generated && `GENERATED ALWAYS AS (${expression}) ${generated.toUpperCase()}`;
}

function identityText({ identity, identityOptions }: Column): string | undefined {
  return (
    identity &&
    `GENERATED ${identity.toUpperCase()} AS IDENTITY${identityOptions ? ` (${identityOptions})` : ''}`
  );
}

function inherited({ inherited: is }: { inherited?: boolean }): string[] {
  return is ? ['inherited'] : [];
}

function compareConstraints(relation: string, was: Relation, is: Relation): Difference[] {
  const { added, removed, changed } = match(was.constraints, is.constraints, ({ name }) => name);
  const at = ({ name }: { name: string }) => `${relation}.${name}`;
  return [
    ...added.map((after) => difference('constraint_added', at(after), { after }, relation)),
    ...removed.map((before) => difference('constraint_removed', at(before), { before }, relation)),
    ...changed.flatMap(([before, after]): Difference[] => {
      const found: Difference[] = [];
      const bare = (definition: string) => definition.replace(/ NOT VALID$/, '');
      const defined =
        bare(before.definition) === bare(after.definition) && before.inherited === after.inherited;
      if (!defined) found.push(difference('constraint_changed', at(after), { before, after }, relation));
      else if (before.validated !== after.validated) {
        const kind = after.validated ? 'constraint_validated' : 'constraint_changed';
        found.push(difference(kind, at(after), { before, after }, relation));
      }
      return [...found, ...describedChanges(at(after), before, after, relation)];
    }),
  ];
}

function compareIndexes(relation: string, was: Relation, is: Relation): Difference[] {
  const { added, removed, changed } = match(was.indexes, is.indexes, ({ name }) => name);
  const at = ({ name }: { name: string }) => `${relation}.${name}`;
  // The index of a constraint comes and goes with it.
  return [
    ...added
      .filter(({ constraint }) => !constraint)
      .map((after) => difference('index_added', at(after), { after }, relation)),
    ...removed
      .filter(({ constraint }) => !constraint)
      .map((before) => difference('index_removed', at(before), { before }, relation)),
    ...changed.flatMap(([before, after]): Difference[] => {
      const found: Difference[] = [];
      const defined = (['definition', 'constraint'] as const).every((key) => before[key] === after[key]);
      if (!defined) found.push(difference('index_changed', at(after), { before, after }, relation));
      else if (before.valid !== after.valid)
        found.push(difference('index_validity_changed', at(after), { before, after }, relation));
      return [...found, ...describedChanges(at(after), before, after, relation)];
    }),
  ];
}

type PartKind = 'trigger' | 'policy' | 'rule' | 'statistics';

/** Parts that are known by their name and are as a whole the same or not. */
function parts<T extends { name: string; comment?: string }>(
  relation: string,
  what: PartKind,
  before: readonly T[],
  after: readonly T[],
): Difference[] {
  const { added, removed, changed } = match(before, after, ({ name }) => name);
  const make = (kind: DifferenceKind, name: string, change: object) =>
    difference(kind, `${relation}.${name}`, change as Changes[DifferenceKind], relation);
  return [
    ...added.map((item) => make(`${what}_added`, item.name, { after: item })),
    ...removed.map((item) => make(`${what}_removed`, item.name, { before: item })),
    ...changed.flatMap(([was, is]) => {
      const same = JSON.stringify({ ...was, comment: '' }) === JSON.stringify({ ...is, comment: '' });
      return [
        ...(same ? [] : [make(`${what}_changed`, is.name, { before: was, after: is })]),
        ...describedChanges(`${relation}.${is.name}`, was, is, relation),
      ];
    }),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

function sorted(list: readonly string[] | undefined): string[] {
  return [...(list ?? [])].sort();
}
