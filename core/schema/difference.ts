/** What can differ between two schemas: each kind with what was there before and what is there after. */
import type {
  Column,
  Constraint,
  Extension,
  Index,
  Namespace,
  Policy,
  Relation,
  Routine,
  Sequence,
  Trigger,
  UserType,
} from './snapshot.ts';

/**
 * `breaking`: code written for the schema before may fail on the one after. `additive`: it cannot notice.
 * `patch`: nothing that code can see by name or type.
 */
export type Level = 'breaking' | 'additive' | 'patch';

type Added<T> = { before?: undefined; after: T };
type Removed<T> = { before: T; after?: undefined };
type Changed<T> = { before: T; after: T };
type Part = { name: string; definition: string };

/** Kind of a difference, and the types of its two sides. */
export interface Changes {
  schema_added: Added<Namespace>;
  schema_removed: Removed<Namespace>;
  extension_added: Added<Extension>;
  extension_removed: Removed<Extension>;
  extension_changed: Changed<Extension>;
  table_added: Added<Relation>;
  table_removed: Removed<Relation>;
  partitioned_table_added: Added<Relation>;
  partitioned_table_removed: Removed<Relation>;
  foreign_table_added: Added<Relation>;
  foreign_table_removed: Removed<Relation>;
  view_added: Added<Relation>;
  view_removed: Removed<Relation>;
  materialized_view_added: Added<Relation>;
  materialized_view_removed: Removed<Relation>;
  relation_kind_changed: Changed<Relation['kind']>;
  definition_changed: Changed<string>;
  row_security_changed: Changed<Relation['rowSecurity']>;
  persistence_changed: Changed<'logged' | 'unlogged'>;
  options_changed: Changed<string[]>;
  partitioning_changed: Changed<string | undefined>;
  inheritance_changed: Changed<string[]>;
  column_added: Added<Column>;
  column_removed: Removed<Column>;
  column_type_changed: Changed<string>;
  not_null_added: Changed<boolean>;
  not_null_removed: Changed<boolean>;
  default_changed: Changed<string | undefined>;
  identity_changed: Changed<string | undefined>;
  generated_changed: Changed<string | undefined>;
  collation_changed: Changed<string | undefined>;
  constraint_added: Added<Constraint>;
  constraint_removed: Removed<Constraint>;
  constraint_changed: Changed<Constraint>;
  constraint_validated: Changed<Constraint>;
  index_added: Added<Index>;
  index_removed: Removed<Index>;
  index_changed: Changed<Index>;
  index_validity_changed: Changed<Index>;
  trigger_added: Added<Trigger>;
  trigger_removed: Removed<Trigger>;
  trigger_changed: Changed<Trigger>;
  policy_added: Added<Policy>;
  policy_removed: Removed<Policy>;
  policy_changed: Changed<Policy>;
  rule_added: Added<Part>;
  rule_removed: Removed<Part>;
  rule_changed: Changed<Part>;
  statistics_added: Added<Part>;
  statistics_removed: Removed<Part>;
  statistics_changed: Changed<Part>;
  enum_added: Added<UserType>;
  enum_removed: Removed<UserType>;
  enum_value_added: Added<string>;
  enum_value_removed: Removed<string>;
  enum_reordered: Changed<string[]>;
  domain_added: Added<UserType>;
  domain_removed: Removed<UserType>;
  domain_changed: Changed<UserType>;
  composite_added: Added<UserType>;
  composite_removed: Removed<UserType>;
  composite_changed: Changed<UserType>;
  range_added: Added<UserType>;
  range_removed: Removed<UserType>;
  range_changed: Changed<UserType>;
  type_kind_changed: Changed<UserType>;
  sequence_added: Added<Sequence>;
  sequence_removed: Removed<Sequence>;
  sequence_changed: Changed<Sequence>;
  function_added: Added<Routine>;
  function_removed: Removed<Routine>;
  function_changed: Changed<Routine>;
  function_signature_changed: Changed<Routine>;
  comment_changed: Changed<string | undefined>;
  grants_changed: Changed<string[]>;
}
export type DifferenceKind = keyof Changes;

/** What a difference means for those who use the schema, and what getting there costs. */
export interface Meaning {
  level: Level;
  /** One sentence: who notices, and how. */
  consequence: string;
  /** Rows or values are gone afterwards. */
  losesData: boolean;
  /** Strongest lock on the relation that the usual statement for it takes, in PostgreSQL's words. */
  lock?: 'ACCESS EXCLUSIVE' | 'SHARE ROW EXCLUSIVE' | 'SHARE' | 'SHARE UPDATE EXCLUSIVE';
  /** The usual statement writes the table anew, or reads all of it. */
  cost?: 'rewrite' | 'scan';
}

/** One difference. `kind` tells the types of `before` and `after`. */
export type Difference = {
  [K in DifferenceKind]: Meaning & {
    kind: K;
    /** `public.users`, `public.users.email`, … */
    object: string;
    /** The relation that it belongs to, where there is one. */
    relation?: string;
  } & Changes[K];
}[DifferenceKind];

/** Two differences that may be one: a renaming, which loses nothing where it is done as one. */
export interface RenameHint {
  what: 'table' | 'column' | 'index' | 'constraint';
  from: string;
  to: string;
  /** 0 to 1: how much of the two is the same. */
  likeness: number;
}
