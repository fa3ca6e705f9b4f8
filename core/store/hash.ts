/**
 * Hashes of texts, for finding candidates fast; whoever uses them compares the texts themselves. FNV-1a (Fowler, Noll,
 * Vo) over UTF-16 units, finished by MurmurHash3's mixer (Appleby, public domain).
 */

/** 32 bits, signed, never 0: 0 stands for no text. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash) || 1;
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Two hashes of an event's key, written to `into[at]` and `into[at + 1]`: `slot`, of the id alone, says where to look;
 * `print`, of id and source, whether it is worth looking closer.
 */
export function hashKey(sourceHash: number, id: string, into: Uint32Array, at: number): void {
  let slot = 0x811c9dc5;
  let print = 0x2f0b4c47 ^ Math.imul(sourceHash, 0x9e3779b1);
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    slot = Math.imul(slot ^ unit, 0x01000193);
    print = Math.imul(print ^ unit, 0x5bd1e995);
    print ^= print >>> 15;
  }
  into[at] = mix(slot);
  into[at + 1] = mix(print);
}
