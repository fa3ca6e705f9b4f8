/** Findings of a judged document as the editor's diagnostics. What the shadow says has a place of its own. Pure. */
import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { CheckFinding, Severity } from '../../../core/check/result.ts';
import { RULES } from '../../../core/check/rules/all.ts';
import type { Judged } from './messages.ts';

export const SOURCE = 'AI-BOS';

/** What a diagnostic carries for the actions on it. */
export interface FindingData {
  statement?: number;
  fix?: string;
}

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};
/** The shadow’s own diagnostics say these better: in the engine’s words, with its code. */
const SAID_BY_SHADOW = new Set(['fails-in-shadow']);
const LINKS = new Map(RULES.map(({ id, links }) => [id, links[0]]));

/**
 * @param lineAt text of a line of the document, from 0
 * @param failed places where the shadow has failed: a parser’s error there is the same mistake said twice
 */
export function diagnosticsOf(
  { file, script }: Judged,
  lineAt: (line: number) => string,
  failed: readonly Range[],
): Diagnostic[] {
  const placed = [
    ...(file.findings ?? []).map((finding) => ({ finding, statement: undefined })),
    ...file.statements.flatMap(({ findings, index }) =>
      findings.map((finding) => ({ finding, statement: index })),
    ),
  ];
  const lineOfStatement = new Map(
    file.statements.map(({ index, line, endLine }) => [index, [line, endLine]]),
  );
  const failedHere = (statement: number | undefined) => {
    const [from = 0, to = 0] = (statement !== undefined && lineOfStatement.get(statement)) || [];
    return failed.some(({ start }) => start.line + 1 >= from && start.line + 1 <= to);
  };
  return placed
    .filter(
      ({ finding: { rule }, statement }) =>
        !SAID_BY_SHADOW.has(rule) && !(rule === 'syntax-error' && failedHere(statement)),
    )
    .map(({ finding, statement }) => {
      const href = LINKS.get(finding.rule);
      const data: FindingData = {
        ...(statement === undefined ? {} : { statement }),
        ...(finding.fix === undefined ? {} : { fix: finding.fix }),
      };
      return {
        range: rangeOf(finding, script ? lineAt(finding.line - 1) : undefined),
        severity: SEVERITIES[finding.severity],
        source: SOURCE,
        code: finding.rule,
        ...(href === undefined ? {} : { codeDescription: { href } }),
        message: finding.message,
        data,
      };
    });
}

/** In a script only the line is known. */
function rangeOf({ line, column, endColumn }: CheckFinding, scriptLine: string | undefined): Range {
  if (scriptLine !== undefined) {
    const start = scriptLine.search(/\S|$/);
    return {
      start: { line: line - 1, character: start },
      end: { line: line - 1, character: Math.max(start + 1, scriptLine.trimEnd().length) },
    };
  }
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: line - 1, character: endColumn - 1 },
  };
}
