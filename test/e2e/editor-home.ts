/** The folders of one person with one editor: a project, the editor's own data, the engine's data. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DATA_FOLDER_VARIABLE } from '../../core/node/data-folder.ts';
import { type TestScope, temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);

export interface EditorHome {
  /** The folder that is opened. */
  project: string;
  /** Data folder of the engine. */
  dataFolder: string;
  /** Arguments that give the editor these folders, without any extension in them. */
  folders: string[];
  /** Environment in which the editor runs. */
  env: Record<string, string>;
}

/** Settings of the editor, so that nothing but the extension asks for attention. */
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  // Editors over everything else would take the keys of the steps that follow.
  'workbench.editor.useModal': 'off',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.autoClosingBrackets': 'never',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
};

const FIXTURE = fileURLToPath(new URL('fixtures/shop', import.meta.url));
/** The migration in the project that tests edit. */
export const MIGRATION = '0002_orders.sql';

/** Makes the folders, with a copy of the sample project; they go with the test. @param settings of the editor, on top */
export function editorHome(scope: TestScope, settings: Record<string, unknown> = {}): EditorHome {
  const home = temporaryFolder(scope, 'aibos-editor-');
  const [project, dataFolder, userData, extensions] = ['shop', 'data', 'user', 'extensions'].map((name) =>
    join(home, name),
  ) as [string, string, string, string];
  cpSync(FIXTURE, project, { recursive: true });
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  return {
    project,
    dataFolder,
    folders: ['--user-data-dir', userData, '--extensions-dir', extensions],
    env: {
      ...(process.env as Record<string, string>),
      HOME: home,
      XDG_CONFIG_HOME: home,
      [DATA_FOLDER_VARIABLE]: dataFolder,
      // The shell whose integration the editor brings along.
      SHELL: existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh',
    },
  };
}

/** Path of the extension's package, made first where it is missing or stale. */
export async function packagedExtension(): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/package-vsix.mjs', import.meta.url));
  return (await run(process.execPath, [script])).stdout.trim();
}
