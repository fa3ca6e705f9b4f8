/** Where the page of a rule is, from the root of the project's repository. */
import { BUILT_IN, RULES } from '../rules/all.ts';

/** `docs/rules/drop-column.md`; the page of all rules for a finding that is no rule's. */
export function docsPath(rule: string): string {
  return rule in BUILT_IN ? 'docs/rules/README.md' : `docs/rules/${rule}.md`;
}

/** Title and description of a rule or of a built-in finding. */
export function about(rule: string): { title: string; why: string; whatToDo: string } {
  const known = RULES.find(({ id }) => id === rule);
  if (known) return known;
  const why = BUILT_IN[rule as keyof typeof BUILT_IN] ?? rule;
  return { title: why, why, whatToDo: '' };
}
