/** ALTER … RENAME and SET SCHEMA. Sources: `RenameRelation`, `renameatt`, `renametrig`, `AlterTableNamespace`. */
import type { AlterObjectSchemaStmt, Node, RenameStmt } from 'libpg-query';
import type { Index, Relation } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { objectName, rangeName } from './tree.ts';
import { descendants } from './writes.ts';

export function rename(run: Run, statement: RenameStmt): void {
  const {
    renameType,
    relation: range,
    object,
    newname = '',
    subname = '',
    missing_ok: missingOk,
  } = statement;
  switch (renameType) {
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      renameUserType(run, object, newname);
      return;
    case 'OBJECT_SCHEMA':
      renameSchema(run, subname, newname);
      return;
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
      renameRoutine(run, object, newname);
      return;
    default:
      break;
  }
  if (!range) return;
  const name = rangeName(range);
  const index = run.schema.findIndex(name);
  if (index) {
    renameIndex(run, index, newname);
    return;
  }
  if (missingOk && !run.schema.find(name)) return;
  const relation =
    renameType === 'OBJECT_SEQUENCE' ? run.schema.findOrAssume(name, 'sequence') : run.need(name);
  if (!relation) return;
  if (relation.kind === 'composite_type') renameInTyped(run, relation, subname, newname);
  else run.lock(relation, 'ACCESS EXCLUSIVE');
  switch (renameType) {
    case 'OBJECT_COLUMN':
    case 'OBJECT_ATTRIBUTE':
      for (const each of [relation, ...(range.inh ? descendants(relation) : [])]) {
        run.lock(each, 'ACCESS EXCLUSIVE');
        renameColumn(run, each, subname, newname);
      }
      run.breaks(relation, `${relation.name}.${subname}`, `code that uses \`${subname}\` fails`);
      return;
    case 'OBJECT_TABCONSTRAINT':
      renameConstraint(run, relation, subname, newname);
      return;
    case 'OBJECT_TRIGGER':
      for (const each of [relation, ...partsToRename(run, relation)]) {
        const trigger = each.triggerMap.get(subname);
        if (!trigger) continue;
        run.lock(each, 'ACCESS EXCLUSIVE');
        run.journal.assign(trigger, 'name', newname);
        run.journal.rekey(each.triggerMap, subname, newname);
      }
      return;
    case 'OBJECT_POLICY':
      run.journal.rekey(relation.policies, subname, newname);
      return;
    case 'OBJECT_RULE':
      run.journal.rekey(relation.rules, subname, newname);
      return;
    default:
      if (run.schema.taken(relation.schema, newname))
        throw new SqlFailure('42P07', `${newname} is there already`);
      run.breaks(relation, relation.name, `code that uses the name ${relation.name} fails`);
      run.schema.moveClass(relation, relation.schema, newname);
      return;
  }
}

/** RENAME ATTRIBUTE … CASCADE: tables made OF the type. */
function renameInTyped(run: Run, type: Relation, from: string, to: string): void {
  for (const table of [...run.schema.relations()]) {
    if (table.ofType !== type.local) continue;
    run.lock(table, 'ACCESS EXCLUSIVE');
    renameColumn(run, table, from, to);
  }
}

/** Since this version a trigger of a partitioned table is renamed in its partitions too. */
const TRIGGERS_GO_DOWN = 15;

function partsToRename(run: Run, relation: Relation): Relation[] {
  const goesDown = run.version >= TRIGGERS_GO_DOWN && relation.kind === 'partitioned_table';
  return goesDown ? descendants(relation) : [];
}

/** An index's name is also its constraint's; its table is not locked. */
function renameIndex(run: Run, index: Index, newname: string): void {
  if (run.schema.taken(index.schema, newname)) throw new SqlFailure('42P07', `${newname} is there already`);
  if (index.constraint) {
    run.journal.rekey(index.table.constraintMap, index.constraint.name, newname);
    run.journal.assign(index.constraint, 'name', newname);
  }
  run.schema.moveClass(index, index.schema, newname);
}

function renameConstraint(run: Run, table: Relation, from: string, to: string): void {
  const constraint = table.constraintMap.get(from);
  if (!constraint) {
    if (table.known) throw new SqlFailure('42704', `${table.name} has no constraint ${from}`);
    return;
  }
  for (const child of table.childSet) {
    const own = child.constraintMap.get(from);
    if (!own?.parent) continue;
    run.lock(child, 'ACCESS EXCLUSIVE');
    renameConstraint(run, child, from, to);
  }
  run.journal.rekey(table.constraintMap, from, to);
  run.journal.assign(constraint, 'name', to);
  if (constraint.index) run.schema.moveClass(constraint.index, constraint.index.schema, to);
}

function renameColumn(run: Run, table: Relation, from: string, to: string): void {
  const { journal } = run;
  if (!table.columnMap.has(from)) {
    if (table.known) throw new SqlFailure('42703', `${table.name} has no column ${from}`);
    return;
  }
  if (table.columnMap.has(to)) throw new SqlFailure('42701', `${table.name} has a column ${to} already`);
  const replaced = (names: string[]) => names.map((name) => (name === from ? to : name));
  journal.rekey(table.columnMap, from, to);
  for (const constraint of table.constraintMap.values())
    journal.assign(constraint, 'columns', replaced(constraint.columns));
  for (const constraint of table.incoming)
    journal.assign(constraint, 'referencedColumns', replaced(constraint.referencedColumns));
  for (const index of table.indexSet)
    journal.assign(
      index,
      'keys',
      index.keys.map((key) => (key === from ? to : key)),
    );
  for (const trigger of table.triggerMap.values())
    journal.assign(trigger, 'columns', replaced(trigger.columns));
  for (const view of table.readers) {
    const used = view.reads.get(table);
    if (used?.has(from)) journal.put(view.reads, table, new Set(replaced([...used])));
  }
}

function renameUserType(run: Run, object: Node | undefined, newname: string): void {
  const type = run.schema.findType(objectName(object));
  if (!type) return;
  const before = type.name;
  run.schema.removeType(type);
  const renamed = { ...type, name: newname };
  run.schema.addType(renamed);
  for (const table of run.schema.relations())
    for (const column of table.columnMap.values())
      if (column.type.name === before || column.type.name === `${type.schema}.${before}`)
        run.journal.assign(column, 'type', { ...column.type, name: newname });
}

function renameSchema(run: Run, from: string, to: string): void {
  run.journal.drop(run.schema.schemas, from);
  run.journal.add(run.schema.schemas, to);
  for (const relation of [...run.schema.relations()]) {
    if (relation.schema !== from) continue;
    run.remember(relation);
    for (const index of relation.indexSet) run.schema.moveClass(index, to, index.name);
    run.schema.moveClass(relation, to, relation.local);
  }
}

function renameRoutine(run: Run, object: Node | undefined, newname: string): void {
  const [routine] = run.schema.findRoutines(objectName(object));
  if (!routine) return;
  run.schema.removeRoutine(routine);
  run.schema.addRoutine({ ...routine, name: newname });
  const [before, after] = [`${routine.schema}.${routine.name}`, `${routine.schema}.${newname}`];
  for (const table of run.schema.relations())
    for (const trigger of table.triggerMap.values())
      if (trigger.function === before) run.journal.assign(trigger, 'function', after);
}

export function setSchema(run: Run, statement: AlterObjectSchemaStmt): void {
  const { objectType, relation: range, object, newschema = 'public', missing_ok: missingOk } = statement;
  if (range) {
    const name = rangeName(range);
    if (missingOk && !run.schema.find(name)) return;
    const relation = run.need(name);
    if (!relation) return;
    run.lock(relation, 'ACCESS EXCLUSIVE');
    run.breaks(relation, relation.name, `code that uses the name ${relation.name} fails`);
    for (const index of relation.indexSet) run.schema.moveClass(index, newschema, index.name);
    for (const { sequence } of relation.columnMap.values())
      if (sequence) run.schema.moveClass(sequence, newschema, sequence.local);
    run.schema.moveClass(relation, newschema, relation.local);
    return;
  }
  if (objectType === 'OBJECT_TYPE' || objectType === 'OBJECT_DOMAIN') {
    const type = run.schema.findType(objectName(object));
    if (!type) return;
    run.schema.removeType(type);
    run.schema.addType({ ...type, schema: newschema });
  }
  if (objectType === 'OBJECT_FUNCTION' || objectType === 'OBJECT_PROCEDURE') {
    const [routine] = run.schema.findRoutines(objectName(object));
    if (!routine) return;
    run.schema.removeRoutine(routine);
    run.schema.addRoutine({ ...routine, schema: newschema });
  }
}
