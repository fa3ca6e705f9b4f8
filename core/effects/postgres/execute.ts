/** One statement of any kind, simulated: which file knows what about it. */
import type { Node } from 'libpg-query';
import { alterTable } from './alter-table.ts';
import { createTable } from './create-table.ts';
import { drop } from './drop-commands.ts';
import { createIndex } from './indexes.ts';
import { runQuery } from './queries.ts';
import { rename, setSchema } from './rename.ts';
import { createFunction, explain, runDo } from './routines.ts';
import type { Run } from './run.ts';
import * as tables from './table-commands.ts';
import { all, type NodeKind, type NodeOf } from './tree.ts';
import * as types from './type-commands.ts';
import { createFromQuery, createView, intoClause, refresh } from './views.ts';
import { truncate } from './writes.ts';

type Handlers = { [K in NodeKind]?: (run: Run, body: NodeOf<K>, text: string) => void };

const query = (kind: NodeKind) => (run: Run, body: unknown) =>
  runQuery(run, { [kind]: body } as unknown as Node);

const HANDLERS: Handlers = {
  SelectStmt: (run, body) => {
    const into = intoClause({ SelectStmt: body });
    if (into) createFromQuery(run, into);
    else runQuery(run, { SelectStmt: body });
  },
  InsertStmt: query('InsertStmt'),
  UpdateStmt: query('UpdateStmt'),
  DeleteStmt: query('DeleteStmt'),
  MergeStmt: query('MergeStmt'),
  TruncateStmt: (run, body) =>
    truncate(run, all('RangeVar', body.relations), body.behavior === 'DROP_CASCADE'),
  CreateStmt: (run, body) => {
    createTable(run, body);
  },
  CreateForeignTableStmt: (run, body) => {
    if (body.base) createTable(run, body.base, true);
  },
  CreateTableAsStmt: createFromQuery,
  ViewStmt: createView,
  RefreshMatViewStmt: refresh,
  IndexStmt: createIndex,
  AlterTableStmt: alterTable,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  CreateFunctionStmt: createFunction,
  DoStmt: runDo,
  CallStmt: (run, body) => {
    if (body.funccall)
      runQuery(run, { SelectStmt: { targetList: [{ ResTarget: { val: { FuncCall: body.funccall } } }] } });
  },
  ExplainStmt: (run, body) => explain(run, body.query, body.options),
  PrepareStmt: (run, body) => runQuery(run, body.query, 'rewritten'),
  DeclareCursorStmt: (run, body) => runQuery(run, body.query, 'planned'),
  DropStmt: drop,
  CommentStmt: tables.comment,
  SecLabelStmt: tables.comment,
  CreateTrigStmt: tables.createTrigger,
  CreatePolicyStmt: tables.createPolicy,
  AlterPolicyStmt: tables.alterPolicy,
  RuleStmt: tables.createRule,
  CreateStatsStmt: tables.createStatistics,
  AlterStatsStmt: () => undefined,
  GrantStmt: tables.grant,
  LockStmt: tables.lockTables,
  CopyStmt: tables.copy,
  VacuumStmt: tables.vacuum,
  ClusterStmt: tables.cluster,
  ReindexStmt: tables.reindex,
  CreateSeqStmt: tables.createSequence,
  AlterSeqStmt: tables.alterSequence,
  CreatePublicationStmt: tables.createPublication,
  AlterPublicationStmt: tables.alterPublication,
  CreateSchemaStmt: (run, body) => {
    types.createSchema(run, body, (node) => executeNode(run, node));
  },
  CreateEnumStmt: types.createEnum,
  AlterEnumStmt: types.alterEnum,
  CreateDomainStmt: types.createDomain,
  AlterDomainStmt: types.alterDomain,
  CompositeTypeStmt: types.createComposite,
  CreateRangeStmt: types.createRange,
  DefineStmt: types.define,
  CreateExtensionStmt: types.createExtension,
  VariableSetStmt: types.setVariable,
  CreatedbStmt: (run) => {
    run.noTransaction = 'CREATE DATABASE cannot run inside a transaction block';
  },
  DropdbStmt: (run) => {
    run.noTransaction = 'DROP DATABASE cannot run inside a transaction block';
  },
  AlterSystemStmt: (run) => {
    run.noTransaction = 'ALTER SYSTEM cannot run inside a transaction block';
  },
  CreateTableSpaceStmt: (run) => {
    run.noTransaction = 'CREATE TABLESPACE cannot run inside a transaction block';
  },
  DropTableSpaceStmt: (run) => {
    run.noTransaction = 'DROP TABLESPACE cannot run inside a transaction block';
  },
};

/** Statements that touch no table. */
const HARMLESS: ReadonlySet<string> = new Set<NodeKind>([
  'TransactionStmt',
  'VariableShowStmt',
  'GrantRoleStmt',
  'AlterDefaultPrivilegesStmt',
  'AlterOwnerStmt',
  'AlterObjectDependsStmt',
  'AlterFunctionStmt',
  'AlterTypeStmt',
  'AlterOperatorStmt',
  'AlterOpFamilyStmt',
  'AlterCollationStmt',
  'AlterTSDictionaryStmt',
  'AlterTSConfigurationStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
  'AlterDatabaseRefreshCollStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'CreateRoleStmt',
  'DropRoleStmt',
  'CreateCastStmt',
  'CreateConversionStmt',
  'CreateTransformStmt',
  'CreateAmStmt',
  'CreateOpClassStmt',
  'CreateOpFamilyStmt',
  'CreatePLangStmt',
  'CreateEventTrigStmt',
  'AlterEventTrigStmt',
  'CreateFdwStmt',
  'AlterFdwStmt',
  'CreateForeignServerStmt',
  'AlterForeignServerStmt',
  'CreateUserMappingStmt',
  'AlterUserMappingStmt',
  'DropUserMappingStmt',
  'ConstraintsSetStmt',
  'ListenStmt',
  'UnlistenStmt',
  'NotifyStmt',
  'LoadStmt',
  'DiscardStmt',
  'DeallocateStmt',
  'CheckPointStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'ReassignOwnedStmt',
]);

/** `text` is what the node was parsed from. Throws {@link SqlFailure} where the statement fails for certain. */
export function executeNode(run: Run, node: Node, text = ''): void {
  const [kind = '', body] = Object.entries(node)[0] ?? [];
  const handler = HANDLERS[kind as NodeKind] as ((run: Run, body: unknown, text: string) => void) | undefined;
  if (handler) handler(run, body, text);
  else if (!HARMLESS.has(kind))
    run.unknown(`what ${kind.replace(/Stmt$/, '')} does to tables is not known here`);
}
