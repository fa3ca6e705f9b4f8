/** What there is to read about a finding. */
import { BUILT_IN, RULES } from '../rules/all.ts';

/** The command that shows a rule's page; undefined for a finding that is no rule's. */
export function explainCommand(rule: string): string | undefined {
  return rule in BUILT_IN ? undefined : `aibos check --explain ${rule}`;
}

/** Title and description of a rule or of a built-in finding. */
export function about(rule: string): { title: string; why: string; whatToDo: string } {
  const known = RULES.find(({ id }) => id === rule);
  if (known) return known;
  const why = BUILT_IN[rule as keyof typeof BUILT_IN] ?? rule;
  return { title: why, why, whatToDo: '' };
}
