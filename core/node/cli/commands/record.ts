/** `aibos record`: one event from the command line, or many as lines of JSON from a file or standard input. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TelemetryError } from '../../../contract/errors.ts';
import type { EventInput, EventType } from '../../../contract/event.ts';
import type { RecordResult } from '../../../contract/methods.ts';
import { plural } from '../../../report/format.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson } from '../output.ts';

export interface RecordOptions extends GlobalOptions {
  data?: string;
  source: string;
  workspace?: string;
  file?: string;
}

const BATCH = 1_000;

export async function recordCommand(type: string | undefined, options: RecordOptions): Promise<number> {
  const total: RecordResult = { accepted: 0, duplicates: 0, ids: [], rejected: [] };
  await withClient(options, async (client) => {
    for await (const { events, from } of type === undefined ? batches(options.file) : [one(type, options)]) {
      const result = await client
        .call('events.record', { events })
        .catch((error: unknown) => refused(error, events));
      total.accepted += result.accepted;
      total.duplicates += result.duplicates;
      total.ids.push(...result.ids);
      total.rejected.push(...result.rejected.map(({ index, errors }) => ({ index: index + from, errors })));
    }
  });
  if (options.format === 'json') printJson(total);
  else
    print(
      `${plural(total.accepted, 'event')} recorded, ${total.duplicates} already there, ${total.rejected.length} refused.`,
    );
  for (const { index, errors } of total.rejected) {
    for (const { pointer, message } of errors)
      process.stderr.write(`aibos: event ${index + 1}: ${pointer || '/'} ${message}\n`);
  }
  return total.rejected.length > 0 ? EXIT.usage : EXIT.done;
}

/** A batch of which nothing could be stored is an error of the call; here it is one result among others. */
function refused(error: unknown, events: readonly unknown[]): RecordResult {
  if (!TelemetryError.is(error, 'invalid-request')) throw error;
  const rejected = events.map((_, index) => ({
    index,
    errors: error.errors
      .filter(({ pointer }) => pointer.startsWith(`/events/${index}/`) || pointer === `/events/${index}`)
      .map(({ pointer, message }) => ({ pointer: pointer.replace(`/events/${index}`, ''), message })),
  }));
  return { accepted: 0, duplicates: 0, ids: [], rejected };
}

interface Batch {
  events: EventInput[];
  /** Number of the first one, from 0. */
  from: number;
}

function one(type: string, { data = '{}', source, workspace }: RecordOptions): Batch {
  const metadata = workspace ? { metadata: { workspace } } : {};
  return {
    events: [
      { type: type as EventType, source, data: parse(data, '--data') as EventInput['data'], ...metadata },
    ],
    from: 0,
  };
}

async function* batches(file: string | undefined): AsyncGenerator<Batch> {
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  input.on('error', () => undefined);
  let events: EventInput[] = [];
  let from = 0;
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() === '') continue;
      events.push(parse(text, `line ${line}`) as EventInput);
      if (events.length < BATCH) continue;
      yield { events, from };
      from += events.length;
      events = [];
    }
  } catch (cause) {
    if (TelemetryError.is(cause)) throw cause;
    throw new TelemetryError(
      'invalid-request',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  if (events.length > 0) yield { events, from };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TelemetryError(
      'invalid-json',
      `${where} is not valid JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
}
