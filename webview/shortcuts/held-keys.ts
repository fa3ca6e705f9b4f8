/**
 * A shortcut that leads to a field, pressed while the page that will have the field is still loading: it waits, and the
 * letters typed after it go into the field once that is there. They are never shortcuts. Knows no document.
 */
export class HeldKeys {
  #keys: string | undefined;
  #typed = '';

  /** Whether a shortcut waits. */
  get waiting(): boolean {
    return this.#keys !== undefined;
  }

  /** `keys` waits from now on. */
  hold(keys: string): void {
    this.#keys = keys;
    this.#typed = '';
  }

  /** Takes a press of a key into what was typed. False where it ends the waiting, such as Escape. */
  type(key: string): boolean {
    if (key === 'Backspace') this.#typed = this.#typed.slice(0, -1);
    else if (key.length === 1) this.#typed += key;
    else if (!MODIFIERS.has(key)) {
      this.drop();
      return false;
    }
    return true;
  }

  /** What was typed, where it is `keys` that waits; nothing waits any more. */
  release(keys: string): string | undefined {
    if (this.#keys !== keys) return undefined;
    const typed = this.#typed;
    this.drop();
    return typed;
  }

  drop(): void {
    this.#keys = undefined;
    this.#typed = '';
  }
}

/** Pressed for the sake of the next key. */
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'CapsLock', 'AltGraph', 'Control', 'Alt', 'Meta']);
