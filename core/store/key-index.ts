/**
 * Finds stored events by their key, `(source, id)`: an open-addressing hash table over typed arrays, about 12 bytes an
 * event. It knows hashes only, so it answers with candidates; the caller compares the keys themselves.
 */
const FIRST_SLOTS = 1 << 12;
/** Share of the slots in use at which the table doubles. */
const FULLEST = 0.7;
/** How much room for hashes is added at a time: twice as much while they are few, a quarter once that is many megabytes. */
const MANY_HASHES = 1 << 20;

export class KeyIndex {
  /** The ordinal of an event plus one; 0 for a free slot. */
  #slots = new Uint32Array(FIRST_SLOTS);
  /** Two hashes for each event, by ordinal: where its slot is, and its fingerprint. */
  #hashes = new Uint32Array(FIRST_SLOTS * 2);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#hashes.byteLength;
  }

  /** Adds the key of one event behind those there are; returns its ordinal. */
  addOne(slot: number, print: number): number {
    const ordinal = this.#count;
    this.#makeRoom(ordinal + 1);
    this.#hashes[ordinal * 2] = slot;
    this.#hashes[ordinal * 2 + 1] = print;
    this.#count = ordinal + 1;
    this.#place(ordinal);
    return ordinal;
  }

  /** Adds the keys of events; `hashes` as `hashKey` makes them, two for each. */
  add(hashes: Uint32Array, count: number): void {
    const from = this.#count;
    this.#makeRoom(from + count);
    this.#hashes.set(hashes.subarray(0, count * 2), from * 2);
    this.#count = from + count;
    for (let ordinal = from; ordinal < this.#count; ordinal++) this.#place(ordinal);
  }

  /** Makes room for so many events in all, at once. */
  reserve(total: number): void {
    this.#makeRoom(total);
  }

  /** Forgets all but the first `count` events. */
  truncate(count: number): void {
    this.#count = count;
    this.#fill(this.#slots.length);
  }

  /**
   * The ordinal of an event that may have this key and for which `is` holds; -1 for none. Without `print` any source
   * will do.
   */
  find(slot: number, print: number | undefined, is: (ordinal: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let at = slot & mask; ; at = (at + 1) & mask) {
      const held = this.#slots[at] as number;
      if (held === 0) return -1;
      const ordinal = held - 1;
      if (this.#hashes[ordinal * 2] !== slot) continue;
      if ((print === undefined || this.#hashes[ordinal * 2 + 1] === print) && is(ordinal)) return ordinal;
    }
  }

  /** The hashes of the events from one ordinal up to another. */
  hashes(from: number, to: number): Uint32Array {
    return this.#hashes.subarray(from * 2, to * 2);
  }

  #place(ordinal: number): void {
    const mask = this.#slots.length - 1;
    let at = (this.#hashes[ordinal * 2] as number) & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = ordinal + 1;
  }

  #makeRoom(total: number): void {
    if (total * 2 > this.#hashes.length) {
      const { length } = this.#hashes;
      const grown = length < MANY_HASHES ? length * 2 : Math.ceil(length * 1.25);
      const larger = new Uint32Array(Math.max(grown, total * 2));
      larger.set(this.#hashes.subarray(0, this.#count * 2));
      this.#hashes = larger;
    }
    let slots = this.#slots.length;
    while (total > slots * FULLEST) slots *= 2;
    if (slots > this.#slots.length) this.#fill(slots);
  }

  #fill(slots: number): void {
    this.#slots = new Uint32Array(slots);
    for (let ordinal = 0; ordinal < this.#count; ordinal++) this.#place(ordinal);
  }
}
