/** A million events in a store, and a server on it in a process of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BENCH = join(import.meta.dirname, '..');

export interface UiServer {
  /** With the sign-in code; good once. */
  url: string;
  base: string;
  /** Calls the API. */
  call<T>(path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

/** Folder of a store with so many events; made at first, minutes for a million, and kept. */
export function storeFolder(folder: string, count: number): string {
  const path = join(folder, `store-${count}`);
  if (!existsSync(path))
    spawnSync(process.execPath, [join(BENCH, 'make-child.ts'), folder, String(count)], { stdio: 'inherit' });
  return path;
}

export async function startUiServer(folder: string): Promise<UiServer> {
  const child: ChildProcess = spawn(process.execPath, [join(BENCH, 'ui-server-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The server says nothing.');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, base, token } = JSON.parse(line) as { url: string; base: string; token: string };
  return {
    url,
    base,
    async call<T>(path: string, body?: unknown) {
      const answer = await fetch(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async close() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
