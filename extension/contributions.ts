/**
 * THE COMMAND AND SETTING TABLE. `npm run generate` writes `contributes` and `activationEvents` of `package.json` from
 * it; a test fails when they drift apart. Pure data: the client takes its ids from here too.
 */

import { LANGUAGE_SETTINGS } from './language-settings.ts';

/** Category under which every command stands in the palette. */
export const CATEGORY = 'AI-BOS';

export interface Command {
  title: string;
  /** When the palette shows it; always where missing. */
  when?: string;
  /** When it can be run, from anywhere. */
  enablement?: string;
}

export const COMMANDS = {
  'aibos.openDashboard': { title: 'Open Dashboard' },
  'aibos.importWorkspace': {
    title: 'Import This Workspace',
    enablement: 'workspaceFolderCount > 0 && isWorkspaceTrusted',
  },
  'aibos.pauseRecording': { title: 'Pause Recording', when: 'config.aibos.record.enabled' },
  'aibos.resumeRecording': { title: 'Resume Recording', when: '!config.aibos.record.enabled' },
  'aibos.restartEngine': { title: 'Restart Engine', when: 'aibos.engineLost' },
  'aibos.runDoctor': { title: 'Run Doctor' },
  'aibos.showLog': { title: 'Show Log' },
} as const satisfies Record<`aibos.${string}`, Command>;
export type CommandId = keyof typeof COMMANDS;

/** Context key that is set while the engine cannot be reached. */
export const ENGINE_LOST = 'aibos.engineLost';

export interface Setting {
  type: 'boolean' | 'string';
  default: boolean | string;
  /** `application`: a person's choice, never a workspace's. `machine`: belongs to the machine with the files. */
  scope: 'application' | 'machine' | 'resource';
  markdownDescription: string;
  enum?: readonly string[];
}

export const SETTINGS = {
  'aibos.record.enabled': {
    type: 'boolean',
    default: false,
    scope: 'application',
    markdownDescription:
      'Record each schema change when a migration is saved. Everything stays in the data folder on this machine.',
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

/** `contributes` of the manifest. */
export function contributes() {
  const commands: [string, Command][] = Object.entries(COMMANDS);
  return {
    commands: commands.map(([command, { title, enablement }]) => ({
      command,
      title,
      category: CATEGORY,
      ...(enablement ? { enablement } : {}),
    })),
    menus: {
      commandPalette: commands.flatMap(([command, { when, enablement }]) => {
        const condition = when ?? enablement;
        return condition ? [{ command, when: condition }] : [];
      }),
    },
    configuration: {
      title: 'AI-BOS Telemetry',
      properties: Object.fromEntries(
        Object.entries(SETTINGS).map(([id, setting], order) => [id, { order, ...setting }]),
      ),
    },
    jsonValidation: [{ fileMatch: 'aibos.manifest.json', url: './docs/aibos.manifest.schema.json' }],
    walkthroughs: [
      {
        id: 'start',
        title: 'Get started with AI-BOS Telemetry',
        description: 'Learn from your own database migrations, on your own machine.',
        steps: STEPS,
      },
    ],
  };
}
