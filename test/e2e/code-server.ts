/** VS Code itself, as a server, with the packaged extension in it, and a browser in which a person works. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { codeServer } from '../support/requirements.ts';
import { cleanup, type TestScope, temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);
const NODE = createRequire(import.meta.url).resolve('node/bin/node');

export interface CodeServer {
  /** `http://127.0.0.1:port` */
  base: string;
  /** The folder that is opened. */
  project: string;
  /** Data folder of the engine. */
  dataFolder: string;
  /** Folder of the editor's own data; its logs are below. */
  userData: string;
}

/** Path of the extension's package, made first where it is missing or stale. */
export async function packagedExtension(): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/package-vsix.mjs', import.meta.url));
  return (await run(NODE, [script])).stdout.trim();
}

/** Settings of the editor, so that nothing but the extension asks for attention. */
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'files.autoSave': 'off',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.autoClosingBrackets': 'never',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
};

/** Installs the extension, copies the project, starts; ends with the test. */
export async function startCodeServer(
  scope: TestScope,
  fixture: string,
  settings: Record<string, unknown> = {},
): Promise<CodeServer> {
  const entry = codeServer().found;
  if (!entry) throw new Error(codeServer().missing);
  const home = temporaryFolder(scope, 'aibos-editor-');
  const [project, dataFolder, userData, extensions] = ['shop', 'data', 'user', 'extensions'].map((name) =>
    join(home, name),
  ) as [string, string, string, string];
  cpSync(fixture, project, { recursive: true });
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    AIBOS_DATA_DIR: dataFolder,
    SHELL: '/bin/sh',
  };
  await run(NODE, [entry, ...folders, '--install-extension', await packagedExtension()], { env });
  const flags = [
    '--auth',
    'none',
    '--bind-addr',
    '127.0.0.1:0',
    '--disable-telemetry',
    '--disable-update-check',
  ];
  const server = spawn(NODE, [entry, ...folders, ...flags], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  cleanup(scope, () => end(server));
  return { base: await addressOf(server), project, dataFolder, userData };
}

/** The address that it says it listens at. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const address = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    server.once('exit', () => reject(new Error(`code-server ended:\n${said}`)));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}
