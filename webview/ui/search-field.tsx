import { useEffect, useRef, useState } from 'preact/hooks';
import { SEARCH_KEY, useShortcuts } from '../shortcuts/registry.ts';
import { Icon } from './icon.tsx';

/** Keystrokes are gathered for this long before they are searched for. */
const TYPING_MS = 250;

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}

/** A field to search in what the page lists; `/` leads to it, with what was typed while the page loaded. */
export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const search = (text = '') => {
    field.current?.focus();
    if (text) setTyped(text);
  };
  useShortcuts('On this page', [{ keys: SEARCH_KEY, title: 'Search', run: search }]);
  const known = useRef(value);
  useEffect(() => {
    if (known.current !== value) setTyped(value);
    known.current = value;
  }, [value]);
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
