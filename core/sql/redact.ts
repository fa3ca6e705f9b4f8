/**
 * Takes data and secrets out of SQL text. Literals of statements that carry data (INSERT, UPDATE, COPY, …) go, since
 * they are rows; literals of definitions stay, since they are schema, except where they are passwords or look like
 * keys.
 */
import type { Dialect } from '../contract/event.ts';
import { REDACTED, redactText } from '../privacy/redact.ts';
import { tokenize } from './tokens.ts';

const DATA_WORDS = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'REPLACE',
  'SELECT',
  'WITH',
  'VALUES',
  'COPY',
  'LOAD',
  'CALL',
  'EXECUTE',
  'SET',
]);

/** Without such a word no statement of the text can carry data. */
const SOME_DATA_WORD = new RegExp(`\\b(?:${[...DATA_WORDS].join('|')})\\b`, 'i');

/** The text with its literals replaced where they may be data or secrets; keeps line breaks, so lines still match. */
export function redactSql(text: string, dialect?: Dialect): string {
  return redactText(withoutData(text, dialect));
}

/** Only the literals of statements that carry data: for a text whose secrets are taken out later. */
export function withoutData(text: string, dialect: Dialect = 'unknown'): string {
  if (!SOME_DATA_WORD.test(text)) return text;
  let out = '';
  let carriesData: boolean | undefined;
  for (const { kind, start, end } of tokenize(text, dialect)) {
    const part = text.slice(start, end);
    if (kind === 'word' && carriesData === undefined) carriesData = DATA_WORDS.has(part.toUpperCase());
    if (kind === 'punctuation' && part === ';') carriesData = undefined;
    const literal = kind === 'string' || kind === 'dollar';
    out += literal && carriesData ? `'${REDACTED}${part.replace(/[^\n]/g, '')}'` : part;
  }
  return out;
}
