/** Values of expressions in PL/pgSQL, as far as they are made of constants and known variables. */
import type { Node } from 'libpg-query';
import { type Answer, holds } from './rows.ts';
import type { Schema } from './schema.ts';
import { as, constantOf, strings } from './tree.ts';

/** Values of variables; undefined is not known. */
export type Known = Map<string, string | null | undefined>;

export function evaluate(node: Node | undefined, values: Known): string | null | undefined {
  const constant = constantOf(node);
  if (constant !== undefined) return constant;
  const fields = strings(as('ColumnRef', node)?.fields);
  if (fields.length === 1) return values.get(fields[0] ?? '');
  const cast = as('TypeCast', node);
  if (cast) return evaluate(cast.arg, values);
  const operation = as('A_Expr', node);
  if (operation && strings(operation.name).at(-1) === '||') {
    const [left, right] = [evaluate(operation.lexpr, values), evaluate(operation.rexpr, values)];
    if (left === undefined || right === undefined) return undefined;
    return left === null || right === null ? null : left + right;
  }
  const call = as('FuncCall', node);
  if (!call) return undefined;
  const args = (call.args ?? []).map((argument) => evaluate(argument, values));
  const [first] = args;
  switch (strings(call.funcname).at(-1)) {
    case 'format':
      return format(args);
    case 'quote_ident':
      return typeof first === 'string' ? quoteName(first) : undefined;
    case 'quote_literal':
      return typeof first === 'string' ? quoteText(first) : undefined;
    case 'concat':
      return args.includes(undefined) ? undefined : args.map((argument) => argument ?? '').join('');
    case 'lower':
      return typeof first === 'string' ? first.toLowerCase() : undefined;
    case 'current_schema':
      return 'public';
    default:
      return undefined;
  }
}

export function testCondition(schema: Schema, condition: Node, values: Known): Answer {
  const known = new Map(
    [...values].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  return holds(schema, condition, new Map(), known);
}

/** PostgreSQL's format(): %s, %I, %L, %%, and positions. */
function format([pattern, ...args]: (string | null | undefined)[]): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  let next = 0;
  let unknown = false;
  const text = pattern.replace(/%(?:(\d+)\$)?([sIL%])/g, (_, position: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const at = position === undefined ? next : Number(position) - 1;
    next = at + 1;
    const value = args[at];
    if (value === undefined) unknown = true;
    if (kind === 'I') return quoteName(value ?? '');
    return kind === 'L' ? (value === null ? 'NULL' : quoteText(value ?? '')) : (value ?? '');
  });
  return unknown ? undefined : text;
}

function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
