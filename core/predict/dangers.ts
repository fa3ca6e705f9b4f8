/**
 * What the rows could make fail, one danger for each: what the statistics say of it, and what of that a model can weigh.
 * Source of each: the server checks exactly this (SQLSTATE in {@link DataDependence}).
 */
import type { Constraint, Node } from 'libpg-query';
import type { DataDependence } from '../effects/effects.ts';
import { all, as, rangeName, strings } from '../effects/postgres/tree.ts';
import { castEvidence } from './casts.ts';
import { checkEvidence } from './check-evidence.ts';
import { count, duplicatesIn, type Evidence, HARDLY, LIKELY_SURE, nullsIn, SURELY } from './sampled.ts';
import { commandsOf } from './selectivity.ts';
import type { Subject } from './subject.ts';
import { named } from './table-knowledge.ts';
import { tableOf } from './work.ts';

export const DANGER_KINDS = [
  'nulls',
  'duplicates',
  'orphans',
  'check',
  'cast',
  'any-row',
  'referenced',
  'other',
] as const;
export type DangerKind = (typeof DANGER_KINDS)[number];

export interface Danger extends Evidence {
  kind: DangerKind;
  relation: string;
  columns: string[];
  /** Of the table; undefined where nothing tells. */
  rows: number | undefined;
  /** What a model weighs where counts do not decide; NaN where missing. */
  signals: Signals;
}

export interface Signals {
  /** log₁₀ of the equal pairs to be expected by chance. */
  chance: number;
  /** Average length over the limit. */
  fill: number;
  /** Different values over those allowed, or over the rows that a foreign key points at. */
  spread: number;
  /** Different values a row. */
  distinct: number;
}

export const NO_SIGNALS: Signals = {
  chance: Number.NaN,
  fill: Number.NaN,
  spread: Number.NaN,
  distinct: Number.NaN,
};

/** Every danger of a statement on tables that hold rows. */
export function dangersOf(subject: Subject): Danger[] {
  const found = subject.effects.dataDependent.flatMap((dependence) => dangerOf(dependence, subject) ?? []);
  return [...found, ...referencedRows(subject)];
}

function dangerOf(dependence: DataDependence, subject: Subject): Danger | undefined {
  const { knowledge } = subject;
  const relation = tableOf(dependence.object, subject);
  if (knowledge.isMade(relation)) return undefined;
  const rows = knowledge.rows(relation);
  const { columns, sqlState } = dependence;
  const base = { relation, columns, rows };
  const kind = kindOf(dependence, subject, relation);
  if (rows === 0)
    return { ...base, kind, p: HARDLY, from: 'exact', because: `${relation} is empty`, signals: NO_SIGNALS };
  if (kind === 'any-row') {
    if (rows === undefined)
      return {
        ...base,
        kind,
        p: 0.6,
        from: 'none',
        because: `nobody knows whether ${relation} has rows`,
        signals: NO_SIGNALS,
      };
    return {
      ...base,
      kind,
      p: SURELY,
      from: 'exact',
      because: `${relation} has ${count(rows)} rows and the new column no default`,
      signals: NO_SIGNALS,
    };
  }
  if (rows === undefined) return { ...base, kind, ...blind(relation), signals: NO_SIGNALS };
  const spoken = columns.join(', ');
  const told = (evidence: Evidence & { signals?: Partial<Signals> }): Danger => {
    const state = columns.map((column) => knowledge.state(relation, column)).find((one) => one === 'changed');
    const thinned = knowledge.isThinned(relation) && evidence.p > 0.5;
    const loosened: Evidence =
      state || (thinned && kind !== 'nulls') || (thinned && evidence.p < 1)
        ? { p: 0.25, from: 'none', because: `this migration changes rows of ${relation} before` }
        : evidence;
    return { ...base, kind, ...loosened, signals: { ...NO_SIGNALS, ...evidence.signals } };
  };
  switch (kind) {
    case 'nulls': {
      const [column = ''] = columns;
      const state = knowledge.state(relation, column);
      if (state === 'filled' || state === 'constant')
        return {
          ...base,
          kind,
          p: HARDLY * 2,
          from: 'exact',
          because: `this migration fills ${column}`,
          signals: NO_SIGNALS,
        };
      if (state === 'mended')
        return {
          ...base,
          kind,
          p: 0.05,
          from: 'exact',
          because: `this migration replaces the NULLs of ${column} by an expression`,
          signals: NO_SIGNALS,
        };
      if (state === 'empty')
        return {
          ...base,
          kind,
          p: SURELY,
          from: 'exact',
          because: `${column} is new and NULL in ${count(rows)} rows`,
          signals: NO_SIGNALS,
        };
      return told(about(nullsIn(knowledge.column(relation, column), rows), 'NULLs', spoken));
    }
    case 'duplicates':
      return told(duplicates(relation, columns, rows, subject));
    case 'orphans':
      return told(orphans(relation, columns, rows, subject));
    case 'check':
      return told(checkEvidence(relation, columns, rows, subject));
    case 'cast':
      return told(castEvidence(relation, columns[0] ?? '', rows, subject));
    default:
      return {
        ...base,
        kind,
        p: 0.3,
        from: 'none',
        because: `${sqlState} depends on the rows of ${relation}`,
        signals: NO_SIGNALS,
      };
  }
}

function kindOf(
  { sqlState, columns }: DataDependence,
  { statement }: Subject,
  _relation: string,
): DangerKind {
  if (sqlState === '23502') {
    const adds = commandsOf(statement.tree).some(
      ({ subtype, def }) =>
        subtype === 'AT_AddColumn' && columns.includes(as('ColumnDef', def)?.colname ?? ''),
    );
    return adds ? 'any-row' : 'nulls';
  }
  const kinds: Record<string, DangerKind> = {
    '23505': 'duplicates',
    '23503': 'orphans',
    '23514': 'check',
    '22P02': 'cast',
  };
  return kinds[sqlState] ?? 'other';
}

/** Rows decide and nothing is known of them: most migrations go well. */
function blind(relation: string): Evidence {
  return { p: 0.1, from: 'none', because: `no statistics of ${relation}` };
}

function about(evidence: Evidence, what: string, columns: string): Evidence {
  return { ...evidence, because: `${what} in ${columns}: ${evidence.because}` };
}

/** A single column by itself; several by the pigeonhole, by what was counted, or by chance. */
function duplicates(
  relation: string,
  columns: string[],
  rows: number,
  subject: Subject,
): Evidence & { signals?: Partial<Signals> } {
  const { knowledge, catalogue, statement } = subject;
  const spoken = columns.join(', ');
  const index = as('IndexStmt', statement.tree as Node | undefined);
  const partial = index?.whereClause !== undefined;
  const known = catalogue.relation(relation);
  const guaranteed = [...(known?.indexes.values() ?? [])].find(
    ({ unique, partial, valid, columns: own }) =>
      unique && valid && !partial && own.every((name) => columns.includes(name)),
  );
  if (guaranteed)
    return { p: HARDLY, from: 'exact', because: `${guaranteed.columns.join(', ')} is unique already` };
  // A key of expressions: what they are made of is at least as different as they are.
  const names =
    columns.length > 0
      ? columns
      : all('IndexElem', index?.indexParams).flatMap(({ name, expr }) => name ?? namesIn(expr));
  const constant = names.length === 1 && knowledge.state(relation, names[0] ?? '') === 'constant';
  if (constant && rows > 1)
    return { p: SURELY, from: 'exact', because: `${names[0]} is the same in ${count(rows)} rows` };
  const own = names.map((name) => knowledge.column(relation, name));
  const singles = own.map((column) => duplicatesIn(column, rows));
  const counted = knowledge
    .table(relation)
    ?.duplicateKeys?.find(
      (pair) => pair.columns.length === names.length && pair.columns.every((name) => names.includes(name)),
    );
  if (counted && !partial)
    return counted.rows > 0
      ? {
          p: SURELY,
          from: 'exact',
          because: `duplicates in ${spoken}: ${count(counted.rows)} rows repeat a key`,
        }
      : { p: HARDLY, from: 'exact', because: `no duplicates in ${spoken}: every key counted once` };
  const best = singles.reduce(
    (a, b) => (b.p < a.p ? b : a),
    singles[0] ?? { p: 0.5, from: 'none', because: 'nobody knows its values' },
  );
  const distinct = own.map((column) => spreadOf(column, rows));
  const product = distinct.reduce((all, one) => all * one, 1);
  const filled = rows * Math.max(0, 1 - own.reduce((all, column) => all + (column?.nullFraction ?? 0), 0));
  const signals = { chance: Math.log10((filled * filled) / (2 * product) + 1e-9), distinct: product / rows };
  if (names.length === 1) {
    const found = about(best, 'duplicates', names[0] ?? spoken);
    const expression = columns.length === 0;
    const softened = partial && found.p > 0.5 ? { ...found, p: 0.5, from: 'none' as const } : found;
    return expression && softened.p < 0.5
      ? { ...softened, p: Math.max(softened.p, 0.02), from: 'sample', signals }
      : { ...softened, signals };
  }
  if (best.p < 0.3) return { ...about(best, 'duplicates', spoken), signals };
  if (product < filled * 0.98 && !partial)
    return {
      p: LIKELY_SURE,
      from: 'sample',
      because: `duplicates in ${spoken}: ${count(product)} different keys at most in ${count(filled)} rows`,
      signals,
    };
  return {
    p: 0.5,
    from: 'none',
    because: `duplicates in ${spoken}: what each column holds does not tell`,
    signals,
  };
}

function spreadOf(column: ReturnType<Subject['knowledge']['column']>, rows: number): number {
  if (!column) return Number.NaN;
  if (column.exactDistinct !== undefined) return column.exactDistinct;
  return column.distinct === null
    ? Number.NaN
    : column.distinct < 0
      ? -column.distinct * rows
      : column.distinct;
}

function namesIn(node: Node | undefined): string[] {
  return /"sval":"(\w+)"/g.test(JSON.stringify(node ?? ''))
    ? [...JSON.stringify(node).matchAll(/"ColumnRef":\{"fields":\[\{"String":\{"sval":"([^"]+)"/g)].map(
        ([, name = '']) => name,
      )
    : [];
}

/** More different values than there are rows to point at; counted; or by what else is known. */
function orphans(
  relation: string,
  columns: string[],
  rows: number,
  subject: Subject,
): Evidence & { signals?: Partial<Signals> } {
  const { knowledge, catalogue } = subject;
  const spoken = columns.join(', ');
  const target = targetOf(relation, columns, subject);
  const column = knowledge.column(relation, columns[0] ?? '');
  if (column?.nullFraction === 1) return { p: HARDLY, from: 'exact', because: `${spoken} holds only NULLs` };
  const counted = knowledge
    .table(relation)
    ?.orphans?.find((one) => one.column === columns[0] && one.references === target);
  if (counted && columns.length === 1)
    return counted.rows > 0
      ? {
          p: SURELY,
          from: 'exact',
          because: `orphans in ${spoken}: ${count(counted.rows)} rows without their row in ${target}`,
        }
      : {
          p: HARDLY,
          from: 'exact',
          because: `no orphans in ${spoken}: every row of ${relation} has its row in ${target}`,
        };
  const covered = [...(catalogue.relation(relation)?.constraints.values() ?? [])].some(
    ({ kind, columns: own, references, valid }) =>
      kind === 'foreign_key' && valid && references === target && own.join() === columns.join(),
  );
  if (covered) return { p: HARDLY, from: 'exact', because: `a foreign key holds ${spoken} already` };
  const parents = target === undefined ? undefined : knowledge.rows(target);
  const distinct = spreadOf(column, rows);
  if (parents === 0 && target !== undefined)
    return { p: LIKELY_SURE, from: 'sample', because: `orphans in ${spoken}: ${target} is empty` };
  const signals = { spread: parents ? distinct / parents : Number.NaN, distinct: distinct / rows };
  const sampled = rows > 30_000;
  if (parents && columns.length === 1 && distinct > parents * (sampled ? 1.1 : 1.0001) + 0.5)
    return {
      p: LIKELY_SURE,
      from: 'sample',
      because: `orphans in ${spoken}: ${count(distinct)} different values, ${count(parents)} rows in ${target}`,
      signals,
    };
  return {
    p: 0.5,
    from: 'none',
    because: `orphans in ${spoken}: nothing tells whether each has its row in ${target ?? 'the other table'}`,
    signals,
  };
}

/** The table that a new foreign key, or one to be validated, points at. */
function targetOf(
  relation: string,
  columns: string[],
  { statement, catalogue }: Subject,
): string | undefined {
  for (const { def, name, subtype } of commandsOf(statement.tree)) {
    if (subtype === 'AT_ValidateConstraint')
      return catalogue.relation(relation)?.constraints.get(name ?? '')?.references;
    const written: Constraint[] = [
      ...(as('Constraint', def) ? [as('Constraint', def) as Constraint] : []),
      ...all('Constraint', as('ColumnDef', def)?.constraints),
    ];
    for (const constraint of written) {
      if (constraint.contype !== 'CONSTR_FOREIGN' || !constraint.pktable) continue;
      const own = strings(constraint.fk_attrs);
      if (own.length > 0 && own.join() !== columns.join()) continue;
      const { schema, name } = rangeName(constraint.pktable);
      return catalogue.resolve(schema, name)?.name ?? `${schema ?? 'public'}.${name}`;
    }
  }
  return undefined;
}

/** A DELETE takes rows that others point at, unless their key says what becomes of them. */
function referencedRows(subject: Subject): Danger[] {
  const { statement, catalogue, knowledge } = subject;
  const remove = as('DeleteStmt', statement.tree as Node | undefined);
  if (!remove?.relation) return [];
  const relation = named(remove.relation, catalogue);
  const rows = knowledge.rows(relation);
  if (rows === undefined || rows === 0) return [];
  const found: Danger[] = [];
  for (const other of catalogue.relations())
    for (const constraint of other.constraints.values()) {
      if (constraint.kind !== 'foreign_key' || constraint.references !== relation) continue;
      if (actionOf(constraint) !== 'a' && actionOf(constraint) !== 'r') continue;
      const pointing = knowledge.rows(other.name);
      if (!pointing) continue;
      const column = knowledge.column(other.name, constraint.columns[0] ?? '');
      if (column?.nullFraction === 1) continue;
      const used = spreadOf(column, pointing) / rows;
      found.push({
        kind: 'referenced',
        relation,
        columns: [],
        rows,
        p: remove.whereClause ? 0.6 : LIKELY_SURE,
        from: remove.whereClause ? 'none' : 'sample',
        because: `rows of ${other.name} may point at what is deleted from ${relation}`,
        signals: { ...NO_SIGNALS, spread: used },
      });
    }
  return found.length > 0
    ? [found.reduce((a, b) => ((b.signals.spread || 0) > (a.signals.spread || 0) ? b : a))]
    : [];
}

function actionOf(constraint: object): string {
  return (constraint as { onDelete?: string }).onDelete ?? 'a';
}
