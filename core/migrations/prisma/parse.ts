/**
 * Reads the language of `schema.prisma` into blocks, with the line of everything. The language is that of
 * https://www.prisma.io/docs/orm/reference/prisma-schema-reference; what the blocks mean is read in `schema.ts`.
 */

/** An argument's value. A name stands for an enum value or a field, a call for `now()`, `raw("…")`. */
export type PrismaValue =
  | { kind: 'text' | 'number' | 'name'; text: string }
  | { kind: 'call'; text: string; args: PrismaArgument[] }
  | { kind: 'list'; items: PrismaValue[] };

export interface PrismaArgument {
  /** Absent for one that is given by its place. */
  name?: string;
  value: PrismaValue;
}

/** `@id`, `@db.VarChar(20)`, `@@index([a, b])`; the name is without the signs. */
export interface PrismaAttribute {
  name: string;
  args: PrismaArgument[];
  line: number;
}

/** A field of a model, a value of an enum (without a type), or a setting of a datasource (with a value). */
export interface PrismaMember {
  name: string;
  line: number;
  type?: string;
  /** What `Unsupported("…")` holds is left out; the type is `Unsupported`. */
  optional: boolean;
  list: boolean;
  value?: PrismaValue;
  attributes: PrismaAttribute[];
}

export interface PrismaBlock {
  keyword: string;
  name: string;
  line: number;
  members: PrismaMember[];
  /** Those with `@@`. */
  attributes: PrismaAttribute[];
}

/** What is wrong with a file, as a sentence, and where; lines from 1. */
export interface PrismaProblem {
  line: number;
  message: string;
}

export type ParsedPrisma = { blocks: PrismaBlock[] } | { problem: PrismaProblem };

/** Never throws. A file with a mistake gives the first one instead of blocks: half a schema would mislead. */
export function parsePrisma(text: string): ParsedPrisma {
  try {
    return { blocks: new Parser(tokensOf(text)).blocks() };
  } catch (error) {
    if (error instanceof Mistake) return { problem: { line: error.line, message: error.message } };
    throw error;
  }
}

class Mistake extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface Token {
  kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  text: string;
  line: number;
}

const TOKEN =
  /(?<space>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<name>[\p{L}_][\p{L}\p{N}_-]*)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<number>-?\d+(?:\.\d+)?)|(?<sign>@@|[@{}()[\],:=?.!])/uy;

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = source.startsWith('\uFEFF') ? 1 : 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match?.groups) {
      const text =
        source[at] === '"' ? 'The text that begins here has no end' : `“${source[at]}” has no meaning here`;
      throw new Mistake(line, `${text}.`);
    }
    const [text] = match;
    const { space, name, text: quoted, number } = match.groups;
    if (space === undefined) {
      const kind =
        name !== undefined
          ? 'name'
          : quoted !== undefined
            ? 'text'
            : number !== undefined
              ? 'number'
              : 'sign';
      tokens.push({ kind, text: kind === 'text' ? unescaped(text) : text, line });
    }
    line += text.split('\n').length - 1;
    at += text.length;
  }
  tokens.push({ kind: 'end', text: 'the end of the file', line });
  return tokens;
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  blocks(): PrismaBlock[] {
    const blocks: PrismaBlock[] = [];
    while (!this.#ended) {
      const { text: keyword, line } = this.#take('name', 'model, enum, view, type, datasource or generator');
      const { text: name } = this.#take('name', `the name of the ${keyword}`);
      this.#sign('{');
      const block: PrismaBlock = { keyword, name, line, members: [], attributes: [] };
      while (!this.#skip('}')) {
        if (this.#ended) throw new Mistake(line, `The ${keyword} ${name} that begins here has no closing }.`);
        if (this.#skip('@@')) block.attributes.push(this.#attribute());
        else block.members.push(this.#member(keyword));
      }
      blocks.push(block);
    }
    return blocks;
  }

  #member(keyword: string): PrismaMember {
    const { text: name, line } = this.#take('name', 'a name or }');
    const member: PrismaMember = { name, line, optional: false, list: false, attributes: [] };
    if (this.#skip('=')) return { ...member, value: this.#value() };
    if (keyword === 'datasource' || keyword === 'generator') throw this.#unexpected('=');
    if (keyword !== 'enum') {
      if (this.#next.line !== line) throw new Mistake(line, `The field ${name} has no type.`);
      member.type = this.#take('name', `the type of ${name}`).text;
      if (this.#skip('(')) this.#args();
      if (this.#skip('[')) {
        this.#sign(']');
        member.list = true;
      }
      member.optional = this.#skip('?');
      this.#skip('!');
    }
    while (this.#skip('@')) member.attributes.push(this.#attribute());
    return member;
  }

  #attribute(): PrismaAttribute {
    const { line } = this.#next;
    const name = this.#path('the name of an attribute');
    return { name, line, args: this.#skip('(') ? this.#args() : [] };
  }

  /** Behind the opening parenthesis. */
  #args(): PrismaArgument[] {
    const args: PrismaArgument[] = [];
    while (!this.#skip(')')) {
      const following = this.#tokens[this.#at + 1];
      if (this.#next.kind === 'name' && following?.kind === 'sign' && following.text === ':') {
        const { text: name } = this.#take('name', 'a name');
        this.#sign(':');
        args.push({ name, value: this.#value() });
      } else args.push({ value: this.#value() });
      if (!this.#skip(',') && !this.#is(')')) throw this.#unexpected(', or )');
    }
    return args;
  }

  #value(): PrismaValue {
    const { kind, text } = this.#next;
    if (kind === 'text' || kind === 'number') {
      this.#at++;
      return { kind, text };
    }
    if (this.#skip('[')) {
      const items: PrismaValue[] = [];
      while (!this.#skip(']')) {
        items.push(this.#value());
        if (!this.#skip(',') && !this.#is(']')) throw this.#unexpected(', or ]');
      }
      return { kind: 'list', items };
    }
    const name = this.#path('a value');
    return this.#skip('(') ? { kind: 'call', text: name, args: this.#args() } : { kind: 'name', text: name };
  }

  #path(what: string): string {
    let { text } = this.#take('name', what);
    while (this.#skip('.')) text += `.${this.#take('name', 'a name').text}`;
    return text;
  }

  get #ended(): boolean {
    return this.#next.kind === 'end';
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end of the file', line: 1 };
  }

  #is(sign: string): boolean {
    return this.#next.kind === 'sign' && this.#next.text === sign;
  }

  #skip(sign: string): boolean {
    if (!this.#is(sign)) return false;
    this.#at++;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#skip(sign)) throw this.#unexpected(sign);
  }

  #take(kind: Token['kind'], what: string): Token {
    const token = this.#next;
    if (token.kind !== kind) throw this.#unexpected(what);
    this.#at++;
    return token;
  }

  #unexpected(wanted: string): Mistake {
    const { kind, text, line } = this.#next;
    return new Mistake(line, `Expected ${wanted}, found ${kind === 'end' ? text : `“${text}”`}.`);
  }
}
