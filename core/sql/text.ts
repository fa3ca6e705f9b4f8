/** Places in a text: lines, columns, and the three ways tools count characters. */

export interface Place {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units, as editors count. */
  column: number;
}

/** Finds line and column of UTF-16 offsets, by binary search over the line starts. */
export class Lines {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

/**
 * Turns UTF-8 byte offsets of a text into UTF-16 offsets. Offsets must be asked for in rising order; the whole text is
 * walked once.
 */
export function byteOffsets(text: string): (byte: number) => number {
  let byte = 0;
  let unit = 0;
  return (wanted) => {
    while (byte < wanted && unit < text.length) {
      const code = text.codePointAt(unit) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      unit += code < 0x10000 ? 1 : 2;
    }
    return unit;
  };
}

/** UTF-16 offset of the `index`-th code point, counted from 0. */
export function codePointOffset(text: string, index: number): number {
  let unit = 0;
  for (let i = 0; i < index && unit < text.length; i++)
    unit += (text.codePointAt(unit) ?? 0) < 0x10000 ? 1 : 2;
  return unit;
}
