import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface CardProps {
  title: string;
  /** What the figures are: unit, period, time zone. */
  note?: ComponentChildren;
  /** Buttons and links at the right of the title. */
  actions?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** A part of a page with a heading. */
export function Card({ title, note, actions, class: className = '', children }: CardProps) {
  const id = useId();
  return (
    <section class={`card ${className}`} aria-labelledby={id}>
      <header class="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        {actions && <div class="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
