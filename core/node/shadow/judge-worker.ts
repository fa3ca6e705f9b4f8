/**
 * The process that keeps one history applied and judges what is asked of it, one question after the other. Speaks the
 * messages of `judge-process.ts`, and ends with the process that made it.
 */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { MigrationSource } from '../../shadow/history-state.ts';
import { IncrementalShadow } from '../../shadow/incremental.ts';
import { Cancelled } from '../../shadow/judge.ts';
import { readAsset } from '../assets.ts';
import { loadParsers } from '../parsers.ts';
import { nodePlatform } from '../platform.ts';
import { CheckpointFiles } from './checkpoint-files.ts';
import type { JudgeAnswer, JudgeMessage, Opening, Question } from './judge-process.ts';
import { PostgresShadow } from './postgres.ts';
import { SqliteShadow } from './sqlite.ts';
import { type Watched, watch } from './watchdog.ts';

/** After this long without a question there is time for what can wait. */
const IDLE_MS = 400;

let opening: Opening | undefined;
let shadow: IncrementalShadow | undefined;
let watched: Watched | undefined;
let history: MigrationSource[] = [];
let work: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;
const cancelled = new Set<number>();

async function open({ kind, cacheFolder, bounds }: Opening): Promise<IncrementalShadow> {
  watched = watch(bounds);
  await loadParsers();
  const isSqlite = kind.dialect === 'sqlite';
  const wasm = await readAsset(isSqlite ? 'sql-wasm.wasm' : 'pglite.wasm');
  return new IncrementalShadow({
    kind,
    open: isSqlite ? (image) => SqliteShadow.start(image) : (image) => PostgresShadow.start(image),
    engine: createHash('sha256').update(wasm).digest('hex'),
    checkpoints: new CheckpointFiles(cacheFolder),
    platform: nodePlatform,
  });
}

async function answer(id: number, { keep, append, last }: Question): Promise<unknown> {
  if (!opening) throw new Error('the shadow has not been opened');
  shadow ??= await open(opening);
  history = [...history.slice(0, keep), ...append];
  const { bounds, refusedMigrations, refusedStatements } = opening;
  const goOn = async () => {
    await turn();
    if (cancelled.has(id)) throw new Cancelled('a newer question came');
  };
  const hooks = {
    refuse: ({ text }: { text: string }) => refusedStatements[text],
    before: async (index: number) => {
      await goOn();
      watched?.begin(index, bounds.stepMs);
    },
    beforeMigration: async (_key: string, index: number) => {
      await goOn();
      watched?.begin(-1 - index, bounds.migrationMs);
      return refusedMigrations[history[index]?.text ?? ''];
    },
  };
  return last ? shadow.check(history, last, hooks) : shadow.run(history, hooks);
}

const send = (message: JudgeAnswer) => process.send?.(message);

// Ctrl-C reaches every process of a terminal; when this one ends is for the one that made it to say.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: JudgeMessage) => {
  if ('opening' in message) opening = message.opening;
  else if ('cancel' in message) cancelled.add(message.cancel);
  else ask(message.id, message.question);
});

function ask(id: number, question: Question): void {
  clearTimeout(idle);
  work = work
    .then(() => answer(id, question))
    .then(
      (result) => send({ id, result }),
      (error: unknown) =>
        send(
          error instanceof Cancelled
            ? { id, cancelled: true }
            : { id, error: error instanceof Error ? error.message : String(error) },
        ),
    )
    .then(() => {
      cancelled.delete(id);
      watched?.rest();
      clearTimeout(idle);
      idle = setTimeout(rest, IDLE_MS);
    });
}

function rest(): void {
  work = work.then(() => shadow?.rest()).catch(() => undefined);
}
