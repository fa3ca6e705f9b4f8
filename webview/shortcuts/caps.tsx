import { capsOf } from './keys.ts';

const mac = /Mac|iP(?:hone|ad)/.test(navigator.userAgent);

/** The keys of a shortcut as they stand on a keyboard. */
export function Caps({ keys }: { keys: string }) {
  return (
    <span class="caps">
      {capsOf(keys, mac).map((cap, i) => (
        <kbd key={`${i}-${cap}`}>{cap}</kbd>
      ))}
    </span>
  );
}
