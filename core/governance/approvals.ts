/**
 * Approvals: in the manifest, or as a comment line before a statement:
 *
 *     -- aibos:approve destructive-change by Ana Silva until 2026-12-31: nobody reads it since May
 */
import type { Statement } from '../sql/statement.ts';
import { type Approval, type Manifest, RULE_IDS, type RuleId } from './manifest.ts';
import { matches, matchesAny } from './patterns.ts';

export interface ApprovalLine extends Pick<Approval, 'rule' | 'by' | 'why' | 'until'> {
  line: number;
  /** Line of the statement that it is for. */
  statement: number | undefined;
}

export interface ReadApprovals {
  lines: ApprovalLine[];
  faults: { line: number; message: string }[];
}

const MARK = /^\s*--\s*aibos:approve\b(.*)$/i;
const WHOLE = /^\s+(\S+)\s+by\s+(.+?)\s+until\s+(\S+)\s*:\s*(\S.*)$/i;
const HOW = 'write in a comment: aibos:approve RULE by NAME until YYYY-MM-DD: REASON';

export function readApprovals(text: string, statements: readonly Statement[]): ReadApprovals {
  const read: ReadApprovals = { lines: [], faults: [] };
  text.split('\n').forEach((content, i) => {
    const rest = MARK.exec(content.trimEnd())?.[1];
    if (rest === undefined) return;
    const line = i + 1;
    const [, rule = '', by = '', until = '', why = ''] = WHOLE.exec(rest) ?? [];
    const fault = rule === '' ? `This approval is not complete; ${HOW}.` : faultOf(rule, until);
    if (fault) read.faults.push({ line, message: fault });
    else {
      const statement = statements.find((candidate) => candidate.line >= line)?.line;
      read.lines.push({ rule: rule as RuleId, by, until, why, line, statement });
    }
  });
  return read;
}

function faultOf(rule: string, until: string): string | undefined {
  if (!RULE_IDS.includes(rule as RuleId)) {
    return `There is no rule ${rule} to approve; use one of ${RULE_IDS.join(', ')}.`;
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until))) {
    return `${until} is no day; ${HOW}.`;
  }
  return undefined;
}

/** Whether a day has not ended at a time, in UTC. */
export function isValidAt(until: string, at: number): boolean {
  return at < Date.parse(until) + 86_400_000;
}

/** Whether someone lifted a rule for an object or a line of a migration. */
export function isApproved(
  finding: { rule: RuleId; object?: string | undefined; line?: number | undefined },
  migration: { name: string; at: number; approvals: ReadApprovals },
  manifest: Manifest,
): boolean {
  const { rule, object, line } = finding;
  const byLine = migration.approvals.lines.some(
    (approval) =>
      approval.rule === rule &&
      isValidAt(approval.until, migration.at) &&
      mayApprove(approval.by, manifest) &&
      (line === undefined || approval.statement === line),
  );
  return (
    byLine ||
    (manifest.approvals ?? []).some(
      (approval) =>
        approval.rule === rule &&
        isValidAt(approval.until, migration.at) &&
        (!approval.objects || (object !== undefined && matchesAny(approval.objects, object))) &&
        (!approval.migrations || approval.migrations.some((pattern) => matches(pattern, migration.name))),
    )
  );
}

export function mayApprove(by: string, { approvers }: Manifest): boolean {
  return approvers === undefined || approvers.includes(by);
}
