/** What Kysely sends for the calls of its schema builder (kysely.dev, “Schema”). */
import type { CallContext, CallResult } from './extract.ts';
import { type Call, type Chain, chainOf, isFunction, isSql, type Node, parameter } from './source.ts';
import type { ColumnSpec, Reference } from './writer.ts';

export function kyselyCall(chain: Chain, context: CallContext): CallResult {
  const names = chain.calls.map(({ name }) => name);
  if (!names.includes('execute') && !names.includes('executeTakeFirst')) return undefined;
  const at = names.indexOf('schema');
  if (at === -1) {
    const changes = ['insertInto', 'updateTable', 'deleteFrom', 'replaceInto', 'mergeInto'].some((name) =>
      names.includes(name),
    );
    return changes ? { unknown: 'rows are changed by the query builder' } : undefined;
  }
  let calls = chain.calls.slice(at + 1);
  let schema: string | undefined;
  if (calls[0]?.name === 'withSchema') {
    schema = context.source.word(calls[0].args[0]);
    if (schema === undefined) return { unknown: 'the name of the schema is not known' };
    calls = calls.slice(1);
  }
  const [first, ...rest] = calls;
  if (!first) return undefined;
  const name = context.source.word(first.args[0]);
  if (name === undefined) return { unknown: `the name in ${first.name} is not known` };
  const full = schema === undefined ? name : `${schema}.${name}`;
  const steps = rest.filter(({ name: step }) => !step.startsWith('execute'));
  const words = new Set(steps.map(({ name: step }) => step));
  const { writer } = context;
  const exists = words.has('ifExists') ? 'IF EXISTS ' : '';
  const missing = words.has('ifNotExists') ? 'IF NOT EXISTS ' : '';
  const cascade = words.has('cascade') ? ' CASCADE' : '';
  switch (first.name) {
    case 'createTable':
      return createTable(full, missing, steps, context);
    case 'alterTable':
      return alterTable(full, steps, context);
    case 'dropTable':
      return [`DROP TABLE ${exists}${writer.name(full)}${cascade}`];
    case 'createIndex':
      return createIndex(name, steps, context);
    case 'dropIndex': {
      const table = context.source.word(steps.find(({ name: step }) => step === 'on')?.args[0]);
      return exists ? [`DROP INDEX ${exists}${writer.name(full)}`] : [writer.dropIndex(table, full)];
    }
    case 'createSchema':
      return [`CREATE SCHEMA ${missing}${writer.name(name)}`];
    case 'dropSchema':
      return [`DROP SCHEMA ${exists}${writer.name(name)}${cascade}`];
    case 'createType': {
      const values = context.source.list(steps.find(({ name: step }) => step === 'asEnum')?.args[0]);
      if (!values) return { unknown: 'the values of the type are not known' };
      return [
        `CREATE TYPE ${writer.name(full)} AS ENUM (${values.map((value) => writer.literal(value)).join(', ')})`,
      ];
    }
    case 'dropType':
      return [`DROP TYPE ${exists}${writer.name(full)}`];
    case 'dropView':
      return [`DROP ${words.has('materialized') ? 'MATERIALIZED ' : ''}VIEW ${exists}${writer.name(full)}`];
    default:
      return { unknown: `${first.name} is not known` };
  }
}

function createTable(
  table: string,
  missing: string,
  steps: readonly Call[],
  context: CallContext,
): CallResult {
  const { writer } = context;
  const parts: string[] = [];
  for (const step of steps) {
    if (['ifNotExists', 'temporary', 'onCommit', 'modifyEnd', 'modifyFront'].includes(step.name)) continue;
    const part = step.name === 'addColumn' ? columnText(step, context) : constraintText(step, context);
    if (typeof part !== 'string') return part;
    parts.push(part);
  }
  return [`CREATE TABLE ${missing}${writer.name(table)} (${parts.join(', ')})`];
}

function columnText(step: Call, context: CallContext): string | { unknown: string } {
  const column = columnOf(step, context);
  return 'unknown' in column ? column : context.writer.column(column);
}

/** `addColumn('id', 'serial', (col) => col.primaryKey().notNull())`. */
function columnOf({ args }: Call, context: CallContext): ColumnSpec | { unknown: string } {
  const { source } = context;
  const [name, type] = [source.word(args[0]), source.word(args[1])];
  if (name === undefined || type === undefined)
    return { unknown: 'the name or the type of a column is not known' };
  const column: ColumnSpec = { name, type };
  const calls = callbackCalls(args[2]);
  if (calls === undefined) return { unknown: `what is asked of column ${name} is not known` };
  let reference: Reference | undefined;
  for (const call of calls) {
    const word = source.word(call.args[0]);
    if (call.name === 'notNull') column.notNull = true;
    else if (call.name === 'primaryKey') column.primaryKey = true;
    else if (call.name === 'unique') column.unique = true;
    else if (call.name === 'autoIncrement') column.autoIncrement = true;
    else if (call.name === 'generatedAlwaysAsIdentity') column.type += ' GENERATED ALWAYS AS IDENTITY';
    else if (call.name === 'generatedByDefaultAsIdentity') column.type += ' GENERATED BY DEFAULT AS IDENTITY';
    else if (call.name === 'unsigned') column.type += ' unsigned';
    else if (call.name === 'defaultTo') {
      const value = defaultText(call.args[0], context);
      if (value === undefined) return { unknown: `the default of ${name} is not known` };
      column.default = value;
    } else if (call.name === 'references') {
      const dot = word?.lastIndexOf('.') ?? -1;
      if (word === undefined || dot < 1) return { unknown: `what ${name} points at is not known` };
      reference = { table: word.slice(0, dot), column: word.slice(dot + 1) };
    } else if (call.name === 'onDelete' && reference) reference.onDelete = word;
    else if (call.name === 'onUpdate' && reference) reference.onUpdate = word;
    else if (call.name === 'check') column.type += ` CHECK (${word ?? 'true'})`;
    else return { unknown: `${call.name} of column ${name} is not known` };
  }
  if (reference) column.references = reference;
  return column;
}

function defaultText(node: Node | undefined, { source, writer }: CallContext): string | undefined {
  const value = source.known(node);
  if (isSql(value)) return value.sql;
  if (value === undefined || Array.isArray(value) || (typeof value === 'object' && value !== null))
    return undefined;
  return writer.literal(value);
}

/** Calls on the parameter of `(col) => col.a().b()`; none where nothing is handed over; undefined where it is not plain. */
function callbackCalls(node: Node | undefined): Call[] | undefined {
  if (node === undefined) return [];
  if (!isFunction(node)) return undefined;
  const name = parameter(node);
  let body: Node | null | undefined = node.body;
  if (body.type === 'BlockStatement') {
    const [only] = body.body;
    body = body.body.length === 1 && only?.type === 'ReturnStatement' ? only.argument : undefined;
  }
  const chain = body ? chainOf(body) : undefined;
  return chain && chain.root === name ? chain.calls : undefined;
}

function constraintText(step: Call, context: CallContext): string | { unknown: string } {
  const { source, writer } = context;
  const name = source.word(step.args[0]);
  const columns = source.list(step.args[1]);
  if (name === undefined) return { unknown: `the name in ${step.name} is not known` };
  const head = `CONSTRAINT ${writer.name(name)}`;
  if (step.name === 'addCheckConstraint') {
    const check = source.word(step.args[1]);
    return check === undefined ? { unknown: 'the check is not known' } : `${head} CHECK (${check})`;
  }
  if (!columns) return { unknown: `the columns in ${step.name} are not known` };
  if (step.name === 'addPrimaryKeyConstraint') return `${head} PRIMARY KEY (${writer.names(columns)})`;
  if (step.name === 'addUniqueConstraint') return `${head} UNIQUE (${writer.names(columns)})`;
  if (step.name !== 'addForeignKeyConstraint') return { unknown: `${step.name} is not known` };
  const [table, targets] = [source.word(step.args[2]), source.list(step.args[3])];
  if (table === undefined || !targets) return { unknown: 'what the key points at is not known' };
  const calls = callbackCalls(step.args[4]) ?? [];
  const rule = (call: string, words: string) => {
    const value = source.word(calls.find((one) => one.name === call)?.args[0]);
    return value === undefined ? '' : ` ${words} ${value.toUpperCase()}`;
  };
  return `${head} FOREIGN KEY (${writer.names(columns)}) REFERENCES ${writer.name(table)} (${writer.names(targets)})${rule('onDelete', 'ON DELETE')}${rule('onUpdate', 'ON UPDATE')}`;
}

function alterTable(table: string, steps: readonly Call[], context: CallContext): CallResult {
  const actions: string[] = [];
  for (const step of steps) {
    const action = alteration(step, context);
    if (typeof action !== 'string') return action;
    // The keys' own options follow them: `.addForeignKeyConstraint(…).onDelete('cascade')`.
    if (action.startsWith('ON ')) actions.push(`${actions.pop() ?? ''} ${action}`);
    else if (action) actions.push(action);
  }
  return actions.length === 0 ? undefined : [context.writer.alter(table, actions.join(', '))];
}

function alteration(step: Call, context: CallContext): string | { unknown: string } {
  const { source, writer } = context;
  const [first, second] = [source.word(step.args[0]), source.word(step.args[1])];
  switch (step.name) {
    case 'addColumn': {
      const text = columnText(step, context);
      return typeof text === 'string' ? `ADD COLUMN ${text}` : text;
    }
    case 'modifyColumn': {
      const text = columnText(step, context);
      return typeof text === 'string' ? `MODIFY COLUMN ${text}` : text;
    }
    case 'dropColumn':
      return first === undefined
        ? { unknown: 'the name of the column is not known' }
        : `DROP COLUMN ${writer.name(first)}`;
    case 'renameColumn':
      if (first === undefined || second === undefined)
        return { unknown: 'the name of the column is not known' };
      return `RENAME COLUMN ${writer.name(first)} TO ${writer.name(second)}`;
    case 'renameTo':
      return first === undefined
        ? { unknown: 'the new name is not known' }
        : `RENAME TO ${writer.name(first)}`;
    case 'setSchema':
      return first === undefined
        ? { unknown: 'the schema is not known' }
        : `SET SCHEMA ${writer.name(first)}`;
    case 'dropConstraint':
      return first === undefined
        ? { unknown: 'the name of the constraint is not known' }
        : `DROP CONSTRAINT ${writer.name(first)}`;
    case 'alterColumn':
      return alterColumn(step, context);
    case 'onDelete':
    case 'onUpdate':
      return first === undefined
        ? { unknown: 'the rule is not known' }
        : `ON ${step.name.slice(2).toUpperCase()} ${first.toUpperCase()}`;
    case 'ifExists':
    case 'cascade':
      return '';
    default: {
      const text = constraintText(step, context);
      return typeof text === 'string' ? `ADD ${text}` : text;
    }
  }
}

function alterColumn({ args }: Call, context: CallContext): string | { unknown: string } {
  const { source, writer } = context;
  const name = source.word(args[0]);
  const [call] = callbackCalls(args[1]) ?? [];
  if (name === undefined || !call) return { unknown: 'what becomes of the column is not known' };
  const head = `ALTER COLUMN ${writer.name(name)}`;
  switch (call.name) {
    case 'setDataType': {
      const type = source.word(call.args[0]);
      return type === undefined ? { unknown: 'the type is not known' } : `${head} TYPE ${type}`;
    }
    case 'setDefault': {
      const value = defaultText(call.args[0], context);
      return value === undefined ? { unknown: 'the default is not known' } : `${head} SET DEFAULT ${value}`;
    }
    case 'dropDefault':
      return `${head} DROP DEFAULT`;
    case 'setNotNull':
      return `${head} SET NOT NULL`;
    case 'dropNotNull':
      return `${head} DROP NOT NULL`;
    default:
      return { unknown: `${call.name} is not known` };
  }
}

function createIndex(name: string, steps: readonly Call[], { source, writer }: CallContext): CallResult {
  const step = (word: string) => steps.find((one) => one.name === word);
  const table = source.word(step('on')?.args[0]);
  const columns = steps.flatMap((one) =>
    ['column', 'columns'].includes(one.name) ? (source.list(one.args[0]) ?? ['']) : [],
  );
  const expression = source.word(step('expression')?.args[0]);
  if (table === undefined || columns.includes('') || (columns.length === 0 && expression === undefined))
    return { unknown: 'the table or the columns of the index are not known' };
  if (step('where')) return { unknown: 'which rows the index covers is not known' };
  const plain = columns.map((column) => column.split(' ')[0] ?? column);
  const text = writer.index(table, plain, {
    name,
    unique: step('unique') !== undefined,
    using: source.word(step('using')?.args[0]),
  });
  return [expression === undefined ? text : text.replace(/\([^()]*\)$/, `(${expression})`)];
}
