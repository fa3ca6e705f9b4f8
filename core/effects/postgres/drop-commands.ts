/** DROP of every kind of object: what it names, then what `drop.ts` takes with it. */
import type { DropStmt, Node } from 'libpg-query';
import { dropIndex, dropRelation, dropRoutine, dropSchema, dropType, newDrop } from './drop.ts';
import type { Trigger } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { RELATIONS } from './table-commands.ts';
import { all, as, nameOf, objectParts } from './tree.ts';
import { dropExtension } from './type-commands.ts';
import { typeOf, typeText } from './types.ts';
import { descendants } from './writes.ts';

export function drop(run: Run, statement: DropStmt): void {
  const { removeType = 'OBJECT_TABLE', objects = [], missing_ok: missingOk = false, concurrent } = statement;
  const cascade = statement.behavior === 'DROP_CASCADE';
  if (concurrent) run.noTransaction = 'DROP INDEX CONCURRENTLY cannot run inside a transaction block';
  const together = newDrop(cascade);
  const relations = RELATIONS.has(removeType)
    ? objects.flatMap((object) => {
        const name = nameOf(objectParts(object));
        const found = run.schema.find(name);
        if (found || missingOk || run.schema.isSystem(name)) return found ?? [];
        return run.schema.findOrAssume(name, removeType === 'OBJECT_SEQUENCE' ? 'sequence' : 'table');
      })
    : [];
  for (const relation of relations) together.gone.add(relation);
  for (const relation of relations) dropRelation(run, relation, together);
  if (RELATIONS.has(removeType)) return;
  for (const object of objects) dropOther(run, removeType, object, missingOk, cascade, concurrent === true);
}

function dropOther(
  run: Run,
  type: string,
  object: Node,
  missingOk: boolean,
  cascade: boolean,
  concurrently: boolean,
): void {
  const parts = objectParts(object);
  const name = nameOf(parts);
  switch (type) {
    case 'OBJECT_INDEX': {
      const index = run.schema.findIndex(name);
      if (index) {
        dropIndex(run, index, concurrently);
        return;
      }
      if (!missingOk) run.unknown(`the table of index ${name.name} is not known here`);
      return;
    }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      dropOnTable(run, type, parts, missingOk);
      return;
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const found = run.schema.findType(name);
      if (found) dropType(run, found, newDrop(cascade));
      const composite = found?.kind === 'composite' ? run.schema.find(name) : undefined;
      if (composite) run.schema.removeClass(composite);
      return;
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE': {
      const wanted = as('ObjectWithArgs', object);
      const signature = all('TypeName', wanted?.objargs).map((argument) => typeText(typeOf(argument)));
      const found = run.schema.findRoutines(name);
      const routine =
        found.find(({ argumentTypes }) => argumentTypes.join() === signature.join()) ??
        (wanted?.args_unspecified ? found[0] : undefined);
      if (routine) dropRoutine(run, routine, newDrop(cascade));
      else if (!missingOk && run.schema.started && found.length === 0) return;
      return;
    }
    case 'OBJECT_SCHEMA':
      dropSchema(run, name.name, cascade);
      return;
    case 'OBJECT_EXTENSION':
      dropExtension(run, name.name, cascade);
      return;
    case 'OBJECT_PUBLICATION':
      run.journal.drop(run.schema.publications, name.name);
      return;
    case 'OBJECT_STATISTIC_EXT':
      dropStatistics(run, name.name);
      return;
    default:
      return;
  }
}

/** Since this version the table of an extended statistics object is locked when that goes. */
function dropStatistics(run: Run, name: string): void {
  for (const table of run.schema.relations()) {
    if (!table.statistics.has(name)) continue;
    run.lock(table, 'SHARE UPDATE EXCLUSIVE');
    run.journal.drop(table.statistics, name);
  }
}

function dropOnTable(run: Run, type: string, parts: readonly string[], missingOk: boolean): void {
  const owner = nameOf(parts.slice(0, -1));
  const own = parts.at(-1) ?? '';
  if (missingOk && !run.schema.find(owner)) return;
  const table = run.need(owner);
  if (!table) return;
  const map: Map<string, unknown> =
    type === 'OBJECT_TRIGGER' ? table.triggerMap : type === 'OBJECT_POLICY' ? table.policies : table.rules;
  if (!map.has(own) && table.known) {
    if (missingOk) return;
    throw new SqlFailure('42704', `${table.name} has no ${own}`);
  }
  const trigger = type === 'OBJECT_TRIGGER' ? table.triggerMap.get(own) : undefined;
  run.lock(table, 'ACCESS EXCLUSIVE');
  run.journal.remove(map, own);
  if (!trigger) return;
  for (const child of descendants(table))
    for (const [name, copy] of [...child.triggerMap]) {
      if (!isCopyOf(copy, trigger)) continue;
      run.lock(child, 'ACCESS EXCLUSIVE');
      run.journal.remove(child.triggerMap, name);
    }
}

/** A partition's trigger goes with that of the table that it came from, whatever it is called by now. */
function isCopyOf(trigger: Trigger, original: Trigger): boolean {
  const { parent } = trigger;
  return parent !== undefined && (parent === original || isCopyOf(parent, original));
}
