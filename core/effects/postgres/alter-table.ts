/** ALTER TABLE and its relatives for views, materialised views, indexes, sequences and types. Source: tablecmds.c. */
import type { AlterTableCmd, AlterTableStmt, ATAlterConstraint, RangeVar } from 'libpg-query';
import type { LockMode } from '../lock-modes.ts';
import { addTableColumn, alterColumnType, rewriteFile } from './alter-column.ts';
import { addConstraint, quoted, setNotNull } from './constraints.ts';
import { ownSequence } from './create-table.ts';
import { dropColumn, dropConstraint, newDrop } from './drop.ts';
import { lockLevel, RECURSING, strongestLevel } from './lock-levels.ts';
import type { Constraint, Index, Relation } from './objects.ts';
import { attachPartition, detachPartition } from './partitions.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, as, rangeName } from './tree.ts';
import { descendants } from './writes.ts';

export function alterTable(run: Run, statement: AlterTableStmt): void {
  const { relation: range, missing_ok: missingOk } = statement;
  if (!range) return;
  const name = rangeName(range);
  const commands = all('AlterTableCmd', statement.cmds);
  const index = run.schema.findIndex(name);
  if (index || statement.objtype === 'OBJECT_INDEX') {
    index && alterIndex(run, index, commands);
    return;
  }
  if (missingOk && !run.schema.find(name)) return;
  if (statement.objtype === 'OBJECT_TYPE') {
    alterComposite(run, run.schema.find(name), commands);
    return;
  }
  if (statement.objtype === 'OBJECT_SEQUENCE') return;
  const relation = run.need(name);
  if (!relation) return;
  const mode = strongestLevel(commands);
  run.lock(relation, mode);
  const ordered = [...commands].sort((a, b) => pass(a) - pass(b));
  for (const command of ordered) applyTo(run, relation, command, mode, range.inh === true);
}

/** Passes of ALTER TABLE: drops go first, then changes of types, keys last. */
function pass({ subtype = 'AT_AddColumn', def }: AlterTableCmd): number {
  if (/^AT_Drop(?:Column|Constraint|NotNull|Expression)$/.test(subtype)) return 0;
  if (subtype === 'AT_AlterColumnType') return 1;
  if (subtype !== 'AT_AddConstraint') return 2;
  return as('Constraint', def)?.contype === 'CONSTR_FOREIGN' ? 4 : 3;
}

function applyTo(run: Run, table: Relation, command: AlterTableCmd, mode: LockMode, recurse: boolean): void {
  const goesDown = recurse && command.subtype !== undefined && RECURSING.has(command.subtype);
  if (command.subtype === 'AT_DropColumn' && !recurse)
    for (const child of table.childSet) run.lock(child, mode);
  const locksFirst =
    command.subtype === 'AT_AddConstraint'
      ? run.version >= LOCKS_CHILDREN_FIRST
      : command.subtype === 'AT_DropConstraint' && table.kind === 'partitioned_table';
  if (locksFirst && recurse) for (const child of descendants(table)) run.lock(child, mode);
  if (goesDown) for (const child of descendants(table)) run.lock(child, mode);
  applyOne(run, table, command, mode, recurse);
  if (!goesDown) return;
  for (const child of table.childSet) {
    if (command.subtype === 'AT_DropColumn' && child.columnMap.get(command.name ?? '')?.inherited === false)
      continue;
    applyTo(run, child, { ...command, missing_ok: true }, mode, true);
  }
}

/**
 * Since this version ADD CONSTRAINT locks all children before it knows whether the constraint goes down to them. DROP
 * CONSTRAINT has always done so for partitions: `ATCheckPartitionsNotInUse`.
 */
const LOCKS_CHILDREN_FIRST = 18;

function applyOne(run: Run, table: Relation, command: AlterTableCmd, mode: LockMode, recurse: boolean): void {
  const { subtype, name = '', def, missing_ok: missingOk } = command;
  const column = table.columnMap.get(name);
  const cascade = command.behavior === 'DROP_CASCADE';
  switch (subtype) {
    case 'AT_AddColumn':
      addTableColumn(run, table, as('ColumnDef', def) ?? {}, missingOk === true);
      return;
    case 'AT_DropColumn':
      if (!column && table.known) {
        if (missingOk) return;
        throw new SqlFailure('42703', `${table.name} has no column ${name}`);
      }
      dropColumn(run, table, name, newDrop(cascade));
      return;
    case 'AT_AlterColumnType':
      alterColumnType(run, table, name, as('ColumnDef', def) ?? {});
      return;
    case 'AT_ColumnDefault':
      if (column) run.journal.assign(column, 'default', def);
      return;
    case 'AT_SetNotNull':
      setNotNull(run, table, name, { creating: false });
      return;
    case 'AT_DropNotNull':
      dropNotNull(run, table, name);
      return;
    case 'AT_AddConstraint':
      addConstraint(run, table, as('Constraint', def) ?? {}, { creating: false });
      return;
    case 'AT_DropConstraint':
      dropNamedConstraint(run, table, name, missingOk === true, cascade);
      return;
    case 'AT_ValidateConstraint':
      validate(run, table, table.constraintMap.get(name), recurse);
      return;
    case 'AT_AlterConstraint':
      alterConstraint(run, table, as('ATAlterConstraint', def) ?? {});
      return;
    case 'AT_AddIdentity':
      if (column) {
        run.journal.assign(column, 'identity', true);
        run.journal.assign(column, 'sequence', ownSequence(run, table, name));
      }
      identityGoesDown(run, table, mode);
      return;
    case 'AT_SetIdentity':
      identityGoesDown(run, table, mode);
      return;
    case 'AT_DropIdentity':
      if (column?.sequence) run.schema.removeClass(column.sequence);
      if (column) run.journal.assign(column, 'identity', false);
      identityGoesDown(run, table, mode);
      return;
    case 'AT_SetExpression':
      if (column?.generated !== 'virtual') rewriteFile(run, table);
      return;
    case 'AT_DropExpression':
      if (column) run.journal.assign(column, 'generated', undefined);
      return;
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      setPersistence(run, table, subtype === 'AT_SetLogged' ? 'p' : 'u');
      return;
    case 'AT_SetAccessMethod':
      if (name !== '' && name !== table.accessMethod) rewriteFile(run, table);
      run.journal.assign(table as Relation, 'accessMethod', name || 'heap');
      return;
    case 'AT_SetTableSpace':
      if (name !== table.tablespace) rewriteFile(run, table);
      run.journal.assign(table as Relation, 'tablespace', name);
      return;
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      changeParent(run, table, as('RangeVar', def), subtype === 'AT_AddInherit');
      return;
    case 'AT_AttachPartition':
      attachPartition(run, table, as('PartitionCmd', def) ?? {});
      return;
    case 'AT_DetachPartition':
      detachPartition(run, table, as('PartitionCmd', def) ?? {});
      return;
    case 'AT_DetachPartitionFinalize': {
      const range = as('PartitionCmd', def)?.name;
      run.lock(range && run.need(rangeName(range)), 'ACCESS EXCLUSIVE');
      return;
    }
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
      run.journal.assign(table as Relation, 'rowSecurity', subtype === 'AT_EnableRowSecurity');
      if (subtype === 'AT_EnableRowSecurity' && table.policies.size === 0)
        run.breaks(
          table,
          table.name,
          `roles other than the owner of ${table.name} see no row until a policy lets them`,
        );
      return;
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
    case 'AT_EnableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
      switchTriggers(run, table, name, subtype.startsWith('AT_Enable'), mode, recurse);
      return;
    default:
      return;
  }
}

/** Since this version an identity column of a partitioned table is its partitions' too. */
const IDENTITY_GOES_DOWN = 17;

function identityGoesDown(run: Run, table: Relation, mode: LockMode): void {
  if (run.version < IDENTITY_GOES_DOWN || table.kind !== 'partitioned_table') return;
  for (const child of descendants(table)) run.lock(child, mode);
}

function dropNotNull(run: Run, table: Relation, name: string): void {
  const column = table.columnMap.get(name);
  if (column) run.journal.assign(column, 'notNull', false);
  for (const constraint of [...table.constraintMap.values()])
    if (constraint.kind === 'not_null' && constraint.columns[0] === name)
      run.journal.remove(table.constraintMap, constraint.name);
  run.breaks(table, `${table.name}.${name}`, `code that counts on a value in \`${name}\` may find NULL`);
}

function dropNamedConstraint(
  run: Run,
  table: Relation,
  name: string,
  missingOk: boolean,
  cascade: boolean,
): void {
  const constraint = table.constraintMap.get(name);
  if (constraint) {
    dropConstraint(run, constraint, newDrop(cascade));
    return;
  }
  if (!table.known) {
    if (!/_(?:pkey|key|check|not_null|excl)$/.test(name))
      run.unknown(`if ${name} is a foreign key, which table it points at is not known here`);
  } else if (!missingOk) throw new SqlFailure('42704', `${table.name} has no constraint ${name}`);
}

/** `ATExecValidateConstraint`: only what is not valid yet is looked at. */
function validate(run: Run, table: Relation, constraint: Constraint | undefined, recurse: boolean): void {
  if (!constraint) {
    if (!table.known) run.scan(table);
    return;
  }
  if (constraint.valid) return;
  run.journal.assign(constraint as Constraint, 'valid', true);
  run.scan(table);
  const columns = quoted(constraint.columns);
  if (constraint.kind === 'foreign_key') {
    run.lock(constraint.references, 'ROW SHARE');
    const message = `fails if ${columns} of ${table.name} holds a value that ${constraint.references?.name} does not have`;
    run.dependsOnRows(table, constraint.columns, '23503', message);
  } else {
    const notNull = constraint.kind === 'not_null';
    if (notNull) {
      const column = table.columnMap.get(constraint.columns[0] ?? '');
      if (column) run.journal.assign(column, 'notNull', true);
    }
    const message = notNull
      ? `fails if ${columns} of ${table.name} has NULLs`
      : `fails if a row of ${table.name} does not pass the check ${constraint.name}`;
    run.dependsOnRows(table, constraint.columns, notNull ? '23502' : '23514', message);
  }
  if (!recurse) return;
  for (const child of table.childSet) {
    const own = [...child.constraintMap.values()].find(
      (c) => c.parent === constraint || c.name === constraint.name,
    );
    run.lock(child, 'SHARE UPDATE EXCLUSIVE');
    if (own) validate(run, child, own, true);
  }
}

/** `ATExecAlterConstrEnforceability` makes or drops the triggers on both sides. */
function alterConstraint(run: Run, table: Relation, change: ATAlterConstraint): void {
  const constraint = table.constraintMap.get(change.conname ?? '');
  if (!constraint) return;
  if (change.alterDeferrability) run.journal.assign(constraint, 'deferred', change.initdeferred === true);
  if (!change.alterEnforceability) return;
  const enforced = change.is_enforced === true;
  run.lock(constraint.references, enforced ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  run.journal.assign(constraint, 'enforced', enforced);
  run.journal.assign(constraint, 'valid', enforced);
  if (enforced) run.scan(table);
}

/** `ATPrepChangePersistence`; tables on the other side of foreign keys are looked at and let go at once. */
function setPersistence(run: Run, table: Relation, persistence: string): void {
  if (table.persistence === persistence) return;
  run.journal.assign(table as Relation, 'persistence', persistence);
  rewriteFile(run, table);
}

function changeParent(run: Run, table: Relation, range: RangeVar | undefined, add: boolean): void {
  const parent = range && run.need(rangeName(range));
  if (!parent) return;
  run.lock(parent, add ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS SHARE');
  const { journal } = run;
  if (add) {
    journal.add(parent.childSet, table);
    journal.add(table.parentSet, parent);
  } else {
    journal.drop(parent.childSet, table);
    journal.drop(table.parentSet, parent);
  }
}

function switchTriggers(
  run: Run,
  table: Relation,
  name: string,
  enabled: boolean,
  mode: LockMode,
  recurse: boolean,
): void {
  for (const trigger of table.triggerMap.values())
    if (name === '' || trigger.name === name) run.journal.assign(trigger, 'enabled', enabled);
  if (!recurse || table.kind !== 'partitioned_table') return;
  for (const child of table.childSet) {
    if (![...child.triggerMap.values()].some((own) => own.parent && (name === '' || own.name === name)))
      continue;
    run.lock(child, mode);
    switchTriggers(run, child, name, enabled, mode, recurse);
  }
}

function alterIndex(run: Run, index: Index, commands: readonly AlterTableCmd[]): void {
  for (const { subtype, def } of commands) {
    if (subtype !== 'AT_AttachPartition') continue;
    const range = as('PartitionCmd', def)?.name;
    const child = range && run.schema.findIndex(rangeName(range));
    if (!child) continue;
    run.lock(child.table, 'ACCESS SHARE');
    run.lock(index.table, 'ACCESS SHARE');
    run.journal.assign(child as Index, 'parent', index);
  }
}

/** ALTER TYPE … ADD ATTRIBUTE: tables made OF the type change with it. */
function alterComposite(run: Run, type: Relation | undefined, commands: readonly AlterTableCmd[]): void {
  if (!type) return;
  const typed: Relation[] = [...run.schema.relations()].filter(({ ofType }) => ofType === type.local);
  const affected: Relation[] = [type, ...typed];
  for (const command of commands)
    for (const each of affected) {
      if (each !== type) run.lock(each, lockLevel(command));
      applyOne(run, each, command, 'ACCESS EXCLUSIVE', false);
    }
}
