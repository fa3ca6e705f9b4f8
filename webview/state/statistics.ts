/** The statistics, asked once where several parts of a page want the same: they are the slowest thing to ask for. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { Params } from '../../core/contract/methods.ts';
import type { Statistics } from '../../core/contract/statistics.ts';
import { revision } from './live.ts';

let latest: { question: string; answer: Promise<Statistics> } | undefined;

/** As `stats.get`; the same question again, before anything was recorded, gets the same answer. */
export function statistics(
  client: Pick<TelemetryClient, 'call'>,
  params: Params<'stats.get'>,
): Promise<Statistics> {
  const question = JSON.stringify([revision.peek(), params]);
  if (latest?.question === question) return latest.answer;
  const answer = client.call('stats.get', params);
  latest = { question, answer };
  answer.catch(() => {
    if (latest?.answer === answer) latest = undefined;
  });
  return answer;
}
