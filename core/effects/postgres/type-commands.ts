/** Schemas, types, domains, extensions and settings. */
import type {
  AlterDomainStmt,
  AlterEnumStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreateExtensionStmt,
  CreateRangeStmt,
  CreateSchemaStmt,
  DefineStmt,
  Node,
  VariableSetStmt,
} from 'libpg-query';
import { setSearchPath } from './calls.ts';
import { zoneOf } from './column-type.ts';
import { addColumn, newRelation } from './create-table.ts';
import { dropDefaultsCalling, dropType, newDrop } from './drop.ts';
import type { UserType } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, as, constantOf, nameOf, optionOf, rangeName, strings } from './tree.ts';
import { typeOf } from './types.ts';

export function createSchema(run: Run, statement: CreateSchemaStmt, execute: (node: Node) => void): void {
  const name = statement.schemaname ?? statement.authrole?.rolename ?? '';
  if (run.schema.schemas.has(name)) {
    if (statement.if_not_exists || name === 'public') return;
    throw new SqlFailure('42P06', `schema ${name} is there already`);
  }
  run.journal.add(run.schema.schemas, name);
  const { searchPath } = run.schema.settings;
  if (!statement.schemaElts) return;
  setSearchPath(run, [name, ...searchPath]);
  for (const element of statement.schemaElts) execute(element);
  setSearchPath(run, searchPath);
}

function newType(run: Run, parts: readonly string[], kind: UserType['kind']): UserType {
  const { schema = run.schema.home(), name } = nameOf(parts);
  const existing = run.schema.findType({ schema, name });
  if (existing && existing.kind !== 'shell') throw new SqlFailure('42710', `type ${name} is there already`);
  const type: UserType = { schema, name, kind };
  run.schema.addType(type);
  return type;
}

export function createEnum(run: Run, statement: CreateEnumStmt): void {
  newType(run, strings(statement.typeName), 'enum').labels = strings(statement.vals);
}

/** No table is locked: the new value is a row of pg_enum. */
export function alterEnum(run: Run, statement: AlterEnumStmt): void {
  const type = run.schema.findType(nameOf(strings(statement.typeName)));
  const { newVal = '', oldVal, skipIfNewValExists } = statement;
  const labels = type?.labels ?? [];
  const object = strings(statement.typeName).join('.');
  if (oldVal !== undefined) {
    if (type)
      run.journal.assign(
        type,
        'labels',
        labels.map((label) => (label === oldVal ? newVal : label)),
      );
    return;
  }
  if (labels.includes(newVal)) {
    if (skipIfNewValExists) return;
    throw new SqlFailure('42710', `${object} has the value ${newVal} already`);
  }
  if (type) run.journal.assign(type, 'labels', [...labels, newVal]);
  run.cannotUndo(object, `a value of an enum cannot be dropped`);
  if (run.version < 12)
    run.noTransaction = 'ALTER TYPE … ADD VALUE cannot run inside a transaction block before PostgreSQL 12';
}

export function createDomain(run: Run, statement: CreateDomainStmt): void {
  const type = newType(run, strings(statement.domainname), 'domain');
  type.base = typeOf(statement.typeName);
  type.constraints = new Set();
  for (const { contype, conname } of all('Constraint', statement.constraints))
    if (contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL')
      type.constraints.add(conname ?? `${type.name}_check`);
}

/** A domain's new rule is checked in every table that uses it, under SHARE: `validateDomainCheckConstraint`. */
export function alterDomain(run: Run, statement: AlterDomainStmt): void {
  const type = run.schema.findType(nameOf(strings(statement.typeName)));
  if (!type) return;
  const constraint = as('Constraint', statement.def);
  const checks =
    statement.subtype === 'O' ||
    statement.subtype === 'V' ||
    (statement.subtype === 'C' && !constraint?.skip_validation);
  if (statement.subtype === 'C') {
    const names = new Set(type.constraints);
    names.add(constraint?.conname ?? `${type.name}_check`);
    run.journal.assign(type, 'constraints', names);
  }
  if (statement.subtype === 'O')
    run.journal.assign(type, 'constraints', new Set([...(type.constraints ?? []), 'not_null']));
  if (statement.subtype === 'X' || statement.subtype === 'N') {
    const names = new Set(type.constraints);
    names.delete(statement.subtype === 'N' ? 'not_null' : (statement.name ?? ''));
    run.journal.assign(type, 'constraints', names);
  }
  if (!checks) return;
  for (const table of run.schema.relations()) {
    const columns = [...table.columnMap]
      .filter(([, column]) => column.type.name === type.name)
      .map(([name]) => name);
    if (columns.length === 0 || table.kind === 'view') continue;
    run.lock(table, 'SHARE');
    run.scan(table);
    const message = `fails if a row of ${table.name} does not pass the domain ${type.name}`;
    run.dependsOnRows(table, columns, '23514', message);
  }
}

export function createComposite(run: Run, { typevar, coldeflist }: CompositeTypeStmt): void {
  if (!typevar) return;
  const parts = [typevar.schemaname, typevar.relname].filter((part) => part !== undefined);
  newType(run, parts, 'composite');
  const relation = newRelation(run, rangeName(typevar), 'composite_type', false);
  if (relation) for (const column of all('ColumnDef', coldeflist)) addColumn(run, relation, column);
}

export function createRange(run: Run, statement: CreateRangeStmt): void {
  newType(run, strings(statement.typeName), 'range');
}

/** CREATE TYPE with functions of its own, CREATE AGGREGATE, OPERATOR, COLLATION, …: no table is touched. */
export function define(run: Run, statement: DefineStmt): void {
  if (statement.kind !== 'OBJECT_TYPE') return;
  newType(run, strings(statement.defnames), statement.definition ? 'base' : 'shell');
}

/** Functions of extensions that defaults call. */
const EXTENSION_FUNCTIONS: Record<string, RegExp> = {
  'uuid-ossp': /^uuid_(?:generate_v|ns_|nil)/,
  pgcrypto: /^(?:gen_random_bytes|gen_salt|crypt|digest|hmac)$/,
};

/** Types that extensions bring. */
const EXTENSION_TYPES: Record<string, string[]> = {
  citext: ['citext'],
  hstore: ['hstore'],
  ltree: ['ltree', 'lquery', 'ltxtquery'],
  cube: ['cube'],
  vector: ['vector', 'halfvec', 'sparsevec'],
  postgis: ['geometry', 'geography'],
};

export function createExtension(run: Run, statement: CreateExtensionStmt): void {
  const name = statement.extname ?? '';
  if (run.schema.extensions.has(name)) {
    if (statement.if_not_exists) return;
    throw new SqlFailure('42710', `extension ${name} is there already`);
  }
  const schema = optionOf(statement.options, 'schema') ?? run.schema.home();
  run.journal.put(run.schema.extensions, name, schema);
  for (const type of EXTENSION_TYPES[name] ?? [])
    run.schema.addType({ schema, name: type, kind: 'base', extension: name });
}

export function dropExtension(run: Run, name: string, cascade: boolean): void {
  run.journal.remove(run.schema.extensions, name);
  for (const type of [...run.schema.types()])
    if (type.extension === name) dropType(run, type, newDrop(cascade));
  const functions = EXTENSION_FUNCTIONS[name];
  if (functions && cascade) dropDefaultsCalling(run, functions);
}

export function setVariable(run: Run, statement: VariableSetStmt): void {
  const name = statement.name?.toLowerCase();
  const isReset = /RESET|DEFAULT/.test(statement.kind ?? '');
  if (name === 'search_path' || statement.kind === 'VAR_RESET_ALL') {
    const path = all('A_Const', statement.args).map(({ sval }) => sval?.sval ?? '');
    setSearchPath(
      run,
      isReset ? ['public'] : path.flatMap((part) => part.split(',').map((one) => one.trim())),
    );
  }
  const value = constantOf(statement.args?.[0])?.toLowerCase() ?? '';
  if (name === 'check_function_bodies')
    run.journal.assign(run.schema.settings, 'checksBodies', isReset || !/^(?:false|off|no|0)$/.test(value));
  if (name === 'session_replication_role')
    run.journal.assign(run.schema.settings, 'isReplica', !isReset && value === 'replica');
  if (name === 'timezone')
    run.journal.assign(run.schema.settings, 'timeZone', isReset ? 'UTC' : zoneOf(statement.args));
}
