/** The objects of a simulated PostgreSQL schema. They are changed through a {@link Journal} only. */
import type { Node, PartitionBoundSpec } from 'libpg-query';
import type {
  CatalogueColumn,
  CatalogueConstraint,
  CatalogueIndex,
  CatalogueRelation,
  ConstraintKind,
  RelationKind,
} from '../catalogue.ts';
import { sqlText } from './sql-text.ts';
import { type SqlType, typeText } from './types.ts';

export interface Column {
  type: SqlType;
  notNull: boolean;
  default?: Node | undefined;
  generated?: 'stored' | 'virtual';
  identity: boolean;
  /** Sequence that the column owns. */
  sequence?: Relation | undefined;
  /** Also defined in a parent: it goes when the parent's does. */
  inherited: boolean;
}

/** A constraint of a table. Its columns follow renames. */
export class Constraint {
  name: string;
  readonly kind: ConstraintKind;
  readonly table: Relation;
  columns: string[];
  /** The table that a foreign key points at. */
  references?: Relation;
  /** Empty where the primary key of a table of which nothing is known is meant. */
  referencedColumns: string[] = [];
  valid = true;
  enforced = true;
  deferred = false;
  noInherit = false;
  /** What happens to this table's rows: as in pg_constraint, `a` no action, `c` cascade, `n` set null, … */
  onDelete = 'a';
  onUpdate = 'a';
  expression?: Node;
  /** The index that enforces it. */
  index?: Index;
  /** The parent's constraint that this one follows. */
  parent?: Constraint | undefined;

  constructor(name: string, kind: ConstraintKind, table: Relation, columns: string[]) {
    this.name = name;
    this.kind = kind;
    this.table = table;
    this.columns = columns;
  }
}

export class Index {
  schema: string;
  name: string;
  readonly table: Relation;
  /** Names, and expressions as they are. */
  keys: (string | Node)[];
  included: string[] = [];
  unique = false;
  valid = true;
  method = 'btree';
  where?: Node;
  constraint?: Constraint;
  /** The partitioned table's index that this one is a part of. */
  parent?: Index | undefined;

  constructor(schema: string, name: string, table: Relation, keys: (string | Node)[]) {
    this.schema = schema;
    this.name = name;
    this.table = table;
    this.keys = keys;
  }
}

export interface Trigger {
  name: string;
  /** Schema-qualified name of the function. */
  function: string;
  row: boolean;
  /** Bits of pg_trigger.tgtype: 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead. */
  timing: number;
  events: number;
  columns: string[];
  when?: Node;
  enabled: boolean;
  parent?: Trigger;
}

export interface Policy {
  name: string;
  expressions: Node[];
}

export interface Rule {
  name: string;
  /** As in RuleStmt: CMD_INSERT, … */
  event: string;
  instead: boolean;
  actions: Node[];
}

export interface Partitioning {
  strategy: 'list' | 'range' | 'hash';
  columns: string[];
}

/** A relation of pg_class, indexes aside. */
export class Relation implements CatalogueRelation {
  schema: string;
  local: string;
  kind: RelationKind;
  known = true;
  hasRows = false;
  /** `p` permanent, `u` unlogged, `t` temporary. */
  persistence = 'p';
  /** Relation options, tablespace and access method, as far as a later statement may leave them as they are. */
  accessMethod = 'heap';
  tablespace = 'pg_default';
  readonly columnMap = new Map<string, Column>();
  readonly constraintMap = new Map<string, Constraint>();
  readonly indexSet = new Set<Index>();
  readonly triggerMap = new Map<string, Trigger>();
  readonly policies = new Map<string, Policy>();
  readonly rules = new Map<string, Rule>();
  readonly statistics = new Set<string>();
  readonly parentSet = new Set<Relation>();
  readonly childSet = new Set<Relation>();
  /** It is attached to a partitioned table. */
  isPartition = false;
  isDefaultPartition = false;
  bound?: PartitionBoundSpec;
  partitioning?: Partitioning;
  rowSecurity = false;
  /** What a view or materialised view reads. */
  query?: Node;
  /** Relations that the query names, and columns it uses, by relation. */
  readonly reads = new Map<Relation, Set<string>>();
  /** Functions and types that the query uses, by qualified name. */
  readonly uses = new Set<string>();
  /** Views that read this one. */
  readonly readers = new Set<Relation>();
  /** Foreign keys of any table that point at this one. */
  readonly incoming = new Set<Constraint>();
  /** Composite type that it was made OF. */
  ofType?: string;
  /** Table whose column owns the sequence. */
  ownedBy?: { table: Relation; column: string };

  constructor(schema: string, local: string, kind: RelationKind) {
    this.schema = schema;
    this.local = local;
    this.kind = kind;
  }

  get name(): string {
    return `${this.schema}.${this.local}`;
  }

  get columns(): ReadonlyMap<string, CatalogueColumn> {
    return new Map(
      [...this.columnMap].map(([name, { type, notNull, default: value }]) => [
        name,
        { type: typeText(type), notNull, ...(value ? { default: sqlText(value) } : {}) },
      ]),
    );
  }

  get constraints(): ReadonlyMap<string, CatalogueConstraint> {
    return new Map(
      [...this.constraintMap].map(([name, { kind, columns, references, valid, expression }]) => [
        name,
        {
          kind,
          columns,
          valid,
          ...(references ? { references: references.name } : {}),
          ...(expression ? { expression: sqlText(expression) } : {}),
        },
      ]),
    );
  }

  get indexes(): ReadonlyMap<string, CatalogueIndex> {
    return new Map(
      [...this.indexSet].map(({ name, keys, unique, valid, method, where }) => {
        const columns = keys.filter((key) => typeof key === 'string');
        const partial = where !== undefined || columns.length < keys.length;
        return [name, { columns, unique, valid, method, partial }];
      }),
    );
  }

  get triggers(): ReadonlySet<string> {
    return new Set(this.triggerMap.keys());
  }

  get parents(): readonly string[] {
    return [...this.parentSet].map(({ name }) => name);
  }

  get children(): readonly string[] {
    return [...this.childSet].map(({ name }) => name);
  }

  get views(): readonly string[] {
    return [...this.readers].map(({ name }) => name);
  }
}

/** A type that statements made, or that is an extension's. */
export interface UserType {
  schema: string;
  name: string;
  kind: 'enum' | 'domain' | 'composite' | 'range' | 'base' | 'shell';
  /** Of a domain: the type below, and whether it has constraints of its own. */
  base?: SqlType;
  constraints?: Set<string>;
  labels?: string[];
  extension?: string;
}

/** A function, procedure or aggregate that statements made. */
export interface Routine {
  schema: string;
  name: string;
  argumentTypes: string[];
  /** Defaults of its arguments, in their places. */
  defaults: (Node | undefined)[];
  language: string;
  volatility: 'volatile' | 'stable' | 'immutable';
  body: string;
  /** Body in the standard's form. */
  statements?: Node[];
  /** Text of the whole statement, from which PL/pgSQL's own parser reads. */
  source: string;
  extension?: string;
  returnsTrigger: boolean;
  searchPath?: string[];
}
