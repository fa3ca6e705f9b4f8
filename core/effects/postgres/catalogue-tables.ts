/** The system catalogues as the simulated catalogue fills them: the tables and columns that migrations ask. */
import type { Schema } from './schema.ts';

/** A row of a catalogue table. An object is written `schema.name|name`: either form is equal to it. */
export type CatalogueRow = Record<string, string>;

/** What can be asked of one catalogue table: each of its rows, by the columns that questions use. */
type Rows = (schema: Schema) => Iterable<CatalogueRow>;

const KIND_LETTERS: Record<string, string> = {
  table: 'r',
  partitioned_table: 'p',
  view: 'v',
  materialized_view: 'm',
  foreign_table: 'f',
  sequence: 'S',
  composite_type: 'c',
};
const CONSTRAINT_LETTERS: Record<string, string> = {
  primary_key: 'p',
  unique: 'u',
  check: 'c',
  foreign_key: 'f',
  exclusion: 'x',
  not_null: 'n',
};
const CONSTRAINT_WORDS: Record<string, string> = {
  primary_key: 'PRIMARY KEY',
  unique: 'UNIQUE',
  check: 'CHECK',
  foreign_key: 'FOREIGN KEY',
  not_null: 'CHECK',
};

export const TABLES: Record<string, Rows> = {
  *pg_class(schema) {
    for (const relation of schema.relations()) {
      const { schema: nspname, local, kind, isPartition } = relation;
      const relkind = KIND_LETTERS[kind] ?? '';
      const relispartition = String(isPartition);
      yield { oid: oidOf(nspname, local), relname: local, relnamespace: nspname, relkind, relispartition };
    }
    for (const { indexSet } of schema.relations())
      for (const { schema: nspname, name } of indexSet)
        yield { oid: oidOf(nspname, name), relname: name, relnamespace: nspname, relkind: 'i' };
  },
  *pg_index(schema) {
    for (const { name, local, indexSet } of schema.relations())
      for (const index of indexSet)
        yield {
          indrelid: `${name}|${local}`,
          indexrelid: oidOf(index.schema, index.name),
          indisunique: String(index.unique),
          indisvalid: String(index.valid),
          indisprimary: String(index.constraint?.kind === 'primary_key'),
        };
  },
  *pg_tables(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (/^(?:partitioned_)?table$/.test(kind)) yield { tablename: local, schemaname };
  },
  *pg_views(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (kind === 'view') yield { viewname: local, schemaname };
  },
  *pg_matviews(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (kind === 'materialized_view') yield { matviewname: local, schemaname };
  },
  *pg_indexes(schema) {
    for (const { schema: schemaname, local, indexSet } of schema.relations())
      for (const { name } of indexSet) yield { indexname: name, tablename: local, schemaname };
  },
  *pg_constraint(schema) {
    for (const { name, schema: nspname, local, constraintMap } of schema.relations())
      for (const constraint of constraintMap.values())
        yield {
          nspname,
          conname: constraint.name,
          contype: CONSTRAINT_LETTERS[constraint.kind] ?? '',
          conrelid: `${name}|${local}`,
          relname: local,
          ...(constraint.references
            ? { confrelid: `${constraint.references.name}|${constraint.references.local}` }
            : {}),
        };
  },
  *pg_attribute(schema) {
    for (const { name, schema: nspname, local, columnMap } of schema.relations())
      for (const column of columnMap.keys())
        yield {
          attname: column,
          attrelid: `${name}|${local}`,
          relname: local,
          nspname,
          attisdropped: 'false',
        };
  },
  *pg_type(schema) {
    for (const { name, schema: nspname, kind } of schema.types())
      yield { oid: oidOf(nspname, name), typname: name, typnamespace: nspname, typtype: kind.charAt(0) };
    for (const { local, schema: nspname } of schema.relations())
      yield { oid: oidOf(nspname, local), typname: local, typnamespace: nspname, typtype: 'c' };
  },
  *pg_enum(schema) {
    for (const { name, schema: nspname, labels = [] } of schema.types())
      for (const enumlabel of labels) yield { enumlabel, enumtypid: oidOf(nspname, name) };
  },
  *pg_proc(schema) {
    for (const { name, schema: nspname } of schema.routines())
      yield { oid: oidOf(nspname, name), proname: name, pronamespace: nspname };
  },
  *pg_trigger(schema) {
    for (const { name, schema: nspname, local, triggerMap } of schema.relations())
      for (const tgname of triggerMap.keys())
        yield { tgname, tgrelid: `${name}|${local}`, relname: local, nspname };
  },
  *pg_policies(schema) {
    for (const { schema: schemaname, local, policies } of schema.relations())
      for (const policyname of policies.keys()) yield { policyname, tablename: local, schemaname };
  },
  *pg_policy(schema) {
    for (const { name, local, policies } of schema.relations())
      for (const polname of policies.keys()) yield { polname, polrelid: `${name}|${local}` };
  },
  *pg_inherits(schema) {
    for (const { name, local, parentSet } of schema.relations())
      for (const parent of parentSet)
        yield { inhrelid: `${name}|${local}`, inhparent: `${parent.name}|${parent.local}` };
  },
  *pg_namespace(schema) {
    for (const nspname of schema.schemas) yield { oid: nspname, nspname };
  },
  *pg_extension(schema) {
    for (const extname of schema.extensions.keys()) yield { extname };
  },
  *pg_publication(schema) {
    for (const pubname of schema.publications) yield { pubname };
  },
  *columns(schema) {
    for (const { schema: table_schema, local, columnMap, columns } of schema.relations())
      for (const column_name of columnMap.keys()) {
        const { type = '', notNull = false } = columns.get(column_name) ?? {};
        const data_type = type.endsWith('[]') ? 'ARRAY' : type.replace(/\(.*\)/, '');
        yield {
          table_name: local,
          table_schema,
          column_name,
          data_type,
          is_nullable: notNull ? 'NO' : 'YES',
        };
      }
  },
  *tables(schema) {
    for (const { schema: table_schema, local, kind } of schema.relations())
      if (/table$|^view$/.test(kind)) yield { table_name: local, table_schema };
  },
  *views(schema) {
    for (const { schema: table_schema, local, kind } of schema.relations())
      if (kind === 'view') yield { table_name: local, table_schema };
  },
  *table_constraints(schema) {
    for (const { schema: table_schema, local, constraintMap } of schema.relations())
      for (const { name, kind } of constraintMap.values())
        yield {
          constraint_name: name,
          constraint_schema: table_schema,
          table_name: local,
          table_schema,
          constraint_type: CONSTRAINT_WORDS[kind] ?? '',
        };
  },
  *key_column_usage(schema) {
    yield* columnsOfConstraints(schema);
  },
  *constraint_column_usage(schema) {
    yield* columnsOfConstraints(schema);
  },
  *triggers(schema) {
    for (const { schema: trigger_schema, local, triggerMap } of schema.relations())
      for (const trigger_name of triggerMap.keys())
        yield { trigger_name, event_object_table: local, trigger_schema };
  },
  *schemata(schema) {
    for (const schema_name of schema.schemas) yield { schema_name };
  },
  *routines(schema) {
    for (const { name, schema: routine_schema } of schema.routines())
      yield { routine_name: name, routine_schema };
  },
};
/** Roles are the cluster's, not the schema's: nothing here makes them, so none is known. */
export const IN_INFORMATION_SCHEMA =
  /^(?:columns|tables|views|table_constraints|key_column_usage|constraint_column_usage|triggers|schemata|routines)$/;

function oidOf(schema: string, name: string): string {
  return `${schema}.${name}|${name}`;
}

function* columnsOfConstraints(schema: Schema): Generator<CatalogueRow> {
  for (const { schema: table_schema, local, constraintMap } of schema.relations())
    for (const { name, columns } of constraintMap.values())
      for (const column_name of columns)
        yield {
          constraint_name: name,
          constraint_schema: table_schema,
          table_schema,
          table_name: local,
          column_name,
        };
}
