/** The settings, with what they mean. Pure data. */
import { LANGUAGE_SETTINGS } from '../language-settings.ts';

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
