import { useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

/** Puts a text on the clipboard. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Could not copy');
    }
    setTimeout(() => setSaid(''), 2_000);
  };
  return (
    <button type="button" class="button quiet small" onClick={copy}>
      <Icon name="copy" />
      <span aria-live="polite">{said || label}</span>
    </button>
  );
}
