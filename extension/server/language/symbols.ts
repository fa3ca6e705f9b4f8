/** The outline of a file for the editor: its statements, and below them tables' columns. Pure. */

import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { guessDialect } from '../../../core/migrations/formats.ts';
import { t } from '../../text.ts';
import { type ColumnRole, isName, type OutlineStatement, outline, shapingOf } from './outline.ts';
import { isSql, type OpenText } from './standing.ts';

/** More than anybody looks through; a dump has a hundred thousand. */
const MOST_STATEMENTS = 5_000;
const LONGEST_TITLE = 60;

export function symbolsOf(open: OpenText | undefined): DocumentSymbol[] {
  if (!open || !isSql(open)) return [];
  const document = TextDocument.create(open.uri, 'sql', open.version, open.text);
  const statements = outline(open.text, guessDialect(open.text)).slice(0, MOST_STATEMENTS);
  return statements.map((statement) => symbolOf(statement, document));
}

function symbolOf(statement: OutlineStatement, document: TextDocument): DocumentSymbol {
  const range = (start: number, end: number) => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  const shaping = shapingOf(statement);
  const title = document
    .getText(range(statement.start, statement.end))
    .slice(0, LONGEST_TITLE * 2)
    .replace(/\s+/g, ' ');
  const named = shaping?.verb === 'create_table' || shaping?.verb === 'create_view';
  const name = named
    ? [shaping.table.schema, shaping.table.word.text].filter(Boolean).join('.')
    : title.length > LONGEST_TITLE
      ? `${title.slice(0, LONGEST_TITLE)}…`
      : title;
  const { word } = shaping?.table ?? {};
  return {
    name,
    ...(named ? { detail: shaping.verb === 'create_table' ? t('table') : t('view') } : {}),
    kind: named ? SymbolKind.Struct : kindOf(statement),
    range: range(statement.start, statement.end),
    selectionRange: word ? range(word.start, word.end) : range(statement.start, statement.end),
    children: (shaping?.columns ?? []).map(({ word: column, role }) => ({
      name: column.text,
      detail: columnDetail(role),
      kind: SymbolKind.Field,
      range: range(column.start, column.end),
      selectionRange: range(column.start, column.end),
    })),
  };
}

function columnDetail(role: ColumnRole): string {
  switch (role) {
    case 'make':
      return t('column');
    case 'drop':
      return t('column, dropped');
    case 'rename':
      return t('column, renamed');
    case 'change':
      return t('column, changed');
    case 'new-name':
      return t('column, new name');
  }
}

function kindOf({ words }: OutlineStatement): SymbolKind {
  const text = words
    .slice(0, 5)
    .filter(isName)
    .map((word) => word.text);
  if (text[0] === 'create' && text.includes('index')) return SymbolKind.Key;
  if (text[0] === 'create' && (text.includes('function') || text.includes('procedure')))
    return SymbolKind.Function;
  if (text[0] === 'create' && text.includes('type')) return SymbolKind.Enum;
  return text[0] === 'alter' || text[0] === 'drop' ? SymbolKind.Property : SymbolKind.Event;
}
