/**
 * Types of columns as far as rewrites hang on them.
 *
 * Sources: `ATColumnChangeRequiresRewrite` in PostgreSQL's tablecmds.c, the binary-coercible entries of pg_cast, and the
 * planner support functions of the length coercions (`varchar_support`, `numeric_support`, `TemporalSimplify`, …).
 */
import type { TypeName } from 'libpg-query';
import { all, strings } from './tree.ts';

export interface SqlType {
  /** Without pg_catalog; `schema.name` where another schema is written. PostgreSQL's inner name: `int4`, `bpchar`. */
  name: string;
  /** Length, precision and scale, … */
  modifiers: number[];
  array: boolean;
}

/** Words of the standard for PostgreSQL's inner names. */
const WORDS: Record<string, string> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'character',
  varchar: 'character varying',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
  time: 'time without time zone',
  varbit: 'bit varying',
};
const INNER: Record<string, string> = {
  smallserial: 'int2',
  serial2: 'int2',
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallint: 'int2',
  integer: 'int4',
  int: 'int4',
  bigint: 'int8',
  decimal: 'numeric',
};

export function typeOf(node: TypeName | undefined): SqlType {
  const parts = strings(node?.names);
  if (parts.length > 1 && parts[0] === 'pg_catalog') parts.shift();
  const modifiers = all('A_Const', node?.typmods).map(({ ival }) => ival?.ival ?? 0);
  const name = parts.join('.');
  return { name: INNER[name] ?? name, modifiers, array: (node?.arrayBounds?.length ?? 0) > 0 };
}

/** Whether a column of this type gets a sequence of its own. */
export function isSerial(node: TypeName | undefined): boolean {
  return /^(?:(?:small|big)?serial|serial[248])$/.test(strings(node?.names).join('.'));
}

/** As a person would write it. */
export function typeText({ name, modifiers, array }: SqlType): string {
  const base = WORDS[name] ?? name;
  const text = modifiers.length > 0 ? `${base}(${modifiers.join(',')})` : base;
  return array ? `${text}[]` : text;
}

export function sameType(a: SqlType, b: SqlType): boolean {
  return typeText(a) === typeText(b);
}

/** Casts that need no work at all: `pg_cast.castmethod = 'b'`. */
const BINARY_COERCIBLE = new Set([
  'varchar text',
  'text varchar',
  'text bpchar',
  'varchar bpchar',
  'bpchar varchar_never',
  'citext text',
  'citext varchar',
  'text citext',
  'varchar citext',
  'cidr inet',
  'int4 oid',
  'oid int4',
  'xml text',
  'xml varchar',
  'bit varbit',
  'varbit bit',
  ...[
    'regclass',
    'regproc',
    'regprocedure',
    'regoper',
    'regoperator',
    'regtype',
    'regrole',
    'regnamespace',
  ].flatMap((name) => [`oid ${name}`, `${name} oid`, `int4 ${name}`, `${name} int4`]),
]);

/** Whether the values of one type are those of the other as they are, modifiers aside. */
export function binaryCoercible(from: string, to: string): boolean {
  return from === to || BINARY_COERCIBLE.has(`${from} ${to}`);
}

/** Types whose fractional seconds have this many digits where none are given. */
const MOST_DIGITS = 6;

/** Whether the new length or precision takes every value of the old one unchanged, without a look at them. */
export function modifiersWiden(from: SqlType, to: SqlType): boolean {
  if (to.modifiers.length === 0)
    return to.name !== 'bpchar' && to.name !== 'bit' ? true : from.name === to.name;
  const [oldFirst, oldSecond = 0] = from.modifiers;
  const [newFirst = 0, newSecond = 0] = to.modifiers;
  if (from.name === to.name && typeText(from) === typeText(to)) return true;
  switch (to.name) {
    case 'varchar':
    case 'varbit':
      return from.name === to.name && oldFirst !== undefined && newFirst >= oldFirst;
    case 'numeric':
      return (
        from.name === to.name && oldFirst !== undefined && newSecond === oldSecond && newFirst >= oldFirst
      );
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      return newFirst >= MOST_DIGITS || (oldFirst !== undefined && newFirst >= oldFirst);
    case 'interval':
      return newSecond >= MOST_DIGITS || (from.modifiers.length > 1 && newSecond >= oldSecond);
    default:
      return false;
  }
}
