/** The line above a statement: what it locks, how long, how likely it fails; and the answers in one click. Pure. */
import type { CodeLens, Command, Range } from 'vscode-languageserver/node';
import type { CheckedStatement } from '../../../core/check/result.ts';
import { plural } from '../../../core/report/format.ts';
import { PREDICTION_COMMANDS, type PredictionTarget } from '../../protocol.ts';
import type { Judged } from './messages.ts';
import {
  chanceOfAny,
  hasOwnPrediction,
  isWorthALook,
  lensText,
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
  /** The recorded prediction about a statement, or about the whole; undefined where this version was not recorded. */
  predictionId: (statement: number | undefined) => string | undefined;
}

export function lensesOf(judged: Judged, options: LensOptions): CodeLens[] {
  const { statements } = judged.file;
  if (statements.length === 0) return [];
  const lenses = statements.flatMap((statement) => {
    const worthALook = isWorthALook(statement);
    if (!worthALook && !options.harmless) return [];
    const target = targetOf(judged, statement, options.predictionId(statement.index));
    const range = lineOf(statement.line - 1);
    const title = worthALook ? lensText(statement) : quietText(statement);
    return [
      lens(range, PREDICTION_COMMANDS.show, title, target),
      // Those below have no prediction of their own to answer; the one about the whole stands for them.
      ...(hasOwnPrediction(statement) ? answers(range, target) : []),
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

/** The whole file in a line. */
export function summaryText({ file: { statements, findings = [] }, ran }: Judged): string {
  const all = [...findings, ...statements.flatMap((statement) => statement.findings)];
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const warnings = all.filter(({ severity }) => severity === 'warning').length;
  const unknown = statements.filter(({ unanalysed }) => unanalysed !== undefined).length;
  const abstained = statements.filter((statement) => statement.abstained).length;
  const chance = chanceOfAny(statements.map(({ failureProbability }) => failureProbability));
  const sum = (at: 'p10' | 'p50' | 'p90') =>
    statements.reduce((total, { durationMs }) => total + durationMs[at], 0);
  return [
    plural(statements.length, 'statement'),
    blocked(statements),
    timeText({ p10: sum('p10'), p50: sum('p50'), p90: sum('p90') }),
    ...(chance >= WORTH_SAYING ? [`${riskText(chance)} may fail`] : []),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(unknown > 0 ? [`${unknown} not understood`] : []),
    ...(abstained > 0 ? [`${abstained} without an estimate`] : []),
    ...(ran ? ['ran in the shadow'] : []),
  ].join(' · ');
}

function blocked(statements: readonly CheckedStatement[]): string {
  for (const [blocks, words] of [
    ['reads_and_writes', 'blocks reads and writes'],
    ['writes', 'blocks writes'],
  ] as const) {
    const tables = statements
      .filter((statement) => statement.blocks === blocks)
      .flatMap(({ locks }) => locks.map(({ relation }) => shortName(relation)));
    const names = [...new Set(tables)];
    if (names.length === 0) continue;
    return `${words} on ${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
  }
  return 'blocks nobody';
}

function summary(judged: Judged, { canRun, predictionId }: LensOptions): CodeLens[] {
  const target = targetOf(judged, undefined, predictionId(undefined));
  const range = lineOf(0);
  return [
    lens(range, PREDICTION_COMMANDS.show, summaryText(judged), target),
    ...(canRun ? [lens(range, PREDICTION_COMMANDS.run, '$(play) run', target)] : []),
    ...answers(range, target),
  ];
}

function answers(range: Range, target: PredictionTarget): CodeLens[] {
  return [
    lens(range, PREDICTION_COMMANDS.right, '$(thumbsup) right', target),
    lens(range, PREDICTION_COMMANDS.wrong, '$(thumbsdown) wrong', target),
    lens(range, PREDICTION_COMMANDS.whatHappened, 'what happened?', target),
  ];
}

function lens(range: Range, command: string, title: string, target: PredictionTarget): CodeLens {
  const arguments_: Command['arguments'] = [target];
  return { range, command: { title, command, arguments: arguments_ } };
}

function lineOf(line: number): Range {
  return { start: { line, character: 0 }, end: { line, character: 0 } };
}
