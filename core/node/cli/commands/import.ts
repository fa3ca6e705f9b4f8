/** `aibos import PATH`: runs a repository's migrations in the shadow and records them. */
import type { TelemetryClient } from '../../../contract/client.ts';
import { FORMAT_NAMES, formats } from '../../../migrations/formats.ts';
import { plural, workspaceName } from '../../../report/format.ts';
import type { DataFolder } from '../../data-folder.ts';
import { type ImportResult, importRepository } from '../../import/import-repository.ts';
import { type GlobalOptions, interruption, openSession } from '../context.ts';
import { EXIT, ProgressLine, print, printJson } from '../output.ts';

/** Imports with a progress line on stderr. */
export async function importWithProgress(
  root: string,
  folder: DataFolder,
  client: TelemetryClient,
  cancelled: () => boolean,
): Promise<ImportResult> {
  const line = new ProgressLine();
  try {
    return await importRepository({
      root,
      folder,
      client,
      cancelled,
      onProgress: ({ folder: place, done, total, name }) =>
        line.show(`${place}: ${done} of ${total}  ${name}`),
    });
  } finally {
    line.done('');
  }
}

/** What was looked for, for a repository in which nothing was found. */
export function nothingFound({ root, passedOver, unread }: ImportResult): string {
  const shapes = FORMAT_NAMES.map((name) => `  ${formats[name].title.padEnd(20)} ${formats[name].looksLike}`);
  const left =
    passedOver.length === 0
      ? []
      : [
          '',
          `Passed over, because they look like tests or examples: ${passedOver.join(', ')}.`,
          'Name such a folder itself to import it.',
        ];
  const known = unread.length === 0 ? [] : [...notRead(unread), ''];
  return [
    `No migrations that can be read were found in ${root}.`,
    ...known,
    'Looked for:',
    ...shapes,
    ...left,
  ].join('\n');
}

/** A sentence for each tool whose migrations are there and not read. */
export function notRead(unread: ImportResult['unread']): string[] {
  return unread.map(
    ({ tool, folder, count, instead }) =>
      `${plural(count, 'migration')} of ${tool} ${count === 1 ? 'is' : 'are'} not read (${folder}). As SQL: ${instead}`,
  );
}

export async function importCommand(root: string, options: GlobalOptions): Promise<number> {
  const session = await openSession(options);
  const { interrupted } = interruption();
  try {
    const result = await importWithProgress(root, session.folder, session.client(), interrupted);
    if (options.format === 'json') {
      printJson(asJson(result));
    } else if (result.histories.length === 0) {
      print(nothingFound(result));
    } else {
      for (const { history, imported, failed } of result.histories) {
        print(
          `${history.folder}: ${plural(imported, 'new migration')}, ${failed} failed, ${history.migrations.length} in all`,
        );
      }
      for (const line of notRead(result.unread)) print(line);
      print(`${plural(result.events, 'event')} recorded for ${workspaceName(result.workspace)}.`);
    }
    for (const { path, message } of result.problems) process.stderr.write(`aibos: ${path}: ${message}\n`);
    return interrupted() ? EXIT.interrupted : result.histories.length === 0 ? EXIT.found : EXIT.done;
  } finally {
    await session.close('import finished');
  }
}

function asJson({ root, workspace, histories, passedOver, unread, problems, events }: ImportResult) {
  return {
    root,
    workspace,
    events,
    passedOver,
    unread,
    problems,
    histories: histories.map(({ history, imported, failed, engine }) => ({
      folder: history.folder,
      format: history.format,
      dialect: history.dialect,
      migrations: history.migrations.length,
      imported,
      failed,
      engine: engine ?? null,
    })),
  };
}
