/** What the language thread is told of folders and preferences. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Preferences } from '../../protocol.ts';
import type { OpenFolder } from '../workspace.ts';
import type { LanguageSettings } from './messages.ts';

/** Looked for in the data folder, where no file is named. */
const STATISTICS = 'statistics.json';

export function settingsFrom(
  folders: readonly OpenFolder[],
  { pgVersion, statisticsFile }: Preferences,
  dataFolder: string,
): LanguageSettings {
  const candidates = !statisticsFile
    ? [join(dataFolder, STATISTICS)]
    : isAbsolute(statisticsFile)
      ? [statisticsFile]
      : folders.map(({ root }) => join(root, statisticsFile));
  const statistics =
    candidates.find((path) => existsSync(path)) ?? (statisticsFile ? candidates[0] : undefined);
  return {
    folders: folders.map(({ path }) => pathToFileURL(path).href),
    ...(pgVersion ? { serverVersion: pgVersion } : {}),
    ...(statistics === undefined ? {} : { statisticsFile: statistics }),
    dataFolder,
  };
}
