/** What changes are about: the first part of the names of the methods that leave an entry in the audit trail. */
export const SUBJECTS: Readonly<Record<string, string>> = {
  alerts: 'Alerts',
  feedback: 'Answers',
  anomalies: 'Anomalies',
  keys: 'Keys',
  models: 'Models',
  predictions: 'Predictions',
  privacy: 'Privacy',
  reports: 'Reports',
  schema: 'Schema',
  settings: 'Settings',
  training: 'Training',
};
