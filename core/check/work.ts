/** What a statement works on beyond its locks: what its duration is estimated from. */
import type { RuleContext } from './rule.ts';
import { as } from './tree.ts';

/** Relations over which the statement builds an index while it runs. */
export function indexedBy({ tree, effects }: RuleContext): string[] {
  const builds =
    as(tree, 'IndexStmt') ??
    as(tree, 'ReindexStmt') ??
    as(tree, 'AlterTableStmt')?.cmds?.find((node) => {
      const constraint = as(as(node, 'AlterTableCmd')?.def, 'Constraint');
      const kind = constraint?.contype;
      const indexed = kind === 'CONSTR_UNIQUE' || kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_EXCLUSION';
      return indexed && !constraint?.indexname;
    });
  if (!builds) return [];
  const strong = new Set(['SHARE', 'SHARE UPDATE EXCLUSIVE', 'ACCESS EXCLUSIVE']);
  const [first] = effects.locks.filter(({ mode }) => strong.has(mode));
  return first ? [first.relation] : [];
}

/** Relations whose rows the statement changes or deletes. */
export function changedBy({ tree, effects }: RuleContext): string[] {
  if (!as(tree, 'UpdateStmt') && !as(tree, 'DeleteStmt')) return [];
  const [first] = effects.locks.filter(({ mode }) => mode === 'ROW EXCLUSIVE');
  return first ? [first.relation] : [];
}
