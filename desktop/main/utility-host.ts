/** The engine host as an Electron utility process. */
import { createInterface } from 'node:readline';
import { utilityProcess } from 'electron';
import { DATA_FOLDER_VARIABLE, type DataFolder } from '../../core/node/data-folder.ts';
import type { HostProcess } from './engine-supervisor.ts';

/** Starts the bundle of `desktop/engine` on a data folder. What it prints goes to the log. */
export function startUtilityHost(
  script: string,
  folder: DataFolder,
  log: (line: string) => void,
): HostProcess {
  const child = utilityProcess.fork(script, [], {
    serviceName: 'AI-BOS Telemetry Engine',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [DATA_FOLDER_VARIABLE]: folder.path },
  });
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface({ input: output }).on('line', (line) => log(`engine: ${line}`));
  child.on('error', (type, location) => log(`engine: ${type} at ${location}`));
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: () => killNow(child),
  };
}

/** At once: `child.kill()` only asks, and a host that hangs does not hear it. What it acknowledged is on the disk. */
function killNow(child: Electron.UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}
