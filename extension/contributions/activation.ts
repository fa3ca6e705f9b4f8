/** When the editor starts the extension. */
import { DASHBOARD_VIEW } from './views.ts';

/** Files whose presence says that a workspace has migrations. */
const MIGRATION_FILES = [
  '**/migrations/**/*.sql',
  '**/migration/**/*.sql',
  '**/migrate/**/*.sql',
  '**/drizzle/**/*.sql',
  '**/V[0-9]*__*.sql',
  '**/*.up.sql',
  '**/db/migrate/*.rb',
];

export const ACTIVATION_EVENTS = [
  ...MIGRATION_FILES.map((pattern) => `workspaceContains:${pattern}`),
  'onLanguage:sql',
  // A link from outside.
  'onUri',
  `onWebviewPanel:${DASHBOARD_VIEW}`,
];
