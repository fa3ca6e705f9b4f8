import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface DialogProps {
  title: string;
  /** The head is for screen readers only, and there is no button to close: the content speaks for itself. */
  bare?: boolean;
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A dialog above the page: keeps the focus inside, closes by Escape, by its button or by a click beside it. */
export function Dialog({ title, bare = false, class: className = '', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same, and the browser hears it
    <dialog
      ref={element}
      class={`dialog ${className}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="dialog-body">
        <header class={bare ? 'visually-hidden' : 'dialog-head'}>
          <h2 id={id}>{title}</h2>
          {!bare && (
            <button
              type="button"
              class="button quiet icon-only"
              aria-label="Close"
              onClick={() => element.current?.close()}
            >
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
