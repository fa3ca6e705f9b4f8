/** The parsers of everything that a migration may be written in. */
import { readFileSync } from 'node:fs';
import { provideRubyParser } from '../migrations/rails/parser.ts';
import { loadParsers as loadSqlParsers } from '../sql/parse.ts';
import { assetPath } from './assets.ts';

/** Loads the parsers of SQL; later calls return at once. Ruby's is loaded when the first Ruby text is read. */
export function loadParsers(): Promise<void> {
  provideRubyParser(() => readFileSync(assetPath('prism.wasm')));
  return loadSqlParsers();
}
