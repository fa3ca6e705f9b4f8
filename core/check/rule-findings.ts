/** What the rules say of a statement, with the severities that were asked for and the SQL that does it safely. */
import type { Node } from 'libpg-query';
import { type Analyser, noEffects, type StatementEffects } from '../effects/effects.ts';
import { parseSql } from '../sql/parse.ts';
import type { Statement } from '../sql/statement.ts';
import type { Lines } from '../sql/text.ts';
import { spanOf } from './place.ts';
import type { CheckFinding, Severity } from './result.ts';
import { rewriteOf } from './rewrite/whole.ts';
import type { Rule, RuleContext, RuleFinding } from './rule.ts';
import { RULES } from './rules/all.ts';
import type { Tables } from './tables.ts';
import { as } from './tree.ts';

export class RuleFindings {
  readonly #severities: Readonly<Record<string, Severity | 'off'>> | undefined;
  readonly #rules: readonly Rule[];

  /** @param severities by rule: another severity, or off; a severity switches on a rule that is off by default */
  constructor(severities: Readonly<Record<string, Severity | 'off'>> | undefined) {
    this.#severities = severities;
    this.#rules = RULES.filter(({ id, off }) => {
      const wanted = severities?.[id];
      return wanted === undefined ? !off : wanted !== 'off';
    });
  }

  /** Also whether one of them says that the statement fails for certain. */
  of(context: RuleContext, lines: Lines): { findings: CheckFinding[]; fails: boolean } {
    const found: { rule: Rule; finding: RuleFinding }[] = [];
    for (const rule of this.#rules) {
      if (rule.lastWord && context.migration.saidOnce.has(rule.id)) continue;
      try {
        for (const finding of rule.check(context)) found.push({ rule, finding });
      } catch (error) {
        const message = `The rule ${rule.id} could not judge this statement: ${error instanceof Error ? error.message : String(error)}`;
        found.push({ rule: { ...rule, id: 'rule-broken', severity: 'info' }, finding: { message } });
      }
    }
    const last = found.filter(({ rule }) => rule.lastWord);
    if (last.length < found.length) for (const one of last) found.splice(found.indexOf(one), 1);
    else for (const { rule } of last) context.migration.saidOnce.add(rule.id);
    const fix =
      found.length === 0
        ? undefined
        : fixOf(
            context,
            found.map(({ finding }) => finding),
          );
    const findings = found.map(
      ({ rule, finding }): CheckFinding => ({
        rule: rule.id,
        severity: this.#severity(rule, finding, context.tables),
        message: finding.message,
        ...(fix !== undefined && finding.rewrite ? { fix } : {}),
        ...spanOf(context.statement, finding.mark, lines, context.dialect),
        ...(finding.relation === undefined ? {} : { relation: finding.relation }),
      }),
    );
    return { findings, fails: found.some(({ finding }) => finding.fails) };
  }

  /** What was asked for, else what the rule says, lowered or raised by the size of the table. */
  #severity(rule: Rule, { severity, relation }: RuleFinding, tables: Tables): Severity {
    const wanted = this.#severities?.[rule.id];
    if (wanted !== undefined && wanted !== 'off') return wanted;
    const own = severity ?? rule.severity;
    if (!rule.bySize || relation === undefined) return own;
    if (tables.isTiny(relation)) return 'info';
    return tables.isLarge(relation) && own === 'warning' ? 'error' : own;
  }
}

/** Each command of an ALTER TABLE judged as if it stood alone: its tree and operations, cut down to it. */
export function effectsOfCommand(
  analyser: Analyser,
  statement: Statement,
  effects: StatementEffects,
  index: number,
): StatementEffects {
  const alter = as(statement.tree as Node | undefined, 'AlterTableStmt');
  const cmd = alter?.cmds?.[index];
  if (!alter || !cmd) return noEffects();
  if (alter.cmds?.length === 1) return effects;
  return analyser.analyse({
    ...statement,
    tree: { AlterTableStmt: { ...alter, cmds: [cmd] } },
    operations: statement.operations.slice(index, index + 1),
  });
}

/** A fix must never be the reason that a finding is lost, and one that does not parse is none. */
function fixOf(context: RuleContext, findings: readonly RuleFinding[]): string | undefined {
  try {
    const fix = rewriteOf(context, findings);
    return fix !== undefined && parseSql(fix, context.dialect).problems.length === 0 ? fix : undefined;
  } catch {
    return undefined;
  }
}
