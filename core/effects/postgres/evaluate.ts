/** Values of expressions that are made of constants, as far as migrations put names of tables together with them. */
import type { Node } from 'libpg-query';
import { dateOf, formatDate, isDate, shifted, truncated } from './dates.ts';
import { as, constantOf, strings } from './tree.ts';
import { typeOf } from './types.ts';

/** Undefined: not known. */
export type Value = string | null | undefined;

/** Values of variables; `record.field` is a variable too. */
export type Known = Map<string, Value>;

/** The tree with known variables replaced by their values. */
export function bind<T>(tree: T, values: Known): T {
  if (values.size === 0 || !tree || typeof tree !== 'object') return tree;
  if (Array.isArray(tree)) return tree.map((item) => bind(item, values)) as T;
  const name = strings(as('ColumnRef', tree as unknown as Node)?.fields).join('.');
  const value = name === '' ? undefined : values.get(name);
  if (value !== undefined) return constant(value) as T;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, bind(item, values)])) as T;
}

function constant(value: string | null): Node {
  return { A_Const: value === null ? { isnull: true } : { sval: { sval: value } } };
}

export function evaluate(node: Node | undefined): Value {
  const cast = as('TypeCast', node);
  if (cast) return castTo(evaluate(cast.arg), typeOf(cast.typeName).name);
  const known = constantOf(node);
  if (known !== undefined) return known;
  const special = as('SQLValueFunction', node)?.op;
  if (special === 'SVFOP_CURRENT_DATE') return dateOf('today');
  if (special === 'SVFOP_CURRENT_TIMESTAMP' || special === 'SVFOP_LOCALTIMESTAMP') return dateOf('now');
  const operation = as('A_Expr', node);
  if (operation?.kind === 'AEXPR_OP')
    return operate(strings(operation.name).at(-1) ?? '', operation.lexpr, operation.rexpr);
  const coalesce = as('CoalesceExpr', node);
  if (coalesce) return firstKnown((coalesce.args ?? []).map(evaluate));
  const call = as('FuncCall', node);
  return call ? result(strings(call.funcname).at(-1) ?? '', (call.args ?? []).map(evaluate)) : undefined;
}

function firstKnown(values: readonly Value[]): Value {
  const at = values.findIndex((value) => value !== null);
  return at < 0 ? null : values[at];
}

function castTo(value: Value, type: string): Value {
  if (typeof value !== 'string') return value;
  if (type === 'date') return dateOf(value)?.slice(0, DATE_LENGTH) ?? value;
  if (/^timestamp/.test(type)) return dateOf(value) ?? value;
  return value;
}

const DATE_LENGTH = '2000-01-01'.length;

function operate(operator: string, leftNode: Node | undefined, rightNode: Node | undefined): Value {
  const [left, right] = [evaluate(leftNode), evaluate(rightNode)];
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  if (operator === '||') return left + right;
  const sign = operator === '-' ? -1 : 1;
  if ((operator === '+' || operator === '-') && isDate(left)) return shifted(left, right, sign);
  const [a, b] = [Number(left), Number(right)];
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  if (operator === '+' || operator === '-') return String(a + sign * b);
  return operator === '*' ? String(a * b) : undefined;
}

function result(name: string, args: readonly Value[]): Value {
  const [first, second] = args;
  switch (name) {
    case 'now':
      return dateOf('now');
    case 'format':
      return format(args);
    case 'concat':
      return args.includes(undefined) ? undefined : args.map((argument) => argument ?? '').join('');
    case 'current_schema':
      return 'public';
    default:
      break;
  }
  if (typeof first !== 'string') return undefined;
  switch (name) {
    case 'quote_ident':
      return quoteName(first);
    case 'quote_literal':
      return quoteText(first);
    case 'lower':
      return first.toLowerCase();
    case 'upper':
      return first.toUpperCase();
    case 'to_char':
      return typeof second === 'string' && isDate(first) ? formatDate(first, second) : undefined;
    case 'date_trunc':
      return typeof second === 'string' ? truncated(first, second) : undefined;
    case 'regexp_replace': {
      const third = args[2];
      return typeof second === 'string' && typeof third === 'string'
        ? replaced(first, second, third)
        : undefined;
    }
    case 'replace': {
      const third = args[2];
      return typeof second === 'string' && typeof third === 'string'
        ? first.replaceAll(second, third)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** The first match only, as without the flag `g`; undefined for a pattern that is none here. */
function replaced(text: string, pattern: string, by: string): Value {
  try {
    return text.replace(new RegExp(pattern), by.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1'));
  } catch {
    return undefined;
  }
}

/** PostgreSQL's format(): %s, %I, %L, %%, and positions. */
function format([pattern, ...args]: readonly Value[]): string | undefined {
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
