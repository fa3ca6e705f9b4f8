/**
 * Which share of a table’s rows a condition takes, from the statistics of its columns, by the rules of PostgreSQL’s
 * planner (documentation, chapter 68.1): columns are taken to be independent.
 */
import type { Node } from 'libpg-query';
import { all, as, strings } from '../effects/postgres/tree.ts';
import { distinctValues } from '../statistics/statistics.ts';
import type { TableKnowledge } from './table-knowledge.ts';

export interface RowShare {
  share: number;
  /** False where a part of the condition was guessed. */
  known: boolean;
}

/** The planner’s defaults: DEFAULT_INEQ_SEL and, for what it knows nothing of, a half. */
const INEQUALITY = 1 / 3;
const ANYTHING = 0.5;

export function shareOf(where: Node | undefined, relation: string, knowledge: TableKnowledge): RowShare {
  if (!where) return { share: 1, known: true };
  const bool = as('BoolExpr', where);
  if (bool) {
    const parts = (bool.args ?? []).map((arg) => shareOf(arg, relation, knowledge));
    const known = parts.every((part) => part.known);
    if (bool.boolop === 'NOT_EXPR') return { share: 1 - (parts[0]?.share ?? 0), known };
    const product = (share: (part: RowShare) => number) => parts.reduce((all, part) => all * share(part), 1);
    if (bool.boolop === 'AND_EXPR') return { share: product(({ share }) => share), known };
    return { share: 1 - product(({ share }) => 1 - share), known };
  }
  const test = as('NullTest', where);
  if (test) {
    const nulls = columnOf(test.arg, relation, knowledge)?.nullFraction;
    if (nulls === undefined || nulls === null) return { share: ANYTHING, known: false };
    return { share: test.nulltesttype === 'IS_NULL' ? nulls : 1 - nulls, known: true };
  }
  const expression = as('A_Expr', where);
  if (expression) return ofExpression(expression, relation, knowledge);
  return { share: ANYTHING, known: false };
}

function ofExpression(
  { kind, name, lexpr, rexpr }: { kind?: string; name?: Node[]; lexpr?: Node; rexpr?: Node },
  relation: string,
  knowledge: TableKnowledge,
): RowShare {
  const operator = strings(name)[0] ?? '';
  const column = columnOf(lexpr, relation, knowledge);
  const rows = knowledge.rows(relation);
  const distinct = column && rows !== undefined ? distinctValues(column, rows) : undefined;
  const filled = 1 - (column?.nullFraction ?? 0);
  if (kind === 'AEXPR_IN' || operator === '=') {
    const count = kind === 'AEXPR_IN' ? (as('List', rexpr)?.items?.length ?? 1) : 1;
    if (!distinct) return { share: distinct === 0 ? 0 : INEQUALITY, known: false };
    return { share: Math.min(1, count / distinct) * filled, known: true };
  }
  if (operator === '<>')
    return { share: distinct ? (1 - 1 / distinct) * filled : filled, known: distinct !== undefined };
  return { share: INEQUALITY * filled, known: false };
}

function columnOf(node: Node | undefined, relation: string, knowledge: TableKnowledge) {
  const name = strings(as('ColumnRef', node)?.fields).at(-1);
  return name === undefined ? undefined : knowledge.column(relation, name);
}

/** The constants of a list, `IN ('a', 'b')` or `= ANY (ARRAY['a', 'b'])`. */
export function listed(expression: Node | undefined): Node[] | undefined {
  const found = as('A_Expr', expression);
  if (found?.kind === 'AEXPR_IN' && strings(found.name)[0] === '=') return as('List', found.rexpr)?.items;
  if (found?.kind !== 'AEXPR_OP_ANY') return undefined;
  const cast = as('TypeCast', found.rexpr);
  const array = as('A_ArrayExpr', cast?.arg ?? found.rexpr);
  return array ? (array.elements ?? []) : undefined;
}

/** Commands of an ALTER TABLE. */
export function commandsOf(tree: unknown) {
  return all('AlterTableCmd', as('AlterTableStmt', tree as Node | undefined)?.cmds);
}
