/** The lock that each ALTER TABLE subcommand asks for. Sources: `AlterTableGetLockLevel`, and reloptions.c for options. */
import type { AlterTableCmd, Node } from 'libpg-query';
import { LOCK_MODES, type LockMode, stronger } from '../lock-modes.ts';
import { all, as } from './tree.ts';

type Subtype = NonNullable<AlterTableCmd['subtype']>;

/** Those that take less than ACCESS EXCLUSIVE. */
const WEAKER: Partial<Record<Subtype, LockMode>> = {
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
};

/** Options of tables and views that plans or writes hang on; all others take SHARE UPDATE EXCLUSIVE. */
const STRONG_OPTIONS =
  /^(?:user_catalog_table|security_barrier|security_invoker|check_option|fastupdate|buffering|gin_pending_list_limit|pages_per_range|autosummarize|length|col\d+)$/;

export function lockLevel({ subtype, def }: AlterTableCmd): LockMode {
  if (subtype === 'AT_AddConstraint')
    return as('Constraint', def)?.contype === 'CONSTR_FOREIGN' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  if (subtype === 'AT_DetachPartition')
    return as('PartitionCmd', def)?.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  if (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions') return optionsLevel(def);
  return (subtype && WEAKER[subtype]) ?? 'ACCESS EXCLUSIVE';
}

function optionsLevel(def: Node | undefined): LockMode {
  const options = all('DefElem', as('List', def)?.items);
  const strong = options.some(
    ({ defname = '', defnamespace }) => defnamespace !== 'toast' && STRONG_OPTIONS.test(defname),
  );
  return strong ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
}

/** One lock for the whole statement: the strongest of its subcommands. */
export function strongestLevel(commands: readonly AlterTableCmd[]): LockMode {
  return commands.map(lockLevel).reduce(stronger, LOCK_MODES[0]);
}

/** Subcommands that go down to children and partitions, where ONLY is not said; those with code of their own aside. */
export const RECURSING: ReadonlySet<Subtype> = new Set<Subtype>([
  'AT_AddColumn',
  'AT_ColumnDefault',
  'AT_DropNotNull',
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_SetExpression',
  'AT_DropExpression',
]);
