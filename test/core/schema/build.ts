/** Small schemas for tests. */
import type { Column, Relation, SchemaSnapshot } from '../../../core/schema/snapshot.ts';
import { EMPTY_SCHEMA } from '../../../core/schema/snapshot.ts';

export function column(name: string, extra: Partial<Column> = {}): Column {
  return { name, type: 'text', nullable: true, ...extra };
}

export function table(name: string, columns: Column[], extra: Partial<Relation> = {}): Relation {
  return {
    kind: 'table',
    schema: 'public',
    name,
    columns,
    constraints: [],
    indexes: [],
    triggers: [],
    policies: [],
    ...extra,
  };
}

export function schema(relations: Relation[], extra: Partial<SchemaSnapshot> = {}): SchemaSnapshot {
  return { ...EMPTY_SCHEMA, relations, ...extra };
}
