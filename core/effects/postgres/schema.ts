/** A simulated PostgreSQL catalogue: relations, indexes, types, functions, schemas, and how names are resolved. */
import type { Catalogue, CatalogueRelation, RelationKind } from '../catalogue.ts';
import { Journal } from './journal.ts';
import { Index, Relation, type Routine, type UserType } from './objects.ts';
import type { Name } from './tree.ts';

const SYSTEM = new Set(['pg_catalog', 'information_schema', 'pg_toast']);
export const TEMPORARY = 'pg_temp';

/** Settings of the session that statements hang on. */
export interface Settings {
  searchPath: string[];
  timeZone: string;
  serverVersion: number;
  /** check_function_bodies. */
  checksBodies: boolean;
  /** session_replication_role is replica: no trigger fires, no foreign key is checked. */
  isReplica: boolean;
}

export class Schema implements Catalogue {
  /** What statistics of a live database say; it goes before what the statements tell. */
  readonly rowsIn: (relation: string) => boolean | undefined;
  readonly journal = new Journal();
  /** Everything that shares pg_class's names, by schema and name. */
  readonly #classes = new Map<string, Map<string, Relation | Index>>();
  readonly #types = new Map<string, UserType>();
  readonly #routines = new Map<string, Routine[]>();
  readonly schemas = new Set<string>(['public']);
  readonly extensions = new Map<string, string>();
  readonly publications = new Set<string>();
  readonly settings: Settings = {
    searchPath: ['public'],
    timeZone: 'UTC',
    serverVersion: 0,
    checksBodies: true,
    isReplica: false,
  };
  /** Some statement has made a relation: what is not here does not exist. */
  started = false;

  constructor(rowsIn: (relation: string) => boolean | undefined = () => undefined) {
    this.rowsIn = rowsIn;
  }

  relation(name: string): CatalogueRelation | undefined {
    const dot = name.indexOf('.');
    const found = this.#classes.get(name.slice(0, dot))?.get(name.slice(dot + 1));
    return found instanceof Relation ? found : undefined;
  }

  resolve(schema: string | undefined, name: string): CatalogueRelation | undefined {
    return this.find(schema === undefined ? { name } : { schema, name });
  }

  *relations(): Generator<Relation> {
    for (const names of this.#classes.values()) {
      for (const entry of names.values()) if (entry instanceof Relation) yield entry;
    }
  }

  /** A system's relation: nobody waits for its locks. */
  isSystem({ schema, name }: Name): boolean {
    if (schema !== undefined) return SYSTEM.has(schema);
    return name.startsWith('pg_') && this.#lookup({ name }) === undefined;
  }

  find(name: Name): Relation | undefined {
    const found = this.#lookup(name);
    return found instanceof Relation ? found : undefined;
  }

  findIndex(name: Name): Index | undefined {
    const found = this.#lookup(name);
    return found instanceof Index ? found : undefined;
  }

  /** The one of that name, or one of which nothing is known but that it is there. */
  findOrAssume(name: Name, kind: RelationKind = 'table'): Relation {
    const found = this.find(name);
    if (found) return found;
    const relation = new Relation(name.schema ?? this.home(), name.name, kind);
    relation.known = false;
    relation.hasRows = true;
    this.#put(relation.schema, relation.local, relation);
    return relation;
  }

  taken(schema: string, name: string): boolean {
    return this.#classes.get(schema)?.has(name) ?? false;
  }

  /** Schema that an unqualified new object goes to. */
  home(): string {
    const { searchPath } = this.settings;
    return searchPath.find((schema) => this.schemas.has(schema)) ?? searchPath[0] ?? 'public';
  }

  addRelation(relation: Relation): void {
    this.#put(relation.schema, relation.local, relation);
    this.journal.assign(this as Schema, 'started', true);
  }

  addIndex(index: Index): void {
    this.#put(index.schema, index.name, index);
    this.journal.add(index.table.indexSet, index);
  }

  removeClass(entry: Relation | Index): void {
    const name = entry instanceof Relation ? entry.local : entry.name;
    const names = this.#classes.get(entry.schema);
    if (names?.get(name) === entry) this.journal.remove(names, name);
    if (entry instanceof Index) this.journal.drop(entry.table.indexSet, entry);
  }

  /** Renames or moves a relation or index. */
  moveClass(entry: Relation | Index, schema: string, name: string): void {
    const before = entry instanceof Relation ? entry.local : entry.name;
    const names = this.#classes.get(entry.schema);
    if (names?.get(before) === entry) this.journal.remove(names, before);
    this.journal.assign(entry as Relation | Index, 'schema', schema);
    if (entry instanceof Relation) this.journal.assign(entry, 'local', name);
    else this.journal.assign(entry, 'name', name);
    this.#put(schema, name, entry);
  }

  /** `stem_middle_label`, with a number where that is taken: `ChooseRelationName` in indexcmds.c. */
  freeName(stem: string, middle: string, label: string, schema: string): string {
    for (let n = 0; ; n++) {
      const name = objectName(stem, middle, n === 0 ? label : `${label}${n}`);
      if (!this.taken(schema, name)) return name;
    }
  }

  addType(type: UserType): void {
    this.journal.put(this.#types, `${type.schema}.${type.name}`, type);
  }

  removeType(type: UserType): void {
    this.journal.remove(this.#types, `${type.schema}.${type.name}`);
  }

  findType({ schema, name }: Name): UserType | undefined {
    const path = schema === undefined ? this.settings.searchPath : [schema];
    for (const place of path) {
      const found = this.#types.get(`${place}.${name}`);
      if (found) return found;
    }
    return undefined;
  }

  types(): Iterable<UserType> {
    return this.#types.values();
  }

  routines(): Iterable<Routine> {
    return [...this.#routines.values()].flat();
  }

  /** All overloads of a function that statements made. */
  findRoutines({ schema, name }: Name): Routine[] {
    const path = schema === undefined ? this.settings.searchPath : [schema];
    return path.flatMap((place) => this.#routines.get(`${place}.${name}`) ?? []);
  }

  /** Replaces the overload of the same argument types. */
  addRoutine(routine: Routine): void {
    const others = this.#others(routine);
    this.journal.put(this.#routines, `${routine.schema}.${routine.name}`, [...others, routine]);
  }

  removeRoutine(routine: Routine): void {
    this.journal.put(this.#routines, `${routine.schema}.${routine.name}`, this.#others(routine));
  }

  #others({ schema, name, argumentTypes }: Routine): Routine[] {
    const signature = argumentTypes.join();
    const same = this.#routines.get(`${schema}.${name}`) ?? [];
    return same.filter((routine) => routine.argumentTypes.join() !== signature);
  }

  #put(schema: string, name: string, entry: Relation | Index): void {
    let names = this.#classes.get(schema);
    if (!names) {
      names = new Map();
      this.#classes.set(schema, names);
    }
    this.journal.put(names, name, entry);
  }

  #lookup({ schema, name }: Name): Relation | Index | undefined {
    if (schema !== undefined) return this.#classes.get(schema)?.get(name);
    for (const place of [TEMPORARY, ...this.settings.searchPath]) {
      const found = this.#classes.get(place)?.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** Bytes that a name may have: NAMEDATALEN - 1. */
const LONGEST_NAME = 63;

/** `makeObjectName` in indexcmds.c: the longer of the two parts is cut, byte by byte, until all fits. */
export function objectName(first: string, second: string, label: string): string {
  const room = LONGEST_NAME - label.length - (second ? 2 : 1);
  let [a, b] = [first, second];
  while (bytes(a) + bytes(b) > room) {
    if (bytes(a) > bytes(b)) a = a.slice(0, -1);
    else b = b.slice(0, -1);
  }
  return [a, ...(second ? [b] : []), label].join('_');
}

function bytes(text: string): number {
  let count = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}
