/** The schema comparator: two snapshots as a typed list of differences, each with what it means for those who use it. */
import type { Instrument } from '../trace/instrument.ts';
import type { Column, Relation, SchemaSnapshot } from './snapshot.ts';

/**
 * `breaking`: code written for the schema before may fail on the one after. `additive`: it cannot notice.
 * `patch`: nothing that code can see by name or type.
 */
export type Level = 'breaking' | 'additive' | 'patch';

export interface Difference {
  level: Level;
  /** What changed: `table_added`, `column_removed`, `column_type_changed`, … */
  kind: string;
  /** `public.users`, `public.users.email`, … */
  object: string;
  before?: string;
  after?: string;
  consequence: string;
}

export class SchemaComparator {
  readonly #instrument: Instrument;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  compare(before: SchemaSnapshot, after: SchemaSnapshot): Difference[] {
    return this.#instrument.measure('compare', () => compareSchemas(before, after));
  }
}

/** All differences from `before` to `after`; empty for equal schemas. */
export function compareSchemas(before: SchemaSnapshot, after: SchemaSnapshot): Difference[] {
  return [
    ...compareRelations(before.relations, after.relations),
    ...compareEnums(before.enums, after.enums),
    ...compareTexts('function', '', before.functions, after.functions, 'breaking'),
    ...compareTexts('sequence', '', before.sequences, after.sequences, 'breaking'),
    ...compareTexts('extension', '', before.extensions, after.extensions, 'breaking'),
  ];
}

function compareRelations(before: Relation[], after: Relation[]): Difference[] {
  const { added, removed, kept } = match(byName(before), byName(after));
  return [
    ...added.map(([name, { kind }]) =>
      difference('additive', `${kind}_added`, name, 'New; nothing uses it yet.'),
    ),
    ...removed.map(([name, { kind }]) =>
      difference(
        'breaking',
        `${kind}_removed`,
        name,
        'Whatever reads or writes it fails, and its data is gone.',
      ),
    ),
    ...kept.flatMap(([name, was, is]) => [
      ...compareColumns(name, was.columns, is.columns),
      ...compareTexts('constraint', `${name}.`, was.constraints, is.constraints, 'patch'),
      ...compareTexts('index', `${name}.`, was.indexes, is.indexes, 'patch'),
      ...compareTexts('trigger', `${name}.`, was.triggers, is.triggers, 'patch'),
      ...compareTexts('policy', `${name}.`, was.policies, is.policies, 'patch'),
      ...(was.definition === is.definition
        ? []
        : [difference('patch', 'definition_changed', name, 'Its rows are computed differently.')]),
    ]),
  ];
}

function compareColumns(relation: string, before: Column[], after: Column[]): Difference[] {
  const { added, removed, kept } = match(byName(before), byName(after));
  const at = (name: string) => `${relation}.${name}`;
  return [
    ...added.map(([name, { nullable, expression }]) =>
      nullable || expression !== null
        ? difference('additive', 'column_added', at(name), 'Old code does not see it.')
        : difference(
            'breaking',
            'column_added',
            at(name),
            'NOT NULL without a default: an INSERT of old code fails.',
          ),
    ),
    ...removed.map(([name]) =>
      difference('breaking', 'column_removed', at(name), 'Code that names it fails.'),
    ),
    ...kept.flatMap(([name, was, is]) => changes(at(name), was, is)),
  ];
}

function changes(object: string, was: Column, is: Column): Difference[] {
  const found: Difference[] = [];
  if (was.type !== is.type) {
    found.push({
      ...difference(
        'breaking',
        'column_type_changed',
        object,
        'Code may get or send values of another type.',
      ),
      before: was.type,
      after: is.type,
    });
  }
  if (was.nullable && !is.nullable) {
    found.push(difference('breaking', 'not_null_added', object, 'Code that writes NULL fails.'));
  }
  if (!was.nullable && is.nullable) {
    found.push(difference('breaking', 'not_null_removed', object, 'Code that reads may now meet NULL.'));
  }
  if (was.expression !== is.expression) {
    found.push({
      ...difference('patch', 'default_changed', object, 'New rows get another value.'),
      ...(was.expression === null ? {} : { before: was.expression }),
      ...(is.expression === null ? {} : { after: is.expression }),
    });
  }
  return found;
}

function compareEnums(before: Record<string, string[]>, after: Record<string, string[]>): Difference[] {
  const { added, removed, kept } = match(new Map(Object.entries(before)), new Map(Object.entries(after)));
  return [
    ...added.map(([name]) => difference('additive', 'enum_added', name, 'New; nothing uses it yet.')),
    ...removed.map(([name]) => difference('breaking', 'enum_removed', name, 'Code that casts to it fails.')),
    ...kept.flatMap(([name, was, is]) => [
      ...is
        .filter((label) => !was.includes(label))
        .map((label) =>
          difference('additive', 'enum_value_added', `${name}.${label}`, 'Readers may meet a new value.'),
        ),
      ...was
        .filter((label) => !is.includes(label))
        .map((label) =>
          difference('breaking', 'enum_value_removed', `${name}.${label}`, 'Code that writes it fails.'),
        ),
    ]),
  ];
}

/** Named definitions: added ones are additive where their loss would break, and a patch otherwise. */
function compareTexts(
  what: string,
  prefix: string,
  before: Record<string, string>,
  after: Record<string, string>,
  lossIs: Level,
): Difference[] {
  const { added, removed, kept } = match(new Map(Object.entries(before)), new Map(Object.entries(after)));
  return [
    ...added.map(([name]) =>
      difference(
        lossIs === 'breaking' ? 'additive' : 'patch',
        `${what}_added`,
        prefix + name,
        `A new ${what}.`,
      ),
    ),
    ...removed.map(([name]) => difference(lossIs, `${what}_removed`, prefix + name, `The ${what} is gone.`)),
    ...kept
      .filter(([, was, is]) => was !== is)
      .map(([name]) =>
        difference('patch', `${what}_changed`, prefix + name, `The ${what} is defined differently.`),
      ),
  ];
}

function difference(level: Level, kind: string, object: string, consequence: string): Difference {
  return { level, kind, object, consequence };
}

function byName<T extends { name: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function match<T>(before: Map<string, T>, after: Map<string, T>) {
  return {
    added: [...after].filter(([name]) => !before.has(name)),
    removed: [...before].filter(([name]) => !after.has(name)),
    kept: [...after].flatMap(([name, is]): [string, T, T][] => {
      const was = before.get(name);
      return was === undefined ? [] : [[name, was, is]];
    }),
  };
}
