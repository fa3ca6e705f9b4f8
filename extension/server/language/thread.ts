/**
 * The language thread: everything that reads SQL for the editor happens here, so that neither the engine nor the
 * connection to the editor ever waits for a large file or a long history.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { translateWith } from '../../text.ts';
import { completionsAt } from './completion.ts';
import { foldingsOf } from './folding.ts';
import { Judge } from './judge.ts';
import { Cancelled, type IsCancelled } from './kept-history.ts';
import type { FromThread, Notice, Question, Questions, ToThread } from './messages.ts';
import { NamePlaces } from './name-places.ts';
import { nameAt, shapesAt } from './shape.ts';
import { symbolsOf } from './symbols.ts';

translateWith(workerData);

type Answers = {
  [Q in Question]: (
    params: Questions[Q]['params'],
    isCancelled: IsCancelled,
  ) => Promise<Questions[Q]['result']>;
};

const send = (message: FromThread) => parentPort?.postMessage(message);
const judge = new Judge((log) => send({ log }));
const names = new NamePlaces(judge);
const cancelled = new Set<number>();

const answers: Answers = {
  judge: ({ uri }, isCancelled) => judge.judge(uri, isCancelled),
  nameAt: ({ uri, offset }, isCancelled) => nameAt(judge, uri, offset, isCancelled),
  definition: ({ uri, offset }, isCancelled) => names.definition(uri, offset, isCancelled),
  references: ({ uri, offset, declaration }, isCancelled) =>
    names.references(uri, offset, declaration, isCancelled),
  complete: ({ uri, offset }, isCancelled) => completionsAt(judge, uri, offset, isCancelled),
  symbols: async ({ uri }) => symbolsOf(judge.open.get(uri)),
  foldings: async ({ uri }) => foldingsOf(judge.open.get(uri)),
  shapes: ({ uri, line, table }, isCancelled) => shapesAt(judge, uri, line, table, isCancelled),
};

parentPort?.on('message', (message: ToThread) => {
  if ('tell' in message) take(message);
  else void answer(message.id, message.ask, message.params);
});

function take(notice: Notice): void {
  switch (notice.tell) {
    case 'settings':
      judge.configure(notice.settings);
      break;
    case 'text': {
      const { uri, version, text, language } = notice;
      judge.text({ uri, version, text, language });
      break;
    }
    case 'closed':
      judge.closed(notice.uri);
      break;
    case 'verdict':
      judge.verdict(notice.uri, notice.version, notice.verdict);
      break;
    case 'cancel':
      cancelled.add(notice.id);
  }
}

async function answer<Q extends Question>(id: number, ask: Q, params: unknown): Promise<void> {
  try {
    const work = answers[ask] as (params: unknown, isCancelled: IsCancelled) => Promise<unknown>;
    send({ id, result: await work(params, () => cancelled.has(id)) });
  } catch (error) {
    if (error instanceof Cancelled) send({ id, error: 'cancelled', cancelled: true });
    else send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    cancelled.delete(id);
  }
}
