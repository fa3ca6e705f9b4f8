/** Opens the dashboard: pages over HTTP on this machine, and the desktop app where there is one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import { accessKeysOf } from '../access-keys.ts';
import { pagesFolder } from '../assets.ts';
import { DATA_FOLDER_VARIABLE } from '../data-folder.ts';
import type { Session } from '../engine/session.ts';
import { buildServer } from '../http/server.ts';

export const DEFAULT_PORT = 4717;
const HOST = '127.0.0.1';

export interface Served {
  /** Address to open, with the sign-in code behind the `#`. */
  url: string;
  /** Address of the API. */
  base: string;
  close(): Promise<void>;
}

/** Serves pages and API. Without a port the usual one, or any free one where that is taken. */
export async function serve(session: Session, port?: number): Promise<Served> {
  const pages = pagesFolder();
  const { app, code } = await buildServer({
    backend: session,
    access: { kind: 'token', token: session.folder.token(), keys: accessKeysOf(session.folder) },
    ...(existsSync(join(pages, 'index.html')) ? { pages } : {}),
  });
  const base = await app
    .listen({ host: HOST, port: port ?? DEFAULT_PORT })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      if (port === undefined) return app.listen({ host: HOST, port: 0 });
      throw new TelemetryError('unavailable', `Port ${port} is in use; choose another with --port.`);
    });
  return { url: `${base}/#code=${code}`, base, close: () => app.close() };
}

/** Whether a window could be shown. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return !env.SSH_CONNECTION;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Path of Electron's binary; undefined where the package or its binary is missing. Looks at the files itself, because
 * loading the package would begin to download the binary.
 */
export function electronBinary(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Starts the desktop app on the session's data folder; undefined where there is no app, no Electron or no display. */
export function openDesktop(session: Session): ChildProcess | undefined {
  const binary = electronBinary();
  const main = join(dirname(pagesFolder()), 'desktop', 'main.mjs');
  if (!binary || !hasDisplay() || !existsSync(main)) return undefined;
  return spawn(binary, [main], {
    stdio: 'ignore',
    env: { ...process.env, [DATA_FOLDER_VARIABLE]: session.folder.path },
  });
}
