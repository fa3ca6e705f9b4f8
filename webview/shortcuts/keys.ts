/** What a press of a key is called, and whether a text field wants it for itself. Pure. */

/** The parts of a keyboard event that count. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** `mod+k`, `g`, `?`, `Escape`; `mod` is Ctrl, on a Mac the Command key. */
export function nameOf({ key, ctrlKey, metaKey, altKey }: Press): string {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? 'mod+' : ''}${altKey ? 'alt+' : ''}${name}`;
}

/** Whether only a press without a modifier is meant: a reader may switch those off. */
export function isSingle(keys: string): boolean {
  return !keys.includes('+');
}

/** The caps to show: `g o` is two, `mod+k` is `Ctrl` and `K`. */
export function capsOf(keys: string, mac: boolean): string[] {
  return keys.split(' ').flatMap((press) =>
    press.split('+').map((part) => {
      if (part === 'mod') return mac ? '⌘' : 'Ctrl';
      if (part === 'alt') return mac ? '⌥' : 'Alt';
      return part.length === 1 ? part.toUpperCase() : (CAPS[part] ?? part);
    }),
  );
}

const CAPS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: '↵',
};

/** Elements that take letters for themselves. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !QUIET_INPUTS.has(target.type);
}

const QUIET_INPUTS = new Set(['checkbox', 'radio', 'button', 'submit', 'range']);
