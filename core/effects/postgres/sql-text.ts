/** An expression of a parse tree as short SQL, for people: what is rare is an ellipsis. */
import type { Node } from 'libpg-query';
import { as, strings } from './tree.ts';
import { typeOf, typeText } from './types.ts';

export function sqlText(node: Node | undefined): string {
  if (!node) return '';
  const constant = as('A_Const', node);
  if (constant) {
    if (constant.isnull) return 'NULL';
    if (constant.sval) return `'${(constant.sval.sval ?? '').replaceAll("'", "''")}'`;
    if (constant.boolval) return constant.boolval.boolval ? 'true' : 'false';
    return constant.fval?.fval ?? String(constant.ival?.ival ?? 0);
  }
  const column = as('ColumnRef', node);
  if (column) return (column.fields ?? []).map((part) => as('String', part)?.sval ?? '*').join('.');
  const cast = as('TypeCast', node);
  if (cast) return `${sqlText(cast.arg)}::${typeText(typeOf(cast.typeName))}`;
  const call = as('FuncCall', node);
  if (call) return `${strings(call.funcname).join('.')}(${listed(call.args)})`;
  const special = as('SQLValueFunction', node);
  if (special) return (special.op ?? '').replace('SVFOP_', '').replace(/_N$/, '');
  const test = as('NullTest', node);
  if (test) return `${sqlText(test.arg)} IS ${test.nulltesttype === 'IS_NULL' ? '' : 'NOT '}NULL`;
  const bool = as('BoolExpr', node);
  if (bool) {
    const word = (bool.boolop ?? 'AND_EXPR').replace('_EXPR', '');
    const parts = (bool.args ?? []).map(sqlText);
    return word === 'NOT' ? `NOT (${parts[0]})` : parts.map((part) => `(${part})`).join(` ${word} `);
  }
  const list = as('List', node);
  if (list) return `(${listed(list.items)})`;
  const operation = as('A_Expr', node);
  if (operation) {
    const operator = strings(operation.name).at(-1) ?? '';
    const word = operation.kind === 'AEXPR_IN' ? (operator === '=' ? 'IN' : 'NOT IN') : operator;
    return [sqlText(operation.lexpr), word, sqlText(operation.rexpr)].filter(Boolean).join(' ');
  }
  return '…';
}

function listed(nodes: Node[] | undefined): string {
  return (nodes ?? []).map(sqlText).join(', ');
}
