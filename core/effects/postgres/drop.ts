/**
 * Dropping objects and what depends on them. Sources: `RemoveRelations`, `RangeVarCallbackForDropRelation`,
 * `performMultipleDeletions` in dependency.c: each dependent object's table is locked ACCESS EXCLUSIVE.
 */
import type { Node } from 'libpg-query';
import { columnsOf } from './names.ts';
import type { Constraint, Index, Relation, Routine, UserType } from './objects.ts';
import { KEYS_GO_DOWN, lockDefault } from './partitions.ts';
import { type Run, SqlFailure } from './run.ts';
import { as, nameOf, strings, walk } from './tree.ts';
import { descendants } from './writes.ts';

/** What is dropped together: dependence among these is no obstacle. */
export interface Drop {
  cascade: boolean;
  gone: Set<object>;
}

export function newDrop(cascade: boolean): Drop {
  return { cascade, gone: new Set() };
}

function obstacle(drop: Drop, dependent: object, what: string): void {
  if (!drop.cascade && !drop.gone.has(dependent))
    throw new SqlFailure('2BP01', `${what} depends on what is dropped`);
}

export function dropRelation(run: Run, relation: Relation, drop: Drop): void {
  drop.gone.add(relation);
  run.lock(relation, 'ACCESS EXCLUSIVE');
  const { schema, journal } = run;
  for (const parent of relation.parentSet) {
    if (relation.isPartition && !drop.gone.has(parent)) {
      run.lock(parent, 'ACCESS EXCLUSIVE');
      lockDefault(run, parent, relation);
    }
    journal.drop(parent.childSet, relation);
  }
  for (const child of [...relation.childSet]) {
    if (drop.gone.has(child)) continue;
    if (!child.isPartition) obstacle(drop, child, child.name);
    dropRelation(run, child, drop);
  }
  for (const view of [...relation.readers]) {
    if (drop.gone.has(view)) continue;
    obstacle(drop, view, view.name);
    dropRelation(run, view, drop);
  }
  for (const constraint of [...relation.incoming]) {
    if (drop.gone.has(constraint.table)) continue;
    obstacle(drop, constraint.table, constraint.name);
    dropConstraint(run, constraint, drop);
  }
  for (const constraint of relation.constraintMap.values()) unlink(run, constraint, true);
  for (const below of relation.reads.keys()) journal.drop(below.readers, relation);
  for (const index of [...relation.indexSet]) schema.removeClass(index);
  for (const { sequence } of relation.columnMap.values()) if (sequence) schema.removeClass(sequence);
  if (relation.kind === 'sequence') dropDefaultsOf(run, relation);
  schema.removeClass(relation);
  noteLoss(run, relation);
}

function noteLoss(run: Run, relation: Relation): void {
  const { kind, name } = relation;
  if (/table$/.test(kind)) {
    run.loses(relation, name, `${name} and all its rows are gone`);
    run.cannotUndo(name, `the rows of ${name} come back from a backup only`);
  }
  if (kind !== 'sequence') run.breaks(relation, name, `code that uses ${name} fails`);
}

/** A foreign key leaves the table that it points at; its triggers there are dropped too. */
function unlink(run: Run, constraint: Constraint, withTable = false): void {
  if (constraint.kind !== 'foreign_key' || !constraint.references) return;
  if (!constraint.parent) {
    const onPartsOnly =
      withTable && run.version < KEYS_GO_DOWN && constraint.references.kind === 'partitioned_table';
    if (!onPartsOnly) run.lock(constraint.references, 'ACCESS EXCLUSIVE');
    for (const part of descendants(constraint.references))
      if (part.isPartition) run.lock(part, 'ACCESS EXCLUSIVE');
  }
  run.journal.drop(constraint.references.incoming, constraint);
}

export function dropConstraint(run: Run, constraint: Constraint, drop: Drop): void {
  const { table, kind, index } = constraint;
  run.lock(table, 'ACCESS EXCLUSIVE');
  unlink(run, constraint);
  run.journal.remove(table.constraintMap, constraint.name);
  if (kind === 'primary_key' || kind === 'unique') {
    for (const incoming of [...table.incoming]) {
      const same = [...incoming.referencedColumns].sort().join() === [...constraint.columns].sort().join();
      if (!same && incoming.referencedColumns.length > 0) continue;
      obstacle(drop, incoming.table, incoming.name);
      dropConstraint(run, incoming, drop);
    }
  }
  if (index) run.schema.removeClass(index);
  if (kind === 'not_null') {
    const column = table.columnMap.get(constraint.columns[0] ?? '');
    if (column) run.journal.assign(column, 'notNull', false);
  }
  for (const child of table.childSet) {
    for (const own of [...child.constraintMap.values()]) {
      if (own.parent !== constraint) continue;
      if (constraint.noInherit) continue;
      dropConstraint(run, own, drop);
    }
  }
}

export function dropIndex(run: Run, index: Index, concurrently: boolean): void {
  const mode = concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  run.lock(index.table, mode);
  for (const child of index.table.childSet) {
    if (index.table.kind !== 'partitioned_table') continue;
    run.lock(child, mode);
    for (const own of [...child.indexSet]) if (own.parent === index) dropIndex(run, own, concurrently);
  }
  run.schema.removeClass(index);
}

/**
 * Takes a column and all that hangs on it; the table is locked already. Views and policies are known by the names of columns
 * alone, so without CASCADE none of them is taken to stand in the way.
 */
export function dropColumn(run: Run, table: Relation, name: string, drop: Drop): void {
  const column = table.columnMap.get(name);
  for (const constraint of [...table.constraintMap.values()])
    if (constraint.columns.includes(name))
      dropConstraint(run, constraint, { ...drop, cascade: drop.cascade });
  for (const constraint of [...table.incoming]) {
    if (!constraint.referencedColumns.includes(name) || constraint.table === table) continue;
    obstacle(drop, constraint.table, constraint.name);
    dropConstraint(run, constraint, drop);
  }
  for (const view of [...table.readers]) {
    if (!drop.cascade || !view.reads.get(table)?.has(name) || drop.gone.has(view)) continue;
    dropRelation(run, view, drop);
  }
  for (const index of [...table.indexSet]) if (indexUses(index, name)) run.schema.removeClass(index);
  for (const [key, policy] of [...table.policies]) {
    const uses = policy.expressions.some((expression) => columnsOf(expression).includes(name));
    if (!drop.cascade || !uses) continue;
    run.journal.remove(table.policies, key);
  }
  for (const [key, trigger] of [...table.triggerMap]) {
    if (!trigger.columns.includes(name)) continue;
    obstacle(drop, trigger, key);
    run.journal.remove(table.triggerMap, key);
  }
  for (const [other, { generated, default: expression }] of [...table.columnMap])
    if (other !== name && generated && columnsOf(expression).includes(name)) {
      obstacle(drop, table, other);
      dropColumn(run, table, other, drop);
    }
  if (column?.sequence) run.schema.removeClass(column.sequence);
  run.journal.remove(table.columnMap, name);
  if (!table.known || column) {
    run.loses(table, `${table.name}.${name}`, `every value of \`${name}\` is gone`);
    run.cannotUndo(`${table.name}.${name}`, `the values of \`${name}\` come back from a backup only`);
    run.breaks(table, `${table.name}.${name}`, `code that reads or writes \`${name}\` fails`);
  }
}

function indexUses(index: Index, column: string): boolean {
  const inKeys = index.keys.some((key) =>
    typeof key === 'string' ? key === column : columnsOf(key).includes(column),
  );
  return inKeys || index.included.includes(column) || columnsOf(index.where).includes(column);
}

/** Defaults that take the sequence's next value. */
function dropDefaultsOf(run: Run, sequence: Relation): void {
  for (const table of run.schema.relations()) {
    for (const column of table.columnMap.values()) {
      const owned = column.sequence === sequence && isNextValue(column.default);
      if (!owned && !namesSequence(column.default, sequence)) continue;
      run.lock(table, 'ACCESS EXCLUSIVE');
      run.journal.assign(column, 'default', undefined);
    }
  }
}

/** Defaults that call a function of one of these names go with it. */
export function dropDefaultsCalling(run: Run, names: RegExp): void {
  for (const table of run.schema.relations()) {
    for (const column of table.columnMap.values()) {
      let calls = false;
      walk([column.default], (kind, body) => {
        if (kind === 'FuncCall' && names.test(strings(body.funcname as Node[]).at(-1) ?? '')) calls = true;
        return calls;
      });
      if (!calls) continue;
      run.lock(table, 'ACCESS EXCLUSIVE');
      run.journal.assign(column, 'default', undefined);
    }
  }
}

function isNextValue(expression: Node | undefined): boolean {
  return strings(as('FuncCall', expression)?.funcname).at(-1) === 'nextval';
}

function namesSequence(expression: Node | undefined, { name, local }: Relation): boolean {
  let found = false;
  walk([expression], (kind, body) => {
    const text = kind === 'A_Const' ? (body.sval as { sval?: string } | undefined)?.sval : undefined;
    const plain = text?.replace(/"/g, '');
    if (plain === name || plain === local) found = true;
    return found;
  });
  return found;
}

/** Columns of the type go with it, and what else uses it. */
export function dropType(run: Run, type: UserType, drop: Drop): void {
  drop.gone.add(type);
  const is = (name: string) => name === type.name || name === `${type.schema}.${type.name}`;
  for (const table of [...run.schema.relations()]) {
    if (table.ofType !== undefined && is(table.ofType)) {
      obstacle(drop, table, table.name);
      dropRelation(run, table, drop);
      continue;
    }
    for (const [name, column] of [...table.columnMap]) {
      if (!is(column.type.name)) continue;
      obstacle(drop, table, `${table.name}.${name}`);
      run.lock(table, 'ACCESS EXCLUSIVE');
      dropColumn(run, table, name, { ...drop, cascade: true });
    }
    for (const column of table.columnMap.values()) {
      if (!castsTo(column.default, is)) continue;
      run.lock(table, 'ACCESS EXCLUSIVE');
      run.journal.assign(column, 'default', undefined);
    }
    if (
      table.query &&
      castsTo(table.query, is) &&
      run.schema.find({ schema: table.schema, name: table.local })
    ) {
      obstacle(drop, table, table.name);
      dropRelation(run, table, drop);
    }
  }
  for (const routine of [...run.schema.routines()]) {
    if (!routine.argumentTypes.some((argument) => is(argument.replace('[]', '')))) continue;
    obstacle(drop, routine, `${routine.name}()`);
    dropRoutine(run, routine, drop);
  }
  run.schema.removeType(type);
}

function castsTo(expression: Node | undefined, is: (name: string) => boolean): boolean {
  let found = false;
  walk([expression], (kind, body) => {
    if (kind === 'TypeCast') {
      const { typeName } = body as { typeName?: { names?: Node[] } };
      if (is(strings(typeName?.names).join('.'))) found = true;
    }
    return found;
  });
  return found;
}

/**
 * Triggers, defaults, checks, policies, indexes and views that call it go with it. They are found by its name, which an
 * overload may share: so without CASCADE nothing is said to fail.
 */
export function dropRoutine(run: Run, routine: Routine, drop: Drop): void {
  drop.gone.add(routine);
  const { schema, journal } = run;
  schema.removeRoutine(routine);
  const calls = (node: Node | undefined) => callsRoutine(node, routine);
  if (!drop.cascade) return;
  for (const table of [...schema.relations()]) {
    const loses = () => run.lock(table, 'ACCESS EXCLUSIVE');
    for (const [key, trigger] of [...table.triggerMap])
      if (
        nameOf(trigger.function.split('.')).name === routine.name &&
        trigger.function.startsWith(`${routine.schema}.`)
      ) {
        loses();
        journal.remove(table.triggerMap, key);
      }
    for (const [key, policy] of [...table.policies])
      if (policy.expressions.some(calls)) {
        loses();
        journal.remove(table.policies, key);
      }
    for (const column of table.columnMap.values())
      if (calls(column.default)) {
        loses();
        journal.assign(column, 'default', undefined);
      }
    for (const constraint of [...table.constraintMap.values()])
      if (calls(constraint.expression)) {
        loses();
        dropConstraint(run, constraint, drop);
      }
    for (const index of [...table.indexSet])
      if (index.keys.some((key) => typeof key !== 'string' && calls(key)) || calls(index.where)) {
        loses();
        schema.removeClass(index);
      }
    if (
      table.query &&
      calls(table.query) &&
      schema.find({ schema: table.schema, name: table.local }) === table
    ) {
      dropRelation(run, table, drop);
    }
  }
}

function callsRoutine(node: Node | undefined, routine: Routine): boolean {
  let found = false;
  walk([node], (kind, body) => {
    if (kind === 'FuncCall') {
      const name = nameOf(strings(body.funcname as Node[]));
      if (name.name === routine.name && (name.schema === undefined || name.schema === routine.schema))
        found = true;
    }
    return found;
  });
  return found;
}

/** Everything in a schema. */
export function dropSchema(run: Run, name: string, cascade: boolean): void {
  const drop = newDrop(cascade);
  const inside = [...run.schema.relations()].filter(({ schema }) => schema === name);
  if (inside.length > 0 && !cascade) throw new SqlFailure('2BP01', `schema ${name} is not empty`);
  for (const relation of inside)
    if (run.schema.find({ schema: relation.schema, name: relation.local }) === relation)
      dropRelation(run, relation, drop);
  for (const type of [...run.schema.types()]) if (type.schema === name) dropType(run, type, drop);
  for (const routine of [...run.schema.routines()])
    if (routine.schema === name) dropRoutine(run, routine, drop);
  run.journal.drop(run.schema.schemas, name);
}
