/** VS Code itself, as a server, with the packaged extension in it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { codeServer } from '../support/requirements.ts';
import { cleanup, type TestScope } from '../support/temp.ts';
import { editorHome, packagedExtension } from './editor-home.ts';

const run = promisify(execFile);

export interface CodeServer {
  /** Address of the window with the project in it. */
  address: string;
  /** The folder that is open in it. */
  project: string;
  /** Data folder of the engine. */
  dataFolder: string;
  /** What the server said so far; it complains of much that does no harm, so it is for failures only. */
  said: () => string;
}

/** Installs the extension, starts; ends with the test. */
export async function startCodeServer(
  scope: TestScope,
  settings?: Record<string, unknown>,
): Promise<CodeServer> {
  const entry = codeServer().found;
  if (!entry) throw new Error(codeServer().missing);
  const { project, dataFolder, folders, env } = editorHome(scope, settings);
  const install = [entry, ...folders, '--install-extension', await packagedExtension()];
  await run(process.execPath, install, { env });
  const flags = [
    '--auth',
    'none',
    '--bind-addr',
    '127.0.0.1:0',
    '--disable-telemetry',
    '--disable-update-check',
  ];
  const server = spawn(process.execPath, [entry, ...folders, ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanup(scope, () => end(server));
  let said = '';
  const base = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      const listening = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (listening) resolve(listening);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', () => reject(new Error(`code-server ended:\n${said}`)));
  });
  return { address: `${base}/?folder=${encodeURIComponent(project)}`, project, dataFolder, said: () => said };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}
