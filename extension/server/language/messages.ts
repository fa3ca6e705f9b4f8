/** What the server and its language thread say to each other. Everything here crosses a thread as plain data. */

import type { CompletionItem, DocumentSymbol, FoldingRange, Location } from 'vscode-languageserver/node';
import type { CheckedFile } from '../../../core/check/result.ts';
import type { Dialect } from '../../../core/contract/event.ts';
import type { Learns } from '../../../core/predict/own-record.ts';
import type { FileVerdict } from '../../../core/shadow/verdict.ts';
import type { TableShapes } from '../../protocol.ts';

/** What the thread needs to know of the editor; sent at the start, and again when it changes. */
export interface LanguageSettings {
  /** URIs of the workspace folders. */
  folders: string[];
  /** Major version of the PostgreSQL that migrations are written for. */
  serverVersion?: number;
  /** Absolute path of a file of table statistics. */
  statisticsFile?: string;
  /** Where the engine keeps what outcomes here have taught. */
  dataFolder?: string;
}

export interface TableFigures {
  rows: number;
  bytes: number;
}

/** Where a statement stands in the text that was judged; UTF-16 offsets. */
export interface StatementPlace {
  start: number;
  end: number;
}

/** A document as it was judged. */
export interface Judged {
  uri: string;
  version: number;
  /** SHA-256 of the document's text. */
  hash: string;
  /** The migration's name, as its tool calls it. */
  name: string;
  /** Its tool; missing where none is known. */
  tool?: string;
  dialect: Dialect;
  /** Path below the workspace folder with `/`; missing for a text that is no file yet. */
  path?: string;
  file: CheckedFile;
  /** By index of the statement. */
  places: StatementPlace[];
  /** What each statement's prediction keeps, so that its outcome can teach; by index too. */
  learns: Learns[];
  /** Size of the tables that statements are about, where statistics tell. */
  sizes: Record<string, TableFigures>;
  /** Relations that the migration itself makes. */
  made: string[];
  /** The statements were taken out of a script: only their lines are those of the document. */
  script: boolean;
  /** Whether the shadow has run this very text. */
  ran: boolean;
}

/** A name under the cursor, and what it stands for there. */
export interface NamedThing {
  /** Schema-qualified. */
  relation: string;
  column?: string;
  /** Markdown: the table's shape at that point. */
  shape: string;
  start: number;
  end: number;
}

/** The questions that the thread answers. Offsets are UTF-16 units of the document as it was sent last. */
export interface Questions {
  judge: { params: { uri: string }; result: Judged | undefined };
  nameAt: { params: { uri: string; offset: number }; result: NamedThing | undefined };
  definition: { params: { uri: string; offset: number }; result: Location[] };
  references: { params: { uri: string; offset: number; declaration: boolean }; result: Location[] };
  complete: { params: { uri: string; offset: number }; result: CompletionItem[] };
  symbols: { params: { uri: string }; result: DocumentSymbol[] };
  foldings: { params: { uri: string }; result: FoldingRange[] };
  shapes: { params: { uri: string; line: number; table?: string }; result: TableShapes | undefined };
}
export type Question = keyof Questions;

/** Things that the thread is told. */
export type Notice =
  | { tell: 'settings'; settings: LanguageSettings }
  | { tell: 'text'; uri: string; version: number; text: string; language: string }
  | { tell: 'closed'; uri: string }
  /** What the shadow said of a text. */
  | { tell: 'verdict'; uri: string; version: number; verdict: FileVerdict }
  | { tell: 'cancel'; id: number };

export type ToThread = Notice | { ask: Question; id: number; params: unknown };
export type FromThread =
  | { id: number; result: unknown }
  | { id: number; error: string; cancelled?: true }
  | { log: string };
