/** SARIF 2.1.0 (OASIS Standard, 2020), for code scanning in CI. */
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { type CheckFinding, type CheckResult, findingsOf, type Severity } from '../result.ts';
import { BUILT_IN, RULES } from '../rules/all.ts';
import { about } from './docs-link.ts';

const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** @param version of aibos */
export function toSarif({ files }: CheckResult, version: string): Log {
  const ids = [...RULES.map(({ id }) => id), ...Object.keys(BUILT_IN)];
  const results = files.flatMap((file) =>
    findingsOf(file).map((finding): Result => {
      const statement = file.statements.find(({ findings }) => findings.includes(finding));
      return {
        ruleId: finding.rule,
        ruleIndex: ids.indexOf(finding.rule),
        level: LEVEL[finding.severity],
        message: { text: withFix(finding) },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: toUri(file.path) },
              region: { startLine: finding.line, startColumn: finding.column, endColumn: finding.endColumn },
            },
          },
        ],
        partialFingerprints: {
          'aibosStatement/v1': `${finding.rule}:${statement?.index ?? 'file'}:${finding.relation ?? ''}`,
        },
        ...(statement
          ? {
              properties: {
                locks: statement.locks,
                failureProbability: statement.failureProbability,
                durationMs: statement.durationMs,
              },
            }
          : {}),
      };
    }),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'aibos', version, rules: ids.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function descriptor(id: string): ReportingDescriptor {
  const { title, why, whatToDo } = about(id);
  const rule = RULES.find((one) => one.id === id);
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: [why, whatToDo].filter(Boolean).join('\n\n') },
    ...(rule?.links[0] ? { helpUri: rule.links[0] } : {}),
    defaultConfiguration: { level: LEVEL[rule?.severity ?? 'error'], enabled: rule?.off !== true },
  };
}

function withFix({ message, fix }: CheckFinding): string {
  return fix === undefined ? message : `${message}\n\nDo this instead:\n\n${fix}`;
}

/** A relative URI reference with `/`; an absolute path becomes a file URI. */
function toUri(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(slashed)) return `file:///${slashed.charAt(0)}:${encoded.slice(4)}`;
  return slashed.startsWith('/') ? `file://${encoded}` : encoded;
}
