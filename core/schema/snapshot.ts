/** Snapshots as sets of objects: how each is named, and the text that is hashed to name its content. */
import type {
  Extension,
  Namespace,
  Relation,
  Routine,
  SchemaSnapshot,
  Sequence,
  UserType,
} from '../contract/database-schema.ts';
import type { Platform } from '../platform.ts';

export type * from '../contract/database-schema.ts';

export const EMPTY_SCHEMA: SchemaSnapshot = {
  namespaces: [],
  extensions: [],
  types: [],
  sequences: [],
  routines: [],
  relations: [],
};

/** The lists of a snapshot, in the order in which their objects can mostly be made. */
export const CATEGORIES = [
  'namespaces',
  'extensions',
  'types',
  'sequences',
  'routines',
  'relations',
] as const satisfies (keyof SchemaSnapshot)[];
export type Category = (typeof CATEGORIES)[number];

export type SchemaObject = Namespace | Extension | UserType | Sequence | Routine | Relation;

/** `public.users`; just the name where the object is in no schema. */
export function nameOf(object: { schema?: string; name: string }): string {
  return object.schema === undefined ? object.name : `${object.schema}.${object.name}`;
}

/** The name by which a routine is told from its overloads: `public.add(integer, integer)`. */
export function routineName(routine: Routine): string {
  return `${nameOf(routine)}(${routine.argumentTypes})`;
}

/** What tells an object of a category from the others of it. */
export function identity(category: Category, object: SchemaObject): string {
  if (category === 'routines') return routineName(object as Routine);
  return category === 'namespaces' || category === 'extensions' ? object.name : nameOf(object);
}

/** Every object by `category identity`. */
export function objectsOf(snapshot: SchemaSnapshot): Map<string, SchemaObject> {
  const objects = new Map<string, SchemaObject>();
  for (const category of CATEGORIES) {
    for (const object of snapshot[category]) objects.set(`${category} ${identity(category, object)}`, object);
  }
  return objects;
}

/** The relation of a qualified name, or of a name in `public`. */
export function relationNamed(snapshot: SchemaSnapshot, name: string): Relation | undefined {
  return (
    snapshot.relations.find((relation) => nameOf(relation) === name) ??
    snapshot.relations.find((relation) => relation.name === name && relation.schema === 'public') ??
    snapshot.relations.find((relation) => relation.name === name)
  );
}

const texts = new WeakMap<SchemaObject, string>();

/**
 * A text that is equal for equal objects, whatever order their parts came in. Order that means something stays: labels
 * of an enum, attributes of a composite type, columns of a view (in its query). The columns of a table are sorted:
 * their order depends on how a table came to be.
 */
export function objectText(object: SchemaObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(canonical(object));
    texts.set(object, text);
  }
  return text;
}

/** A text that is equal for equal schemas. */
export function canonicalText(snapshot: SchemaSnapshot): string {
  return [...objectsOf(snapshot)]
    .map(([key, object]) => `${key} ${objectText(object)}`)
    .sort()
    .join('\n');
}

const hashes = new WeakMap<SchemaObject, string>();

/** SHA-256 over the hashes of all objects, in lower-case hex; equal schemas have equal hashes. */
export function schemaHash(snapshot: SchemaSnapshot, platform: Pick<Platform, 'sha256'>): string {
  const lines = [...objectsOf(snapshot)].map(([key, object]) => {
    let hash = hashes.get(object);
    if (hash === undefined) {
      hash = platform.sha256(objectText(object));
      hashes.set(object, hash);
    }
    return `${key} ${hash}`;
  });
  return platform.sha256(lines.sort().join('\n'));
}

/** Lists whose order says nothing. */
const UNORDERED = new Set([
  'columns',
  'constraints',
  'indexes',
  'triggers',
  'policies',
  'rules',
  'statistics',
  'grants',
  'roles',
  'options',
]);

/** Keys sorted, empty values left out, unordered lists sorted. */
function canonical(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    if (!UNORDERED.has(key)) return items;
    return items
      .map((item) => [JSON.stringify(item), item] as const)
      .sort(byText)
      .map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined && item !== null && !(Array.isArray(item) && item.length === 0))
    .map(([name, item]) => [name, canonical(item, name)] as const);
  return Object.fromEntries(entries.sort(byText));
}

function byText([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
