/** What can be done about a finding: the safe form instead, an ignore comment with a reason, the rule explained. Pure. */

import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import { t } from '../../text.ts';
import { type FindingData, SOURCE } from './findings.ts';
import type { Judged } from './messages.ts';

/** Commands that the server itself carries out. */
export const EXPLAIN_RULE = 'aibos.explainRule';
export const PLACE_CURSOR = 'aibos.placeCursor';

/** The argument of {@link PLACE_CURSOR}. */
export interface CursorPlace {
  uri: string;
  line: number;
  character: number;
}

export interface ActionText {
  lineAt: (line: number) => string;
  rangeOf: (start: number, end: number) => Range;
}

/** Rules about the comments themselves, and what is no rule of ours. */
const NOT_IGNORED = new Set(['ignore-unused', 'ignore-without-reason', 'not-analysed', 'rule-broken']);
const FIX_ALL = `${CodeActionKind.SourceFixAll}.aibos`;

/** @param only kinds that are asked for; everything where missing */
export function actionsFor(
  judged: Judged,
  diagnostics: readonly Diagnostic[],
  text: ActionText,
  only: readonly string[] | undefined,
): CodeAction[] {
  const wants = (kind: string) =>
    only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const own = diagnostics.filter(({ source, code }) => source === SOURCE && typeof code === 'string');
    const fixes = rewrites(judged, own, text);
    actions.push(...fixes);
    for (const diagnostic of own) actions.push(...ignores(judged, diagnostic, text), explain(diagnostic));
  }
  // Asked for by name only: a list of fixes for a place is not about the whole file.
  if (only?.some((asked) => asked === FIX_ALL || FIX_ALL.startsWith(`${asked}.`)))
    actions.push(...fixAll(judged, text));
  return actions;
}

/** One for each statement: a fix replaces it whole, whatever finding it came from. */
function rewrites(judged: Judged, diagnostics: readonly Diagnostic[], text: ActionText): CodeAction[] {
  if (judged.script) return [];
  const byStatement = Map.groupBy(
    diagnostics.filter(({ data }) => (data as FindingData)?.fix !== undefined),
    ({ data }) => (data as FindingData).statement,
  );
  return [...byStatement].flatMap(([statement, list]): CodeAction[] => {
    const { fix } = (list[0]?.data ?? {}) as FindingData;
    if (statement === undefined || fix === undefined) return [];
    const edit = replaced(judged, statement, fix, text);
    if (!edit) return [];
    return [
      {
        title: rewriteTitle(fix),
        kind: CodeActionKind.QuickFix,
        diagnostics: list,
        isPreferred: true,
        edit: { changes: { [judged.uri]: [edit] } },
      },
    ];
  });
}

/**
 * Only what can be run as it stands, in this file: a rewrite whose later steps belong into other migrations is a decision,
 * so no rewrite that says so is made without a look.
 */
function fixAll(judged: Judged, text: ActionText): CodeAction[] {
  if (judged.script) return [];
  const edits = judged.file.statements.flatMap(({ index, findings }) => {
    const fix = findings.find((finding) => finding.fix !== undefined)?.fix;
    if (fix === undefined || !isSafeAlone(fix)) return [];
    return replaced(judged, index, fix, text) ?? [];
  });
  if (edits.length === 0) return [];
  return [
    {
      title: t('Rewrite every statement that has a safe form'),
      kind: FIX_ALL,
      edit: { changes: { [judged.uri]: edits } },
    },
  ];
}

/** Fixes of several steps number them in comments. */
export function isSafeAlone(fix: string): boolean {
  return !/^\s*--/m.test(fix);
}

function rewriteTitle(fix: string): string {
  const steps = fix.match(/^-- \d+\. /gm)?.length ?? 0;
  return steps > 1 ? t('Rewrite in the safe form, in {0} steps', steps) : t('Rewrite in the safe form');
}

function replaced(judged: Judged, statement: number, fix: string, text: ActionText): TextEdit | undefined {
  const place = judged.places[statement];
  if (!place) return undefined;
  const range = text.rangeOf(place.start, place.end);
  const indent = /^[ \t]*/.exec(text.lineAt(range.start.line).slice(0, range.start.character))?.[0] ?? '';
  // The semicolon behind the statement stays where it is.
  const newText = fix.trim().replace(/;$/, '').replaceAll('\n', `\n${indent}`);
  return { range, newText };
}

function ignores(judged: Judged, diagnostic: Diagnostic, text: ActionText): CodeAction[] {
  const rule = String(diagnostic.code);
  if (NOT_IGNORED.has(rule) || judged.uri.endsWith('.prisma')) return [];
  const mark = judged.script ? (judged.uri.endsWith('.rb') ? '#' : '//') : '--';
  const { line } = diagnostic.range.start;
  const { statement } = (diagnostic.data ?? {}) as FindingData;
  const place = statement === undefined ? undefined : judged.places[statement];
  const first = place && !judged.script ? text.rangeOf(place.start, place.end).start.line : line;
  const end = text.lineAt(line).trimEnd().length;
  const behind = ` ${mark} aibos-ignore-line ${rule}: `;
  const choices: Choice[] = [
    ...(statement === undefined
      ? []
      : [
          above(
            t('Ignore {0} in this statement, and say why', rule),
            first,
            `${mark} aibos-ignore`,
            rule,
            text,
          ),
        ]),
    {
      title: t('Ignore {0} in this line, and say why', rule),
      line,
      character: end,
      newText: behind,
      cursor: end + behind.length,
    },
    above(t('Ignore {0} in this file, and say why', rule), 0, `${mark} aibos-ignore-file`, rule, text),
  ];
  return choices.map(({ title, line: at, character, newText, cursor }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: {
      changes: {
        [judged.uri]: [{ range: { start: { line: at, character }, end: { line: at, character } }, newText }],
      },
    },
    command: {
      title: t('Say why'),
      command: PLACE_CURSOR,
      arguments: [{ uri: judged.uri, line: at, character: cursor } satisfies CursorPlace],
    },
  }));
}

/** A comment to put in, and where the cursor goes to write the reason. */
interface Choice {
  title: string;
  line: number;
  character: number;
  newText: string;
  cursor: number;
}

function above(title: string, line: number, mark: string, rule: string, text: ActionText): Choice {
  const indent = /^[ \t]*/.exec(text.lineAt(line))?.[0] ?? '';
  const comment = `${indent}${mark} ${rule}: `;
  return { title, line, character: 0, newText: `${comment}\n`, cursor: comment.length };
}

function explain(diagnostic: Diagnostic): CodeAction {
  const rule = String(diagnostic.code);
  return {
    title: t('Explain {0}', rule),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title: t('Explain {0}', rule), command: EXPLAIN_RULE, arguments: [rule] },
  };
}
