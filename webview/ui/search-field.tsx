import { useEffect, useRef, useState } from 'preact/hooks';
import { useShortcuts } from '../shortcuts/registry.ts';
import { Icon } from './icon.tsx';

/** Keystrokes are gathered for this long before they are searched for. */
const TYPING_MS = 250;

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}

/** A field to search in what the page lists; `/` leads to it. */
export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts('On this page', [{ keys: '/', title: 'Search', run: () => field.current?.focus() }]);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onSearch(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <label class="search">
      <Icon name="search" />
      <span class="visually-hidden">{label}</span>
      <input
        type="search"
        ref={field}
        placeholder={placeholder}
        maxLength={200}
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </label>
  );
}
