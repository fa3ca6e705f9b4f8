/**
 * Table locks of a statement by its operations, in PostgreSQL's words (documentation, chapter 13.3.1 “Table-level
 * Locks”, and the notes of each command). Only relations that exist before the statement count.
 */
import type { Operation } from '../sql/operations.ts';

export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type LockMode = (typeof LOCK_MODES)[number];

export interface TableLock {
  relation: string;
  mode: LockMode;
}

/** Mode that an operation takes on its own relation; null where it takes none. Absent: not known. */
const MODES: Record<string, LockMode | null> = {
  ...all('ACCESS EXCLUSIVE', [
    'add_column',
    'drop_column',
    'alter_column_type',
    'set_not_null',
    'drop_not_null',
    'set_default',
    'drop_default',
    'add_primary_key',
    'add_unique',
    'add_check',
    'add_exclusion',
    'add_not_null',
    'drop_constraint',
    'rename_table',
    'rename_column',
    'rename_constraint',
    'rename_view',
    'drop_table',
    'drop_view',
    'drop_materialized_view',
    'truncate',
    'drop_trigger',
    'drop_policy',
    'create_policy',
    'create_rule',
    'enable_row_security',
    'disable_row_security',
    'set_schema',
    'change_owner',
    'set_tablespace',
    'replica_identity',
    'refresh_materialized_view',
  ]),
  ...all('SHARE ROW EXCLUSIVE', ['add_foreign_key', 'create_trigger']),
  ...all('SHARE', ['create_index', 'create_unique_index']),
  ...all('SHARE UPDATE EXCLUSIVE', [
    'create_index_concurrently',
    'create_unique_index_concurrently',
    'validate_constraint',
    'attach_partition',
  ]),
  ...all('ROW EXCLUSIVE', ['insert', 'update', 'delete']),
  ...all(null, [
    'create_table',
    'create_type',
    'add_enum_value',
    'rename_enum_value',
    'create_extension',
    'create_schema',
    'begin',
    'commit',
    'rollback',
    'start',
    'set',
    'create_function',
    'create_procedure',
    'drop_function',
    'drop_procedure',
    'drop_type',
    'create_sequence',
    'alter_type',
    'create_domain',
    'comment_on_function',
    'comment_on_type',
    'comment_on_schema',
    'comment_on_extension',
    'create_role',
    'alter_role',
    'drop_role',
    'variable_show',
  ]),
};

function all(mode: LockMode | null, names: string[]): Record<string, LockMode | null> {
  return Object.fromEntries(names.map((name) => [name, mode]));
}

/** The strongest lock on each relation, and the operations whose locks are not known here. */
export function locksOf(
  operations: readonly Operation[],
  exists: (relation: string) => boolean,
): { locks: TableLock[]; unknown: string[] } {
  const strongest = new Map<string, LockMode>();
  const unknown: string[] = [];
  for (const { name, objects } of operations) {
    const mode = MODES[name];
    if (mode === undefined) unknown.push(name);
    if (!mode) continue;
    for (const relation of objects.filter(exists)) {
      const held = strongest.get(relation);
      if (!held || LOCK_MODES.indexOf(mode) > LOCK_MODES.indexOf(held)) strongest.set(relation, mode);
    }
  }
  return { locks: [...strongest].map(([relation, mode]) => ({ relation, mode })), unknown };
}
