/** PostgreSQL's eight table-level lock modes (documentation, chapter 13.3.1) and which operations of others each blocks. */

/** From the weakest to the strongest. */
export const LOCK_MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type LockMode = (typeof LOCK_MODES)[number];

/** What a statement keeps others from doing: `writes` covers INSERT, UPDATE and DELETE, reads go on. */
export type Blocking = 'nothing' | 'writes' | 'reads_and_writes';

/** The stronger of two modes. */
export function stronger(a: LockMode, b: LockMode): LockMode {
  return LOCK_MODES.indexOf(a) >= LOCK_MODES.indexOf(b) ? a : b;
}

/** Table 13.2: a plain SELECT takes ACCESS SHARE, a write ROW EXCLUSIVE. */
export function blocks(mode: LockMode): Blocking {
  if (mode === 'ACCESS EXCLUSIVE') return 'reads_and_writes';
  return LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf('SHARE') ? 'writes' : 'nothing';
}
