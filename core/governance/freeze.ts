/** Freeze windows: in the local time of a place, so that summer time and its end are those of that place. */
import type { Manifest } from './manifest.ts';

/** The window that a time falls into, in words; undefined outside all of them. */
export function freezeAt(at: number, { freezes, weeklyFreezes }: Manifest): string | undefined {
  for (const { from, to, timeZone, why } of freezes ?? []) {
    const { day, clock } = localTime(at, timeZone);
    const now = `${day}T${clock}`;
    if (now >= from && now < to) return `from ${from} to ${to} (${timeZone}): ${why}`;
  }
  for (const { days, from, to, timeZone, why } of weeklyFreezes ?? []) {
    const { weekday, clock } = localTime(at, timeZone);
    if ((days as string[]).includes(weekday) && clock >= from && clock < to) {
      return `every ${weekday} from ${from} to ${to} (${timeZone}): ${why}`;
    }
  }
  return undefined;
}

function localTime(at: number, timeZone: string): { day: string; clock: string; weekday: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'long',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    clock: `${part('hour')}:${part('minute')}`,
    weekday: part('weekday').toLowerCase(),
  };
}
