/** `aibos export` and `aibos erase`: a copy of what is stored, and its end. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { TelemetryClient } from '../../../contract/client.ts';
import { TelemetryError } from '../../../contract/errors.ts';
import type { Params } from '../../../contract/methods.ts';
import { plural } from '../../../report/format.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, ProgressLine, print, printJson } from '../output.ts';
import { asTimestamp } from './analyze.ts';

interface About extends GlobalOptions {
  user?: string;
  workspace?: string;
}

/** Writes every event as a line of JSON to a file that only its owner can read, or to standard output. */
export async function exportCommand(options: About & { output?: string }): Promise<number> {
  const { output = '-', user, workspace } = options;
  return withClient(options, async (client) => {
    const file = output === '-' ? undefined : create(output);
    const progress = new ProgressLine();
    let events = 0;
    try {
      let cursor: string | undefined;
      do {
        const page = await client.call('privacy.export', {
          ...(user ? { user } : {}),
          ...(workspace ? { workspace } : {}),
          ...(cursor ? { cursor } : {}),
        });
        const text = page.lines.map((line) => `${line}\n`).join('');
        if (file === undefined) process.stdout.write(text);
        else writeSync(file, text);
        events += page.lines.length;
        cursor = page.nextCursor;
        progress.show(plural(events, 'event'));
      } while (cursor !== undefined);
    } finally {
      if (file !== undefined) closeSync(file);
    }
    progress.done(`${plural(events, 'event')} written${file === undefined ? '' : ` to ${output}`}`);
    return EXIT.done;
  });
}

export interface EraseOptions extends About {
  before?: string;
  now?: boolean;
  yes?: boolean;
  undo?: string;
}

/** Says how many events would go, asks, and orders it; with `--undo` takes an order back. */
export async function eraseCommand(options: EraseOptions): Promise<number> {
  const { user, workspace, before, now, undo } = options;
  return withClient(options, async (client) => {
    if (undo !== undefined) {
      const { events } = await client.call('privacy.undo', { id: undo });
      if (options.format === 'json') printJson({ id: undo, events, undone: true });
      else print(`${plural(events, 'event')} can be seen again.`);
      return EXIT.done;
    }
    const params = {
      ...(user ? { user } : {}),
      ...(workspace ? { workspace } : {}),
      ...(before ? { before: asTimestamp(before) } : {}),
      ...(now ? { now } : {}),
    };
    const preview = await client.call('privacy.erase', params);
    if (preview.events === 0) {
      if (options.format === 'json') printJson(preview);
      else print('There is nothing to erase.');
      return EXIT.found;
    }
    return order(client, params, preview.events, options);
  });
}

async function order(
  client: TelemetryClient,
  params: Params<'privacy.erase'>,
  events: number,
  { now, yes, format }: EraseOptions,
): Promise<number> {
  if (!yes && !(await agreed(`Erase ${plural(events, 'event')}${now ? ' for good, at once' : ''}?`))) {
    print('Nothing was erased.');
    return EXIT.found;
  }
  const erasure = await client.call('privacy.erase', { ...params, confirm: true });
  if (format === 'json') printJson(erasure);
  else if (erasure.done) print(`${plural(erasure.events, 'event')} erased.`);
  else
    print(
      `${plural(erasure.events, 'event')} hidden; erased for good after ${erasure.undoUntil}.\n` +
        `Until then “aibos erase --undo ${erasure.id}” brings them back.`,
    );
  return EXIT.done;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new TelemetryError(
      'forbidden',
      `${question} Run by a program, it needs --yes. Nothing was erased.`,
    );
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(`${question} Type yes to go on: `)).trim() === 'yes';
  } finally {
    lines.close();
  }
}

function create(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TelemetryError('invalid-request', `${path} cannot be written: ${why}`, { cause });
  }
}
