/** The schema comparator: two snapshots as a typed list of differences, each with what it means for those who use it. */
import type { Instrument } from '../trace/instrument.ts';
import { compareRelation, relationAdded, relationRemoved } from './compare-relation.ts';
import { compareRoutine, compareSequence, compareType, describedChanges } from './compare-types.ts';
import { consequenceOf } from './consequence.ts';
import type { Changes, Difference, DifferenceKind, Meaning } from './difference.ts';
import { type Category, identity, nameOf, objectText, routineName, type SchemaSnapshot } from './snapshot.ts';

export type { Difference, Level } from './difference.ts';

export class SchemaComparator {
  readonly #instrument: Instrument;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  compare(before: SchemaSnapshot, after: SchemaSnapshot): Difference[] {
    return this.#instrument.measure('compare', () => compareSchemas(before, after));
  }
}

/** All differences from `before` to `after`; empty exactly where their hashes are equal. */
export function compareSchemas(before: SchemaSnapshot, after: SchemaSnapshot): Difference[] {
  const of = <C extends Category>(category: C) =>
    match(
      before[category] as SchemaSnapshot[C][number][],
      after[category] as SchemaSnapshot[C][number][],
      (object) => identity(category, object),
      (a, b) => a === b || objectText(a) === objectText(b),
    );
  const namespaces = of('namespaces');
  const extensions = of('extensions');
  const types = of('types');
  const sequences = of('sequences');
  const routines = of('routines');
  const relations = of('relations');
  return [
    ...namespaces.added.map((after) => difference('schema_added', after.name, { after })),
    ...namespaces.removed.map((before) => difference('schema_removed', before.name, { before })),
    ...namespaces.changed.flatMap(([was, is]) => describedChanges(is.name, was, is)),
    ...extensions.added.map((after) => difference('extension_added', after.name, { after })),
    ...extensions.removed.map((before) => difference('extension_removed', before.name, { before })),
    ...extensions.changed.map(([before, after]) =>
      difference('extension_changed', after.name, { before, after }),
    ),
    ...relations.added.map(relationAdded),
    ...relations.removed.map(relationRemoved),
    ...relations.changed.flatMap(([was, is]) => compareRelation(was, is)),
    ...types.added.map((after) => difference(`${after.kind}_added`, nameOf(after), { after })),
    ...types.removed.map((before) => difference(`${before.kind}_removed`, nameOf(before), { before })),
    ...types.changed.flatMap(([was, is]) => compareType(was, is)),
    ...sequences.added.map((after) => difference('sequence_added', nameOf(after), { after })),
    ...sequences.removed.map((before) => difference('sequence_removed', nameOf(before), { before })),
    ...sequences.changed.flatMap(([was, is]) => compareSequence(was, is)),
    ...routines.added.map((after) => difference('function_added', routineName(after), { after })),
    ...routines.removed.map((before) => difference('function_removed', routineName(before), { before })),
    ...routines.changed.flatMap(([was, is]) => compareRoutine(was, is)),
  ];
}

/** A difference with its meaning. */
export function difference<K extends DifferenceKind>(
  kind: K,
  object: string,
  change: Changes[K],
  relation?: string,
  meaning?: Partial<Meaning>,
): Difference {
  return {
    kind,
    object,
    ...(relation === undefined ? {} : { relation }),
    ...change,
    ...consequenceOf(kind, change),
    ...meaning,
  } as unknown as Difference;
}

/** What is only in one list, and what is in both and not equal. */
export function match<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
  equal: (a: T, b: T) => boolean = (a, b) => JSON.stringify(a) === JSON.stringify(b),
): { added: T[]; removed: T[]; changed: [T, T][] } {
  const was = new Map(before.map((item) => [key(item), item]));
  const is = new Set(after.map(key));
  const added: T[] = [];
  const changed: [T, T][] = [];
  for (const item of after) {
    const old = was.get(key(item));
    if (old === undefined) added.push(item);
    else if (!equal(old, item)) changed.push([old, item]);
  }
  return { added, changed, removed: before.filter((item) => !is.has(key(item))) };
}
