/** What the catalogues of MySQL and SQLite have in common: tables by names whose case does not count. */
import type {
  Catalogue,
  CatalogueColumn,
  CatalogueConstraint,
  CatalogueIndex,
  CatalogueRelation,
  RelationKind,
} from './catalogue.ts';

/** Names of columns, indexes and constraints are kept in lower case. */
export class NamedTable<
  Column extends CatalogueColumn = CatalogueColumn,
  Index extends CatalogueIndex = CatalogueIndex,
> implements CatalogueRelation
{
  name: string;
  readonly kind: RelationKind;
  known: boolean;
  hasRows = false;
  temporary = false;
  /** In the table's order. */
  columns = new Map<string, Column>();
  readonly constraints = new Map<string, CatalogueConstraint>();
  readonly indexes = new Map<string, Index>();
  readonly triggers = new Set<string>();
  readonly parents: string[] = [];
  readonly children: string[] = [];
  readonly views: string[] = [];

  constructor(name: string, kind: RelationKind, known: boolean) {
    this.name = name;
    this.kind = kind;
    this.known = known;
  }

  /** What a copy must not share. */
  protected own() {
    return {
      columns: new Map([...this.columns].map(([name, column]) => [name, { ...column }])),
      constraints: new Map(this.constraints),
      indexes: new Map(this.indexes),
      triggers: new Set(this.triggers),
      parents: [...this.parents],
      children: [...this.children],
      views: [...this.views],
    };
  }
}

export abstract class NamedTables<Table extends NamedTable & { copy(): Table }> implements Catalogue {
  protected readonly tables = new Map<string, Table>();

  /** A table of which nothing is known but its name. */
  protected abstract unknown(name: string): Table;

  abstract copy(): NamedTables<Table>;

  protected copyTables(from: NamedTables<Table>): void {
    for (const [key, table] of from.tables) this.tables.set(key, table.copy());
  }

  relation(name: string): Table | undefined {
    return this.tables.get(folded(name));
  }

  resolve(schema: string | undefined, name: string): Table | undefined {
    return this.relation(schema === undefined ? name : `${schema}.${name}`);
  }

  relations(): Iterable<Table> {
    return this.tables.values();
  }

  /** The table of this name; one of which nothing is known where no statement made it. */
  named(name: string): Table {
    return this.relation(name) ?? this.unknown(name);
  }

  /** As {@link named}, kept from here on. */
  kept(name: string): Table {
    const table = this.named(name);
    this.add(table);
    return table;
  }

  add(table: Table): void {
    this.tables.set(folded(table.name), table);
  }

  remove(name: string): void {
    this.tables.delete(folded(name));
  }

  rename(from: string, to: string): Table {
    const table = this.kept(from);
    this.remove(from);
    table.name = to;
    this.add(table);
    return table;
  }
}

/** A name as the catalogues keep it. */
export function folded(name: string): string {
  return name.toLowerCase();
}

/** Whether an expression speaks of a column, as a word of its own. */
export function mentions(expression: string | undefined, column: string): boolean {
  if (!expression) return false;
  return folded(expression)
    .split(/[^\p{L}\p{N}_$]+/u)
    .includes(folded(column));
}
