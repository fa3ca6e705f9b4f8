/**
 * What a shadow runs in: a process of its own, and a thread inside Electron, where no process of Node's can be forked (its
 * fuse for that is off). A thread is stopped as surely; memory that it takes is its process's.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { workerScript } from '../assets.ts';

export interface ShadowHost {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onError(listener: (error: Error) => void): void;
  onExit(listener: (code: number | null) => void): void;
  /** At once, whatever runs. */
  kill(): void;
}

export function startShadowHost(
  v8Flags: readonly string[],
  inThread = 'electron' in process.versions,
): ShadowHost {
  return inThread ? thread() : childProcess(v8Flags);
}

function childProcess(v8Flags: readonly string[]): ShadowHost {
  const child = fork(fileURLToPath(workerScript('shadow')), {
    execArgv: [...v8Flags],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    send: (message) => void child.send(message as object),
    onMessage: (listener) => void child.on('message', listener),
    onError: (listener) => void child.on('error', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill: () => void child.kill('SIGKILL'),
  };
}

function thread(): ShadowHost {
  const worker = new Worker(workerScript('shadow'), { stdout: true });
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onError: (listener) => void worker.on('error', listener),
    onExit: (listener) => void worker.on('exit', listener),
    kill: () => void worker.terminate(),
  };
}
