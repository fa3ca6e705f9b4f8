/** What a statement does, in words that are the same for every dialect: `add_column` on `public.users`. */
import type {
  AlterTableCmd,
  Constraint,
  DropStmt,
  Node,
  ObjectType,
  RangeVar,
  RenameStmt,
} from 'libpg-query';

export interface Operation {
  /** Snake case: `create_table`, `add_column`, `insert`, … */
  name: string;
  /** Schema-qualified names of the relations or objects it is about; unqualified ones are taken to be in `public`. */
  objects: string[];
  /** Data or a whole object is gone afterwards. */
  destructive: boolean;
}

type NodeOf<K extends string> = Extract<Node, Record<K, unknown>>[K &
  keyof Extract<Node, Record<K, unknown>>];

/** The operations of one parsed PostgreSQL statement; never empty. */
export function postgresOperations(node: Node): Operation[] {
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [], objtype } = node.AlterTableStmt;
    const found = cmds.map((cmd) =>
      alterTable(named(relation), 'AlterTableCmd' in cmd ? cmd.AlterTableCmd : {}),
    );
    const kind = objectWord(objtype);
    if (kind !== 'table') return [one(`alter_${kind}`, named(relation))];
    return found.length > 0 ? found : [one('alter_table', named(relation))];
  }
  if ('CreateStmt' in node) {
    const { relation, partbound } = node.CreateStmt;
    return [one(partbound ? 'create_partition' : 'create_table', named(relation))];
  }
  if ('DropStmt' in node) return [drop(node.DropStmt)];
  if ('RenameStmt' in node) return [rename(node.RenameStmt)];
  if ('IndexStmt' in node) {
    const { relation, concurrent, unique } = node.IndexStmt;
    return [
      one(`create_${unique ? 'unique_' : ''}index${concurrent ? '_concurrently' : ''}`, named(relation)),
    ];
  }
  return [other(node)];
}

function one(name: string, objects: string[], destructive = false): Operation {
  return { name, objects, destructive };
}

function other(node: Node): Operation {
  const get = <K extends string>(key: K): NodeOf<K> | undefined =>
    (node as Record<string, unknown>)[key] as never;
  const insert = get('InsertStmt');
  if (insert) return one('insert', named(insert.relation));
  const update = get('UpdateStmt');
  if (update) return one('update', named(update.relation));
  const remove = get('DeleteStmt');
  if (remove) return one('delete', named(remove.relation), true);
  const truncate = get('TruncateStmt');
  if (truncate) return one('truncate', (truncate.relations ?? []).flatMap(rangeName), true);
  const trigger = get('CreateTrigStmt');
  if (trigger) return one('create_trigger', named(trigger.relation));
  const view = get('ViewStmt');
  if (view) return one('create_view', named(view.view));
  const tableAs = get('CreateTableAsStmt');
  if (tableAs) return one(`create_${objectWord(tableAs.objtype)}_as`, named(tableAs.into?.rel));
  const enumeration = get('AlterEnumStmt');
  if (enumeration) {
    return one(enumeration.newVal ? 'add_enum_value' : 'rename_enum_value', [joined(enumeration.typeName)]);
  }
  const newEnum = get('CreateEnumStmt');
  if (newEnum) return one('create_type', [joined(newEnum.typeName)]);
  const newFunction = get('CreateFunctionStmt');
  if (newFunction) {
    return one(newFunction.is_procedure ? 'create_procedure' : 'create_function', [
      joined(newFunction.funcname),
    ]);
  }
  const extension = get('CreateExtensionStmt');
  if (extension) return one('create_extension', extension.extname ? [extension.extname] : []);
  const schema = get('CreateSchemaStmt');
  if (schema) return one('create_schema', schema.schemaname ? [schema.schemaname] : []);
  const sequence = get('CreateSeqStmt');
  if (sequence) return one('create_sequence', named(sequence.sequence));
  const policy = get('CreatePolicyStmt');
  if (policy) return one('create_policy', named(policy.table));
  const move = get('AlterObjectSchemaStmt');
  if (move) return one('set_schema', named(move.relation));
  const comment = get('CommentStmt');
  if (comment)
    return one(
      `comment_on_${objectWord(comment.objtype)}`,
      listedNames(comment.object ? [comment.object] : []),
    );
  const grant = get('GrantStmt');
  if (grant) return one(grant.is_grant ? 'grant' : 'revoke', (grant.objects ?? []).flatMap(rangeName));
  const transaction = get('TransactionStmt');
  if (transaction) return one(snake((transaction.kind ?? 'transaction').replace('TRANS_STMT_', '')), []);
  if (get('DoStmt')) return one('do_block', []);
  if (get('VariableSetStmt')) return one('set', []);
  const refresh = get('RefreshMatViewStmt');
  if (refresh) return one('refresh_materialized_view', named(refresh.relation));
  const rule = get('RuleStmt');
  if (rule) return one('create_rule', named(rule.relation));
  return one(snake(kindOf(node)), []);
}

const ALTER_TABLE_WORDS: Partial<Record<NonNullable<AlterTableCmd['subtype']>, string>> = {
  AT_AddColumn: 'add_column',
  AT_AlterColumnType: 'alter_column_type',
  AT_SetNotNull: 'set_not_null',
  AT_DropNotNull: 'drop_not_null',
  AT_DropConstraint: 'drop_constraint',
  AT_ValidateConstraint: 'validate_constraint',
  AT_EnableRowSecurity: 'enable_row_security',
  AT_DisableRowSecurity: 'disable_row_security',
  AT_AttachPartition: 'attach_partition',
  AT_DetachPartition: 'detach_partition',
  AT_ChangeOwner: 'change_owner',
  AT_SetTableSpace: 'set_tablespace',
  AT_ReplicaIdentity: 'replica_identity',
};

function alterTable(objects: string[], cmd: AlterTableCmd): Operation {
  const { subtype, def } = cmd;
  if (subtype === 'AT_DropColumn') return one('drop_column', objects, true);
  if (subtype === 'AT_ColumnDefault') return one(def ? 'set_default' : 'drop_default', objects);
  if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
    return one(addConstraint(def.Constraint), objects);
  const word = subtype && ALTER_TABLE_WORDS[subtype];
  return one(word ?? snake((subtype ?? 'alter_table').replace('AT_', '')), objects);
}

function addConstraint({ contype }: Constraint): string {
  switch (contype) {
    case 'CONSTR_PRIMARY':
      return 'add_primary_key';
    case 'CONSTR_FOREIGN':
      return 'add_foreign_key';
    case 'CONSTR_UNIQUE':
      return 'add_unique';
    case 'CONSTR_CHECK':
      return 'add_check';
    case 'CONSTR_EXCLUSION':
      return 'add_exclusion';
    case 'CONSTR_NOTNULL':
      return 'add_not_null';
    default:
      return 'add_constraint';
  }
}

/** Objects whose loss is a loss of data. */
const HOLDS_DATA = new Set<ObjectType>([
  'OBJECT_TABLE',
  'OBJECT_SCHEMA',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
]);
/** Dropped as `ON table`: the last name is the trigger's own. */
const ON_TABLE = new Set<ObjectType>(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

function drop({ removeType = 'OBJECT_TABLE', objects = [], concurrent }: DropStmt): Operation {
  const names = ON_TABLE.has(removeType)
    ? objects.flatMap((object) => ('List' in object ? [joined(object.List.items?.slice(0, -1))] : []))
    : listedNames(objects);
  return one(
    `drop_${objectWord(removeType)}${concurrent ? '_concurrently' : ''}`,
    names,
    HOLDS_DATA.has(removeType),
  );
}

function rename({ renameType, relation, object }: RenameStmt): Operation {
  const words: Partial<Record<ObjectType, string>> = {
    OBJECT_TABCONSTRAINT: 'rename_constraint',
    OBJECT_ATTRIBUTE: 'rename_attribute',
  };
  const word = (renameType && words[renameType]) ?? `rename_${objectWord(renameType)}`;
  return one(word, relation ? named(relation) : listedNames(object ? [object] : []));
}

function objectWord(type: ObjectType | undefined): string {
  const word = snake((type ?? 'OBJECT_TABLE').replace('OBJECT_', ''));
  return word === 'matview' ? 'materialized_view' : word;
}

/** `AlterTableStmt` is of kind `AlterTable`. */
export function kindOf(node: Node): string {
  return (Object.keys(node)[0] ?? 'Unknown').replace(/Stmt$/, '');
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function named(relation: RangeVar | undefined): string[] {
  return relation?.relname ? [`${relation.schemaname ?? 'public'}.${relation.relname}`] : [];
}

function rangeName(node: Node): string[] {
  return 'RangeVar' in node ? named(node.RangeVar) : [];
}

function listedNames(nodes: Node[]): string[] {
  return nodes.flatMap((node) => {
    if ('List' in node) return [joined(node.List.items)];
    if ('TypeName' in node) return [joined(node.TypeName.names)];
    if ('ObjectWithArgs' in node) return [joined(node.ObjectWithArgs.objname)];
    if ('String' in node) return [node.String.sval ?? ''];
    return rangeName(node);
  });
}

/** A dotted name from its parts. */
function joined(parts: Node[] | undefined): string {
  const names = (parts ?? []).flatMap((part) =>
    'String' in part && part.String.sval ? [part.String.sval] : [],
  );
  return names.length === 1 ? `public.${names[0]}` : names.join('.');
}
