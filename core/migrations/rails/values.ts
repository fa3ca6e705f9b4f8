/** What expressions of a Ruby migration are known to be without running it. */
import {
  ArrayNode,
  AssocNode,
  CallNode,
  ConstantReadNode,
  EmbeddedStatementsNode,
  FalseNode,
  FloatNode,
  HashNode,
  IntegerNode,
  InterpolatedStringNode,
  InterpolatedSymbolNode,
  KeywordHashNode,
  LambdaNode,
  LocalVariableReadNode,
  NilNode,
  type Node,
  ParenthesesNode,
  SplatNode,
  StatementsNode,
  StringNode,
  SymbolNode,
  TrueNode,
} from '@ruby/prism/src/nodes.js';

/** Symbols are their text. `sql`: text that is put into SQL as it is. */
export type Value = string | number | boolean | null | Value[] | { readonly sql: string } | Fields;

/** Keyword arguments of a call, or a hash that is written out. Undefined: given, and not known. */
export type Options = ReadonlyMap<string, Value | undefined>;

export interface Fields {
  readonly fields: Options;
}

export const NO_OPTIONS: Options = new Map();
/** What leaves a text, or a name, as it is, or changes blanks only. */
const SAME = new Set(['freeze', 'to_s', 'to_sym', 'squish', 'strip', 'strip_heredoc', 'chomp', 'html_safe']);
const UNITS: Record<string, number> = {
  kilobyte: 1024,
  kilobytes: 1024,
  megabyte: 1024 ** 2,
  megabytes: 1024 ** 2,
  gigabyte: 1024 ** 3,
  gigabytes: 1024 ** 3,
};

/** Constants and variables that are known at some place, by name. */
export class Values {
  readonly #constants = new Map<string, Node>();
  readonly #variables = new Map<string, Value>();

  constant(name: string, node: Node): void {
    this.#constants.set(name, node);
  }

  /** What a variable holds from here on; undefined where that is not known. */
  variable(name: string, value: Value | undefined): void {
    if (value === undefined) this.#variables.delete(name);
    else this.#variables.set(name, value);
  }

  /** What an expression is; undefined where only running it would tell. */
  known(node: Node | null | undefined, depth = 0): Value | undefined {
    if (!node || depth > 20) return undefined;
    if (node instanceof StringNode || node instanceof SymbolNode) return node.unescaped.value;
    if (node instanceof IntegerNode || node instanceof FloatNode) return Number(node.value);
    if (node instanceof TrueNode) return true;
    if (node instanceof FalseNode) return false;
    if (node instanceof NilNode) return null;
    if (node instanceof InterpolatedStringNode || node instanceof InterpolatedSymbolNode)
      return this.#text(node.parts, depth);
    if (node instanceof EmbeddedStatementsNode || node instanceof ParenthesesNode)
      return this.#single(node instanceof ParenthesesNode ? node.body : node.statements, depth);
    if (node instanceof LocalVariableReadNode) return this.#variables.get(node.name);
    if (node instanceof ConstantReadNode) return this.known(this.#constants.get(node.name), depth + 1);
    if (node instanceof ArrayNode) {
      const items = node.elements.map((element) => this.known(element, depth + 1));
      return items.some((item) => item === undefined) ? undefined : (items as Value[]);
    }
    if (node instanceof HashNode || node instanceof KeywordHashNode) {
      const fields = this.#fields(node, depth);
      return fields && { fields };
    }
    if (node instanceof LambdaNode) {
      const sql = this.#single(node.body, depth);
      return typeof sql === 'string' ? { sql } : undefined;
    }
    return node instanceof CallNode ? this.#call(node, depth) : undefined;
  }

  /** Positional arguments of a call, undefined where not known, and its keywords. */
  argumentsOf(call: CallNode): { args: (Value | undefined)[]; options: Options } {
    const all = call.arguments_?.arguments_ ?? [];
    const last = all.at(-1);
    const keywords = last instanceof KeywordHashNode ? this.#fields(last, 0) : undefined;
    const positional = last instanceof KeywordHashNode ? all.slice(0, -1) : all;
    return { args: positional.flatMap((node) => this.#argument(node)), options: keywords ?? NO_OPTIONS };
  }

  /** `*%i[one two]` stands for several. */
  #argument(node: Node): (Value | undefined)[] {
    if (!(node instanceof SplatNode)) return [this.known(node)];
    const spread = this.known(node.expression);
    return Array.isArray(spread) ? spread : [undefined];
  }

  #fields({ elements }: HashNode | KeywordHashNode, depth: number): Options | undefined {
    const fields = new Map<string, Value | undefined>();
    for (const element of elements) {
      const key = element instanceof AssocNode ? this.known(element.key, depth + 1) : undefined;
      if (typeof key !== 'string') return undefined;
      fields.set(key, this.known((element as AssocNode).value, depth + 1));
    }
    return fields;
  }

  #single(body: Node | null, depth: number): Value | undefined {
    const [only, more] = body instanceof StatementsNode ? body.body : [];
    return only && !more ? this.known(only, depth + 1) : undefined;
  }

  #text(parts: readonly Node[], depth: number): string | undefined {
    let text = '';
    for (const part of parts) {
      const value = this.known(part, depth + 1);
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      text += value;
    }
    return text;
  }

  #call(node: CallNode, depth: number): Value | undefined {
    const value = this.known(node.receiver, depth + 1);
    const [argument] = node.arguments_?.arguments_ ?? [];
    if (value === undefined) {
      // `Arel.sql("now()")`
      const sql = node.name === 'sql' ? this.known(argument, depth + 1) : undefined;
      return typeof sql === 'string' ? { sql } : undefined;
    }
    if (SAME.has(node.name)) return value;
    const unit = UNITS[node.name];
    if (unit !== undefined && typeof value === 'number') return value * unit;
    const other = this.known(argument, depth + 1);
    if (node.name === '+' && typeof value === 'string' && typeof other === 'string') return value + other;
    if (node.name === '+' && Array.isArray(value) && Array.isArray(other)) return [...value, ...other];
    if (node.name === '-@' && typeof value === 'number') return -value;
    return undefined;
  }
}

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && 'fields' in value;
}

export function isSql(value: Value | undefined): value is { readonly sql: string } {
  return typeof value === 'object' && value !== null && 'sql' in value;
}

/** A name or a text; undefined for anything else. */
export function word(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** One name or several. */
export function list(value: Value | undefined): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? (value as string[])
    : undefined;
}
