/** Findings for people, as modern compilers print them: the source line, what it is about underlined, what to do. */
import { duration, percent, plural } from '../../report/format.ts';
import type { Style } from '../../report/summary-text.ts';
import {
  type CheckedFile,
  type CheckedStatement,
  type CheckFinding,
  type CheckResult,
  findingsOf,
  type Severity,
} from '../result.ts';
import { explainCommand } from './docs-link.ts';

/** Longer source lines are shown around the place only. */
const WIDTH = 120;

export interface TextOptions {
  style: Style;
  /** Lines of a file by its path; undefined where it is not at hand. */
  linesOf(path: string): readonly string[] | undefined;
}

export function checkText({ files }: CheckResult, options: TextOptions): string {
  const blocks = files.flatMap((file) => fileText(file, options));
  return [...blocks, summary(files)].join('\n');
}

function fileText(file: CheckedFile, options: TextOptions): string[] {
  const shown = new Set<string>();
  return findingsOf(file).map((finding) => {
    const statement = file.statements.find(({ findings }) => findings.includes(finding));
    const lines = findingText(file.path, finding, statement, options);
    const { style } = options;
    const { fix } = finding;
    const key = `${statement?.index} ${fix}`;
    const last = !statement?.findings
      .slice(statement.findings.indexOf(finding) + 1)
      .some((other) => other.fix === fix);
    if (fix !== undefined && last && !shown.has(key)) {
      shown.add(key);
      lines.push(
        `   ${style.dim('=')} ${style.bold('do this instead')}:`,
        ...fix.split('\n').map((line) => `       ${line}`.trimEnd()),
      );
    }
    return `${lines.join('\n')}\n`;
  });
}

function findingText(
  path: string,
  finding: CheckFinding,
  statement: CheckedStatement | undefined,
  { style, linesOf }: TextOptions,
): string[] {
  const { line, column, endColumn, message, rule, severity } = finding;
  const margin = ' '.repeat(String(line).length);
  const head = `${paint(severity, style)(`${severity}[${rule}]`)}${style.bold(`: ${message}`)}`;
  const lines = [head, `${margin}${style.dim('-->')} ${path}:${line}:${column}`];
  const source = linesOf(path)?.[line - 1];
  if (source !== undefined) {
    const { text, from } = excerpt(source, column);
    const at = displayWidth(text.slice(0, column - 1 - from));
    const length = Math.max(1, displayWidth(text.slice(column - 1 - from, endColumn - 1 - from)));
    lines.push(
      `${margin} ${style.dim('|')}`,
      `${style.dim(`${line} |`)} ${text}`,
      `${margin} ${style.dim('|')} ${' '.repeat(at)}${paint(severity, style)('^'.repeat(length))}`,
    );
  }
  if (statement) lines.push(`${margin} ${style.dim('=')} ${effectsText(statement)}`);
  const explain = explainCommand(rule);
  if (explain) lines.push(`${margin} ${style.dim('=')} ${style.dim(explain)}`);
  return lines;
}

/** Lower risks need no words. */
const WORTH_A_REASON = 0.05;

/** Locks, time and risk in one line. */
function effectsText({
  locks,
  durationMs,
  failureProbability,
  reasons = [],
  abstained,
}: CheckedStatement): string {
  const named = locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ');
  const { p10, p50, p90 } = durationMs;
  const time = `about ${duration(p50)} (${duration(p10)} to ${duration(p90)})`;
  const risky = failureProbability >= WORTH_A_REASON && reasons[0] !== undefined;
  const why = risky ? `: ${reasons[0]}` : abstained ? `; ${reasons.at(-1)}` : '';
  return `${named || 'no lock on an existing table'}; ${time}; ${percent(failureProbability)} may fail${why}`;
}

/** Tabs become blanks, so that the underline fits; a long line is cut around the place. */
function excerpt(source: string, column: number): { text: string; from: number } {
  const plain = source.replaceAll('\t', ' ').replace(/\r$/, '');
  if (plain.length <= WIDTH) return { text: plain, from: 0 };
  const from = Math.max(0, Math.min(column - 1 - WIDTH / 4, plain.length - WIDTH));
  return { text: plain.slice(from, from + WIDTH), from };
}

/** Columns on a terminal: wide East Asian characters take two, marks that combine take none. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function paint(severity: Severity, style: Style): (text: string) => string {
  return severity === 'error' ? style.bad : severity === 'warning' ? style.warn : style.dim;
}

function summary(files: readonly CheckedFile[]): string {
  const all = files.flatMap(findingsOf);
  const count = (wanted: Severity) => all.filter(({ severity }) => severity === wanted).length;
  const statements = files.reduce((sum, file) => sum + file.statements.length, 0);
  const unanalysed = files.reduce(
    (sum, file) => sum + file.statements.filter((statement) => statement.unanalysed !== undefined).length,
    0,
  );
  const parts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('info'), 'note'],
  ] as const;
  const found = parts.filter(([number]) => number > 0).map(([number, word]) => plural(number, word));
  const rest =
    unanalysed > 0 ? ` ${plural(unanalysed, 'statement')} not fully understood (see --format json).` : '';
  return `${plural(files.length, 'file')}, ${plural(statements, 'statement')}: ${found.join(', ') || 'nothing found'}.${rest}`;
}
