/** What can be done with an alert; each can be taken back from the message that says it. */
import type { Alert } from '../../core/contract/alert.ts';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import { dateTime } from '../format/time.ts';
import { toast } from '../ui/toast.tsx';

type Client = Pick<TelemetryClient, 'call'>;

const DAY = 86_400_000;

/** Quiet for a day. `done` is called after it, and after it was taken back. */
export function snooze(client: Client, alert: Alert, done: () => void): Promise<void> {
  const until = new Date(Date.now() + DAY).toISOString();
  return update(client, alert, 'snooze', `Snoozed until ${dateTime(until).slice(0, 16)} UTC.`, done, until);
}

/** Seen: it no longer counts as open. */
export function acknowledge(client: Client, alert: Alert, done: () => void): Promise<void> {
  return update(client, alert, 'acknowledge', 'Acknowledged.', done);
}

async function update(
  client: Client,
  { id }: Alert,
  action: 'snooze' | 'acknowledge',
  said: string,
  done: () => void,
  until?: string,
): Promise<void> {
  const undo = async () => {
    await attempt(() => client.call('alerts.update', { id, action: 'reopen' }));
    done();
  };
  const worked = await attempt(() =>
    client.call('alerts.update', { id, action, ...(until ? { until } : {}) }),
  );
  if (worked) toast(said, { undo });
  done();
}

async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toast(TelemetryError.from(error).message, { tone: 'error' });
    return false;
  }
}
