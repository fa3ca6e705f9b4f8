/**
 * What counts as a `date-time`: an RFC 3339 date and time that a clock here can show. Suffixes of RFC 9557 and leap
 * seconds are refused with a message, because `Date` knows neither.
 */
import Format from 'typebox/format';

const LENGTH = 24;
/** Of `2026-11-23T18:49:00.000Z`: the character at each place, `0` for a digit. */
const SHAPE = '0000-00-00T00:00:00.000Z';
const ZERO = 0x30;

export function isTimestamp(text: string): boolean {
  if (isCanonical(text)) return true;
  return !text.includes('[') && Format.IsDateTime(text) && !Number.isNaN(Date.parse(text));
}

/** As `toISOString` writes it, on a day that every month has: most senders do, and nothing needs to be parsed. */
function isCanonical(text: string): boolean {
  if (text.length !== LENGTH) return false;
  for (let i = 0; i < LENGTH; i++) {
    const wanted = SHAPE.charCodeAt(i);
    const unit = text.charCodeAt(i);
    if (wanted === ZERO ? unit < ZERO || unit > ZERO + 9 : unit !== wanted) return false;
  }
  const month = two(text, 5);
  const day = two(text, 8);
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    two(text, 11) < 24 &&
    two(text, 14) < 60 &&
    two(text, 17) < 60
  );
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

Format.Set('date-time', isTimestamp);
