/** The SQL that takes a PostgreSQL database from one schema to another, in an order in which it works. */
import { nameOf, type Relation, type SchemaSnapshot, type Sequence, type UserType } from '../snapshot.ts';
import { beforeDrops, columnSteps, inheritedColumnSteps, partitionSteps, tableSettings } from './columns.ts';
import { describedSteps } from './described.ts';
import { mentions, namesColumn, qualified, quoted } from './names.ts';
import type { Part, PartKind } from './parts.ts';
import { type Plan, planTransition } from './plan.ts';

export interface Step {
  /** One statement, without its semicolon. */
  sql: string;
  /** It cannot share a transaction with what uses its result. */
  alone?: true;
}

export interface Transition {
  steps: Step[];
  /** What it does not do, in words; empty where it does everything. */
  left: string[];
}

/** Statements for PostgreSQL 12 or newer. Definitions must have been read with an empty search path. */
export function transition(before: SchemaSnapshot, after: SchemaSnapshot): Transition {
  const plan = planTransition(before, after);
  const changesRoutine = (key: string) => key.startsWith('routine ');
  const routines = [...plan.make, ...plan.change.keys()].some(changesRoutine);
  const sql = [
    ...(routines ? ['SET check_function_bodies = off'] : []),
    ...dependents(plan),
    ...disowned(before, plan),
    ...[...plan.tables.values()].flatMap((table) => [
      ...partitionSteps(table.was, table.is).detach,
      ...beforeDrops(table, plan.isReplaced),
    ]),
    ...goneInTheMiddle(plan),
    ...made(plan),
    ...[...plan.tables.values()].flatMap(({ was, is }) => partitionSteps(was, is).attach),
    ...settings(before, after, plan),
    ...owned(before, after, plan),
    ...describedSteps(before, after, isNew(plan)),
    ...goneLast(plan),
    ...(routines ? ['RESET check_function_bodies'] : []),
  ];
  return {
    steps: [
      ...plan.labels.map((label): Step => ({ sql: label, alone: true })),
      ...sql.map((one) => ({ sql: one })),
    ],
    left: [...leftOut(before, after), ...partitionKeys(plan)],
  };
}

/** As a script, with what must run alone first. */
export function transitionScript({ steps, left }: Transition): string {
  const statements = steps.map(({ sql }) => `${sql};`);
  const notes = left.map((note) => `-- Not done here: ${note}`);
  return [...notes, ...statements].join('\n');
}

/** The order in which parts of each kind are made where nothing else asks for another one. */
const ORDER: PartKind[] = [
  'namespace',
  'extension',
  'type',
  'sequence',
  'routine',
  'table',
  'constraint',
  'index',
  'foreign key',
  'view',
  'materialized view',
  'statistics',
  'rule',
  'trigger',
  'policy',
];
/** What hangs on others and nothing else but its like hangs on. */
const DEPENDENT = new Set(ORDER.slice(ORDER.indexOf('constraint')));

interface Node {
  kind: PartKind;
  name: string;
  owner?: string;
  needs: ReadonlySet<string>;
}

/** What is needed comes before what needs it; else by kind, then as given. Circles are cut where they are met. */
function inOrder<T extends Node>(nodes: readonly T[]): T[] {
  const byKind = [...nodes].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const providers = Map.groupBy(
    byKind.filter(({ owner }) => owner === undefined),
    ({ name }) => name,
  );
  const seen = new Set<T>();
  const ordered: T[] = [];
  const visit = (node: T) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const name of node.needs) for (const provider of providers.get(name) ?? []) visit(provider);
    ordered.push(node);
  };
  byKind.forEach(visit);
  return ordered;
}

/** Parts that go, last made first. */
function going({ before, drop }: Plan): Part[] {
  return inOrder([...before.values()])
    .filter(({ key }) => drop.has(key))
    .reverse();
}

function dependents(plan: Plan): string[] {
  const gone = going(plan).filter(({ kind }) => DEPENDENT.has(kind));
  const losesKey = new Set(
    gone.filter(({ kind }) => kind === 'constraint' || kind === 'index').map(({ owner }) => owner),
  );
  return gone
    .filter(({ kind, owner, needs }) => {
      if (owner === undefined || !plan.drop.has(`relation ${owner}`)) return true;
      // It goes with its table, unless it keeps another table or its key from going.
      const holds = (name: string) => plan.drop.has(`relation ${name}`) || losesKey.has(name);
      return kind === 'foreign key' && [...needs].some((name) => name !== owner && holds(name));
    })
    .map(({ drop }) => drop);
}

/** Sequences that stay while the column that owns them goes. */
function disowned(before: SchemaSnapshot, plan: Plan): string[] {
  return before.sequences
    .filter(({ ownedBy }) => {
      if (!ownedBy) return false;
      const table = `${ownedBy.schema}.${ownedBy.table}`;
      const goes = plan.tables.get(table)?.dropped.some(({ name }) => name === ownedBy.column);
      return goes || plan.drop.has(`relation ${table}`);
    })
    .filter((sequence) => !plan.drop.has(`sequence ${nameOf(sequence)}`))
    .map((sequence) => `ALTER SEQUENCE ${qualified(sequence)} OWNED BY NONE`);
}

/** Name that a type keeps while the one that takes its place is made. */
function outgoing(type: { schema: string; name: string }): { schema: string; name: string } {
  return { schema: type.schema, name: `${type.name}__old` };
}

function goneInTheMiddle(plan: Plan): string[] {
  return going(plan).flatMap((part) => {
    if (part.kind === 'type' && plan.make.has(part.key)) {
      const type = part.object as UserType;
      const word = type.kind === 'domain' ? 'DOMAIN' : 'TYPE';
      return [`ALTER ${word} ${qualified(type)} RENAME TO ${quoted(outgoing(type).name)}`];
    }
    return part.kind === 'routine' || part.kind === 'table' || part.kind === 'sequence' ? [part.drop] : [];
  });
}

function goneLast(plan: Plan): string[] {
  return going(plan).flatMap((part) => {
    if (part.kind === 'type') {
      const type = part.object as UserType;
      const word = type.kind === 'domain' ? 'DOMAIN' : 'TYPE';
      return plan.make.has(part.key) ? [`DROP ${word} ${qualified(outgoing(type))}`] : [part.drop];
    }
    return part.kind === 'extension' || part.kind === 'namespace' ? [part.drop] : [];
  });
}

function made(plan: Plan): string[] {
  const nodes: (Node & { sql: string[] })[] = [];
  for (const [key, part] of plan.after) {
    const sql = plan.make.has(key) ? part.create : plan.change.get(key);
    if (sql) nodes.push({ ...part, sql });
  }
  for (const [name, table] of plan.tables) {
    const sql = columnSteps(table, plan.isReplaced);
    if (sql.length > 0) nodes.push({ kind: 'table', name, needs: mentions(sql.join(' ')), sql });
  }
  return inOrder(nodes).flatMap(({ sql }) => sql);
}

function settings(before: SchemaSnapshot, after: SchemaSnapshot, plan: Plan): string[] {
  const was = new Map(before.relations.map((relation) => [nameOf(relation), relation]));
  return after.relations.flatMap((relation) => {
    const old = (name: string) => (plan.make.has(`relation ${name}`) ? undefined : was.get(name));
    const parents = [
      ...(relation.partitionOf ? [nameOf(relation.partitionOf)] : []),
      ...(relation.inherits ?? []),
    ];
    return [
      ...parents.flatMap((name) => {
        const parent = after.relations.find((candidate) => nameOf(candidate) === name);
        if (!parent) return [];
        return inheritedColumnSteps(old(nameOf(relation)), relation, { was: old(name), is: parent });
      }),
      ...tableSettings(old(nameOf(relation)), relation),
    ];
  });
}

function owned(before: SchemaSnapshot, after: SchemaSnapshot, plan: Plan): string[] {
  const was = new Map(before.sequences.map((sequence) => [nameOf(sequence), sequence]));
  const text = (sequence: Sequence | undefined) => JSON.stringify(sequence?.ownedBy ?? null);
  return after.sequences.flatMap((sequence) => {
    const { ownedBy } = sequence;
    const key = `sequence ${nameOf(sequence)}`;
    const old = plan.make.has(key) ? undefined : was.get(nameOf(sequence));
    const table = ownedBy ? `relation ${ownedBy.schema}.${ownedBy.table}` : '';
    const column = plan.tables
      .get(table.slice('relation '.length))
      ?.added.some(({ name }) => name === ownedBy?.column);
    if (text(old) === text(sequence) && !plan.make.has(table) && !column) return [];
    const owner = ownedBy
      ? `${qualified({ schema: ownedBy.schema, name: ownedBy.table })}.${quoted(ownedBy.column)}`
      : 'NONE';
    return old === undefined && !ownedBy ? [] : [`ALTER SEQUENCE ${qualified(sequence)} OWNED BY ${owner}`];
  });
}

/** Whether nothing is said yet about a part. */
function isNew(plan: Plan): (part: string) => boolean {
  const columns = new Set(
    [...plan.tables].flatMap(([table, { added }]) => added.map(({ name }) => `column ${table}.${name}`)),
  );
  return (part) => {
    if (plan.make.has(part) || columns.has(part)) return true;
    const owner = plan.after.get(part)?.owner ?? /^column (.*)\.[^.]*$/.exec(part)?.[1];
    return owner !== undefined && plan.make.has(`relation ${owner}`);
  };
}

/** PostgreSQL does not change the type of a column by which rows are told apart. */
function partitionKeys({ tables }: Plan): string[] {
  return [...tables].flatMap(([name, { is, retyped }]) =>
    retyped
      .filter(([, column]) => is.partitionKey !== undefined && namesColumn(is.partitionKey, column.name))
      .map(
        ([, column]) =>
          `${name}.${column.name} is part of the partition key, so its type cannot change; make the table anew.`,
      ),
  );
}

/** What no statement here can bring about. */
function leftOut(before: SchemaSnapshot, after: SchemaSnapshot): string[] {
  const was = new Map(before.relations.map((relation) => [nameOf(relation), relation]));
  return after.relations.flatMap((relation: Relation) => {
    const old = was.get(nameOf(relation));
    const name = nameOf(relation);
    return [
      ...relation.indexes
        .filter(({ valid }) => !valid)
        .map(
          (index) => `the index ${index.name} of ${name} is not valid; that comes from a build that failed.`,
        ),
      ...(relation.kind === 'foreign_table' && !old ? [`the options of the foreign table ${name}.`] : []),
      ...(old && JSON.stringify(old.inherits) !== JSON.stringify(relation.inherits)
        ? [`${name} inherits from other tables.`]
        : []),
    ];
  });
}
