/** The engine host in a real process of its own, started as the desktop app starts it, in Node instead of Electron. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DATA_FOLDER_VARIABLE, type DataFolder } from '../../../core/node/data-folder.ts';
import type { FromHost } from '../../../desktop/engine/messages.ts';
import type { HostProcess } from '../../../desktop/main/engine-supervisor.ts';
import { cleanup, type TestScope } from '../../support/temp.ts';

/** The host from its source, and the bundle that the app starts. */
export const HOST_SOURCE = fileURLToPath(new URL('../../../desktop/engine/main.ts', import.meta.url));
export const HOST_BUNDLE = fileURLToPath(new URL('../../../dist/desktop-engine.mjs', import.meta.url));

const PARENT_PORT = new URL('parent-port.ts', import.meta.url).href;

export interface ChildHost extends HostProcess {
  pid: number | undefined;
}

/** A Node process that takes itself for an Electron utility process. */
export function forkHost(script: string, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(script, [], {
    execArgv: ['--import', PARENT_PORT],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env,
  });
}

/** Starts the host on a folder; killed with the test where it still runs. */
export function startChildHost(scope: TestScope, folder: DataFolder, script = HOST_SOURCE): ChildHost {
  const child = forkHost(script, { ...process.env, [DATA_FOLDER_VARIABLE]: folder.path });
  child.stderr?.pipe(process.stderr, { end: false });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  cleanup(scope, async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return {
    pid: child.pid,
    post: (message) => {
      if (child.connected) child.send(message);
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromHost)),
    onExit: (listener) => child.once('exit', (code, signal) => listener(code ?? (signal ? 128 : 0))),
    kill: () => child.kill('SIGKILL'),
  };
}
