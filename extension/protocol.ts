/** What the editor's side and the language server say to each other beyond the language server protocol. */
import type { EventInput, EventType, Outcome, TelemetryEvent } from '../core/contract/event.ts';
import type { EventFilter } from '../core/contract/methods.ts';
import type { PredictionRecord } from '../core/contract/prediction.ts';
import type { Problem } from '../core/contract/problem.ts';
import type { RanCommand } from '../core/migrations/command/ended-command.ts';

/** `undecided` until the question of the first start is answered; nothing is recorded before that. */
export type Recording = 'on' | 'paused' | 'undecided';

/** What the editor knows and the server must heed; sent at the start, and again when it changes. */
export interface Preferences {
  recording: Recording;
  /** Whether the workspace is trusted. Where it is not, no program is run in it, git included. */
  trusted: boolean;
  /** Whether migrations are judged in the shadow while they are typed. */
  shadow?: boolean;
  /** Patterns of paths below a workspace folder of which nothing is recorded. */
  exclude?: string[];
  /** What is shown beside the SQL; what is missing is off. */
  faces?: Partial<Faces>;
  /** Major version of the PostgreSQL that migrations are written for; the newest known one where it is missing. */
  pgVersion?: number;
  /** Path of a file that `aibos stats export` wrote, from the workspace folder; else the one in the data folder. */
  statisticsFile?: string;
}

/** The faces of the language server. */
export interface Faces {
  codeLens: boolean;
  /** Whether statements that do no harm have a lens too. */
  harmlessLens: boolean;
  hover: boolean;
  inlayHints: boolean;
  diagnostics: boolean;
  completion: boolean;
}

/** The argument of every command behind a lens or a link in a hover. */
export interface PredictionTarget {
  uri: string;
  /** From 1. */
  line: number;
  /** The migration's name: what a prediction is about. */
  subject: string;
  /** Index of the statement; missing where the whole file is meant. */
  statement?: number;
  /** Of the `ai_prediction` event, where this version of the file was saved while recording. */
  predictionId?: string;
  /** Schema-qualified. */
  table?: string;
  /** The tool that runs the migration. */
  tool?: string;
}

/** Commands behind lenses and links, registered by the editor's side; each takes a {@link PredictionTarget}. */
export const PREDICTION_COMMANDS = {
  right: 'aibos.feedback.right',
  wrong: 'aibos.feedback.wrong',
  whatHappened: 'aibos.feedback.whatHappened',
  show: 'aibos.showPrediction',
  compareTable: 'aibos.compareTable',
  run: 'aibos.runMigration',
} as const;

/** Command behind a lens that leads into the dashboard, with a route of its pages. */
export const OPEN_DASHBOARD = 'aibos.openDashboard';

/** Request with a {@link PredictionTarget}, answered with {@link TableShapes} or null: a table before and after. */
export const TABLE_SHAPES = 'aibos/tableShapes';
export interface TableShapes {
  /** Schema-qualified. */
  relation: string;
  /** SQL; missing where the table is not there. */
  before?: string;
  after?: string;
}

/** Request with a {@link PredictionTarget}, answered with {@link PredictionText} or null. */
export const PREDICTION_TEXT = 'aibos/predictionText';
export interface PredictionText {
  /** Markdown. */
  text: string;
}

/** Notification with a {@link Page} that somebody asked to read. */
export const SHOW_PAGE = 'aibos/showPage';
export interface Page {
  /** What it is about, without an extension. */
  name: string;
  /** Markdown. */
  text: string;
}

/** The `initializationOptions` of the server. */
export interface ServerOptions {
  preferences: Preferences;
  /** The data folder; where it is missing, the usual one of this machine. */
  dataFolder?: string;
  /** Texts in the reader's language, by what stands in the source. */
  translations?: Readonly<Record<string, string>>;
}

export const PREFERENCES = 'aibos/preferences';

/** Request: one call of the method table. */
export const CALL = 'aibos/call';
export interface CallParams {
  method: string;
  params: unknown;
}
/** An error comes back as its problem document, so that the caller gets the same coded error. */
export type Answer<T = unknown> = { result: T } | { problem: Problem };

/** Request: live events until {@link UNSUBSCRIBE}; they come as {@link EVENTS} with the subscriber's number. */
export const SUBSCRIBE = 'aibos/subscribe';
export interface SubscribeParams {
  subscription: number;
  /** Sequence that was already seen. */
  after?: number;
  filter?: Pick<EventFilter, 'type' | 'workspace'>;
}
export const UNSUBSCRIBE = 'aibos/unsubscribe';
export const EVENTS = 'aibos/events';
export interface EventsParams {
  subscription: number;
  events: TelemetryEvent[];
}

/** Request, answered with an {@link Answer} of {@link ImportReport}; cancelling keeps what was done so far. */
export const IMPORT = 'aibos/import';
export interface ImportParams {
  /** Path of the workspace folder. */
  root: string;
}
export interface ImportReport {
  /** Path of a text for people: what `aibos start` prints, or what was looked for where nothing was found. */
  summaryFile: string;
  /** Histories that were found. */
  histories: number;
  /** Migrations that were new. */
  imported: number;
  failed: number;
  cancelled: boolean;
}
/** Notification while an import runs. */
export const IMPORT_PROGRESS = 'aibos/importProgress';
export interface ImportProgressParams {
  message: string;
  /** Share of the history that is being imported. */
  share: number;
}

/** Request, answered with an {@link Answer} of how many were stored: what the editor saw that no file says. */
export const OBSERVED = 'aibos/observed';
export interface ObservedParams {
  /** With their ids, so that sending them again stores none of them twice. */
  events: (EventInput & { id: string })[];
  /** Path of a file or folder that they are about; the first folder where it is missing. */
  about?: string;
}

/** Request, answered with an {@link Answer} of {@link RanReport}: a command that runs migrations has ended. */
export const RAN = 'aibos/ran';
export type RanParams = RanCommand;
export interface RanReport {
  migrations: { name: string; outcome: Outcome }[];
  /** Predictions that this run showed to be wrong. */
  surprising: PredictionRecord[];
}

/** Request, answered with an {@link Answer} of lines for people. */
export const DOCTOR = 'aibos/doctor';
export interface DoctorParams {
  /** Name and version of the editor. */
  editor: string;
}

/** Notification: how things are, whenever that changes. */
export const STATUS = 'aibos/status';
export interface ServerStatus {
  engine: 'starting' | 'running' | 'lost';
  /** Why it is lost, and what to do. */
  problem?: string;
  /** Whether this window's server hosts the engine; another process does otherwise. */
  hostedHere: boolean;
  dataFolder: string;
  /** The folders that are open, and the ids under which their events are recorded. */
  folders: { workspace: string; root: string }[];
  /** Today's events of this workspace by type, most frequent first. */
  today: { type: EventType; count: number }[];
  last?: LastRecorded;
}

/** The event recorded last in this workspace. */
export interface LastRecorded {
  /** In words: `add_column on public.users`, or the message of an error. */
  what: string;
  file?: string;
  line?: number;
  at: string;
}
