/**
 * Decides what is dropped, made and changed in place to get from one schema to another: what differs, and whatever
 * depends on it in a way that PostgreSQL does not let it stay.
 */
import { nameOf, type Relation, type SchemaSnapshot, type UserType } from '../snapshot.ts';
import { type TableChange, tableChange } from './columns.ts';
import { inPlace } from './in-place.ts';
import { mentions, namesColumn } from './names.ts';
import { type Part, partsOf } from './parts.ts';

export interface Plan {
  before: ReadonlyMap<string, Part>;
  after: ReadonlyMap<string, Part>;
  /** Keys of parts that go; those that are also made are made anew. */
  drop: ReadonlySet<string>;
  make: ReadonlySet<string>;
  /** Statements that change a part as it is. */
  change: ReadonlyMap<string, string[]>;
  /** Labels that enums get, in order; each alone and before everything else. */
  labels: string[];
  /** Tables that stay, by name. */
  tables: ReadonlyMap<string, TableChange>;
  /** Whether a definition mentions something that goes or is made anew. */
  isReplaced: (definition: string) => boolean;
}

export function planTransition(from: SchemaSnapshot, to: SchemaSnapshot): Plan {
  const before = partsOf(from);
  const after = partsOf(to);
  const drop = new Set<string>();
  const make = new Set<string>();
  const change = new Map<string, string[]>();
  const labels: string[] = [];
  for (const key of before.keys()) if (!after.has(key)) drop.add(key);
  for (const [key, part] of after) {
    const old = before.get(key);
    if (!old) {
      make.add(key);
    } else if (old.state !== part.state) {
      const steps = inPlace(old, part);
      if (!steps) {
        drop.add(key);
        make.add(key);
      } else if (isEnum(part)) labels.push(...steps);
      else change.set(key, steps);
    }
  }
  const replaced = new Set<string>();
  const isReplaced = (definition: string) => [...mentions(definition)].some((name) => replaced.has(name));
  const tables = new Map<string, TableChange>();
  const oldRelations = new Map(from.relations.map((relation) => [nameOf(relation), relation]));
  for (let grew = true; grew; ) {
    for (const key of drop) {
      const part = before.get(key);
      if (part && part.owner === undefined) replaced.add(part.name);
    }
    for (const relation of to.relations) {
      const was = oldRelations.get(nameOf(relation));
      const key = `relation ${nameOf(relation)}`;
      if (was && isTable(relation) && !drop.has(key)) {
        tables.set(nameOf(relation), tableChange(was, relation, isReplaced));
      }
    }
    const size = drop.size;
    for (const [key, part] of before) {
      if (drop.has(key) || !mustGo(part, { before, drop, replaced, tables })) continue;
      drop.add(key);
      change.delete(key);
      if (after.has(key)) make.add(key);
    }
    grew = drop.size > size;
  }
  for (const key of drop) if (key.startsWith('relation ')) tables.delete(key.slice('relation '.length));
  return { before, after, drop, make, change, labels, tables, isReplaced };
}

interface Situation {
  before: ReadonlyMap<string, Part>;
  drop: ReadonlySet<string>;
  replaced: ReadonlySet<string>;
  tables: ReadonlyMap<string, TableChange>;
}

/** Whether a part cannot stay, because of what it needs. */
function mustGo(part: Part, { before, drop, replaced, tables }: Situation): boolean {
  const { kind, owner, needs, text } = part;
  if (owner !== undefined && drop.has(`relation ${owner}`)) return true;
  if (kind === 'namespace' || kind === 'extension' || kind === 'sequence' || kind === 'table') return false;
  for (const name of needs) {
    if (replaced.has(name)) return true;
    const table = tables.get(name);
    if (!table) continue;
    const gone = table.dropped.map((column) => column.name);
    const moved = [...gone, ...table.retyped.map(([column]) => column.name)];
    if (moved.length === 0) continue;
    const named = (columns: readonly string[]) => columns.some((column) => namesColumn(text, column));
    if (kind === 'view' || kind === 'materialized view' || kind === 'rule') return true;
    if (kind === 'routine' && text.includes('BEGIN ATOMIC')) return true;
    if ((kind === 'policy' || kind === 'trigger' || kind === 'foreign key') && named(moved)) return true;
    if (name === owner && named(gone)) return true;
  }
  return kind === 'foreign key' && losesItsKey(part, before, drop);
}

/** Whether the key that a foreign key refers to goes. */
function losesItsKey({ text, needs }: Part, before: Situation['before'], drop: ReadonlySet<string>): boolean {
  const referenced = columnsIn(/ REFERENCES [^(]*\(([^)]*)\)/.exec(text)?.[1]);
  for (const key of drop) {
    const part = before.get(key);
    if (!part?.owner || !needs.has(part.owner)) continue;
    if (part.kind !== 'constraint' && part.kind !== 'index') continue;
    if (columnsIn(/\(([^()]*)\)/.exec(part.text)?.[1]) === referenced) return true;
  }
  return false;
}

function columnsIn(list = ''): string {
  return list
    .split(',')
    .map((name) => name.trim())
    .sort()
    .join(',');
}

function isTable({ kind }: Relation): boolean {
  return kind === 'table' || kind === 'partitioned_table' || kind === 'foreign_table';
}

function isEnum({ kind, object }: Part): boolean {
  return kind === 'type' && (object as UserType).kind === 'enum';
}
