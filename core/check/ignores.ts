/**
 * Ignore comments. Each names rules and gives a reason:
 *
 *     -- aibos-ignore drop-column: nobody has read it since March      the statement that follows, or that it stands in
 *     -- aibos-ignore-line index-not-concurrent: 40 rows               the line that follows, or that it stands on
 *     -- aibos-ignore-file drop-table, drop-column: clean-up           the whole file
 *
 * One without a reason ignores nothing. What ignores nothing is reported.
 */
import type { Dialect } from '../contract/event.ts';
import type { Statement } from '../sql/statement.ts';
import type { Lines } from '../sql/text.ts';
import { tokenize } from '../sql/tokens.ts';
import type { CheckFinding } from './result.ts';
import { BUILT_IN, RULES } from './rules/all.ts';

const COMMENT =
  /^(?:--|\/\*|#)\s*aibos-ignore(-line|-file)?\b[ \t]*([^:\n]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\*\/)?\s*$/s;
const KNOWN = new Set([...RULES.map(({ id }) => id), ...Object.keys(BUILT_IN)]);

export interface Ignore {
  scope: 'statement' | 'line' | 'file';
  rules: string[];
  reason: string;
  /** Of the comment. */
  line: number;
  column: number;
  endColumn: number;
  /** Line that a `line` one is about. */
  target: number;
  /** Index of the statement that a `statement` one is about. */
  statement: number | undefined;
}

/** The ignore comments of a text, in order. */
export function ignoresIn(
  text: string,
  dialect: Dialect,
  statements: readonly Statement[],
  lines: Lines,
): Ignore[] {
  if (!text.includes('aibos-ignore')) return [];
  const found: Ignore[] = [];
  for (const { kind, start, end } of tokenize(text, dialect)) {
    if (kind !== 'comment') continue;
    const match = COMMENT.exec(text.slice(start, end));
    if (!match) continue;
    const [, ending, names = '', reason = ''] = match;
    const { line, column } = lines.at(start);
    const alone = /^\s*$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
    const behind = statements.findLast((one) => one.endLine === line && one.end <= start);
    const next = statements.find((one) => one.end > start);
    found.push({
      scope: ending === '-line' ? 'line' : ending === '-file' ? 'file' : 'statement',
      rules: names.split(/[\s,]+/).filter(Boolean),
      reason: reason.trim(),
      line,
      column,
      endColumn: column + (text.slice(start, end).split('\n')[0]?.length ?? 1),
      target: alone ? nextCodeLine(text, end, lines) : line,
      statement: (!alone && behind ? behind : next)?.index,
    });
  }
  return found;
}

/** The line of the first text behind a comment that is no comment. */
function nextCodeLine(text: string, from: number, lines: Lines): number {
  let at = from;
  for (;;) {
    const rest = /\S/.exec(text.slice(at, at + 10_000));
    if (!rest) return lines.at(at).line + 1;
    at += rest.index;
    if (!text.startsWith('--', at)) return lines.at(at).line;
    const end = text.indexOf('\n', at);
    if (end === -1) return lines.at(at).line;
    at = end;
  }
}

interface Placed {
  finding: CheckFinding;
  statement: number | undefined;
}

/** The findings that stay, and what there is to say about the comments themselves. */
export function applyIgnores(
  findings: readonly Placed[],
  ignores: readonly Ignore[],
  isOff: (rule: string) => boolean,
): { kept: Placed[]; about: CheckFinding[] } {
  const used = new Set<string>();
  const kept = findings.filter(({ finding, statement }) => {
    const hit = ignores.filter((ignore) => ignore.reason !== '' && covers(ignore, finding, statement));
    for (const ignore of hit) used.add(key(ignore, finding.rule));
    return hit.length === 0;
  });
  const about = ignores.flatMap((ignore): CheckFinding[] => {
    const { line, column, endColumn, rules } = ignore;
    const say = (rule: 'ignore-unused' | 'ignore-without-reason', message: string): CheckFinding => ({
      rule,
      severity: 'warning',
      message,
      line,
      column,
      endColumn,
    });
    if (rules.length === 0)
      return [
        say('ignore-unused', 'Name the rules to ignore, for example: -- aibos-ignore drop-column: reason'),
      ];
    if (ignore.reason === '')
      return [
        say(
          'ignore-without-reason',
          `Say why behind a colon, for example: -- aibos-ignore ${rules.join(', ')}: reason`,
        ),
      ];
    return rules
      .filter((rule) => !used.has(key(ignore, rule)) && !isOff(rule))
      .map((rule) =>
        say(
          'ignore-unused',
          KNOWN.has(rule) ? `Nothing to ignore here for ${rule}.` : `There is no rule ${rule}.`,
        ),
      );
  });
  return { kept, about };
}

function covers(ignore: Ignore, finding: CheckFinding, statement: number | undefined): boolean {
  if (!ignore.rules.includes(finding.rule)) return false;
  if (ignore.scope === 'file') return true;
  if (ignore.scope === 'line') return finding.line === ignore.target;
  return statement !== undefined && statement === ignore.statement;
}

function key({ line, column }: Ignore, rule: string): string {
  return `${line}:${column}:${rule}`;
}
