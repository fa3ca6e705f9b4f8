/** What the status item says, and what its tooltip tells. Pure. */
import type { Alert } from '../../core/contract/alert.ts';
import type { EventType } from '../../core/contract/event.ts';
import type { CommandId } from '../contributions/commands.ts';
import type { LastRecorded, Recording, ServerStatus } from '../protocol.ts';
import { t } from '../text.ts';
import { inOrder, isOpen, needsAction } from './alerts/alert-text.ts';

export interface StatusView {
  /** With codicons, as the status bar takes it. */
  text: string;
  /** Without codicons, for screen readers. */
  label: string;
  tooltip: string;
  /** What a click does. */
  command: CommandId | typeof CHOOSE_RECORDING;
  alarm: 'none' | 'error';
}

/** Asks again whether to record; no command of the palette. */
export const CHOOSE_RECORDING = 'aibos.chooseRecording';

export interface StatusParts {
  status: ServerStatus;
  recording: Recording;
  hasFolder: boolean;
  alerts: readonly Alert[];
}

export function statusView(parts: StatusParts): StatusView {
  const { icon, state, command } = headline(parts);
  const open = parts.alerts.filter(isOpen).length;
  const alerts = open === 0 ? '' : ` $(bell-dot) ${open}`;
  const spoken = open === 0 ? '' : `, ${alertsWords(open)}`;
  return {
    text: `$(${icon}) AI-BOS: ${state}${alerts}`,
    label: `AI-BOS Telemetry, ${state}${spoken}`,
    tooltip: tooltip(parts),
    command: open > 0 && command === 'aibos.openDashboard' ? 'aibos.showAlerts' : command,
    alarm: parts.status.engine === 'lost' || needsAction(parts.alerts) ? 'error' : 'none',
  };
}

interface Headline extends Pick<StatusView, 'command'> {
  icon: string;
  state: string;
}

function headline({ status: { engine, today }, recording, hasFolder }: StatusParts): Headline {
  const open = 'aibos.openDashboard';
  if (engine === 'lost') return { icon: 'error', state: t('engine lost'), command: 'aibos.restartEngine' };
  if (engine === 'starting') return { icon: 'loading~spin', state: t('starting'), command: open };
  if (!hasFolder) return { icon: 'database', state: t('no folder'), command: open };
  if (recording === 'undecided')
    return { icon: 'circle-large-outline', state: t('not recording'), command: CHOOSE_RECORDING };
  if (recording === 'paused') return { icon: 'debug-pause', state: t('paused'), command: open };
  const { own } = split(today);
  const events = own.reduce((sum, { count }) => sum + count, 0);
  return { icon: 'record', state: events === 0 ? t('recording') : t('{0} today', events), command: open };
}

function tooltip({ status, recording, hasFolder, alerts }: StatusParts): string {
  const open = inOrder(alerts.filter(isOpen));
  const lines = [
    `**AI-BOS Telemetry:** ${recordingWords(recording, hasFolder)}`,
    ...(open[0] ? [`**${alertsWords(open.length)}:** ${escaped(open[0].title)}`] : []),
    ...(hasFolder ? [`**${t('Today')}:** ${todayWords(status.today)}`] : []),
    ...(status.last ? [`**${t('Last')}:** ${lastWords(status.last)}`] : []),
    `**${t('Engine')}:** ${engineWords(status)}`,
    links(status, recording, hasFolder, open.length > 0),
  ];
  return lines.join('\n\n');
}

function alertsWords(open: number): string {
  return open === 1 ? t('1 open alert') : t('{0} open alerts', open);
}

function recordingWords(recording: Recording, hasFolder: boolean): string {
  if (!hasFolder) return t('open a folder to record its migrations');
  if (recording === 'on') return t('records migrations that are saved or run here');
  return recording === 'paused' ? t('recording is paused') : t('nothing is recorded until you choose to');
}

/** What people did, in the order in which it is told. The other types are the engine's own. */
const NOUNS: [EventType, words: (count: number) => string][] = [
  ['schema_operation', (count) => (count === 1 ? t('1 schema change') : t('{0} schema changes', count))],
  ['migration_execution', (count) => (count === 1 ? t('1 migration run') : t('{0} migration runs', count))],
  ['error_occurrence', (count) => (count === 1 ? t('1 error') : t('{0} errors', count))],
];

/** What people did today, in words, and how many events the engine added. */
function split(today: ServerStatus['today']): { own: { count: number; words: string }[]; others: number } {
  const own = NOUNS.flatMap(([type, words]) => {
    const count = today.find((tally) => tally.type === type)?.count ?? 0;
    return count === 0 ? [] : { count, words: words(count) };
  });
  const all = today.reduce((sum, { count }) => sum + count, 0);
  return { own, others: own.reduce((left, { count }) => left - count, all) };
}

function todayWords(today: ServerStatus['today']): string {
  const { own, others } = split(today);
  const words = [
    ...own.map((tally) => tally.words),
    ...(others > 0 ? [t('{0} of the engine itself', others)] : []),
  ];
  return words.join(', ') || t('no events yet');
}

function lastWords({ what, file, line, at }: LastRecorded): string {
  const place = file === undefined ? undefined : `${escaped(file)}${line === undefined ? '' : `:${line}`}`;
  const where = place === undefined ? escaped(what) : t('{0} in {1}', escaped(what), place);
  return `${where}, ${timeWords(at)}`;
}

function timeWords(at: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString();
}

function engineWords({ engine, problem, hostedHere }: ServerStatus): string {
  if (engine === 'lost') return `${t('lost.')} ${escaped(problem ?? '')}`.trimEnd();
  if (engine === 'starting') return t('starting');
  return hostedHere ? t('running in this window') : t('running in another process');
}

function links(
  { engine }: ServerStatus,
  recording: Recording,
  hasFolder: boolean,
  hasAlerts: boolean,
): string {
  const link = (title: string, command: CommandId) => `[${title}](command:${command})`;
  const resume = recording === 'paused' ? t('Resume Recording') : t('Start Recording');
  const pause = t('Pause Recording');
  return [
    link(t('Open Dashboard'), 'aibos.openDashboard'),
    ...(hasAlerts ? [link(t('Show Alerts'), 'aibos.showAlerts')] : []),
    ...(engine === 'lost' ? [link(t('Restart Engine'), 'aibos.restartEngine')] : []),
    ...(hasFolder
      ? [recording === 'on' ? link(pause, 'aibos.pauseRecording') : link(resume, 'aibos.resumeRecording')]
      : []),
    link(t('Show Log'), 'aibos.showLog'),
  ].join(' · ');
}

/** Text from SQL, file names and error messages must not become Markdown or links. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
}
