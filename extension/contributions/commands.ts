/** The commands: their titles, and when they can be run. Pure data. */
import { CONTEXT } from './context.ts';

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
  // Behind the lenses and hovers.
  'aibos.showPrediction': { title: 'Show Prediction', when: false },
  'aibos.compareTable': { title: 'Compare Table Before and After', when: 'editorLangId == sql' },
  'aibos.runMigration': { title: 'Run Migration', when: false },
  // Alerts.
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
  'aibos.openInDesktop': { title: 'Open in the Desktop App' },
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
