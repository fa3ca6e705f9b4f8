/** Commands on tables that are not ALTER TABLE: triggers, policies, rules, comments, publications, maintenance. */
import type {
  AlterPolicyStmt,
  AlterPublicationStmt,
  AlterSeqStmt,
  ClusterStmt,
  CommentStmt,
  CopyStmt,
  CreatePolicyStmt,
  CreatePublicationStmt,
  CreateSeqStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  GrantStmt,
  LockStmt,
  Node,
  RangeVar,
  ReindexStmt,
  RuleStmt,
  SecLabelStmt,
  VacuumStmt,
} from 'libpg-query';
import { LOCK_MODES, type LockMode } from '../lock-modes.ts';
import { newRelation } from './create-table.ts';
import type { Relation } from './objects.ts';
import { inParts, inQuery, runQuery } from './queries.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, as, isOn, nameOf, objectParts, rangeName, strings } from './tree.ts';
import { descendants } from './writes.ts';

const ANALYSED = { stage: 'analysed', names: new Map() } as const;

function relationOf(run: Run, range: RangeVar | undefined): Relation | undefined {
  return range && run.need(rangeName(range));
}

export function createTrigger(run: Run, statement: CreateTrigStmt): void {
  const table = relationOf(run, statement.relation);
  if (!table) return;
  run.lock(table, 'SHARE ROW EXCLUSIVE');
  const { trigname: name = '' } = statement;
  if (table.triggerMap.has(name) && !statement.replace)
    throw new SqlFailure('42710', `${table.name} has a trigger ${name} already`);
  if (statement.constrrel) run.lock(relationOf(run, statement.constrrel), 'ACCESS SHARE');
  const parts = nameOf(strings(statement.funcname));
  const [routine] = run.schema.findRoutines(parts);
  const trigger = {
    name,
    function: routine
      ? `${routine.schema}.${routine.name}`
      : [parts.schema ?? 'public', parts.name].join('.'),
    row: statement.row === true,
    timing: statement.timing ?? 0,
    events: statement.events ?? 0,
    columns: strings(statement.columns),
    enabled: true,
  };
  run.journal.put(table.triggerMap, name, trigger);
  if (table.kind !== 'partitioned_table' || !trigger.row) return;
  for (const child of descendants(table)) {
    run.lock(child, 'SHARE ROW EXCLUSIVE');
    run.journal.put(child.triggerMap, name, { ...trigger, parent: trigger });
  }
}

export function createPolicy(run: Run, statement: CreatePolicyStmt): void {
  const table = relationOf(run, statement.table);
  if (!table) return;
  run.lock(table, 'ACCESS EXCLUSIVE');
  const { policy_name: name = '', qual, with_check: check } = statement;
  if (table.policies.has(name)) throw new SqlFailure('42710', `${table.name} has a policy ${name} already`);
  const expressions = [qual, check].filter((node) => node !== undefined);
  inParts(run, expressions, ANALYSED);
  run.journal.put(table.policies, name, { name, expressions });
}

export function alterPolicy(run: Run, statement: AlterPolicyStmt): void {
  const table = relationOf(run, statement.table);
  if (!table) return;
  run.lock(table, 'ACCESS EXCLUSIVE');
  const { policy_name: name = '', qual, with_check: check } = statement;
  const expressions = [qual, check].filter((node) => node !== undefined);
  inParts(run, expressions, ANALYSED);
  if (expressions.length > 0) run.journal.put(table.policies, name, { name, expressions });
}

export function createRule(run: Run, statement: RuleStmt): void {
  const table = relationOf(run, statement.relation);
  if (!table) return;
  run.lock(table, 'ACCESS EXCLUSIVE');
  const { rulename: name = '', event = '', instead = false, actions = [] } = statement;
  for (const action of actions) inQuery(run, action, ANALYSED);
  if (statement.whereClause) inParts(run, statement.whereClause, ANALYSED);
  run.journal.put(table.rules, name, { name, event, instead, actions });
}

export function createStatistics(run: Run, statement: CreateStatsStmt): void {
  const [range] = all('RangeVar', statement.relations);
  const table = relationOf(run, range);
  if (!table) return;
  run.lock(table, 'SHARE UPDATE EXCLUSIVE');
  const name = strings(statement.defnames).at(-1);
  if (name !== undefined) run.journal.add(table.statistics, name);
}

/** Objects that are addressed through their table: it is looked up under ACCESS SHARE. */
const ON_TABLE = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE', 'OBJECT_TABCONSTRAINT']);
export const RELATIONS = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_SEQUENCE',
]);

/** `CommentObject`: relations and columns under SHARE UPDATE EXCLUSIVE. */
export function comment(run: Run, { objtype = 'OBJECT_TABLE', object }: CommentStmt | SecLabelStmt): void {
  const parts = objectParts(object);
  if (objtype === 'OBJECT_SEQUENCE') return;
  if (RELATIONS.has(objtype)) {
    run.lock(run.need(nameOf(parts)), 'SHARE UPDATE EXCLUSIVE');
    return;
  }
  if (objtype === 'OBJECT_COLUMN') {
    run.lock(run.need(nameOf(parts.slice(0, -1))), 'SHARE UPDATE EXCLUSIVE');
    return;
  }
  if (ON_TABLE.has(objtype)) run.lock(run.need(nameOf(parts.slice(0, -1))), 'ACCESS SHARE');
}

export function lockTables(run: Run, { relations, mode = LOCK_MODES.length }: LockStmt): void {
  const wanted = LOCK_MODES[mode - 1] ?? 'ACCESS EXCLUSIVE';
  for (const range of all('RangeVar', relations)) {
    const relation = relationOf(run, range);
    if (relation) lockDown(run, relation, wanted, range.inh === true);
  }
}

function lockDown(run: Run, relation: Relation, mode: LockMode, children: boolean): void {
  run.lock(relation, mode);
  if (relation.kind === 'view') for (const below of relation.reads.keys()) lockDown(run, below, mode, true);
  else if (children) for (const child of relation.childSet) lockDown(run, child, mode, true);
}

export function copy(run: Run, statement: CopyStmt): void {
  if (statement.query) {
    runQuery(run, statement.query);
    return;
  }
  const table = relationOf(run, statement.relation);
  if (!table) return;
  run.lock(table, statement.is_from ? 'ROW EXCLUSIVE' : 'ACCESS SHARE');
  if (statement.is_from) run.journal.assign(table as Relation, 'hasRows', true);
}

/** VACUUM and ANALYZE. */
export function vacuum(run: Run, statement: VacuumStmt): void {
  const { is_vacuumcmd: isVacuum, options, rels } = statement;
  if (isVacuum) run.noTransaction = 'VACUUM cannot run inside a transaction block';
  const full = isOn(options, 'full');
  const named = all('VacuumRelation', rels).flatMap(({ relation }) => relationOf(run, relation) ?? []);
  const every = [...run.schema.relations()].filter(({ kind }) =>
    /^(?:partitioned_)?table$|^materialized_view$/.test(kind),
  );
  for (const relation of rels ? named : every) {
    const partitioned = relation.kind === 'partitioned_table';
    const mode = full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE';
    const goesDown = partitioned || run.version >= CHILDREN_TOO;
    run.lock(relation, mode);
    for (const child of descendants(relation)) {
      if (goesDown) run.lock(child, mode);
      else if (!isVacuum) run.lock(child, 'ACCESS SHARE');
      if (full && goesDown && child.kind === 'table') run.rewrite(child);
    }
    if (full && relation.kind === 'table') run.rewrite(relation);
  }
}

/** Since this version VACUUM and ANALYZE of a parent go down to its children; before, ANALYZE only reads them. */
const CHILDREN_TOO = 18;

/** Since this version GRANT and REVOKE hold the tables that they name. */
const GRANT_LOCKS = 18;

export function grant(run: Run, statement: GrantStmt): void {
  if (run.version < GRANT_LOCKS || statement.targtype !== 'ACL_TARGET_OBJECT') return;
  if (statement.objtype !== 'OBJECT_TABLE') return;
  for (const range of all('RangeVar', statement.objects)) run.lock(relationOf(run, range), 'ACCESS SHARE');
}

export function cluster(run: Run, statement: ClusterStmt): void {
  const table = relationOf(run, statement.relation);
  if (!table) {
    run.noTransaction = 'CLUSTER of every table cannot run inside a transaction block';
    return;
  }
  if (table.kind === 'partitioned_table')
    run.noTransaction = 'CLUSTER of a partitioned table cannot run inside a transaction block';
  run.lock(table, 'ACCESS EXCLUSIVE');
  for (const child of descendants(table)) run.lock(child, 'ACCESS EXCLUSIVE');
  for (const each of [table, ...descendants(table)]) if (each.kind === 'table') run.rewrite(each);
}

export function reindex(run: Run, statement: ReindexStmt): void {
  const concurrently = isOn(statement.params, 'concurrently');
  const mode = concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  const name = statement.relation && rangeName(statement.relation);
  if (concurrently) run.noTransaction = 'REINDEX CONCURRENTLY cannot run inside a transaction block';
  if (!name) {
    run.noTransaction = 'REINDEX of a schema or database cannot run inside a transaction block';
    for (const { kind, ...rest } of run.schema.relations())
      if (kind === 'table') run.lock(run.schema.find({ schema: rest.schema, name: rest.local }), mode);
    return;
  }
  const table =
    run.schema.findIndex(name)?.table ??
    (statement.kind === 'REINDEX_OBJECT_INDEX' ? undefined : run.need(name));
  if (!table) return;
  if (table.kind === 'partitioned_table')
    run.noTransaction = 'REINDEX of a partitioned table or index cannot run inside a transaction block';
  run.lock(table, mode);
  run.scan(table);
  for (const child of table.kind === 'partitioned_table' ? descendants(table) : []) run.lock(child, mode);
}

export function createSequence(run: Run, statement: CreateSeqStmt): void {
  if (!statement.sequence) return;
  const temporary = statement.sequence.relpersistence === 't';
  const name = { ...rangeName(statement.sequence), temporary };
  const sequence = newRelation(run, name, 'sequence', statement.if_not_exists === true);
  if (sequence) ownedBy(run, sequence, statement.options);
}

export function alterSequence(run: Run, statement: AlterSeqStmt): void {
  const name = statement.sequence && rangeName(statement.sequence);
  if (!name || (statement.missing_ok && !run.schema.find(name))) return;
  ownedBy(run, run.schema.findOrAssume(name, 'sequence'), statement.options);
}

/** OWNED BY table.column: `process_owned_by` looks at the table under ACCESS SHARE. */
function ownedBy(run: Run, sequence: Relation, options: readonly Node[] | undefined): void {
  const option = all('DefElem', options).find(({ defname }) => defname === 'owned_by');
  const parts = strings(as('List', option?.arg)?.items);
  if (parts.length < 2) return;
  const table = run.need(nameOf(parts.slice(0, -1)));
  if (!table) return;
  run.lock(table, 'ACCESS SHARE');
  const column = table.columnMap.get(parts.at(-1) ?? '');
  if (column) run.journal.assign(column, 'sequence', sequence);
}

export function createPublication(run: Run, { pubname = '', pubobjects }: CreatePublicationStmt): void {
  if (run.schema.publications.has(pubname))
    throw new SqlFailure('42710', `publication ${pubname} is there already`);
  run.journal.add(run.schema.publications, pubname);
  lockPublished(run, pubobjects);
}

export function alterPublication(run: Run, { pubobjects }: AlterPublicationStmt): void {
  lockPublished(run, pubobjects);
}

/** `OpenTableList`. */
function lockPublished(run: Run, objects: readonly Node[] | undefined): void {
  for (const { pubtable } of all('PublicationObjSpec', objects)) {
    const table = relationOf(run, pubtable?.relation);
    if (!table) continue;
    run.lock(table, 'SHARE UPDATE EXCLUSIVE');
    if (pubtable?.relation?.inh && table.kind !== 'partitioned_table')
      for (const child of descendants(table)) run.lock(child, 'SHARE UPDATE EXCLUSIVE');
  }
}
