/** The import command: runs a workspace's migration histories in the shadow, trains, and says what came of it. */

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { nothingFound } from '../../core/node/cli/commands/import.ts';
import type { DataFolder } from '../../core/node/data-folder.ts';
import type { Session } from '../../core/node/engine/session.ts';
import { importRepository } from '../../core/node/import/import-repository.ts';
import { summarise } from '../../core/report/summary.ts';
import { summaryText } from '../../core/report/summary-text.ts';
import {
  type Answer,
  IMPORT,
  IMPORT_PROGRESS,
  type ImportParams,
  type ImportProgressParams,
  type ImportReport,
} from '../protocol.ts';
import { t } from '../text.ts';
import { answered } from './method-calls.ts';

/** Answers {@link IMPORT}. */
export function serveImport(connection: Connection, session: () => Promise<Session>): void {
  connection.onRequest<Answer<ImportReport>, void>(
    IMPORT,
    ({ root }: ImportParams, token: CancellationToken) =>
      answered(async () => {
        const tell = (params: ImportProgressParams) =>
          void connection.sendNotification(IMPORT_PROGRESS, params);
        return importInto(await session(), root, token, tell);
      }),
  );
}

async function importInto(
  session: Session,
  root: string,
  token: CancellationToken,
  tell: (progress: ImportProgressParams) => void,
): Promise<ImportReport> {
  const client = session.client();
  const result = await importRepository({
    root,
    folder: session.folder,
    client,
    cancelled: () => token.isCancellationRequested,
    onProgress: ({ folder, done, total, name }) =>
      tell({
        message: t('{0}: {1} of {2} {3}', folder, done, total, name),
        share: total === 0 ? 1 : done / total,
      }),
  });
  const cancelled = token.isCancellationRequested;
  const imported = result.histories.reduce((sum, history) => sum + history.imported, 0);
  if (imported > 0 && !cancelled) {
    tell({ message: t('training the models'), share: 1 });
    await client.call('models.train', {});
  }
  const text =
    result.histories.length === 0
      ? nothingFound(result)
      : summaryText(await summarise(client, result.workspace));
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`);
  return {
    summaryFile: keep(session.folder, root, `${[text.trimEnd(), ...problems].join('\n')}\n`),
    histories: result.histories.length,
    imported,
    failed: result.histories.reduce((sum, history) => sum + history.failed, 0),
    cancelled,
  };
}

/** Writes the summary of a workspace's last import where it may be deleted at any time; the path is returned. */
function keep(folder: DataFolder, root: string, text: string): string {
  const path = join(folder.folder('cache', 'import-summaries'), `${basename(root)} import.txt`);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
