/** What the status item says, and what its tooltip tells. Pure. */
import type { EventType } from '../../core/contract/event.ts';
import type { CommandId } from '../contributions.ts';
import type { LastRecorded, Recording, ServerStatus } from '../protocol.ts';

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

export function statusView(status: ServerStatus, recording: Recording, hasFolder: boolean): StatusView {
  const { icon, state, command } = headline(status, recording, hasFolder);
  const text = `AI-BOS: ${state}`;
  return {
    text: `$(${icon}) ${text}`,
    label: `AI-BOS Telemetry, ${state}`,
    tooltip: tooltip(status, recording, hasFolder),
    command,
    alarm: status.engine === 'lost' ? 'error' : 'none',
  };
}

interface Headline extends Pick<StatusView, 'command'> {
  icon: string;
  state: string;
}

function headline({ engine, today }: ServerStatus, recording: Recording, hasFolder: boolean): Headline {
  const open = 'aibos.openDashboard';
  if (engine === 'lost') return { icon: 'error', state: 'engine lost', command: 'aibos.restartEngine' };
  if (engine === 'starting') return { icon: 'loading~spin', state: 'starting', command: open };
  if (!hasFolder) return { icon: 'database', state: 'no folder', command: open };
  if (recording === 'undecided')
    return { icon: 'circle-large-outline', state: 'not recording', command: CHOOSE_RECORDING };
  if (recording === 'paused') return { icon: 'debug-pause', state: 'paused', command: open };
  const { own } = split(today);
  const events = own.reduce((sum, { count }) => sum + count, 0);
  return { icon: 'record', state: events === 0 ? 'recording' : `${events} today`, command: open };
}

function tooltip(status: ServerStatus, recording: Recording, hasFolder: boolean): string {
  const lines = [
    `**AI-BOS Telemetry:** ${recordingWords(recording, hasFolder)}`,
    ...(hasFolder ? [`**Today:** ${todayWords(status.today)}`] : []),
    ...(status.last ? [`**Last:** ${lastWords(status.last)}`] : []),
    `**Engine:** ${engineWords(status)}`,
    links(status, recording, hasFolder),
  ];
  return lines.join('\n\n');
}

function recordingWords(recording: Recording, hasFolder: boolean): string {
  if (!hasFolder) return 'open a folder to record its migrations';
  if (recording === 'on') return 'records each migration that is saved here';
  return recording === 'paused' ? 'recording is paused' : 'nothing is recorded until you choose to';
}

/** What people did, in the order in which it is told. The other types are the engine's own. */
const NOUNS: [EventType, one: string, many: string][] = [
  ['schema_operation', 'schema change', 'schema changes'],
  ['migration_execution', 'migration run', 'migration runs'],
  ['error_occurrence', 'error', 'errors'],
];

/** What people did today, in words, and how many events the engine added. */
function split(today: ServerStatus['today']): { own: { count: number; words: string }[]; others: number } {
  const own = NOUNS.flatMap(([type, one, many]) => {
    const count = today.find((tally) => tally.type === type)?.count ?? 0;
    return count === 0 ? [] : { count, words: `${count} ${count === 1 ? one : many}` };
  });
  const all = today.reduce((sum, { count }) => sum + count, 0);
  return { own, others: own.reduce((left, { count }) => left - count, all) };
}

function todayWords(today: ServerStatus['today']): string {
  const { own, others } = split(today);
  const words = [
    ...own.map((tally) => tally.words),
    ...(others > 0 ? [`${others} of the engine itself`] : []),
  ];
  return words.join(', ') || 'no events yet';
}

function lastWords({ what, file, line, at }: LastRecorded): string {
  const place = file === undefined ? '' : ` in ${escaped(file)}${line === undefined ? '' : `:${line}`}`;
  return `${escaped(what)}${place}, ${timeWords(at)}`;
}

function timeWords(at: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString();
}

function engineWords({ engine, problem, hostedHere }: ServerStatus): string {
  if (engine === 'lost') return `lost. ${escaped(problem ?? '')}`.trimEnd();
  if (engine === 'starting') return 'starting';
  return hostedHere ? 'running in this window' : 'running in another process';
}

function links({ engine }: ServerStatus, recording: Recording, hasFolder: boolean): string {
  const link = (title: string, command: CommandId) => `[${title}](command:${command})`;
  return [
    link('Open Dashboard', 'aibos.openDashboard'),
    ...(engine === 'lost' ? [link('Restart Engine', 'aibos.restartEngine')] : []),
    ...(!hasFolder
      ? []
      : recording === 'on'
        ? [link('Pause Recording', 'aibos.pauseRecording')]
        : [link(recording === 'paused' ? 'Resume Recording' : 'Start Recording', 'aibos.resumeRecording')]),
    link('Show Log', 'aibos.showLog'),
  ].join(' · ');
}

/** Text from SQL, file names and error messages must not become Markdown or links. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
}
