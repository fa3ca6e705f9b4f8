import type { ComponentChildren } from 'preact';
import { go } from './router.ts';

interface LinkProps {
  /** Made by `href()`. */
  to: string;
  class?: string;
  title?: string;
  /** Marks the link of the page that is open. */
  current?: boolean;
  label?: string;
  children: ComponentChildren;
}

/** A link to a page of this app. A click with a modifier key is left to the browser. */
export function Link({ to, current, label, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={to}
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
