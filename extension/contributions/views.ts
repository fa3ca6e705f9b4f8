/** The views of the activity bar: what empty ones say, and their buttons and menus. Pure data. */
import type { CommandId } from './commands.ts';
import { CONTEXT } from './context.ts';

const RUNNING = CONTEXT.engineRunning;

/** The container in the activity bar, and its views from top to bottom. Their sizes are shares of its height. */
export const VIEW_CONTAINER = 'aibos';
export const VIEWS = {
  'aibos.predictions': { name: 'Predictions Awaiting Feedback', initialSize: 3 },
  'aibos.alerts': { name: 'Alerts', initialSize: 2 },
  'aibos.schema': { name: 'Schema Timeline', initialSize: 4 },
  'aibos.models': { name: 'Models', initialSize: 2 },
} as const satisfies Record<`aibos.${string}`, { name: string; initialSize: number }>;
export type ViewId = keyof typeof VIEWS;

/** What an empty view says, and offers. */
export const WELCOMES: { view: ViewId; contents: string; when?: string }[] = [
  {
    view: 'aibos.predictions',
    contents:
      'Save a migration, in the folder of your tool or numbered like 0001_orders.sql. Its prediction stands here until its outcome is known.',
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
export const VIEW_MENUS: { command: CommandId; view: ViewId; item?: string; group: string }[] = [
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
    item: '/^(prediction|abstained)/',
    group: 'inline@3',
  },
  {
    command: 'aibos.feedback.showPrediction',
    view: 'aibos.predictions',
    item: '/placed$/',
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
  {
    command: 'aibos.openInDesktop',
    view: 'aibos.predictions',
    item: '/^(prediction|abstained)/',
    group: '1_open',
  },
  { command: 'aibos.openInDesktop', view: 'aibos.alerts', item: '/^alert/', group: '1_open' },
  { command: 'aibos.openInDesktop', view: 'aibos.models', item: '/^model/', group: '1_open' },
  { command: 'aibos.schema.showChange', view: 'aibos.schema', item: '/^version/', group: 'inline@1' },
  { command: 'aibos.schema.openMigration', view: 'aibos.schema', item: '/^version/', group: 'inline@2' },
];

/** Type of the dashboard's panel; its restoring activates the extension. */
export const DASHBOARD_VIEW = 'aibos.dashboard';
