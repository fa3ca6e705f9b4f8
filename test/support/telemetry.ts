/**
 * Made-up telemetry with known incidents: daily cycles, heavy-tailed noise, counts and bursts, as servers produce them.
 * The same seed gives the same series.
 */
import { seededRandom } from '../../core/numbers.ts';

export type IncidentKind =
  | 'spike'
  | 'level-shift'
  | 'slow-drift'
  | 'flat-line'
  | 'changed-spread'
  | 'lost-cycle';
export type Shape = 'noise' | 'daily' | 'counts' | 'bursts';

export interface Incident {
  kind: IncidentKind;
  /** First and last place in the series. */
  from: number;
  to: number;
}

export interface Telemetry {
  name: string;
  /** Milliseconds since 1970. */
  times: number[];
  values: number[];
  incidents: Incident[];
}

export const SHAPES: readonly Shape[] = ['noise', 'daily', 'counts', 'bursts'];
export const INCIDENTS: readonly IncidentKind[] = [
  'spike',
  'level-shift',
  'slow-drift',
  'flat-line',
  'changed-spread',
  'lost-cycle',
];

const STEP = 300_000;
const DAY_STEPS = 288;
const START = Date.UTC(2026, 0, 5);
const LENGTHS: Record<IncidentKind, number> = {
  spike: 3,
  'level-shift': 150,
  'slow-drift': 400,
  'flat-line': 100,
  'changed-spread': 120,
  'lost-cycle': DAY_STEPS,
};

/** `length` values at five minutes, with these incidents spread over the second half. */
export function makeTelemetry(
  shape: Shape,
  kinds: readonly IncidentKind[],
  seed: number,
  length = 4032,
): Telemetry {
  const random = seededRandom(seed);
  const noise = heavyTailed(random);
  const incidents = kinds.map((kind, i) => {
    const from = Math.floor(length * (0.5 + (0.45 * (i + 0.2 + 0.4 * random())) / Math.max(1, kinds.length)));
    return { kind, from, to: Math.min(length - 1, from + LENGTHS[kind] - 1) };
  });
  const values = Array.from({ length }, (_, i) => {
    const incident = incidents.find(({ from, to }) => i >= from && i <= to);
    const usual = sample(shape, i, noise(), random, incident?.kind === 'lost-cycle');
    return incident ? changed(incident, i, usual, noise) : usual;
  });
  for (const { kind, from, to } of incidents)
    if (kind === 'flat-line') values.fill(values[from] ?? 0, from, to + 1);
  return {
    name: `${shape}-${kinds.join('+')}-${seed}`,
    times: values.map((_, i) => START + i * STEP),
    values,
    incidents,
  };
}

/** Student's t with 4 degrees of freedom: more outliers than a normal distribution, finite spread. */
function heavyTailed(random: () => number): () => number {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => {
    let chi = 0;
    for (let i = 0; i < 4; i++) chi += normal() ** 2;
    return normal() / Math.sqrt(chi / 4);
  };
}

function sample(shape: Shape, i: number, noise: number, random: () => number, still: boolean): number {
  const day = still ? 0 : Math.sin((2 * Math.PI * i) / DAY_STEPS);
  if (shape === 'daily') return 100 + 40 * day + 3 * noise;
  if (shape === 'counts') return Math.max(0, Math.round(30 + 15 * day + 4 * noise));
  if (shape === 'bursts') return 5 + Math.abs(noise) + (random() < 0.02 ? 30 + 20 * random() : 0);
  return 50 + 2 * noise;
}

function changed({ kind, from, to }: Incident, i: number, usual: number, noise: () => number): number {
  if (kind === 'spike') return usual * 3 + 60;
  if (kind === 'level-shift') return usual + 60;
  if (kind === 'slow-drift') return usual + (90 * (i - from)) / (to - from);
  if (kind === 'changed-spread') return usual + 20 * noise();
  return usual;
}
