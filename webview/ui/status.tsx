/** States and severities: always a shape and a word beside the colour. */
import type { ComponentChildren } from 'preact';
import type { EventStatus, Severity } from '../../core/contract/event.ts';
import type { HealthState } from '../../core/contract/health.ts';
import { HEALTH_NAMES, SEVERITY_NAMES, STATUS_NAMES } from '../format/names.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'ok' | 'info' | 'warning' | 'error' | 'unknown';

const STATUS_ICONS: Record<EventStatus, IconName> = {
  ok: 'ok',
  warning: 'warning',
  error: 'error',
  unknown: 'unknown',
};
const SEVERITY_TONES: Record<Severity, Tone> = {
  info: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'error',
};
const HEALTH_TONES: Record<HealthState, Tone> = {
  ok: 'ok',
  degraded: 'warning',
  failing: 'error',
  starting: 'info',
  stopped: 'unknown',
};

/** How an event reads at a glance, as an icon with a name for screen readers. */
export function StatusIcon({ status }: { status: EventStatus }) {
  return (
    <span class={`mark tone-${status}`} title={STATUS_NAMES[status]}>
      <Icon name={STATUS_ICONS[status]} />
      <span class="visually-hidden">{STATUS_NAMES[status]}</span>
    </span>
  );
}

/** How much something matters, as an icon with a name for screen readers. */
export function SeverityIcon({ severity }: { severity: Severity }) {
  const tone = SEVERITY_TONES[severity];
  return (
    <span class={`mark tone-${tone}`} title={SEVERITY_NAMES[severity]}>
      <Icon name={tone === 'unknown' ? 'info' : tone} />
      <span class="visually-hidden">{SEVERITY_NAMES[severity]}: </span>
    </span>
  );
}

/** A state in a word, on a ground of its tone. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

/** The state of an engine, as an icon with a name for screen readers. */
export function HealthMark({ state }: { state: HealthState }) {
  const tone = HEALTH_TONES[state];
  return (
    <span class={`mark tone-${tone}`}>
      <Icon name={tone} />
      <span class="visually-hidden">{HEALTH_NAMES[state]}</span>
    </span>
  );
}
