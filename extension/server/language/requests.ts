/** Answers the editor's questions about a document. Each face can be switched off; it then answers nothing. */

import {
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type Connection,
  type Hover,
  type InlayHint,
  LSPErrorCodes,
  MarkupKind,
  type Position,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { ruleText } from '../../../core/check/rule-docs.ts';
import {
  type Page,
  PREDICTION_TEXT,
  type PredictionTarget,
  type PredictionText,
  SHOW_PAGE,
  TABLE_SHAPES,
  type TableShapes,
} from '../../protocol.ts';
import { actionsFor, type CursorPlace, EXPLAIN_RULE, PLACE_CURSOR } from './actions.ts';
import type { LanguageFaces } from './faces.ts';
import { fileMarkdown, statementMarkdown } from './hover.ts';
import { inlayHintsOf } from './inlay-hints.ts';
import { lensesOf, targetOf } from './lenses.ts';
import type { Judged } from './messages.ts';
import { NotWanted } from './thread-link.ts';

/** What the server says that it can do. */
export const LANGUAGE_CAPABILITIES: ServerCapabilities = {
  codeLensProvider: {},
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.aibos'] },
  inlayHintProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  completionProvider: { triggerCharacters: ['.', '(', ':'] },
  executeCommandProvider: { commands: [EXPLAIN_RULE, PLACE_CURSOR] },
};

export function serveLanguage(connection: Connection, faces: LanguageFaces): void {
  const open = (uri: string) => faces.documents.get(uri);

  connection.onCodeLens(({ textDocument: { uri } }) =>
    orNothing<CodeLens[]>([], async () => {
      const document = open(uri);
      if (!document || !faces.shows('codeLens')) return [];
      const judged = await faces.judged(document);
      if (!judged) return [];
      const place = faces.folders.placeOf(uri);
      return lensesOf(judged, {
        harmless: faces.shows('harmlessLens'),
        canRun: place !== undefined && faces.preferences.trusted,
        lastRun: faces.past.lastRun(judged.name, place?.workspace),
        predictionId: (statement) => faces.predictions.idOf(judged, place?.workspace, statement),
      });
    }),
  );

  connection.onHover(({ textDocument: { uri }, position }, token) =>
    orNothing<Hover | null>(null, async () => {
      const document = open(uri);
      if (!document || !faces.shows('hover')) return null;
      const offset = document.offsetAt(position);
      const [judged, named] = await Promise.all([
        faces.judged(document),
        faces.ask('nameAt', { uri, offset }, token),
      ]);
      const statement = judged && statementAt(judged, document, position);
      if (named) {
        const range = { start: document.positionAt(named.start), end: document.positionAt(named.end) };
        return { contents: { kind: MarkupKind.Markdown, value: named.shape }, range };
      }
      if (!judged || !statement) return null;
      return {
        contents: { kind: MarkupKind.Markdown, value: await textAbout(faces, judged, statement.index) },
      };
    }),
  );

  connection.onCodeAction(({ textDocument: { uri }, context: { diagnostics, only } }) =>
    orNothing<CodeAction[]>([], async () => {
      const document = open(uri);
      if (!document || !faces.shows('diagnostics')) return [];
      const judged = await faces.judged(document);
      if (!judged) return [];
      const text = {
        lineAt: (line: number) => lineOf(document, line),
        rangeOf: (start: number, end: number) => ({
          start: document.positionAt(start),
          end: document.positionAt(end),
        }),
      };
      return actionsFor(judged, diagnostics, text, only);
    }),
  );

  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    orNothing<InlayHint[]>([], async () => {
      const document = open(uri);
      if (!document || !faces.shows('inlayHints')) return [];
      const judged = await faces.judged(document);
      if (!judged) return [];
      return inlayHintsOf(judged, document.getText(), (offset) => document.positionAt(offset), range);
    }),
  );

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    orNothing([], () => faces.ask('symbols', { uri }, token)),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }, token) =>
    orNothing([], () => faces.ask('foldings', { uri }, token)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    orNothing([], async () => {
      const offset = open(uri)?.offsetAt(position);
      return offset === undefined ? [] : faces.ask('definition', { uri, offset }, token);
    }),
  );
  connection.onReferences(({ textDocument: { uri }, position, context }, token) =>
    orNothing([], async () => {
      const offset = open(uri)?.offsetAt(position);
      const declaration = context.includeDeclaration;
      return offset === undefined ? [] : faces.ask('references', { uri, offset, declaration }, token);
    }),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    orNothing<CompletionItem[]>([], async () => {
      const offset = open(uri)?.offsetAt(position);
      if (offset === undefined || !faces.shows('completion')) return [];
      return faces.ask('complete', { uri, offset }, token);
    }),
  );

  connection.onExecuteCommand(async ({ command, arguments: [argument] = [] }) => {
    if (command === PLACE_CURSOR) {
      const { uri, line, character } = argument as CursorPlace;
      const at = { line, character };
      await connection.window.showDocument({ uri, takeFocus: true, selection: { start: at, end: at } });
    }
    const page = command === EXPLAIN_RULE && typeof argument === 'string' && ruleText(argument);
    if (page) void connection.sendNotification(SHOW_PAGE, { name: argument, text: page } satisfies Page);
  });

  /** The table that the statement on a line, or the next one below it, is about. Lines from 1. */
  const tableAt = async (uri: string, line: number): Promise<string | undefined> => {
    const document = open(uri);
    const judged = document && (await faces.judged(document));
    const statement = judged?.file.statements.find(({ endLine }) => endLine >= line);
    return judged && targetOf(judged, statement, undefined).table;
  };

  connection.onRequest<TableShapes | null, void>(TABLE_SHAPES, ({ uri, line, table }: PredictionTarget) =>
    orNothing<TableShapes | null>(null, async () => {
      const about = table ?? (await tableAt(uri, line));
      const params = { uri, line: line - 1, ...(about === undefined ? {} : { table: about }) };
      return (await faces.ask('shapes', params)) ?? null;
    }),
  );
  connection.onRequest<PredictionText | null, void>(PREDICTION_TEXT, ({ uri, statement }: PredictionTarget) =>
    orNothing<PredictionText | null>(null, async () => {
      const document = open(uri);
      const judged = document && (await faces.judged(document));
      return judged ? { text: await textAbout(faces, judged, statement) } : null;
    }),
  );
}

/** The prediction about a statement or the whole, with what the engine knows beside it. */
async function textAbout(faces: LanguageFaces, judged: Judged, index: number | undefined): Promise<string> {
  const workspace = faces.folders.placeOf(judged.uri)?.workspace;
  const statement = judged.file.statements.find((one) => one.index === index);
  const idOf = (about: number | undefined) => faces.predictions.idOf(judged, workspace, about);
  const target = targetOf(judged, statement, idOf(index) ?? idOf(undefined));
  const operations = statement
    ? statement.operations
    : judged.file.statements.flatMap(({ operations: all }) => all);
  const past = await faces.past.about({ migration: judged.name, table: target.table, operations }, workspace);
  return statement ? statementMarkdown(judged, statement, past, target) : fileMarkdown(judged, past);
}

function statementAt(judged: Judged, document: TextDocument, position: Position) {
  const offset = document.offsetAt(position);
  return judged.file.statements.find(({ index, line, endLine }) => {
    if (judged.script) return position.line + 1 >= line && position.line + 1 <= endLine;
    const place = judged.places[index];
    return place !== undefined && place.start <= offset && offset <= place.end;
  });
}

function lineOf(document: TextDocument, line: number): string {
  return document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
}

/** A question that is no longer wanted is answered so; nothing else must disturb somebody who types. */
async function orNothing<T>(nothing: T, work: () => Promise<T>): Promise<T | ResponseError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotWanted) return new ResponseError(LSPErrorCodes.RequestCancelled, 'not wanted');
    return nothing;
  }
}
