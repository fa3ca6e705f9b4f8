/** What every command shares: the options before it, the session with the engine, and the way it ends. */
import type { TelemetryClient } from '../../contract/client.ts';
import { DATABASE_VARIABLE, DataFolder } from '../data-folder.ts';
import type { HostOptions } from '../engine/host.ts';
import { Session } from '../engine/session.ts';
import type { OutputFormat } from './output.ts';

export interface GlobalOptions {
  dataDir?: string;
  format: OutputFormat;
}

/** `more` is for where this process comes to host the engine. */
export function openSession(
  { dataDir }: Pick<GlobalOptions, 'dataDir'>,
  more: Pick<HostOptions, 'print'> = {},
): Promise<Session> {
  const databaseUrl = process.env[DATABASE_VARIABLE];
  return Session.open(new DataFolder(dataDir), { ...more, ...(databaseUrl ? { databaseUrl } : {}) });
}

/** Opens a session, runs a command's work with its client, closes the session whatever happened. */
export async function withClient<T>(
  options: GlobalOptions,
  work: (client: TelemetryClient) => Promise<T>,
): Promise<T> {
  const session = await openSession(options);
  try {
    return await work(session.client());
  } finally {
    await session.close('command finished');
  }
}

/** Resolves at the first Ctrl-C or request to end. A second Ctrl-C ends the process at once. */
export function interruption(): { promise: Promise<string>; interrupted: () => boolean } {
  let seen = false;
  const promise = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (seen && signal === 'SIGINT') process.exit(130);
        seen = true;
        resolve(signal);
      });
    }
  });
  return { promise, interrupted: () => seen };
}
