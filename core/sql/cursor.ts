/** Walks over the meaningful tokens of a statement: what a recursive-descent parser reads from. */
import type { Dialect } from '../contract/event.ts';
import { type TokenKind, tokenize } from './tokens.ts';

export interface Lexeme {
  kind: Exclude<TokenKind, 'space' | 'comment'>;
  text: string;
  /** In capitals where it is a plain word, else as it is. */
  word: string;
  /** UTF-16 offsets in the text that was read. */
  start: number;
  end: number;
}

/** What the parser expected and did not find, at a place in the text. */
export class Unexpected extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** White space and comments left out. */
export function lexemes(text: string, dialect: Dialect): Lexeme[] {
  const found: Lexeme[] = [];
  for (const { kind, start, end } of tokenize(text, dialect)) {
    if (kind === 'space' || kind === 'comment') continue;
    const part = text.slice(start, end);
    found.push({ kind, text: part, word: kind === 'word' ? part.toUpperCase() : part, start, end });
  }
  return found;
}

export class Cursor {
  readonly text: string;
  readonly #list: readonly Lexeme[];
  #at = 0;

  constructor(text: string, list: readonly Lexeme[]) {
    this.text = text;
    this.#list = list;
  }

  get done(): boolean {
    return this.#at >= this.#list.length;
  }

  /** Place to come back to. */
  get mark(): number {
    return this.#at;
  }

  back(mark: number): void {
    this.#at = mark;
  }

  /** The word `ahead` of here, in capitals; empty at the end and for literals. */
  peek(ahead = 0): string {
    const lexeme = this.#list[this.#at + ahead];
    return lexeme === undefined || lexeme.kind === 'string' || lexeme.kind === 'quoted' ? '' : lexeme.word;
  }

  kind(ahead = 0): Lexeme['kind'] | undefined {
    return this.#list[this.#at + ahead]?.kind;
  }

  next(): Lexeme {
    const lexeme = this.#list[this.#at];
    if (!lexeme) throw new Unexpected('the statement ends too early', this.text.length);
    this.#at++;
    return lexeme;
  }

  /** Goes past these words where they come next, in this order; whether they did. */
  take(...words: string[]): boolean {
    if (!words.every((word, i) => this.peek(i) === word)) return false;
    this.#at += words.length;
    return true;
  }

  /** Goes past the one of these words that comes next. */
  takeOne(...words: string[]): string | undefined {
    const found = words.find((word) => this.peek() === word);
    if (found !== undefined) this.#at++;
    return found;
  }

  expect(...words: string[]): void {
    if (!this.take(...words)) this.fail(`expected ${words.join(' ')}`);
  }

  fail(message: string): never {
    const lexeme = this.#list[this.#at];
    const near = lexeme ? ` near “${lexeme.text.slice(0, 40)}”` : ' at the end';
    throw new Unexpected(`${message}${near}`, lexeme?.start ?? this.text.length);
  }

  /** A name: a word, or what stands in quotes, without them. */
  name(): string {
    const { kind, text } = this.next();
    if (kind === 'word' || kind === 'number') return text;
    if (kind === 'quoted' || kind === 'string') {
      const quote = text.charAt(0);
      return text.slice(1, -1).replaceAll(quote + quote, quote);
    }
    if (text === '[') {
      const parts = [];
      while (!this.done && this.peek() !== ']') parts.push(this.next().text);
      this.take(']');
      return parts.join(' ');
    }
    this.#at--;
    return this.fail('expected a name');
  }

  /** `schema.name` or `name`. */
  qualified(): string {
    const parts = [this.name()];
    while (this.peek() === '.') {
      this.next();
      parts.push(this.name());
    }
    return parts.join('.');
  }

  /** Everything between the bracket that comes next and its partner, as text without them. */
  brackets(): string {
    const open = this.next();
    if (open.text !== '(') this.fail('expected (');
    const from = open.end;
    let depth = 1;
    for (;;) {
      const lexeme = this.next();
      if (lexeme.text === '(') depth++;
      else if (lexeme.text === ')' && --depth === 0) return this.text.slice(from, lexeme.start).trim();
    }
  }

  /** Goes to the next of these words outside of brackets, or to the end; the text that was passed. */
  until(...words: string[]): string {
    const from = this.#list[this.#at]?.start ?? this.text.length;
    let end = from;
    let depth = 0;
    while (!this.done) {
      const lexeme = this.#list[this.#at] as Lexeme;
      if (depth === 0 && lexeme.kind !== 'string' && lexeme.kind !== 'quoted' && words.includes(lexeme.word))
        break;
      if (lexeme.text === '(') depth++;
      if (lexeme.text === ')' && --depth < 0) break;
      end = lexeme.end;
      this.#at++;
    }
    return this.text.slice(from, end);
  }

  /** Names in brackets, separated by commas; lengths, orders and expressions behind them are passed over. */
  nameList(): string[] {
    this.expect('(');
    const names: string[] = [];
    for (;;) {
      if (this.peek() === '(') {
        this.brackets();
        names.push('');
      } else {
        names.push(this.name());
      }
      this.until(',', ')');
      if (!this.take(',')) break;
    }
    this.expect(')');
    return names;
  }
}
