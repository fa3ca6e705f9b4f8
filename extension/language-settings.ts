/** The settings of what is shown beside the SQL, and the preferences that they make. Pure data; part of the setting table. */
import type { Faces, Preferences } from './protocol.ts';

export const LANGUAGE_SETTINGS = {
  'aibos.codeLens.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Show above each statement of a migration what it locks, how long it will take, and how likely it is to fail.',
  },
  'aibos.codeLens.harmless': {
    type: 'boolean',
    default: false,
    scope: 'application',
    markdownDescription: 'Also above statements that nobody notices.',
  },
  'aibos.hover.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Show on hover the prediction in full, with its reasons and similar past runs, and the shape of a table at that point.',
  },
  'aibos.inlayHints.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription: 'Show the size of a table behind its name, where `#aibos.statisticsFile#` tells.',
  },
  'aibos.diagnostics.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Underline what the rules find in a migration, and offer the safe form. A comment `-- aibos-ignore RULE: reason` ignores a finding.',
  },
  'aibos.completion.enabled': {
    type: 'boolean',
    default: true,
    scope: 'application',
    markdownDescription:
      'Complete tables, columns and types from the schema that the migrations before leave.',
  },
  'aibos.pgVersion': {
    type: 'string',
    enum: ['', '12', '13', '14', '15', '16', '17', '18'],
    default: '',
    scope: 'resource',
    markdownDescription:
      'Major version of the PostgreSQL that migrations run on; locks and rewrites differ between versions. Empty: the newest known one.',
  },
  'aibos.statisticsFile': {
    type: 'string',
    default: '',
    scope: 'resource',
    markdownDescription:
      'Path of a file with table statistics, from the workspace folder, as `aibos stats export` writes it, or rows of `pg_class` and `pg_stats` as CSV or JSON. Sizes, durations and risks are then estimated for your tables. Empty: `statistics.json` in the data folder.',
  },
} as const;

/** Reads a setting by its name without `aibos.`; the default where it is not set. */
type Get = <T>(name: string, fallback: T) => T;

/** The part of the preferences that these settings make. */
export function languagePreferences(get: Get): Pick<Preferences, 'faces' | 'pgVersion' | 'statisticsFile'> {
  const isOn = (id: keyof typeof LANGUAGE_SETTINGS) =>
    get(id.slice('aibos.'.length), LANGUAGE_SETTINGS[id].default) === true;
  const faces: Faces = {
    codeLens: isOn('aibos.codeLens.enabled'),
    harmlessLens: isOn('aibos.codeLens.harmless'),
    hover: isOn('aibos.hover.enabled'),
    inlayHints: isOn('aibos.inlayHints.enabled'),
    diagnostics: isOn('aibos.diagnostics.enabled'),
    completion: isOn('aibos.completion.enabled'),
  };
  const version = Number(get('pgVersion', ''));
  const statisticsFile = get('statisticsFile', '');
  return {
    faces,
    ...(Number.isInteger(version) && version > 0 ? { pgVersion: version } : {}),
    ...(statisticsFile ? { statisticsFile } : {}),
  };
}
