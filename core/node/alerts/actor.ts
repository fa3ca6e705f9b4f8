/** Carries out what alerts set off: a POST to a webhook, a command without a shell. Both have a time limit. */
import { spawn } from 'node:child_process';
import type { AlertActor } from '../../watch/actions.ts';

const WEBHOOK_MS = 10_000;
const COMMAND_MS = 60_000;

export const alertActor: AlertActor = {
  async webhook(target, alert) {
    const url = webAddress(target);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'aibos-telemetry' },
      body: JSON.stringify({ version: 1, alert }),
      redirect: 'error',
      signal: AbortSignal.timeout(WEBHOOK_MS),
    }).catch((cause: unknown) => {
      throw new Error(`${url.host} cannot be reached (${reason(cause)})`);
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${url.host} answered ${answer.status}`);
    return `${url.host} answered ${answer.status}`;
  },

  command(target, alert) {
    const [program, ...args] = words(target);
    if (program === undefined) return Promise.reject(new Error('the command is empty'));
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        shell: false,
        stdio: ['pipe', 'ignore', 'ignore'],
        // Not `timeout`: its timer outlives a program that could not be started.
        signal: AbortSignal.timeout(COMMAND_MS),
        env: { ...process.env, AIBOS_ALERT_ID: alert.id, AIBOS_ALERT_KIND: alert.kind },
      });
      child.once('error', (error) =>
        reject(
          new Error(
            error.name === 'AbortError'
              ? `${program} took longer than ${COMMAND_MS / 1_000} s and was ended`
              : `${program} cannot be run (${reason(error)})`,
          ),
        ),
      );
      child.once('exit', (code, signal) =>
        code === 0
          ? resolve(`${program} ended well`)
          : reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`}`)),
      );
      // A command that does not read its input closes it; that is no failure.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(`${JSON.stringify({ version: 1, alert })}\n`);
    });
  },
};

/** Only the host is ever said: paths and queries of webhooks are secrets. */
function webAddress(target: string): URL {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new Error('its target is not a web address');
  return url;
}

/** A command line as words; quotes keep words together. Nothing else has a meaning: no shell reads it. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

function reason(error: unknown): string {
  const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message?: string };
  return cause?.code ?? code ?? (message === undefined ? 'unknown' : 'no connection');
}
