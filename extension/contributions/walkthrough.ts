/** The steps of the walkthrough. Pure data. */

interface Step {
  id: string;
  title: string;
  description: string;
  media: { svg: string; altText: string };
  completionEvents?: string[];
}

export const STEPS: Step[] = [
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
