/** The workspace and time range that are chosen in the header; kept in the address. */
import { computed } from '@preact/signals';
import { route } from '../routing/router.ts';

const HOUR = 3_600_000;

/** The ranges to choose from, in hours. */
export const RANGES = {
  '24h': { label: '24 h', name: 'the last 24 hours', hours: 24 },
  '7d': { label: '7 d', name: 'the last 7 days', hours: 7 * 24 },
  '30d': { label: '30 d', name: 'the last 30 days', hours: 30 * 24 },
  '1y': { label: '1 y', name: 'the last year', hours: 365 * 24 },
  all: { label: 'All', name: 'all time', hours: undefined },
} as const;
export type RangeId = keyof typeof RANGES;

export const RANGE_IDS = Object.keys(RANGES) as RangeId[];

export const range = computed<RangeId>(() => {
  const given = route.value.query.range ?? '';
  return given in RANGES ? (given as RangeId) : 'all';
});

/** Id of the chosen workspace; undefined for all of them. */
export const workspace = computed(() => route.value.query.workspace);

/** Where a range begins, on the hour so that asking again soon asks the same; undefined for all time. */
export function rangeStart(id: RangeId, now: number): string | undefined {
  const { hours } = RANGES[id];
  return hours === undefined
    ? undefined
    : new Date(Math.floor(now / HOUR) * HOUR - hours * HOUR).toISOString();
}

/** What methods with a timeframe take for the choice of now. */
export function timeframeParams(now = Date.now()): { from?: string; workspace?: string } {
  const from = rangeStart(range.value, now);
  return {
    ...(from === undefined ? {} : { from }),
    ...(workspace.value === undefined ? {} : { workspace: workspace.value }),
  };
}
