/** Findings of checks by migration and rule, so that what is to be done is said once for what was found several times. */
import { type Check, type CheckResult, findingsOf } from './checks.ts';

export interface RuleFindings {
  rule: string;
  result: Extract<CheckResult, 'fail' | 'warn'>;
  found: readonly { text: string; line?: number }[];
  /** What to do about all of them. */
  advice?: string;
}

export interface CheckFindings {
  check: Check;
  rules: readonly RuleFindings[];
}

export interface Wanted {
  rule?: string | undefined;
  result?: RuleFindings['result'] | undefined;
  /** Stands in the migration's name or path, in the rule's or in what was found; capitals do not matter. */
  text?: string;
}

/** The checks that found what is wanted, in their order, each with that alone. */
export function foundBy(checks: readonly Check[], { rule, result, text = '' }: Wanted): CheckFindings[] {
  const part = text.trim().toLowerCase();
  return checks.flatMap((check) => {
    const named = `${check.data.subject ?? ''} ${check.data.file ?? ''}`.toLowerCase().includes(part);
    const fitting = findingsOf(check).filter(
      (finding) =>
        (rule === undefined || finding.rule === rule) &&
        (result === undefined || resultOf(finding.result) === result) &&
        (named || `${finding.rule} ${finding.message}`.toLowerCase().includes(part)),
    );
    return fitting.length === 0 ? [] : [{ check, rules: byRule(fitting) }];
  });
}

function byRule(findings: ReturnType<typeof findingsOf>): RuleFindings[] {
  const groups = new Map<string, typeof findings>();
  for (const finding of findings) {
    const key = `${finding.rule} ${resultOf(finding.result)}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].map((group) => {
    const { rule = '', result = 'warn' } = group[0] ?? {};
    const lineOf = (line: number | undefined) => (line === undefined ? {} : { line });
    const advice = sharedAdvice(group.map(({ message }) => message));
    const found = group.map(({ message, line }) => ({
      text: advice === undefined ? message : message.slice(0, message.indexOf('; ')),
      ...lineOf(line),
    }));
    return { rule, result: resultOf(result), found, ...(advice === undefined ? {} : { advice }) };
  });
}

/** The checks say what they found, a semicolon, and what to do: what follows it in all of them, where that is the same. */
function sharedAdvice(messages: readonly string[]): string | undefined {
  const parts = messages.map((message) => {
    const at = message.indexOf('; ');
    return at < 0 ? undefined : message.slice(at + 2);
  });
  return parts.every((part) => part === parts[0]) ? parts[0] : undefined;
}

function resultOf(result: CheckResult): RuleFindings['result'] {
  return result === 'fail' ? 'fail' : 'warn';
}
