/** Partitions: making, attaching and detaching them. Sources: `ATExecAttachPartition`, `ATExecDetachPartition`, `CloneForeignKeyConstraints`. */
import type { PartitionBoundSpec, PartitionCmd } from 'libpg-query';
import { followParentIndexes } from './indexes.ts';
import { constraintName } from './names.ts';
import { Constraint, type Relation } from './objects.ts';
import type { Run } from './run.ts';
import { rangeName } from './tree.ts';
import { descendants } from './writes.ts';

/** CREATE TABLE … PARTITION OF changes the parent's list of partitions. */
export function lockForNewPartition(run: Run, parent: Relation): void {
  run.lock(parent, 'ACCESS EXCLUSIVE');
  lockDefault(run, parent);
}

/** Rows of the default partition may belong to another one from now on. */
export function lockDefault(run: Run, parent: Relation, except?: Relation): void {
  for (const child of parent.childSet) {
    if (!child.isDefaultPartition || child === except) continue;
    run.lock(child, 'ACCESS EXCLUSIVE');
    for (const below of descendants(child)) run.lock(below, 'ACCESS EXCLUSIVE');
  }
}

/** Since this version a foreign key at a partitioned table has triggers on that table and on every partition. */
export const KEYS_GO_DOWN = 15;

/** Makes a table a partition: the parent's indexes, foreign keys and triggers are its own from now on. */
export function attach(
  run: Run,
  parent: Relation,
  child: Relation,
  bound: PartitionBoundSpec,
  isNew: boolean,
): void {
  const { journal } = run;
  journal.add(parent.childSet, child);
  journal.add(child.parentSet, parent);
  journal.assign(child as Relation, 'isPartition', true);
  journal.assign(child as Relation, 'isDefaultPartition', bound.is_default === true);
  journal.assign(child as Relation, 'bound', bound);
  followParentIndexes(run, parent, child);
  for (const constraint of parent.constraintMap.values()) copyConstraint(run, constraint, child, isNew);
  for (const constraint of parent.incoming) {
    run.lock(constraint.table, run.version >= KEYS_GO_DOWN ? 'SHARE ROW EXCLUSIVE' : 'ACCESS SHARE');
    if (!isNew) run.lock(child, 'SHARE ROW EXCLUSIVE');
  }
  for (const trigger of parent.triggerMap.values())
    if (trigger.row && !child.triggerMap.has(trigger.name))
      journal.put(child.triggerMap, trigger.name, { ...trigger, parent: trigger });
  for (const column of parent.columnMap.keys()) {
    const own = child.columnMap.get(column);
    if (own) journal.assign(own, 'inherited', true);
  }
}

function copyConstraint(run: Run, constraint: Constraint, child: Relation, isNew: boolean): void {
  const { kind, columns, references } = constraint;
  if (kind === 'primary_key' || kind === 'unique') {
    const index = [...child.indexSet].find((own) => own.parent === constraint.index);
    if (!index || index.constraint) return;
    const own = new Constraint(index.name, kind, child, [...columns]);
    own.index = index;
    own.parent = constraint;
    run.journal.assign(index, 'constraint', own);
    run.journal.put(child.constraintMap, own.name, own);
    return;
  }
  if (kind !== 'foreign_key' || !references) return;
  const same = [...child.constraintMap.values()].find(
    (own) =>
      own.kind === 'foreign_key' && own.references === references && String(own.columns) === String(columns),
  );
  run.lock(references, 'SHARE ROW EXCLUSIVE');
  for (const part of descendants(references)) if (part.isPartition) run.lock(part, 'SHARE ROW EXCLUSIVE');
  if (same) {
    run.journal.assign(same, 'parent', constraint);
    return;
  }
  const name = child.constraintMap.has(constraint.name)
    ? constraintName(child, columns, 'fkey')
    : constraint.name;
  const own = new Constraint(name, kind, child, [...columns]);
  Object.assign(own, {
    references,
    referencedColumns: [...constraint.referencedColumns],
    onDelete: constraint.onDelete,
    onUpdate: constraint.onUpdate,
    deferred: constraint.deferred,
    parent: constraint,
  });
  run.journal.put(child.constraintMap, name, own);
  run.journal.add(references.incoming, own);
  if (!isNew) run.scan(child);
}

export function attachPartition(run: Run, parent: Relation, { name, bound }: PartitionCmd): void {
  const child = name && run.need(rangeName(name));
  if (!child) return;
  run.lock(child, 'ACCESS EXCLUSIVE');
  for (const below of descendants(child)) run.lock(below, 'ACCESS EXCLUSIVE');
  lockDefault(run, parent, child);
  run.scan(child);
  run.dependsOnRows(
    child,
    parent.partitioning?.columns ?? [],
    '23514',
    `fails if a row of ${child.name} is outside of the bounds`,
  );
  attach(run, parent, child, bound ?? {}, false);
}

export function detachPartition(run: Run, parent: Relation, { name, concurrent }: PartitionCmd): void {
  const child = name && run.need(rangeName(name));
  if (!child) return;
  if (concurrent) run.noTransaction = 'DETACH PARTITION CONCURRENTLY cannot run inside a transaction block';
  run.lock(child, 'ACCESS EXCLUSIVE');
  if (!concurrent) lockDefault(run, parent, child);
  for (const constraint of child.constraintMap.values()) {
    if (constraint.kind === 'foreign_key' && constraint.parent) {
      run.lock(constraint.references, 'SHARE ROW EXCLUSIVE');
      run.journal.assign(constraint as Constraint, 'parent', undefined);
    }
  }
  for (const { table } of parent.incoming) run.lock(table, concurrent ? 'SHARE' : 'ACCESS EXCLUSIVE');
  const { journal } = run;
  journal.drop(parent.childSet, child);
  journal.drop(child.parentSet, parent);
  journal.assign(child as Relation, 'isPartition', false);
  journal.assign(child as Relation, 'isDefaultPartition', false);
  for (const index of child.indexSet) journal.assign(index, 'parent', undefined);
  for (const [key, trigger] of child.triggerMap) if (trigger.parent) journal.remove(child.triggerMap, key);
  run.breaks(parent, child.name, `rows of ${child.name} are no longer seen through ${parent.name}`);
}
