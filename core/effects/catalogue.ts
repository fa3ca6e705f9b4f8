/** What is known of a schema from the statements so far. Shared by all dialects. */

export type RelationKind =
  | 'table'
  | 'partitioned_table'
  | 'foreign_table'
  | 'view'
  | 'materialized_view'
  | 'sequence'
  | 'composite_type';

export interface CatalogueColumn {
  /** In the words of the dialect, for example `numeric(10,2)`. */
  type: string;
  notNull: boolean;
  /** SQL of the default. */
  default?: string;
}

export type ConstraintKind = 'primary_key' | 'unique' | 'check' | 'foreign_key' | 'exclusion' | 'not_null';

export interface CatalogueConstraint {
  kind: ConstraintKind;
  columns: readonly string[];
  /** Name of the relation that a foreign key points at. */
  references?: string;
  /** False for NOT VALID: rows that were there before are not checked. */
  valid: boolean;
  /** SQL of a check. */
  expression?: string;
}

export interface CatalogueIndex {
  /** Columns of the key; an expression's columns are not listed. */
  columns: readonly string[];
  unique: boolean;
  /** False for one that CREATE INDEX CONCURRENTLY left behind. */
  valid: boolean;
  /** It covers some of the rows only, or has expressions in its key. */
  partial: boolean;
  /** The access method: `btree`, `gin`, … */
  method: string;
}

export interface CatalogueRelation {
  /** Schema-qualified. */
  readonly name: string;
  readonly kind: RelationKind;
  /** False for one that was only named: no statement made it, so its columns are those that statements spoke of. */
  readonly known: boolean;
  /** False where no statement so far has put a row into it. */
  readonly hasRows: boolean;
  readonly columns: ReadonlyMap<string, CatalogueColumn>;
  readonly constraints: ReadonlyMap<string, CatalogueConstraint>;
  readonly indexes: ReadonlyMap<string, CatalogueIndex>;
  readonly triggers: ReadonlySet<string>;
  /** Names of the partitioned table it is a partition of, or of those it inherits from. */
  readonly parents: readonly string[];
  /** Names of its partitions, or of the tables that inherit from it. */
  readonly children: readonly string[];
  /** Names of the views that read it. */
  readonly views: readonly string[];
}

export interface Catalogue {
  /** By its schema-qualified name. */
  relation(name: string): CatalogueRelation | undefined;
  /** As the dialect would find it: without a schema, by the search path. */
  resolve(schema: string | undefined, name: string): CatalogueRelation | undefined;
  relations(): Iterable<CatalogueRelation>;
  /** Types that statements made, where the dialect has such. */
  types?(): Iterable<{ readonly schema: string; readonly name: string }>;
}
