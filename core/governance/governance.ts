/** Manifest governance: judges each migration by the team's manifest. Each judgement is one `compliance_check` event. */
import type { EventData } from '../contract/event.ts';
import type { Instrument } from '../trace/instrument.ts';
import { isApproved, isValidAt, mayApprove, readApprovals } from './approvals.ts';
import { freezeAt } from './freeze.ts';
import type { Finding, Found, Judged, Rule } from './judged.ts';
import { levelOf, type Manifest, RULE_IDS, type RuleId } from './manifest.ts';
import {
  personalData,
  personalDataApproval,
  personalDataIndex,
  primaryKey,
  retention,
} from './rules/data.ts';
import { naming } from './rules/naming.ts';
import { destructiveChange, lockTimeout, protectedTable } from './rules/statements.ts';

export interface Evaluation {
  result: 'pass' | 'warn' | 'fail';
  findings: Finding[];
  /** Of its `compliance_check` event. */
  data: EventData<'compliance_check'>;
}

/** Findings that the text of an event names. */
const MOST_NAMED = 5;

export class ManifestGovernance {
  readonly #instrument: Instrument;
  readonly manifest: Manifest;

  constructor(instrument: Instrument, manifest: Manifest) {
    this.#instrument = instrument;
    this.manifest = manifest;
  }

  evaluate(judged: Judged): Evaluation {
    return this.#instrument.measure('evaluate', () => evaluate(judged, this.manifest));
  }
}

/** What the manifest has to say about a migration. Pure. */
export function evaluate(judged: Judged, manifest: Manifest): Evaluation {
  const approvals = readApprovals(judged.text, judged.statements);
  const migration = { name: judged.migration, at: judged.at, approvals };
  const findings = RULE_IDS.flatMap((rule): Finding[] => {
    const level = levelOf(manifest, rule);
    if (level === 'off') return [];
    return rules[rule](judged, manifest)
      .filter((found) => !isApproved({ ...found, rule }, migration, manifest))
      .map((found) => ({ rule, result: level, ...defined(found) }));
  });
  const result = findings.some((finding) => finding.result === 'fail')
    ? 'fail'
    : findings.length > 0
      ? 'warn'
      : 'pass';
  const message = findings
    .map((finding) => finding.message)
    .slice(0, MOST_NAMED)
    .join(' ');
  const data = {
    rule: 'manifest',
    result,
    subject: judged.migration,
    ...(message ? { message } : {}),
    findings,
  } as const;
  return { result, findings, data };
}

const freezeWindow: Rule = ({ at }, manifest) => {
  const window = freezeAt(at, manifest);
  if (window === undefined) return [];
  const how = 'aibos:approve freeze-window by NAME until YYYY-MM-DD: REASON';
  return [{ message: `Nothing is migrated ${window}. Wait, or approve it: ${how}` }];
};

/** Approval lines that are no good: they read as if someone had decided, and lift nothing. */
const approvalLines: Rule = ({ text, statements, at }, manifest) => {
  const { lines, faults } = readApprovals(text, statements);
  return [
    ...faults,
    ...lines
      .filter(({ until }) => !isValidAt(until, at))
      .map(({ line, until, by }) => ({
        line,
        message: `The approval of ${by} ended on ${until}; have it renewed.`,
      })),
    ...lines
      .filter(({ by }) => !mayApprove(by, manifest))
      .map(({ line, by }) => ({
        line,
        message: `${by} is not among the approvers of the manifest; ask one of ${manifest.approvers?.join(', ')}.`,
      })),
  ];
};

const rules: Record<RuleId, Rule> = {
  'destructive-change': destructiveChange,
  'primary-key': primaryKey,
  naming,
  'lock-timeout': lockTimeout,
  'personal-data': personalData,
  'personal-data-index': personalDataIndex,
  'personal-data-approval': personalDataApproval,
  retention,
  'protected-table': protectedTable,
  'freeze-window': freezeWindow,
  approvals: approvalLines,
};

function defined({ message, object, line }: Found): Found {
  return { message, ...(object === undefined ? {} : { object }), ...(line === undefined ? {} : { line }) };
}
