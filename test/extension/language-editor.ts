/** An editor with every face on, and the questions that it asks of a document. */
import { realpathSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  Hover,
  Location,
  Position,
} from 'vscode-languageserver/node';
import type { Faces, Preferences } from '../../extension/protocol.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';
import { Editor } from './language-server.ts';

export const FACES: Faces = {
  codeLens: true,
  harmlessLens: false,
  hover: true,
  inlayHints: true,
  diagnostics: true,
  completion: true,
};

/** Statistics of `public.users`, in a file of the project that `statisticsFile` names. */
export const STATISTICS = {
  'stats.json': JSON.stringify({
    version: 1,
    dialect: 'postgres',
    serverVersion: '18.0',
    tables: [
      {
        relation: 'public.users',
        rows: 120_000,
        bytes: 33_554_432,
        indexBytes: 0,
        columns: [{ name: 'email', nullFraction: 0, distinct: -0.5, avgWidth: 20 }],
      },
    ],
  }),
};

/** A project of these files, open in an editor that records nothing. */
export async function editorIn(
  t: TestContext,
  files: Record<string, string>,
  preferences: Partial<Preferences> = {},
  translations: Record<string, string> = {},
): Promise<Editor> {
  const root = realpathSync(temporaryFolder(t, 'aibos-project-'));
  writeTree(root, files);
  return Editor.start(t, {
    root,
    folder: temporaryDataFolder(t),
    preferences: { recording: 'paused', faces: FACES, ...preferences },
    translations,
  });
}

/** The text without its mark `|`, and the place of it. */
export function marked(text: string): { text: string; position: Position } {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: text.replace('|', ''), position };
}

export async function lensesOf(vscode: Editor, path: string): Promise<CodeLens[]> {
  return ask(vscode, 'codeLens', path, {});
}

/** `line title`, lines from 0. */
export async function lensTitles(vscode: Editor, path: string): Promise<string[]> {
  return (await lensesOf(vscode, path)).map(({ range, command }) => `${range.start.line} ${command?.title}`);
}

export async function hoverAt(vscode: Editor, path: string, position: Position): Promise<string> {
  const hover = await ask<Hover | null>(vscode, 'hover', path, { position });
  return (hover?.contents as { value: string } | undefined)?.value ?? '';
}

export async function completionsAt(vscode: Editor, path: string, position: Position): Promise<string[]> {
  const items = await ask<CompletionItem[]>(vscode, 'completion', path, { position });
  return items
    .sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1))
    .map(({ label }) => label);
}

/** `file:line:column text`, lines and columns from 0. */
export async function placesAt(
  vscode: Editor,
  question: 'definition' | 'references',
  path: string,
  position: Position,
): Promise<string[]> {
  const context = { includeDeclaration: true };
  const places = await ask<Location[]>(vscode, question, path, { position, context });
  return places.map(
    ({ uri, range: { start } }) => `${uri.split('/').at(-1)}:${start.line}:${start.character}`,
  );
}

export function actionsOn(
  vscode: Editor,
  path: string,
  diagnostics: Diagnostic[],
  only?: string[],
): Promise<CodeAction[]> {
  const range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return ask(vscode, 'codeAction', path, { range, context: { diagnostics, ...(only ? { only } : {}) } });
}

export function ask<T>(vscode: Editor, question: string, path: string, more: object): Promise<T> {
  return vscode.connection.sendRequest(`textDocument/${question}`, {
    textDocument: { uri: vscode.uri(path) },
    ...more,
  });
}

/** `line rule`, lines from 0, once there are any. */
export function rulesSaid(vscode: Editor, path: string): Promise<string[]> {
  const said = () =>
    (vscode.diagnostics.get(vscode.uri(path)) ?? []).map(({ range, code }) => `${range.start.line} ${code}`);
  return vscode.until(said, (list) => list.length > 0);
}
