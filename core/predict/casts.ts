/** Whether the values of a column can all become values of another type. */
import type { Node } from 'libpg-query';
import { as } from '../effects/postgres/tree.ts';
import { type SqlType, typeOf, typeText } from '../effects/postgres/types.ts';
import type { ColumnStatistics } from '../statistics/statistics.ts';
import type { Signals } from './dangers.ts';
import { lengthEvidence } from './lengths.ts';
import { count, type Evidence, HARDLY, LIKELY_SURE, SURELY } from './sampled.ts';
import { commandsOf } from './selectivity.ts';
import type { Subject } from './subject.ts';

const NUMBERS = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];
const TEXTS = /^(?:text|varchar|bpchar|citext)$/;
/** Largest number of digits of which every number fits. */
const DIGITS: Record<string, number> = { int2: 4, int4: 9, int8: 18 };
/** Most bytes of a text that can become a value of the type, one byte of length included. */
const WIDEST: Record<string, number> = {
  int2: 8,
  int4: 13,
  int8: 22,
  bool: 7,
  uuid: 40,
  date: 16,
  timestamptz: 40,
  timestamp: 36,
};
const NARROWEST: Record<string, number> = { uuid: 32, date: 8, timestamptz: 10, timestamp: 10 };

export function castEvidence(
  relation: string,
  column: string,
  rows: number,
  subject: Subject,
): Evidence & { signals?: Partial<Signals> } {
  const definition = commandsOf(subject.statement.tree)
    .filter(({ subtype, name }) => subtype === 'AT_AlterColumnType' && name === column)
    .map(({ def }) => as('ColumnDef', def))[0];
  const to = typeOf(definition?.typeName);
  const before = subject.catalogue.relation(relation)?.columns.get(column)?.type;
  const known = subject.knowledge.column(relation, column);
  const told = (evidence: Evidence): Evidence => ({
    ...evidence,
    because: `${column} to ${typeText(to)}: ${evidence.because}`,
  });
  if (known?.nullFraction === 1) return { p: HARDLY, from: 'exact', because: `${column} holds only NULLs` };
  const plain = isPlain(definition?.raw_default, column);
  const from = before === undefined ? undefined : inner(before);
  if (from === undefined || !plain)
    return { p: 0.4, from: 'none', because: `${column} goes through an expression` };
  const [length] = to.modifiers;
  if (TEXTS.test(to.name)) {
    if (length === undefined)
      return { p: HARDLY, from: 'exact', because: `everything becomes ${typeText(to)}` };
    // Written as USING column::varchar(n), values are cut, not refused.
    if (definition?.raw_default && as('TypeCast', definition.raw_default))
      return { p: HARDLY, from: 'exact', because: 'the cast cuts what is longer' };
    const evidence = lengthEvidence(known, length, Number.NaN);
    return { ...told(evidence), ...(evidence.signals ? { signals: evidence.signals } : {}) };
  }
  if (NUMBERS.includes(from) && NUMBERS.includes(to.name)) return told(betweenNumbers(from, to, known, rows));
  if (isSafe(from, to.name)) return told({ p: HARDLY, from: 'exact', because: 'every value fits' });
  if (TEXTS.test(from) || from === 'json' || from === 'name') return fromText(to, known, rows, subject, told);
  return { p: 0.3, from: 'none', because: `${column} from ${before} to ${typeText(to)}: values decide` };
}

/** No USING, or one that is the column itself behind casts. */
function isPlain(using: Node | undefined, column: string): boolean {
  if (!using) return true;
  const cast = as('TypeCast', using);
  if (cast) return isPlain(cast.arg, column);
  const fields = as('ColumnRef', using)?.fields;
  return fields !== undefined && as('String', fields.at(-1))?.sval === column;
}

function isSafe(from: string, to: string): boolean {
  const pairs = new Set([
    'timestamp timestamptz', 'timestamptz timestamp', 'date timestamp', 'date timestamptz', 'timestamp date',
    'timestamptz date', 'jsonb json', 'bool int4', 'int4 bool', 'cidr inet', 'time timetz',
  ]); // biome-ignore format: pairs
  return from === to || pairs.has(`${from} ${to}`);
}

function betweenNumbers(
  from: string,
  to: SqlType,
  known: ColumnStatistics | undefined,
  rows: number,
): Evidence {
  const [precision, scale = 0] = to.modifiers;
  if (to.name.startsWith('float') || (to.name === 'numeric' && precision === undefined))
    return { p: HARDLY, from: 'exact', because: 'every value fits' };
  const most = to.name === 'numeric' ? (precision ?? 0) - scale : (DIGITS[to.name] ?? 0);
  if (NUMBERS.indexOf(to.name) >= NUMBERS.indexOf(from) && to.name !== 'numeric')
    return { p: HARDLY, from: 'exact', because: 'every value fits' };
  const digits = known?.maxDigits;
  if (digits !== undefined) {
    if (digits <= most) return { p: HARDLY, from: 'exact', because: `${digits} digits at most` };
    if (digits > most + 1 || to.name === 'numeric')
      return { p: SURELY, from: 'exact', because: `a number has ${digits} digits` };
    return { p: 0.6, from: 'sample', because: `a number has ${digits} digits` };
  }
  const room = to.name === 'int2' ? 65_536 : to.name === 'int4' ? 2 ** 32 : 2 * 10 ** most;
  const distinct =
    known?.distinct === null || known?.distinct === undefined
      ? undefined
      : known.distinct < 0
        ? -known.distinct * rows
        : known.distinct;
  if (distinct !== undefined && distinct > room)
    return { p: LIKELY_SURE, from: 'sample', because: `${count(distinct)} different numbers` };
  return { p: 0.5, from: 'none', because: 'nobody knows the largest number' };
}

/** Names by which the exporter tries a type. */
const TRIED: Record<string, string> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  timestamp: 'timestamptz',
  json: 'jsonb',
};

function fromText(
  to: SqlType,
  known: ColumnStatistics | undefined,
  rows: number,
  { catalogue }: Subject,
  told: (evidence: Evidence) => Evidence,
): Evidence & { signals?: Partial<Signals> } {
  const tried = TRIED[to.name] ?? to.name;
  if (known?.castsTo && (known.castsTried ?? ALWAYS_TRIED).includes(tried) && to.modifiers.length === 0)
    return known.castsTo.includes(tried)
      ? told({ p: HARDLY * 2, from: 'exact', because: 'every value was tried' })
      : told({ p: SURELY, from: 'exact', because: 'a value was refused when tried' });
  const distinct =
    !known || known.distinct === null
      ? Number.NaN
      : known.distinct < 0
        ? -known.distinct * rows
        : known.distinct;
  const values = known?.exactDistinct ?? distinct;
  const labels = labelsOf(to.name, catalogue);
  const allowed = labels ?? (to.name === 'bool' ? 12 : undefined);
  if (allowed !== undefined && values > allowed + 0.5)
    return told({
      p: LIKELY_SURE,
      from: 'sample',
      because: `${count(values)} different values, ${allowed} fit`,
    });
  const width = known?.avgWidth ?? Number.NaN;
  const signals = {
    spread: allowed === undefined ? Number.NaN : values / allowed,
    distinct: values / rows,
    fill: width / (WIDEST[to.name] ?? Number.NaN),
  };
  if (width > (WIDEST[to.name] ?? Infinity) || width < (NARROWEST[to.name] ?? 0))
    return told({
      p: LIKELY_SURE - 0.01,
      from: 'sample',
      because: `values are ${width} bytes long on average`,
    });
  return {
    ...told({ p: 0.5, from: 'none', because: 'nothing tells whether every value can be read as one' }),
    signals,
  };
}

/** What the exporter tries where a file does not say. */
const ALWAYS_TRIED = [
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'boolean',
  'uuid',
  'date',
  'timestamptz',
  'jsonb',
];

/** Labels of an enum that the history made. */
function labelsOf(type: string, catalogue: Subject['catalogue']): number | undefined {
  const types = (catalogue as { types?: () => Iterable<{ name: string; labels?: string[] }> }).types?.();
  for (const { name, labels } of types ?? []) if (name === type.split('.').at(-1)) return labels?.length;
  return undefined;
}

function inner(written: string): string {
  const words: Record<string, string> = {
    smallint: 'int2', integer: 'int4', bigint: 'int8', real: 'float4', 'double precision': 'float8', boolean: 'bool',
    character: 'bpchar', 'character varying': 'varchar', 'timestamp with time zone': 'timestamptz',
    'timestamp without time zone': 'timestamp', 'time without time zone': 'time', 'time with time zone': 'timetz',
  }; // biome-ignore format: pairs
  const base = written.replace(/\(.*\)/, '').trim();
  return words[base] ?? base;
}
