/**
 * THE COMMAND AND SETTING TABLE. `npm run generate` writes `contributes` and `activationEvents` of `package.json` from
 * it; a test fails when they drift apart. Pure data: the client takes its ids from here too.
 */

import { LANGUAGE_SETTINGS } from './language-settings.ts';

/** Category under which every command stands in the palette. */
export const CATEGORY = 'AI-BOS';

export interface Command {
  title: string;
  /** When the palette shows it; `false`: never, it is for a place in the window. Always where missing. */
  when?: string | false;
  /** When it can be run, from anywhere. */
  enablement?: string;
  /** Codicon, where it stands as a button. */
  icon?: string;
}

/** Set by the extension, and read by `when` clauses. */
export const CONTEXT = {
  /** The engine cannot be reached. */
  engineLost: 'aibos.engineLost',
  /** It can. */
  engineRunning: 'aibos.engineRunning',
  hasPredictions: 'aibos.hasPredictions',
  hasAlerts: 'aibos.hasAlerts',
  hasVersions: 'aibos.hasVersions',
} as const;

const RUNNING = CONTEXT.engineRunning;

export const COMMANDS = {
  // The dashboard and what is recorded.
  'aibos.openDashboard': { title: 'Open Dashboard', icon: 'dashboard' },
  'aibos.importWorkspace': {
    title: 'Import This Workspace',
    enablement: 'workspaceFolderCount > 0 && isWorkspaceTrusted',
    icon: 'repo-pull',
  },
  'aibos.pauseRecording': { title: 'Pause Recording', when: 'config.aibos.record.enabled' },
  'aibos.resumeRecording': { title: 'Resume Recording', when: '!config.aibos.record.enabled' },
  'aibos.openWalkthrough': { title: 'Get Started' },
  'aibos.restartEngine': { title: 'Restart Engine', when: CONTEXT.engineLost },
  'aibos.runDoctor': { title: 'Run Doctor' },
  'aibos.showLog': { title: 'Show Log' },
  // Feedback.
  'aibos.giveFeedback': {
    title: 'Give Feedback on a Prediction',
    when: `${RUNNING} && ${CONTEXT.hasPredictions}`,
  },
  'aibos.feedback.right': { title: 'The Prediction Was Right', when: false, icon: 'check' },
  'aibos.feedback.wrong': { title: 'The Prediction Was Wrong', when: false, icon: 'close' },
  'aibos.feedback.whatHappened': { title: 'What Happened?', when: false, icon: 'comment' },
  'aibos.feedback.showPrediction': { title: 'Show Prediction', when: false, icon: 'go-to-file' },
  // Alerts.
  // Behind the lenses and hovers.
  'aibos.showPrediction': { title: 'Show Prediction', when: false },
  'aibos.compareTable': { title: 'Compare Table Before and After', when: false },
  'aibos.runMigration': { title: 'Run Migration', when: false },
  'aibos.showAlerts': { title: 'Show Alerts', when: RUNNING },
  'aibos.alert.showEvidence': { title: 'Show Evidence', when: false, icon: 'search' },
  'aibos.alert.acknowledge': { title: 'Acknowledge', when: false, icon: 'check' },
  'aibos.alert.snooze': { title: 'Snooze…', when: false, icon: 'clock' },
  'aibos.alert.mute': { title: 'Mute This Kind', when: false, icon: 'bell-slash' },
  'aibos.alert.unmute': { title: 'Hear a Muted Kind Again', when: RUNNING },
  'aibos.alert.real': { title: 'It Was Real', when: false },
  'aibos.alert.notReal': { title: 'It Was Not Real', when: false },
  // Models.
  'aibos.trainModels': { title: 'Train Models Now', when: RUNNING, icon: 'mortar-board' },
  'aibos.model.train': { title: 'Train Now', when: false, icon: 'mortar-board' },
  'aibos.model.rollBack': { title: 'Roll Back to the Version Before', when: false, icon: 'discard' },
  'aibos.model.open': { title: 'Open in Dashboard', when: false },
  // Schema.
  'aibos.schema.showChange': { title: 'Show What Changed', when: false, icon: 'diff' },
  'aibos.schema.openMigration': { title: 'Open Migration', when: false, icon: 'go-to-file' },
  'aibos.refreshViews': { title: 'Refresh', when: false, icon: 'refresh' },
} as const satisfies Record<`aibos.${string}`, Command>;
export type CommandId = keyof typeof COMMANDS;

/** What the feedback commands are given: by a CodeLens, a hover, or an item of the view. */
export interface FeedbackArgument {
  predictionId?: string;
  /** Of the file, with the line and the subject of the prediction in it. */
  uri?: string;
  /** From 1. */
  line?: number;
  subject?: string;
  /** Index of the statement in its file, from 0. */
  statement?: number;
}

export interface Setting {
  type: 'boolean' | 'string' | 'array';
  default: boolean | string | readonly string[];
  /**
   * `application`: a person's choice, never a workspace's. `machine`: belongs to the machine with the files.
   * `resource`: a folder may have its own.
   */
  scope: 'application' | 'machine' | 'resource';
  markdownDescription: string;
  enum?: readonly string[];
  enumDescriptions?: readonly string[];
  items?: { type: 'string' };
}

export const SETTINGS = {
  'aibos.record.enabled': {
    type: 'boolean',
    default: false,
    scope: 'application',
    markdownDescription:
      'Record each schema change when a migration is saved. Everything stays in the data folder on this machine.',
  },
  'aibos.record.terminal': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Record commands of the terminal and tasks that run migrations: when, how long, with which outcome. Needs `#terminal.integrated.shellIntegration.enabled#`. Secrets are taken out of the command line.',
  },
  'aibos.record.commands': {
    type: 'array',
    items: { type: 'string' },
    default: [],
    scope: 'resource',
    markdownDescription:
      'Further command lines that run migrations, with `*` for anything: `./scripts/db.sh up*`. The usual tools and scripts called `migrate` are known already.',
  },
  'aibos.record.exclude': {
    type: 'array',
    items: { type: 'string' },
    default: ['**/node_modules', '**/vendor'],
    scope: 'resource',
    markdownDescription:
      'Files and folders of which nothing is recorded, as patterns below the workspace folder: `db/seeds`, `**/*.dump.sql`.',
  },
  'aibos.alerts.notify': {
    type: 'string',
    enum: ['off', 'critical', 'error', 'warning', 'info'],
    enumDescriptions: [
      'No notifications; the status bar and the view say all.',
      'Only what needs action now.',
      'Errors and what is worse.',
      'Warnings and what is worse.',
      'Every alert.',
    ],
    default: 'error',
    scope: 'application',
    markdownDescription: 'From which severity on a new alert is shown as a notification, once.',
  },
  'aibos.feedback.askWhenWrong': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'When a migration ends otherwise than predicted, ask for the reason, at most once for each prediction.',
  },
  'aibos.shadow.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Run a migration in an embedded PostgreSQL or SQLite while you type it, on top of the migrations before it, and underline what fails in the database’s own words. Nothing is run in your own databases, and nothing at all in folders that you do not trust.',
  },
  ...LANGUAGE_SETTINGS,
  'aibos.dataFolder': {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription:
      'Absolute path of the folder that holds everything recorded. Empty: the folder that `AIBOS_DATA_DIR` names, or else the usual place for such data on this machine. Takes effect when the engine is restarted.',
  },
} as const satisfies Record<`aibos.${string}`, Setting>;

/** The container in the activity bar, and its views from top to bottom. */
export const VIEW_CONTAINER = 'aibos';
export const VIEWS = {
  'aibos.predictions': { name: 'Predictions Awaiting Feedback' },
  'aibos.alerts': { name: 'Alerts' },
  'aibos.schema': { name: 'Schema Timeline' },
  'aibos.models': { name: 'Models' },
} as const satisfies Record<`aibos.${string}`, { name: string }>;
export type ViewId = keyof typeof VIEWS;

/** What an empty view says, and offers. */
const WELCOMES: { view: ViewId; contents: string; when?: string }[] = [
  {
    view: 'aibos.predictions',
    contents:
      'No prediction awaits your feedback. Save a migration, and its prediction stands here until its outcome is known.',
    when: `${RUNNING} && config.aibos.record.enabled`,
  },
  {
    view: 'aibos.predictions',
    contents: 'Nothing is recorded yet.\n[Start Recording](command:aibos.resumeRecording)',
    when: `${RUNNING} && !config.aibos.record.enabled`,
  },
  { view: 'aibos.alerts', contents: 'Nothing needs your attention.', when: RUNNING },
  {
    view: 'aibos.schema',
    contents:
      'No version of a schema is known here. An import runs the migrations in a throw-away database and keeps the schema after each.\n[Import This Workspace](command:aibos.importWorkspace)',
    when: `${RUNNING} && workspaceFolderCount > 0 && isWorkspaceTrusted`,
  },
  {
    view: 'aibos.schema',
    contents:
      'This folder is not trusted, so no migration of it is run, not even in a throw-away database.\n[Manage Trust](command:workbench.trust.manage)',
    when: `${RUNNING} && !isWorkspaceTrusted`,
  },
  ...(Object.keys(VIEWS) as ViewId[]).map((view) => ({
    view,
    contents:
      'The engine cannot be reached.\n[Restart Engine](command:aibos.restartEngine)\n[Show Log](command:aibos.showLog)',
    when: CONTEXT.engineLost,
  })),
];

/** Buttons and menus of the views: where, of which items, in which group. */
const VIEW_MENUS: { command: CommandId; view: ViewId; item?: string; group: string }[] = [
  { command: 'aibos.refreshViews', view: 'aibos.predictions', group: 'navigation' },
  { command: 'aibos.refreshViews', view: 'aibos.alerts', group: 'navigation' },
  { command: 'aibos.refreshViews', view: 'aibos.schema', group: 'navigation' },
  { command: 'aibos.trainModels', view: 'aibos.models', group: 'navigation' },
  { command: 'aibos.importWorkspace', view: 'aibos.schema', group: 'navigation' },
  { command: 'aibos.alert.unmute', view: 'aibos.alerts', group: '1_alerts' },
  { command: 'aibos.feedback.right', view: 'aibos.predictions', item: '/^prediction/', group: 'inline@1' },
  { command: 'aibos.feedback.wrong', view: 'aibos.predictions', item: '/^prediction/', group: 'inline@2' },
  {
    command: 'aibos.feedback.whatHappened',
    view: 'aibos.predictions',
    item: '/^prediction/',
    group: 'inline@3',
  },
  {
    command: 'aibos.feedback.showPrediction',
    view: 'aibos.predictions',
    item: '/^prediction.*placed/',
    group: '1_open',
  },
  { command: 'aibos.alert.showEvidence', view: 'aibos.alerts', item: '/^alert/', group: 'inline@1' },
  { command: 'aibos.alert.acknowledge', view: 'aibos.alerts', item: '/^alert/', group: 'inline@2' },
  { command: 'aibos.alert.snooze', view: 'aibos.alerts', item: '/^alert/', group: '2_quiet@1' },
  { command: 'aibos.alert.mute', view: 'aibos.alerts', item: '/^alert/', group: '2_quiet@2' },
  { command: 'aibos.alert.real', view: 'aibos.alerts', item: '/anomaly$/', group: '3_judge@1' },
  { command: 'aibos.alert.notReal', view: 'aibos.alerts', item: '/anomaly$/', group: '3_judge@2' },
  { command: 'aibos.model.train', view: 'aibos.models', item: '/^model/', group: 'inline@1' },
  { command: 'aibos.model.rollBack', view: 'aibos.models', item: '/^model.*earlier/', group: 'inline@2' },
  { command: 'aibos.model.open', view: 'aibos.models', item: '/^model/', group: '1_open' },
  { command: 'aibos.schema.showChange', view: 'aibos.schema', item: '/^version/', group: 'inline@1' },
  { command: 'aibos.schema.openMigration', view: 'aibos.schema', item: '/^version/', group: 'inline@2' },
];

/** Type of the dashboard's panel; its restoring activates the extension. */
export const DASHBOARD_VIEW = 'aibos.dashboard';

/** Files whose presence says that a workspace has migrations. */
const MIGRATION_FILES = [
  '**/migrations/**/*.sql',
  '**/migration/**/*.sql',
  '**/migrate/**/*.sql',
  '**/drizzle/**/*.sql',
  '**/V[0-9]*__*.sql',
  '**/*.up.sql',
];

export const ACTIVATION_EVENTS = [
  ...MIGRATION_FILES.map((pattern) => `workspaceContains:${pattern}`),
  'onLanguage:sql',
  `onWebviewPanel:${DASHBOARD_VIEW}`,
];

/** Says where a text of the manifest stands in `package.nls.json`. */
type Localise = (key: string, text: string) => string;

interface Step {
  id: string;
  title: string;
  description: string;
  media: { svg: string; altText: string };
  completionEvents?: string[];
}

const STEPS: Step[] = [
  {
    id: 'record',
    title: 'Record your schema changes',
    description:
      'Each time you save a migration, the statements that are new or changed are recorded, quietly. Nothing leaves this machine.\n[Start Recording](command:aibos.resumeRecording)\nThe item in the status bar says what is going on; hover over it for today’s figures.',
    media: {
      svg: 'extension/media/step-record.svg',
      altText: 'A saved migration becomes a recorded event.',
    },
    completionEvents: ['onContext:config.aibos.record.enabled'],
  },
  {
    id: 'import',
    title: 'Import what is already there',
    description:
      'The migrations of this workspace are run in a throw-away embedded database, in their order, and each outcome is recorded. Your own databases are not touched.\n[Import This Workspace](command:aibos.importWorkspace)',
    media: {
      svg: 'extension/media/step-import.svg',
      altText: 'A folder of migrations runs through a throw-away database.',
    },
    completionEvents: ['onCommand:aibos.importWorkspace'],
  },
  {
    id: 'feedback',
    title: 'Say what really happened',
    description:
      'Run a migration in the terminal: its outcome joins its prediction by itself. Where you know better, one click says so, and the next prediction is better.\n[Show Predictions](command:aibos.predictions.focus)',
    media: {
      svg: 'extension/media/step-feedback.svg',
      altText: 'A prediction, the outcome, and a better prediction.',
    },
    completionEvents: [
      'onCommand:aibos.feedback.right',
      'onCommand:aibos.feedback.whatHappened',
      'onView:aibos.predictions',
    ],
  },
  {
    id: 'dashboard',
    title: 'See what was learned',
    description:
      'Failures, durations, anomalies, and how often the predictions were right.\n[Open Dashboard](command:aibos.openDashboard)',
    media: {
      svg: 'extension/media/step-dashboard.svg',
      altText: 'A dashboard with a curve and three figures.',
    },
    completionEvents: ['onCommand:aibos.openDashboard'],
  },
  {
    id: 'control',
    title: 'Stay in control',
    description:
      'Pause and resume from the status bar or the command palette. Secrets and row values are taken out before anything is stored, and people are recorded under pseudonyms.\n[Open Settings](command:workbench.action.openSettings?%22aibos%22)\n[Check the Installation](command:aibos.runDoctor)',
    media: { svg: 'extension/media/step-control.svg', altText: 'A switch and a locked folder.' },
    completionEvents: ['onSettingChanged:aibos.record.enabled', 'onCommand:aibos.runDoctor'],
  },
];

/** `contributes` of the manifest, with `%key%` for each text; the texts themselves are {@link manifestTexts}. */
export function contributes() {
  return contributed((key) => `%${key}%`);
}

/** The texts of the manifest by their keys: `package.nls.json`, which translations stand beside. */
export function manifestTexts(): Record<string, string> {
  const texts: Record<string, string> = {};
  contributed((key, text) => {
    texts[key] = text;
    return text;
  });
  return texts;
}

function contributed(localise: Localise) {
  const commands: [string, Command][] = Object.entries(COMMANDS);
  const container = { id: VIEW_CONTAINER, title: 'AI-BOS', icon: 'extension/media/activity.svg' };
  return {
    commands: commands.map(([command, { title, enablement, icon }]) => ({
      command,
      title: localise(`command.${command}`, title),
      category: CATEGORY,
      ...(enablement ? { enablement } : {}),
      ...(icon ? { icon: `$(${icon})` } : {}),
    })),
    viewsContainers: { activitybar: [container] },
    views: {
      [VIEW_CONTAINER]: Object.entries(VIEWS).map(([id, { name }]) => ({
        id,
        name: localise(`view.${id}`, name),
        icon: container.icon,
      })),
    },
    viewsWelcome: WELCOMES.map(({ contents, ...welcome }, i) => ({
      ...welcome,
      contents: localise(`welcome.${welcome.view}.${i}`, contents),
    })),
    menus: {
      commandPalette: commands.flatMap(([command, { when, enablement }]) => {
        const condition = when === false ? 'false' : (when ?? enablement);
        return condition ? [{ command, when: condition }] : [];
      }),
      'view/title': VIEW_MENUS.flatMap(({ command, view, item, group }) =>
        item === undefined ? [{ command, when: `view == ${view}`, group }] : [],
      ),
      'view/item/context': VIEW_MENUS.flatMap(({ command, view, item, group }) =>
        item === undefined ? [] : [{ command, when: `view == ${view} && viewItem =~ ${item}`, group }],
      ),
    },
    configuration: {
      title: 'AI-BOS Telemetry',
      properties: Object.fromEntries(
        Object.entries(SETTINGS).map(([id, setting], order) => [
          id,
          { order, ...settingTexts(id, setting, localise) },
        ]),
      ),
    },
    jsonValidation: [{ fileMatch: 'aibos.manifest.json', url: './docs/aibos.manifest.schema.json' }],
    walkthroughs: [
      {
        id: 'start',
        title: localise('walkthrough.title', 'Get started with AI-BOS Telemetry'),
        description: localise(
          'walkthrough.description',
          'Learn from your own database migrations, on your own machine.',
        ),
        steps: STEPS.map((step) => ({
          ...step,
          title: localise(`walkthrough.${step.id}.title`, step.title),
          description: localise(`walkthrough.${step.id}.description`, step.description),
          media: { ...step.media, altText: localise(`walkthrough.${step.id}.altText`, step.media.altText) },
        })),
      },
    ],
  };
}

function settingTexts(id: string, setting: Setting, localise: Localise): Setting {
  const { markdownDescription, enumDescriptions } = setting;
  return {
    ...setting,
    markdownDescription: localise(`setting.${id}`, markdownDescription),
    ...(enumDescriptions
      ? {
          enumDescriptions: enumDescriptions.map((text, i) =>
            localise(`setting.${id}.${setting.enum?.[i]}`, text),
          ),
        }
      : {}),
  };
}
