/**
 * A schema in parts: what is made and dropped by one statement each. A part names what it needs by mentioning it in its
 * definition, which is how the order of statements is found.
 */
import {
  nameOf,
  type Policy,
  type Relation,
  type Routine,
  routineName,
  type SchemaSnapshot,
  type Sequence,
  type UserType,
} from '../snapshot.ts';
import { literal, mentions, qualified, quoted } from './names.ts';

export type PartKind =
  | 'namespace'
  | 'extension'
  | 'type'
  | 'sequence'
  | 'routine'
  | 'table'
  | 'view'
  | 'materialized view'
  | 'constraint'
  | 'foreign key'
  | 'index'
  | 'statistics'
  | 'rule'
  | 'trigger'
  | 'policy';

export interface Part {
  kind: PartKind;
  /** Unique in a schema. */
  key: string;
  /** `schema.name` by which others mention it. */
  name: string;
  /** The relation that it is part of; it goes with it. */
  owner?: string;
  /** Equal texts need no change. */
  state: string;
  /** Names that must be there first. */
  needs: ReadonlySet<string>;
  /** Text in which columns are looked for. */
  text: string;
  create: string[];
  drop: string;
  object: Relation | UserType | Routine | Sequence | object;
}

/** @param relation of which the parts are; `inherited` parts come from a parent and are left out */
export function partsOf(snapshot: SchemaSnapshot): Map<string, Part> {
  const parts = new Map<string, Part>();
  const add = (part: Omit<Part, 'key' | 'needs'> & { key?: string }) => {
    const key = part.key ?? `${part.kind} ${part.owner === undefined ? '' : `${part.owner}.`}${part.name}`;
    const needs = mentions(part.text);
    if (part.owner !== undefined) needs.add(part.owner);
    parts.set(key, { ...part, key, needs });
  };
  for (const namespace of snapshot.namespaces) {
    const name = quoted(namespace.name);
    add({
      kind: 'namespace',
      name: namespace.name,
      state: '',
      text: '',
      create: [`CREATE SCHEMA ${name}`],
      drop: `DROP SCHEMA ${name}`,
      object: namespace,
    });
  }
  for (const extension of snapshot.extensions) {
    add({
      kind: 'extension',
      name: extension.name,
      state: extension.schema,
      text: '',
      create: [
        `CREATE EXTENSION IF NOT EXISTS ${quoted(extension.name)} WITH SCHEMA ${quoted(extension.schema)} CASCADE`,
      ],
      drop: `DROP EXTENSION ${quoted(extension.name)}`,
      object: extension,
    });
  }
  for (const type of snapshot.types) {
    const { comment: _, grants: __, ...state } = type;
    add({
      kind: 'type',
      name: nameOf(type),
      state: JSON.stringify(state),
      text: typeText(type),
      create: createType(type),
      drop: `DROP ${type.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${qualified(type)}`,
      object: type,
    });
  }
  for (const sequence of snapshot.sequences) {
    const { comment: _, grants: __, ownedBy: ___, ...state } = sequence;
    add({
      kind: 'sequence',
      name: nameOf(sequence),
      state: JSON.stringify(state),
      text: '',
      create: [`CREATE SEQUENCE ${qualified(sequence)} ${sequenceOptions(sequence)}`],
      // It goes with the column that owns it.
      drop: `DROP SEQUENCE IF EXISTS ${qualified(sequence)}`,
      object: sequence,
    });
  }
  for (const routine of snapshot.routines) {
    const word = routine.kind === 'window' ? 'function' : routine.kind;
    const header = `${routine.arguments} ${routine.result ?? ''}`;
    const checked = routine.kind === 'aggregate' || /\bBEGIN ATOMIC\b/.test(routine.definition);
    add({
      kind: 'routine',
      key: `routine ${routineName(routine)}`,
      name: nameOf(routine),
      state: [routine.kind, header, routine.definition].join('\n'),
      text: checked ? `${header} ${routine.definition.slice(routine.definition.indexOf('('))}` : header,
      create: [routine.definition.trimEnd()],
      drop: `DROP ${word.toUpperCase()} ${qualified(routine)}(${aggregateStar(routine)})`,
      object: routine,
    });
  }
  for (const relation of snapshot.relations) addRelation(relation, add);
  return parts;
}

type Add = (part: Omit<Part, 'key' | 'needs'> & { key?: string }) => void;

function addRelation(relation: Relation, add: Add): void {
  const owner = nameOf(relation);
  const name = qualified(relation);
  if (relation.kind === 'view' || relation.kind === 'materialized_view') {
    const materialized = relation.kind === 'materialized_view';
    const options = relation.options?.length ? ` WITH (${relation.options.join(', ')})` : '';
    const what = materialized ? 'MATERIALIZED VIEW' : 'VIEW';
    add({
      kind: materialized ? 'materialized view' : 'view',
      key: `relation ${owner}`,
      name: owner,
      state: [relation.kind, relation.definition, options].join('\n'),
      text: relation.definition ?? '',
      create: [`CREATE ${what} ${name}${options} AS\n${relation.definition}`],
      drop: `DROP ${what} ${name}`,
      object: relation,
    });
  } else {
    const { partitionOf, inherits = [] } = relation;
    const parents = [...(partitionOf ? [nameOf(partitionOf)] : []), ...inherits];
    add({
      kind: 'table',
      key: `relation ${owner}`,
      name: owner,
      state: [relation.kind, relation.partitionKey].join('\n'),
      text: [
        ...relation.columns.map(
          (column) => `${column.type} ${column.expression ?? ''} ${column.collation ?? ''}`,
        ),
        relation.partitionKey ?? '',
        ...parents,
      ].join(' '),
      create: createTable(relation),
      drop: `DROP ${relation.kind === 'foreign_table' ? 'FOREIGN ' : ''}TABLE ${name}`,
      object: relation,
    });
  }
  for (const constraint of relation.constraints) {
    if (constraint.inherited) continue;
    add({
      kind: constraint.type === 'foreign key' ? 'foreign key' : 'constraint',
      name: constraint.name,
      owner,
      state: constraint.definition,
      text: constraint.definition,
      create: [`ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} ${constraint.definition}`],
      drop: `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(constraint.name)}`,
      object: constraint,
    });
  }
  for (const index of relation.indexes) {
    if (index.constraint) continue;
    add({
      kind: 'index',
      name: index.name,
      owner,
      state: index.definition,
      text: index.definition,
      // What is printed of an index on a partitioned table is its own part only.
      create: [index.definition.replace(' ON ONLY ', index.valid ? ' ON ' : ' ON ONLY ')],
      drop: `DROP INDEX ${qualified({ schema: relation.schema, name: index.name })}`,
      object: index,
    });
  }
  for (const item of relation.statistics ?? []) {
    const drop = `DROP STATISTICS ${qualified({ schema: relation.schema, name: item.name })}`;
    add({ ...definedPart('statistics', owner, item), drop });
  }
  for (const item of relation.rules ?? []) {
    add({ ...definedPart('rule', owner, item), drop: `DROP RULE ${quoted(item.name)} ON ${name}` });
  }
  for (const trigger of relation.triggers) {
    const enable = {
      origin: [],
      disabled: ['DISABLE'],
      replica: ['ENABLE REPLICA'],
      always: ['ENABLE ALWAYS'],
    };
    add({
      ...definedPart('trigger', owner, trigger),
      state: `${trigger.definition} ${trigger.enabled}`,
      create: [
        trigger.definition,
        ...enable[trigger.enabled].map(
          (word) => `ALTER TABLE ${name} ${word} TRIGGER ${quoted(trigger.name)}`,
        ),
      ],
      drop: `DROP TRIGGER ${quoted(trigger.name)} ON ${name}`,
    });
  }
  for (const policy of relation.policies) {
    const { comment: _, ...state } = policy;
    add({
      kind: 'policy',
      name: policy.name,
      owner,
      state: JSON.stringify(state),
      text: `${policy.using ?? ''} ${policy.check ?? ''}`,
      create: [createPolicy(name, policy)],
      drop: `DROP POLICY ${quoted(policy.name)} ON ${name}`,
      object: policy,
    });
  }
}

function definedPart(kind: PartKind, owner: string, item: { name: string; definition: string }) {
  const { name, definition } = item;
  return { kind, name, owner, state: definition, text: definition, create: [definition], object: item };
}

function aggregateStar(routine: Routine): string {
  return routine.kind === 'aggregate' && routine.argumentTypes === '' ? '*' : routine.argumentTypes;
}

function typeText(type: UserType): string {
  if (type.kind === 'composite') return type.attributes.map((attribute) => attribute.type).join(' ');
  if (type.kind === 'range') return type.subtype;
  if (type.kind === 'enum') return '';
  return [type.type, type.expression ?? '', ...type.constraints.map(({ definition }) => definition)].join(
    ' ',
  );
}

function createType(type: UserType): string[] {
  const name = qualified(type);
  switch (type.kind) {
    case 'enum':
      return [`CREATE TYPE ${name} AS ENUM (${type.labels.map(literal).join(', ')})`];
    case 'range':
      return [`CREATE TYPE ${name} AS RANGE (subtype = ${type.subtype})`];
    case 'composite': {
      const attributes = type.attributes.map(
        (attribute) =>
          `${quoted(attribute.name)} ${attribute.type}${attribute.collation ? ` COLLATE ${attribute.collation}` : ''}`,
      );
      return [`CREATE TYPE ${name} AS (${attributes.join(', ')})`];
    }
    case 'domain': {
      const words = [
        `CREATE DOMAIN ${name} AS ${type.type}`,
        ...(type.collation ? [`COLLATE ${type.collation}`] : []),
        ...(type.expression === undefined ? [] : [`DEFAULT ${type.expression}`]),
        ...(type.nullable ? [] : ['NOT NULL']),
      ];
      return [
        words.join(' '),
        ...type.constraints.map(
          (constraint) =>
            `ALTER DOMAIN ${name} ADD CONSTRAINT ${quoted(constraint.name)} ${constraint.definition}`,
        ),
      ];
    }
  }
}

/** Every option of a sequence, as CREATE and ALTER take them. */
export function sequenceOptions(sequence: Sequence): string {
  return [
    `AS ${sequence.type}`,
    `INCREMENT BY ${sequence.increment}`,
    `MINVALUE ${sequence.minimum}`,
    `MAXVALUE ${sequence.maximum}`,
    `START WITH ${sequence.start}`,
    `CACHE ${sequence.cache}`,
    sequence.cycle ? 'CYCLE' : 'NO CYCLE',
  ].join(' ');
}

function createTable(relation: Relation): string[] {
  const { partitionOf, partitionKey, inherits = [], unlogged, options = [], server } = relation;
  const name = qualified(relation);
  const kind = server === undefined ? `${unlogged ? 'UNLOGGED ' : ''}TABLE` : 'FOREIGN TABLE';
  const tail = [
    ...(partitionKey ? [`PARTITION BY ${partitionKey}`] : []),
    ...(options.length > 0 ? [`WITH (${options.join(', ')})`] : []),
    ...(server === undefined ? [] : [`SERVER ${quoted(server)}`]),
  ];
  if (partitionOf) {
    return [
      [`CREATE ${kind} ${name} PARTITION OF ${qualified(partitionOf)} ${partitionOf.bound}`, ...tail].join(
        ' ',
      ),
    ];
  }
  const columns = relation.columns.filter(({ inherited }) => !inherited).map(columnDefinition);
  const body = columns.length === 0 ? '()' : `(\n  ${columns.join(',\n  ')}\n)`;
  const parents = inherits.length > 0 ? [`INHERITS (${inherits.map(parentName).join(', ')})`] : [];
  return [[`CREATE ${kind} ${name} ${body}`, ...parents, ...tail].join(' ')];
}

function parentName(name: string): string {
  const dot = name.indexOf('.');
  return qualified({ schema: name.slice(0, dot), name: name.slice(dot + 1) });
}

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnDefinition(column: Relation['columns'][number]): string {
  const { name, type, nullable, expression, identity, identityOptions, generated, collation } = column;
  return [
    quoted(name),
    type,
    ...(collation ? [`COLLATE ${collation}`] : []),
    ...(generated ? [`GENERATED ALWAYS AS (${expression}) ${generated.toUpperCase()}`] : []),
    ...(!generated && expression !== undefined ? [`DEFAULT ${expression}`] : []),
    ...(identity
      ? [`GENERATED ${identity.toUpperCase()} AS IDENTITY${identityOptions ? ` (${identityOptions})` : ''}`]
      : []),
    ...(nullable ? [] : ['NOT NULL']),
  ].join(' ');
}

function createPolicy(table: string, policy: Policy): string {
  return [
    `CREATE POLICY ${quoted(policy.name)} ON ${table}`,
    ...(policy.permissive ? [] : ['AS RESTRICTIVE']),
    `FOR ${policy.command} TO ${policy.roles.join(', ')}`,
    ...(policy.using === undefined ? [] : [`USING (${policy.using})`]),
    ...(policy.check === undefined ? [] : [`WITH CHECK (${policy.check})`]),
  ].join(' ');
}
