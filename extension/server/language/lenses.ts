/** The line above a statement: what it locks, how long, how likely it fails; and the answers in one click. Pure. */

import type { CodeLens, Range } from 'vscode-languageserver/node';
import type { CheckedStatement, CheckFinding } from '../../../core/check/result.ts';
import { routeTo } from '../../../core/contract/links.ts';
import { significant } from '../../../core/numbers.ts';
import { day, duration } from '../../../core/report/format.ts';
import { OPEN_DASHBOARD, PREDICTION_COMMANDS, type PredictionTarget } from '../../protocol.ts';
import { t } from '../../text.ts';
import type { Judged } from './messages.ts';
import type { Run } from './past.ts';
import {
  chanceOfAny,
  isWorthALook,
  lensText,
  outcomeText,
  quietText,
  riskText,
  shortName,
  timeText,
  WORTH_SAYING,
} from './wording.ts';

export interface LensOptions {
  /** Whether statements that do no harm have one too. */
  harmless: boolean;
  /** Whether the file can be run from the editor. */
  canRun: boolean;
  /** How the migration went on a database, where it was run. */
  lastRun?: Run | undefined;
  /** The recorded prediction about a statement, or about the whole; undefined where this version was not recorded. */
  predictionId: (statement: number | undefined) => string | undefined;
}

/** Editors show the lenses of one line side by side. */
const SUMMARY_LINE = 0;

export function lensesOf(judged: Judged, options: LensOptions): CodeLens[] {
  const { statements } = judged.file;
  const [only, ...more] = statements;
  if (!only) return [];
  // The one statement of a file says everything about the file.
  if (more.length === 0 && isWorthALook(only)) {
    const target = targetOf(judged, only, options.predictionId(only.index));
    const range = lineOf(only.line - 1);
    return [
      aboutStatement(range, only, target),
      ...run(range, target, options),
      ...ended(range, target, options),
      ...answers(range, [only], target, options.lastRun),
    ];
  }
  const lenses = statements.flatMap((statement) => {
    const worthALook = isWorthALook(statement);
    if (!worthALook && !options.harmless) return [];
    const target = targetOf(judged, statement, options.predictionId(statement.index));
    const range = lineOf(statement.line - 1);
    // Harmless ones have no prediction of their own to answer, and in the summary's line there is no room for more.
    const hasAnswers = worthALook && range.start.line !== SUMMARY_LINE;
    return [
      aboutStatement(range, statement, target),
      ...(hasAnswers ? answers(range, [statement], target) : []),
    ];
  });
  return [...summary(judged, options), ...lenses];
}

/** Whom the commands of a statement are about. */
export function targetOf(
  { uri, name, made, tool }: Judged,
  statement: CheckedStatement | undefined,
  predictionId: string | undefined,
): PredictionTarget {
  const table = statement?.locks[0]?.relation ?? statement?.objects.find((object) => !made.includes(object));
  return {
    uri,
    line: statement?.line ?? 1,
    subject: name,
    ...(statement ? { statement: statement.index } : {}),
    ...(predictionId === undefined ? {} : { predictionId }),
    ...(table === undefined ? {} : { table }),
    ...(tool === undefined ? {} : { tool }),
  };
}

/** The whole file above its first line: what matters most, short enough to leave room for the answers. */
export function summaryText({ file: { statements, findings = [] } }: Judged): string {
  const chance = chanceOfAll(statements);
  const { errors, warnings } = tally([...findings, ...statements.flatMap((one) => one.findings)]);
  const abstains = statements.every(({ abstained }) => abstained);
  return [
    ...(chance >= WORTH_SAYING && !abstains ? [t('{0} may fail', riskText(chance))] : []),
    blockedShort(statements),
    abstains ? t('no prediction yet') : `~${duration(significant(timeOf(statements).p50, 2))}`,
    ...(errors > 0 ? [errorsText(errors)] : warnings > 0 ? [warningsText(warnings)] : []),
  ].join(' · ');
}

/** The same with everything that is known of it. */
export function wholeText({ file: { statements, findings = [] }, ran }: Judged): string {
  const { errors, warnings } = tally([...findings, ...statements.flatMap((one) => one.findings)]);
  const unknown = statements.filter(({ unanalysed }) => unanalysed !== undefined).length;
  const abstained = statements.filter((statement) => statement.abstained).length;
  const chance = chanceOfAll(statements);
  return [
    statements.length === 1 ? t('1 statement') : t('{0} statements', statements.length),
    ...(chance >= WORTH_SAYING ? [t('{0} may fail', riskText(chance))] : []),
    blocked(statements),
    timeText(timeOf(statements)),
    ...(errors > 0 ? [errorsText(errors)] : []),
    ...(warnings > 0 ? [warningsText(warnings)] : []),
    ...(unknown > 0 ? [t('{0} not understood', unknown)] : []),
    ...(abstained > 0 ? [t('{0} without a prediction yet', abstained)] : []),
    ...(ran ? [t('ran in the shadow')] : []),
  ].join(' · ');
}

function chanceOfAll(statements: readonly CheckedStatement[]): number {
  return chanceOfAny(statements.map(({ failureProbability }) => failureProbability));
}

function timeOf(statements: readonly CheckedStatement[]): CheckedStatement['durationMs'] {
  const sum = (at: 'p10' | 'p50' | 'p90') =>
    statements.reduce((total, { durationMs }) => total + durationMs[at], 0);
  return { p10: sum('p10'), p50: sum('p50'), p90: sum('p90') };
}

function tally(findings: readonly CheckFinding[]): { errors: number; warnings: number } {
  const count = (wanted: CheckFinding['severity']) =>
    findings.filter(({ severity }) => severity === wanted).length;
  return { errors: count('error'), warnings: count('warning') };
}

function errorsText(count: number): string {
  return count === 1 ? t('1 error') : t('{0} errors', count);
}

function warningsText(count: number): string {
  return count === 1 ? t('1 warning') : t('{0} warnings', count);
}

/** Who waits, in as few words as it takes: `blocks orders` is reads and writes. */
function blockedShort(statements: readonly CheckedStatement[]): string {
  const both = tablesOf(statements, 'reads_and_writes', 1);
  if (both) return t('blocks {0}', both);
  const writes = tablesOf(statements, 'writes', 1);
  return writes ? t('blocks writes on {0}', writes) : t('blocks nobody');
}

function blocked(statements: readonly CheckedStatement[]): string {
  const both = tablesOf(statements, 'reads_and_writes', 3);
  if (both) return t('blocks reads and writes on {0}', both);
  const writes = tablesOf(statements, 'writes', 3);
  return writes ? t('blocks writes on {0}', writes) : t('blocks nobody');
}

/** The tables on which that is blocked; none: an empty text. @param most names that are spelt out */
function tablesOf(
  statements: readonly CheckedStatement[],
  blocks: CheckedStatement['blocks'],
  most: number,
): string {
  const tables = statements
    .filter((statement) => statement.blocks === blocks)
    .flatMap(({ locks }) => locks.map(({ relation }) => shortName(relation)));
  const names = [...new Set(tables)];
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? t('{0} and {1} more', shown, names.length - most) : shown;
}

function summary(judged: Judged, options: LensOptions): CodeLens[] {
  const target = targetOf(judged, undefined, options.predictionId(undefined));
  const range = lineOf(SUMMARY_LINE);
  return [
    lens(range, PREDICTION_COMMANDS.show, summaryText(judged), target, wholeText(judged)),
    ...run(range, target, options),
    ...ended(range, target, options),
    ...answers(range, judged.file.statements, target, options.lastRun),
  ];
}

function aboutStatement(range: Range, statement: CheckedStatement, target: PredictionTarget): CodeLens {
  const title = isWorthALook(statement) ? lensText(statement) : quietText(statement);
  return lens(range, PREDICTION_COMMANDS.show, title, target);
}

function run(range: Range, target: PredictionTarget, { canRun }: LensOptions): CodeLens[] {
  return canRun ? [lens(range, PREDICTION_COMMANDS.run, withIcon('play', t('run')), target)] : [];
}

const MARKS: Partial<Record<Run['outcome'], string>> = {
  succeeded: 'pass',
  failed: 'error',
  rolled_back: 'discard',
};

/** How the last run went; its story is a click away. */
function ended(range: Range, { subject }: PredictionTarget, { lastRun }: LensOptions): CodeLens[] {
  if (!lastRun) return [];
  const { outcome, durationMs, at } = lastRun;
  const title = withIcon(MARKS[outcome] ?? 'question', outcomeText(outcome, durationMs));
  const tooltip = t('The last run, on {0}. Show its story.', day(at));
  const command = { title, tooltip, command: OPEN_DASHBOARD, arguments: [routeTo('migration', subject)] };
  return [{ range, command }];
}

/**
 * Right and wrong only where something was predicted that anybody would notice, and no run has said it already; what
 * happened can always be said.
 */
function answers(
  range: Range,
  about: readonly CheckedStatement[],
  target: PredictionTarget,
  lastRun?: Run,
): CodeLens[] {
  const happened = lens(range, PREDICTION_COMMANDS.whatHappened, t('what happened?'), target);
  const hasSaid = lastRun?.outcome === 'succeeded' || lastRun?.outcome === 'failed';
  if (hasSaid || !about.some((statement) => isWorthALook(statement) && !statement.abstained))
    return [happened];
  return [
    lens(range, PREDICTION_COMMANDS.right, withIcon('thumbsup', t('right')), target),
    lens(range, PREDICTION_COMMANDS.wrong, withIcon('thumbsdown', t('wrong')), target),
    happened,
  ];
}

/** Editors swallow a plain space behind an icon. */
function withIcon(icon: string, text: string): string {
  return `$(${icon})\u00a0${text}`;
}

function lens(
  range: Range,
  command: string,
  title: string,
  target: PredictionTarget,
  tooltip?: string,
): CodeLens {
  return { range, command: { title, command, arguments: [target], ...(tooltip ? { tooltip } : {}) } };
}

function lineOf(line: number): Range {
  return { start: { line, character: 0 }, end: { line, character: 0 } };
}
