/** A prediction in full, as Markdown: what it locks and whom that stops, why it may fail, what it rests on. Pure. */
import type { CheckedStatement } from '../../../core/check/result.ts';
import { blocks } from '../../../core/effects/lock-modes.ts';
import { day, duration, percent } from '../../../core/report/format.ts';
import { PREDICTION_COMMANDS, type PredictionTarget } from '../../protocol.ts';
import { summaryText } from './lenses.ts';
import type { Judged } from './messages.ts';
import type { Past } from './past.ts';
import { lensText, shortName, sizeText } from './wording.ts';

const BLOCKED = {
  nothing: 'reads and writes go on',
  writes: 'others can read, not write',
  reads_and_writes: 'others can neither read nor write',
} as const;
const BASIS: Record<string, string> = {
  rules: 'what the statement does to the schema before it',
  shadow: 'a run in an embedded database on top of all migrations before it',
  prior: 'measurements on a real PostgreSQL',
  outcomes: 'what happened here before',
};

export function statementMarkdown(
  judged: Judged,
  statement: CheckedStatement,
  past: Past,
  target: PredictionTarget,
): string {
  const { reasons } = statement;
  const list = (title: string, items: readonly string[] | undefined) =>
    items && items.length > 0 ? [`**${title}**\n\n${items.map((item) => `- ${item}`).join('\n')}`] : [];
  const size = (relation: string) => {
    const known = judged.sizes[relation];
    return known ? ` (${sizeText(known)})` : '';
  };
  const locks = statement.locks.map(
    ({ relation, mode }) => `\`${mode}\` on \`${relation}\`${size(relation)}: ${BLOCKED[blocks(mode)]}`,
  );
  const work = [
    ...statement.rewrites.map((relation) => `writes \`${relation}\` anew${size(relation)}`),
    ...statement.scans
      .filter((relation) => !statement.rewrites.includes(relation))
      .map((relation) => `reads \`${relation}\` from end to end while it is locked${size(relation)}`),
    ...(statement.noTransaction ? [statement.noTransaction] : []),
  ];
  return [
    `**${lensText(statement)}**`,
    ...list('Locks', locks),
    ...list('Work', work),
    ...list('Why', [...(reasons ?? []), ...(statement.failsIf ?? [])]),
    ...list('Lost for good', statement.dataLoss),
    ...list('Breaks running code', statement.incompatible),
    ...list(
      'Findings',
      statement.findings.map(({ rule, message }) => `\`${rule}\` ${message}`),
    ),
    ...list(
      'Rests on',
      statement.basis.map((basis) => BASIS[basis] ?? basis),
    ),
    ...pastText(past),
    links(target),
  ].join('\n\n');
}

/** Of the whole file, for a page: links to commands run nothing there. */
export function fileMarkdown(judged: Judged, past: Past): string {
  const rows = judged.file.statements.map(
    (statement) => `| ${statement.line} | ${lensText(statement).replaceAll('|', '\\|')} |`,
  );
  return [
    `**${judged.name}** · ${summaryText(judged)}`,
    ['| line | |', '| --- | --- |', ...rows].join('\n'),
    ...pastText(past),
  ].join('\n\n');
}

function pastText({ similar, accuracy }: Past): string[] {
  const runs = similar.map(
    ({ name, outcome, durationMs, lastAt, operations }) =>
      `- ${name}: ${outcome}${durationMs === undefined ? '' : ` in ${duration(durationMs)}`}, ${day(lastAt)}${operations.length > 0 ? ` (${operations.slice(0, 3).join(', ')})` : ''}`,
  );
  const record = accuracy && accuracy.resolved > 0 ? trackRecord(accuracy) : undefined;
  return [
    ...(runs.length > 0 ? [`**Similar runs**\n\n${runs.join('\n')}`] : []),
    ...(record === undefined ? [] : [`**So far** ${record}`]),
  ];
}

function trackRecord({ resolved, failure, duration: time }: NonNullable<Past['accuracy']>): string {
  const parts = [`${resolved} predictions here have a known outcome`];
  if (failure.accuracy !== undefined) parts.push(`${percent(failure.accuracy)} were right about failing`);
  if (failure.brier !== undefined && failure.baselineBrier !== undefined)
    parts.push(
      `Brier score ${failure.brier.toFixed(3)}, ${failure.baselineBrier.toFixed(3)} for always saying the average`,
    );
  if (time.coverage80 !== undefined)
    parts.push(`${percent(time.coverage80)} of the times fell into the interval (80 % should)`);
  return `${parts.join('; ')}.`;
}

function links(target: PredictionTarget): string {
  const link = (title: string, command: string) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([target]))})`;
  return [
    link('$(thumbsup) right', PREDICTION_COMMANDS.right),
    link('$(thumbsdown) wrong', PREDICTION_COMMANDS.wrong),
    link('what happened?', PREDICTION_COMMANDS.whatHappened),
    ...(target.table
      ? [link(`${shortName(target.table)} before and after`, PREDICTION_COMMANDS.compareTable)]
      : []),
  ].join(' · ');
}
