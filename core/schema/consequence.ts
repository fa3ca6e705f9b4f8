/**
 * What each kind of difference means: for code written for the schema before, for the rows, and for the locks that the
 * usual statement takes (PostgreSQL documentation, chapter 13.3.1 and the notes of each command).
 */
import type { Changes, DifferenceKind, Meaning } from './difference.ts';
import type { Column, Constraint, Index, Policy } from './snapshot.ts';
import { isWidening } from './type-change.ts';

type Consequences = { [K in DifferenceKind]: (change: Changes[K]) => Meaning };

export function consequenceOf<K extends DifferenceKind>(kind: K, change: Changes[K]): Meaning {
  return consequences[kind](change);
}

function breaking(consequence: string, more: Partial<Meaning> = {}): Meaning {
  return { level: 'breaking', consequence, losesData: false, ...more };
}
function additive(consequence: string, more: Partial<Meaning> = {}): Meaning {
  return { level: 'additive', consequence, losesData: false, ...more };
}
function patch(consequence: string, more: Partial<Meaning> = {}): Meaning {
  return { level: 'patch', consequence, losesData: false, ...more };
}
const always = (meaning: Meaning) => () => meaning;

const NEW = always(additive('New; nothing uses it yet.'));
const EXCLUSIVE = { lock: 'ACCESS EXCLUSIVE' } as const;
const GONE = 'Whatever reads or writes it fails';

const consequences: Consequences = {
  schema_added: NEW,
  schema_removed: always(breaking('Whatever names something in it fails.')),
  extension_added: NEW,
  extension_removed: always(breaking('Its types and functions are gone; what uses them fails.')),
  extension_changed: always(breaking('Its types and functions are in another schema.')),
  table_added: NEW,
  table_removed: always(breaking(`${GONE}, and its rows are gone.`, { losesData: true, ...EXCLUSIVE })),
  partitioned_table_added: NEW,
  partitioned_table_removed: always(
    breaking(`${GONE}, and the rows of its partitions are gone.`, { losesData: true, ...EXCLUSIVE }),
  ),
  foreign_table_added: NEW,
  foreign_table_removed: always(breaking(`${GONE}; its rows stay where they are.`, EXCLUSIVE)),
  view_added: NEW,
  view_removed: always(breaking('Whatever reads it fails.', EXCLUSIVE)),
  materialized_view_added: NEW,
  materialized_view_removed: always(
    breaking('Whatever reads it fails; its rows can be computed again.', EXCLUSIVE),
  ),
  relation_kind_changed: always(
    breaking('It is another kind of relation under the same name: it has to be made anew.', EXCLUSIVE),
  ),
  definition_changed: always(patch('Its rows are computed differently.', EXCLUSIVE)),
  row_security_changed: ({ after }) =>
    after?.startsWith('forced') || after === 'enabled'
      ? breaking('Code that no policy lets through sees no rows and cannot write.', EXCLUSIVE)
      : additive('Rows that policies kept back can be seen.', EXCLUSIVE),
  persistence_changed: ({ after }) =>
    patch(after === 'unlogged' ? 'After a crash it is empty.' : 'It survives a crash from now on.', {
      ...EXCLUSIVE,
      cost: 'rewrite',
    }),
  options_changed: always(patch('Storage or view options only.', { lock: 'SHARE UPDATE EXCLUSIVE' })),
  partitioning_changed: always(breaking('Rows belong to other partitions.', EXCLUSIVE)),
  inheritance_changed: always(breaking('What is read through the parent changes.', EXCLUSIVE)),

  column_added: ({ after }) => columnAdded(after),
  column_removed: always(
    breaking('Code that names it fails, and its values are gone.', { losesData: true, ...EXCLUSIVE }),
  ),
  column_type_changed: ({ before, after }) =>
    isWidening(before, after)
      ? patch('Every value fits as it is; no row is written anew.', EXCLUSIVE)
      : breaking('Code may get or send values of another type; values may not fit.', {
          ...EXCLUSIVE,
          cost: 'rewrite',
        }),
  not_null_added: always(
    breaking('Code that writes NULL fails; so does the change while a row holds NULL.', {
      ...EXCLUSIVE,
      cost: 'scan',
    }),
  ),
  not_null_removed: always(breaking('Code that reads may now meet NULL.', EXCLUSIVE)),
  default_changed: ({ after }) =>
    after === undefined
      ? breaking('An INSERT that leaves it out no longer gets a value.', EXCLUSIVE)
      : patch('New rows get another value.', EXCLUSIVE),
  identity_changed: ({ after }) =>
    after === undefined
      ? breaking('An INSERT that leaves it out no longer gets a number.', EXCLUSIVE)
      : patch('Numbers of new rows come about differently.', EXCLUSIVE),
  generated_changed: always(
    breaking('Its values are computed differently; code that writes it may fail.', {
      ...EXCLUSIVE,
      cost: 'rewrite',
    }),
  ),
  collation_changed: always(
    patch('It is sorted and compared differently.', { ...EXCLUSIVE, cost: 'rewrite' }),
  ),

  constraint_added: ({ after }) => constraintAdded(after),
  constraint_removed: always(additive('Writes that it refused are accepted.', EXCLUSIVE)),
  constraint_changed: ({ after }) => constraintAdded(after),
  constraint_validated: always(
    patch('Old rows are known to fulfil it.', { lock: 'SHARE UPDATE EXCLUSIVE', cost: 'scan' }),
  ),
  index_added: ({ after }) => indexAdded(after),
  index_removed: ({ before }) =>
    before.unique
      ? additive('Duplicates that it refused are accepted; reads may be slower.', EXCLUSIVE)
      : patch('Reads that used it are slower.', EXCLUSIVE),
  index_changed: ({ after }) => indexAdded(after),
  index_validity_changed: ({ after }) =>
    patch(after.valid ? 'It is used from now on.' : 'It is kept up but not used; build it again.', {
      lock: 'SHARE UPDATE EXCLUSIVE',
      cost: 'scan',
    }),
  trigger_added: always(patch('Writes do more than they did.', { lock: 'SHARE ROW EXCLUSIVE' })),
  trigger_removed: always(patch('What it did on writes is no longer done.', EXCLUSIVE)),
  trigger_changed: always(patch('Writes do something else than they did.', { lock: 'SHARE ROW EXCLUSIVE' })),
  policy_added: ({ after }) => policyAdded(after),
  policy_removed: ({ before }) =>
    before.permissive
      ? breaking('Rows that only it let through are out of reach.', EXCLUSIVE)
      : additive('Rows that it kept back can be reached.', EXCLUSIVE),
  policy_changed: always(breaking('Other rows can be seen or written than before.', EXCLUSIVE)),
  rule_added: always(breaking('Statements on it are rewritten.', EXCLUSIVE)),
  rule_removed: always(breaking('Statements on it are no longer rewritten.', EXCLUSIVE)),
  rule_changed: always(breaking('Statements on it are rewritten differently.', EXCLUSIVE)),
  statistics_added: always(patch('Plans may get better.', { lock: 'SHARE UPDATE EXCLUSIVE' })),
  statistics_removed: always(patch('Plans may get worse.', { lock: 'SHARE UPDATE EXCLUSIVE' })),
  statistics_changed: always(patch('Plans may change.', { lock: 'SHARE UPDATE EXCLUSIVE' })),

  enum_added: NEW,
  enum_removed: always(breaking('Code that casts to it fails.')),
  enum_value_added: always(additive('Readers may meet a value that they do not know.')),
  enum_value_removed: always(
    breaking('Code that writes it fails; the type and every column of it are made anew.', {
      cost: 'rewrite',
    }),
  ),
  enum_reordered: always(
    breaking('Sorting changes; the type and every column of it are made anew.', { cost: 'rewrite' }),
  ),
  domain_added: NEW,
  domain_removed: always(breaking('Code that casts to it fails.')),
  domain_changed: always(breaking('Other values are accepted than before.', { cost: 'scan' })),
  composite_added: NEW,
  composite_removed: always(breaking('Code that casts to it fails.')),
  composite_changed: always(breaking('Code that builds or reads its values may fail.')),
  range_added: NEW,
  range_removed: always(breaking('Code that casts to it fails.')),
  range_changed: always(breaking('Its values are of another type.')),
  type_kind_changed: always(breaking('It is another kind of type under the same name.')),
  sequence_added: NEW,
  sequence_removed: always(breaking('Code that takes numbers from it fails.')),
  sequence_changed: always(patch('New numbers come about differently.')),
  function_added: NEW,
  function_removed: always(breaking('Code that calls it fails.')),
  function_changed: always(patch('It does something else under the same signature.')),
  function_signature_changed: always(breaking('Code that calls it may get or send something else.')),
  comment_changed: always(patch('A comment only.')),
  grants_changed: ({ before, after }) =>
    before.every((grant) => after.includes(grant)) && !after.includes('NONE')
      ? additive('More roles may use it.')
      : breaking('A role loses a privilege; what it does with it fails.'),
};

function columnAdded(column: Column): Meaning {
  if (column.generated === 'stored') {
    return additive('Old code does not see it; every row is written anew.', {
      ...EXCLUSIVE,
      cost: 'rewrite',
    });
  }
  const filled = column.nullable || column.expression !== undefined || column.identity !== undefined;
  return filled
    ? additive('Old code does not see it.', EXCLUSIVE)
    : breaking(
        'NOT NULL without a default: an INSERT of old code fails, and so does the change while there are rows.',
        EXCLUSIVE,
      );
}

function constraintAdded({ type, validated }: Constraint): Meaning {
  const rows = validated ? ' and the change fails while a row breaks it' : '';
  const cost = validated ? ({ cost: 'scan' } as const) : {};
  if (type === 'foreign key') {
    return breaking(`Writes without a matching row are refused${rows}.`, {
      lock: 'SHARE ROW EXCLUSIVE',
      ...cost,
    });
  }
  const refused = type === 'check' ? 'Writes that break it' : 'Duplicates';
  return breaking(`${refused} are refused${rows}.`, { ...EXCLUSIVE, ...cost });
}

function indexAdded({ unique }: Index): Meaning {
  const building = { lock: 'SHARE', cost: 'scan' } as const;
  return unique
    ? breaking('Duplicates are refused, and the change fails while there are any.', building)
    : patch('Reads may be faster, writes a little slower.', building);
}

function policyAdded({ permissive }: Policy): Meaning {
  return permissive
    ? additive('More rows can be reached where row security is on.', EXCLUSIVE)
    : breaking('Fewer rows can be reached where row security is on.', EXCLUSIVE);
}
