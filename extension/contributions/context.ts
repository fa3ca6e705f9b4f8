/** What `when` clauses can ask. */

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
