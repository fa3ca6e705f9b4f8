/** Manifest governance: judges each migration by the team's manifest. Each judgement is one `compliance_check` event. */
import type { EventData } from '../contract/event.ts';
import type { Difference } from '../schema/comparator.ts';
import { nameOf, type SchemaSnapshot } from '../schema/snapshot.ts';
import type { Statement } from '../sql/statement.ts';
import type { Instrument } from '../trace/instrument.ts';
import type { Manifest, RuleId } from './manifest.ts';

export interface Judged {
  migration: string;
  statements: readonly Statement[];
  differences: readonly Difference[];
  after: SchemaSnapshot;
}

export interface Finding {
  rule: RuleId;
  result: 'warn' | 'fail';
  message: string;
  line?: number;
}

type Rule = (judged: Judged, manifest: Manifest) => { message: string; line?: number }[];

export class ManifestGovernance {
  readonly #instrument: Instrument;
  readonly manifest: Manifest;

  constructor(instrument: Instrument, manifest: Manifest) {
    this.#instrument = instrument;
    this.manifest = manifest;
  }

  /** What the manifest has to say about a migration; `data` is that of its `compliance_check` event. */
  evaluate(judged: Judged): { findings: Finding[]; data: EventData<'compliance_check'> } {
    return this.#instrument.measure('evaluate', () => {
      const findings = (Object.keys(rules) as RuleId[]).flatMap((rule) => {
        const level = this.manifest.rules?.[rule] ?? 'off';
        if (level === 'off') return [];
        return rules[rule](judged, this.manifest).map(
          (found): Finding => ({ rule, result: level, ...found }),
        );
      });
      const result = findings.some((finding) => finding.result === 'fail')
        ? 'fail'
        : findings.length > 0
          ? 'warn'
          : 'pass';
      const message = findings
        .map((finding) => finding.message)
        .slice(0, 5)
        .join(' ');
      const data = {
        rule: 'manifest',
        result,
        subject: judged.migration,
        ...(message ? { message } : {}),
        findings,
      } as const;
      return { findings, data };
    });
  }
}

const rules: Record<RuleId, Rule> = {
  'destructive-change': ({ statements }) =>
    statements.flatMap(({ operations, line }) =>
      operations
        .filter(({ destructive }) => destructive)
        .map(({ name, objects }) => ({
          message: `${name.replaceAll('_', ' ')}${objects[0] ? ` on ${objects[0]}` : ''} loses data.`,
          line,
        })),
    ),

  'primary-key': ({ differences, after }) =>
    differences
      .filter(({ kind }) => kind === 'table_added')
      .filter(({ object }) => {
        const table = after.relations.find((relation) => nameOf(relation) === object);
        return table && !table.constraints.some(({ type }) => type === 'primary key');
      })
      .map(({ object }) => ({ message: `${object} has no primary key.` })),

  'table-naming': ({ differences }, { tableNaming }) => {
    if (!tableNaming) return [];
    const wanted = new RegExp(tableNaming);
    return differences
      .filter(({ kind, object }) => kind === 'table_added' && !wanted.test(object.split('.').at(-1) ?? ''))
      .map(({ object }) => ({ message: `The name of ${object} does not match ${tableNaming}.` }));
  },

  'lock-timeout': ({ statements }) => {
    const sets = statements.findIndex(({ text }) =>
      /^set\s+(?:local\s+|session\s+)?lock_timeout\b/i.test(text),
    );
    const first = statements.findIndex(
      ({ kind }) => kind === 'AlterTable' || kind === 'Drop' || kind === 'Index',
    );
    if (first === -1 || (sets !== -1 && sets < first)) return [];
    return [{ message: 'It takes locks without a lock_timeout.', line: statements[first]?.line ?? 1 }];
  },
};
