/** Figures for people. A no-break space keeps a number and its unit together. */

const SPACE = '\u00a0';
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12`, `1,204`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `1 migration`, `2 migrations`. */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)}${SPACE}${value === 1 ? noun : nouns}`;
}

/** A share of one: `3.1 %`, `0.03 %`, `100 %`; never rounds to nothing or to all what is neither. */
export function percent(share: number): string {
  const value = share * 100;
  if (share > 0 && value < 0.01) return `<${SPACE}0.01${SPACE}%`;
  const digits = value < 1 ? 2 : value < 99.95 ? 1 : 0;
  const text = share < 1 && value >= 99.95 ? '99.9' : trimmed(value, digits);
  return `${text}${SPACE}%`;
}

/** Milliseconds as `12 µs`, `0.8 ms`, `31 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 0.1) return `${trimmed(ms * 1_000, 0)}${SPACE}µs`;
  if (ms < 9.95) return `${trimmed(ms, ms < 1 ? 2 : 1)}${SPACE}ms`;
  if (ms < 999.5) return `${Math.round(ms)}${SPACE}ms`;
  if (ms < 59_950) return `${trimmed(ms / 1_000, 1)}${SPACE}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return pair(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(minutes / 60), 24, 'd', 'h');
}

/** `640 B`, `12 MB`; powers of 1,000. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1_000;
    unit++;
  }
  return `${trimmed(scaled, scaled < 10 && unit > 0 ? 1 : 0)}${SPACE}${units[unit]}`;
}

/** Any other figure to three significant digits: `0.148`, `1.32`, `1,198`, `-0.0464`; very small ones as `≈ 0`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  if (Number.isInteger(value)) return count(value);
  if (Math.abs(value) < 0.00005) return `≈${SPACE}0`;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return trimmed(value, Math.min(digits, 8));
}

/** A figure with its unit: `1.32×`, `88.5 ms`, `12 kB/s`, `5 % of the last 20`. */
export function withUnit(value: number, unit: string | undefined): string {
  if (unit === 'ms') return duration(value);
  if (unit === 'probability') return percent(value);
  if (unit === 'bytes') return bytes(value);
  if (unit === 'bytes per second') return `${bytes(value)}/s`;
  if (unit?.startsWith('share ')) return `${percent(value)} ${unit.slice('share '.length)}`;
  if (unit === undefined || unit === '') return figure(value);
  return unit === '×' ? figure(value) + unit : `${figure(value)}${SPACE}${unit}`;
}

/** Units that come in several sizes, so that each figure needs its own. */
const SCALED: ReadonlySet<string> = new Set(['ms', 'bytes', 'bytes per second', 'probability', '%']);

/** The unit for a figure beside others of the same unit; undefined where it is enough to say it once. */
export function scaledUnit(unit: string | undefined): string | undefined {
  if (unit?.startsWith('share ')) return 'probability';
  return SCALED.has(unit ?? '') ? unit : undefined;
}

/** At most that many digits behind the point, without zeros at the end, with commas for thousands. */
function trimmed(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function pair(value: number, base: number, large: string, small: string): string {
  const rest = value % base;
  const head = `${Math.floor(value / base)}${SPACE}${large}`;
  return rest === 0 ? head : `${head}${SPACE}${rest}${SPACE}${small}`;
}
