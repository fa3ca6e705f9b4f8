/**
 * Reads Ruby with Ruby's own parser (Prism in WebAssembly). Its module is compiled when the first Ruby text is read, so
 * that nobody waits for it who has none.
 */
import type { Location, Node } from '@ruby/prism/src/nodes.js';
import { parsePrism } from '@ruby/prism/src/parsePrism.js';

export interface RubyText {
  program: Node;
  /** The line, from 1, on which a node begins. */
  lineOf: (node: { location: Location }) => number;
}

/** A text that Ruby itself would refuse. */
export class RubySyntaxError extends Error {
  /** From 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

let wasm: (() => Uint8Array) | undefined;
let exports: WebAssembly.Exports | undefined;

/** Says where the content of `prism.wasm` comes from; asked for once, at the first Ruby text. */
export function provideRubyParser(read: () => Uint8Array): void {
  wasm = read;
}

/** Throws {@link RubySyntaxError}, and an Error where nobody has provided the parser. */
export function parseRuby(text: string): RubyText {
  const { value, errors } = parsePrism(parser(), text);
  const lineOf = lines(text);
  const [first] = errors;
  if (first) throw new RubySyntaxError(first.message, lineOf(first));
  return { program: value, lineOf };
}

function parser(): WebAssembly.Exports {
  if (exports) return exports;
  if (!wasm) throw new Error('The Ruby parser was not provided.');
  const module = new WebAssembly.Module(wasm());
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: withoutSystem(module) });
  (instance.exports._initialize as () => void)();
  exports = instance.exports;
  return exports;
}

/** WASI's answer “not supported”. */
const ENOSYS = 52;

/** The module is built for WASI, and reads memory only: every call of the system is refused. */
function withoutSystem(module: WebAssembly.Module): Record<string, () => number> {
  return Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => ENOSYS]));
}

/** Prism counts bytes of UTF-8. */
function lines(text: string): RubyText['lineOf'] {
  const starts = [0];
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code === 10) starts.push(at);
  }
  return ({ location }) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= location.startOffset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
