/** Schemas as documents that the editor can compare: one for each version, made when it is shown. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SchemaVersionInfo } from '../../../core/contract/schema-version.ts';
import { schemaLines } from '../../../core/report/schema-text.ts';
import { plainStyle } from '../../../core/report/style.ts';
import { t } from '../../text.ts';
import { DisposableStore } from '../disposables.ts';
import type { EngineClient } from '../engine-client.ts';

const SCHEME = 'aibos-schema';

interface Which {
  workspace: string;
  history: string;
  at: string;
}

export class SchemaDocuments extends DisposableStore implements vscode.TextDocumentContentProvider {
  readonly #engine: EngineClient;

  constructor(engine: EngineClient) {
    super('schema documents');
    this.#engine = engine;
    this.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const which = JSON.parse(uri.query) as Which;
    if (which.at === 'empty') return '';
    const { schema } = await this.#engine.call('schema.get', which);
    return `${schemaLines(schema, plainStyle).join('\n')}\n`;
  }

  /** What a migration changed: the schema before it beside the schema after it. */
  async showChange(version: SchemaVersionInfo, all: readonly SchemaVersionInfo[]): Promise<void> {
    const { workspace, history } = version;
    const same = all.filter((other) => other.workspace === workspace && other.history === history);
    const before = same[same.findIndex(({ migration }) => migration === version.migration) + 1];
    const place = (at: string, name: string) =>
      vscode.Uri.from({
        scheme: SCHEME,
        path: `/${name}.schema`,
        query: JSON.stringify({ workspace, history, at }),
      });
    const left = before ? place(before.migration, before.version) : place('empty', t('empty'));
    const title = `${version.migration} (${before?.version ?? '0'} → ${version.version})`;
    await vscode.commands.executeCommand(
      'vscode.diff',
      left,
      place(version.migration, version.version),
      title,
    );
  }

  async openMigration({ workspace, file }: SchemaVersionInfo): Promise<void> {
    const folder = this.#engine.status.folders.find((candidate) => candidate.workspace === workspace);
    if (!folder) throw new Error(t('{0} belongs to a folder that is not open here.', file));
    await vscode.window.showTextDocument(vscode.Uri.file(join(folder.root, file)));
  }
}
