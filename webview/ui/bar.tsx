interface BarProps {
  /** Part of the longest bar, 0 to 1. */
  share: number;
  tone?: 'accent' | 'error' | 'quiet';
}

/** A bar beside a figure; the figure says the same, so screen readers pass over it. */
export function Bar({ share, tone = 'accent' }: BarProps) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span class="bar" aria-hidden="true">
      <span class={`bar-fill bar-${tone}`} style={{ width }} />
    </span>
  );
}
