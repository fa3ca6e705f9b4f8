/** A prediction in full, as Markdown: what it locks and whom that stops, why it may fail, what it rests on. Pure. */

import type { CheckedStatement } from '../../../core/check/result.ts';
import { blocks } from '../../../core/effects/lock-modes.ts';
import { day, percent } from '../../../core/report/format.ts';
import { PREDICTION_COMMANDS, type PredictionTarget } from '../../protocol.ts';
import { t } from '../../text.ts';
import { wholeText } from './lenses.ts';
import type { Judged } from './messages.ts';
import type { Past } from './past.ts';
import {
  headingText,
  isSaidBy,
  lockText,
  outcomeText,
  shortName,
  sizeText,
  whyNoPrediction,
} from './wording.ts';

/** Functions: a text is translated when it is shown. */
const BLOCKED: Record<ReturnType<typeof blocks>, () => string> = {
  nothing: () => t('reads and writes go on'),
  writes: () => t('others can read, not write'),
  reads_and_writes: () => t('others can neither read nor write'),
};
const BASIS: Record<string, () => string> = {
  rules: () => t('what the statement does to the schema before it'),
  shadow: () => t('a run in an embedded database on top of all migrations before it'),
  prior: () => t('measurements on a real PostgreSQL'),
  outcomes: () => t('what happened here before'),
};

export function statementMarkdown(
  judged: Judged,
  statement: CheckedStatement,
  past: Past,
  target: PredictionTarget,
): string {
  // Why there is no prediction is said above them.
  const reasons = statement.abstained ? statement.reasons?.slice(0, -1) : statement.reasons;
  const list = (title: string, items: readonly string[] | undefined) =>
    items && items.length > 0 ? [`**${title}**\n\n${items.map((item) => `- ${item}`).join('\n')}`] : [];
  const size = (relation: string) => {
    const known = judged.sizes[relation];
    return known ? ` (${sizeText(known)})` : '';
  };
  const locks = statement.locks.map(
    ({ relation, mode }) =>
      `${t('{0} on {1}', `\`${mode}\``, `\`${relation}\``)}${size(relation)}: ${BLOCKED[blocks(mode)]()}`,
  );
  const work = [
    ...statement.rewrites.map((relation) => `${t('writes {0} anew', `\`${relation}\``)}${size(relation)}`),
    ...statement.scans
      .filter((relation) => !statement.rewrites.includes(relation))
      .map(
        (relation) =>
          `${t('reads {0} from end to end while it is locked', `\`${relation}\``)}${size(relation)}`,
      ),
    ...(statement.noTransaction ? [statement.noTransaction] : []),
  ];
  return [
    `**${statement.abstained ? lockText(statement) : headingText(statement)}**`,
    ...(statement.abstained ? [howToGetOne(statement, past)] : []),
    ...list(t('Locks'), locks),
    ...list(t('Work'), work),
    ...list(t('Why'), whyOf(reasons ?? [], statement.failsIf ?? [])),
    ...list(t('Lost for good'), statement.dataLoss),
    ...list(t('Breaks running code'), statement.incompatible),
    ...list(
      t('Findings'),
      statement.findings.map(({ rule, message }) => `\`${rule}\` ${message}`),
    ),
    ...list(
      t('Rests on'),
      statement.basis.map((basis) => BASIS[basis]?.() ?? basis),
    ),
    ...pastText(past),
    links(target, statement.abstained === true),
  ].join('\n\n');
}

/** What it may fail by is left out where a reason says it with a figure. */
function whyOf(reasons: readonly string[], failsIf: readonly string[]): string[] {
  const isSaid = (sentence: string) => reasons.some((reason) => isSaidBy(reason, sentence));
  return [...reasons, ...failsIf.filter((sentence) => !isSaid(sentence))];
}

/** Of the whole file, for a page: links to commands run nothing there. */
export function fileMarkdown(judged: Judged, past: Past): string {
  const rows = judged.file.statements.map(
    (statement) => `| ${statement.line} | ${headingText(statement).replaceAll('|', '\\|')} |`,
  );
  return [
    `**${judged.name}** · ${wholeText(judged)}`,
    [`| ${t('line')} | |`, '| --- | --- |', ...rows].join('\n'),
    ...pastText(past),
  ].join('\n\n');
}

/** What is missing for a prediction, and how far it is. */
function howToGetOne(statement: CheckedStatement, { training }: Past): string {
  const parts = [
    t('**No prediction yet:** {0}.', whyNoPrediction(statement)),
    t('With table statistics (`aibos stats export`) there is one.'),
    ...(training && training.examples < training.needed
      ? [t('The models that learn here know {0} of {1} outcomes.', training.examples, training.needed)]
      : []),
  ];
  return parts.join(' ');
}

function pastText({ similar, accuracy }: Past): string[] {
  const runs = similar.map(({ name, outcome, durationMs, lastAt, operations }) => {
    const how = outcomeText(outcome, durationMs);
    const did = operations.length > 0 ? ` (${operations.slice(0, 3).join(', ')})` : '';
    return `- ${name}: ${how}, ${day(lastAt)}${did}`;
  });
  const record = accuracy && accuracy.resolved > 0 ? trackRecord(accuracy) : undefined;
  return [
    ...(runs.length > 0 ? [`**${t('Similar runs')}**\n\n${runs.join('\n')}`] : []),
    ...(record === undefined ? [] : [`**${t('So far')}** ${record}`]),
  ];
}

function trackRecord({ resolved, failure, duration: time }: NonNullable<Past['accuracy']>): string {
  const { accuracy, brier, baselineBrier } = failure;
  const parts = [
    resolved === 1
      ? t('1 prediction here has a known outcome')
      : t('{0} predictions here have a known outcome', resolved),
    ...(accuracy === undefined ? [] : [t('{0} were right about failing', percent(accuracy))]),
    ...(brier === undefined || baselineBrier === undefined
      ? []
      : [
          t('Brier score {0}, {1} for always saying the average', brier.toFixed(3), baselineBrier.toFixed(3)),
        ]),
    ...(time.coverage80 === undefined
      ? []
      : [t('{0} of the times fell into the interval (80 % should)', percent(time.coverage80))]),
  ];
  return `${parts.join('; ')}.`;
}

function links(target: PredictionTarget, abstained: boolean): string {
  const link = (title: string, command: string) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([target]))})`;
  return [
    ...(abstained
      ? []
      : [
          link(`$(thumbsup) ${t('right')}`, PREDICTION_COMMANDS.right),
          link(`$(thumbsdown) ${t('wrong')}`, PREDICTION_COMMANDS.wrong),
        ]),
    link(t('what happened?'), PREDICTION_COMMANDS.whatHappened),
    ...(target.table
      ? [link(t('{0} before and after', shortName(target.table)), PREDICTION_COMMANDS.compareTable)]
      : []),
  ].join(' · ');
}
