/** Whether every row passes a CHECK, as far as statistics of single columns tell. */
import type { Node } from 'libpg-query';
import { all, as, constantOf, strings } from '../effects/postgres/tree.ts';
import { parseSql } from '../sql/parse.ts';
import type { Signals } from './dangers.ts';
import { lengthEvidence } from './lengths.ts';
import { count, type Evidence, HARDLY, LIKELY_SURE, nullsIn, SURELY } from './sampled.ts';
import { commandsOf, listed } from './selectivity.ts';
import type { Subject } from './subject.ts';

type Found = Evidence & { signals?: Partial<Signals> };

export function checkEvidence(relation: string, columns: string[], rows: number, subject: Subject): Found {
  const expression = expressionOf(relation, columns, subject);
  const evidence = evidenceOf(expression, relation, rows, subject);
  return { ...evidence, because: `the check on ${columns.join(', ') || relation}: ${evidence.because}` };
}

function expressionOf(
  relation: string,
  columns: string[],
  { statement, catalogue }: Subject,
): Node | undefined {
  for (const { subtype, name, def } of commandsOf(statement.tree)) {
    if (subtype === 'AT_ValidateConstraint') {
      const text = catalogue.relation(relation)?.constraints.get(name ?? '')?.expression;
      const [parsed] = text === undefined ? [] : parseSql(`SELECT 1 WHERE ${text}`, 'postgres').statements;
      return as('SelectStmt', parsed?.tree as Node | undefined)?.whereClause;
    }
    const constraint = as('Constraint', def);
    if (constraint?.contype !== 'CONSTR_CHECK') continue;
    const text = JSON.stringify(constraint.raw_expr ?? '');
    if (columns.every((column) => text.includes(`"${column}"`))) return constraint.raw_expr;
  }
  return undefined;
}

function evidenceOf(node: Node | undefined, relation: string, rows: number, subject: Subject): Found {
  const bool = as('BoolExpr', node);
  if (bool?.boolop === 'AND_EXPR') {
    const parts = (bool.args ?? []).map((arg) => evidenceOf(arg, relation, rows, subject));
    return parts.reduce((a, b) => (b.p > a.p ? b : a), parts[0] ?? UNKNOWN);
  }
  if (bool?.boolop === 'OR_EXPR') {
    const parts = (bool.args ?? []).map((arg) => evidenceOf(arg, relation, rows, subject));
    return parts.find(({ p }) => p < 0.05) ?? UNKNOWN;
  }
  const test = as('NullTest', node);
  if (test?.nulltesttype === 'IS_NOT_NULL') return nullsIn(columnOf(test.arg, relation, subject), rows);
  const words = listed(node);
  if (words) return ofList(words.length, columnOf(as('A_Expr', node)?.lexpr, relation, subject), rows);
  const comparison = as('A_Expr', node);
  if (comparison?.kind === 'AEXPR_BETWEEN') {
    const [low, high] = all('List', [comparison.rexpr ?? {}] as Node[])[0]?.items ?? [];
    const parts = [
      ofComparison(comparison.lexpr, '>=', low, relation, subject),
      ofComparison(comparison.lexpr, '<=', high, relation, subject),
    ];
    return parts.reduce((a, b) => (b.p > a.p ? b : a));
  }
  if (comparison)
    return ofComparison(
      comparison.lexpr,
      strings(comparison.name)[0] ?? '',
      comparison.rexpr,
      relation,
      subject,
    );
  return UNKNOWN;
}

const UNKNOWN: Found = { p: 0.5, from: 'none', because: 'nothing tells whether every row passes' };

/** Every value may be one of so many; NULL passes a check. */
function ofList(allowed: number, column: ReturnType<typeof columnOf>, rows: number): Found {
  const distinct =
    column?.exactDistinct ??
    (column?.distinct == null ? undefined : column.distinct < 0 ? -column.distinct * rows : column.distinct);
  if (distinct === undefined) return UNKNOWN;
  // Half a value: a share of few rows, rounded to six digits, is not a whole number.
  if (distinct > allowed + 0.5)
    return {
      p: LIKELY_SURE,
      from: 'sample',
      because: `${count(distinct)} different values, ${allowed} are allowed`,
    };
  if (distinct === 0) return { p: HARDLY, from: 'exact', because: 'only NULLs' };
  const signals = { spread: distinct / allowed, distinct: distinct / rows };
  return {
    p: 0.4,
    from: 'none',
    because: `${count(distinct)} different values, ${allowed} are allowed: whether they are the same is not known`,
    signals,
  };
}

function ofComparison(
  left: Node | undefined,
  operator: string,
  right: Node | undefined,
  relation: string,
  subject: Subject,
): Found {
  const limit = Number(constantOf(right));
  const call = as('FuncCall', left);
  const name = as('String', call?.funcname?.at(-1))?.sval ?? '';
  if (/^(?:char_|character_)?length$/.test(name) && Number.isFinite(limit)) {
    const column = columnOf(call?.args?.[0], relation, subject);
    if (operator === '<=') return lengthEvidence(column, limit, Number.NaN);
    if (operator === '<') return lengthEvidence(column, limit - 1, Number.NaN);
    if (operator === '>=' || operator === '>')
      return lengthEvidence(column, Infinity, operator === '>' ? limit + 1 : limit);
  }
  const column = columnOf(left, relation, subject);
  if (column?.negative !== undefined && column.zero !== undefined && limit === 0) {
    const bad = { '>=': column.negative, '>': column.negative + column.zero, '<>': column.zero }[operator];
    if (bad !== undefined)
      return bad > 0
        ? { p: SURELY, from: 'exact', because: `${count(bad)} rows do not pass` }
        : { p: HARDLY, from: 'exact', because: 'every row was counted to pass' };
  }
  if (column?.nullFraction === 1) return { p: HARDLY, from: 'exact', because: 'only NULLs' };
  return {
    ...UNKNOWN,
    signals: {
      distinct: column?.distinct == null ? Number.NaN : column.distinct < 0 ? -column.distinct : Number.NaN,
    },
  };
}

function columnOf(node: Node | undefined, relation: string, { knowledge }: Subject) {
  const name = strings(as('ColumnRef', as('TypeCast', node)?.arg ?? node)?.fields).at(-1);
  return name === undefined ? undefined : knowledge.column(relation, name);
}
