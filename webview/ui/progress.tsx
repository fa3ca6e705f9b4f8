import { percent } from '../format/numbers.ts';
import { Icon } from './icon.tsx';

interface ProgressProps {
  /** What is being done. */
  label: string;
  /** 0 to 1; undefined while it cannot be told. */
  share?: number | undefined;
  /** What it is at. */
  detail?: string | undefined;
  onCancel?: (() => void) | undefined;
}

/** Long work: how far it is, what it is at, and a way to end it. */
export function Progress({ label, share, detail, onCancel }: ProgressProps) {
  return (
    <div class="progress">
      <div class="progress-text">
        <strong>{label}</strong> {detail && <span class="text-quiet">{detail}</span>}
      </div>
      <span class="progress-share">{share === undefined ? '' : percent(share)}</span>
      {onCancel && (
        <button type="button" class="button small" onClick={onCancel}>
          <Icon name="stop" /> Cancel
        </button>
      )}
      <progress aria-label={label} max={1} {...(share === undefined ? {} : { value: share })} />
    </div>
  );
}
