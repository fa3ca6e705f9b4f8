/** The ways in which a server can carry out a definition, and which of two is the worse. */
import type { AlterAction } from '../../sql/mysql/ast.ts';
import type { OnlineDdl } from '../effects.ts';
import type { MysqlTable } from './catalogue.ts';

/** An ALTER TABLE and what decides how it is carried out. */
export interface Situation {
  table: MysqlTable;
  actions: readonly AlterAction[];
  foreignKeyChecks: boolean;
  /** Major and minor as one number: 10.11 is 10.11, 8.0 is 8. */
  version: number;
}

export interface Way extends OnlineDdl {
  /** The table is written anew: all of COPY, and INPLACE where its rows change their form. */
  rebuild: boolean;
  /** The table is read from end to end, for a new index or to check rows. */
  scan: boolean;
}

const ALGORITHMS: readonly OnlineDdl['algorithm'][] = ['INSTANT', 'NOCOPY', 'INPLACE', 'COPY'];
const LOCKS: readonly OnlineDdl['lock'][] = ['NONE', 'SHARED', 'EXCLUSIVE'];

/** Only the dictionary changes. */
export const INSTANT: Way = { algorithm: 'INSTANT', lock: 'NONE', rebuild: false, scan: false };

export function copy(reason: string): Way {
  return { algorithm: 'COPY', lock: 'SHARED', rebuild: true, scan: true, reason };
}

/** Written anew in place while others read and write. */
export function rebuild(reason: string, lock: OnlineDdl['lock'] = 'NONE'): Way {
  return { algorithm: 'INPLACE', lock, rebuild: true, scan: true, reason };
}

/** Something is built beside the table, which stays as it is. */
export function beside(
  algorithm: 'NOCOPY' | 'INPLACE',
  reason: string,
  lock: OnlineDdl['lock'] = 'NONE',
  scan = true,
): Way {
  return { algorithm, lock, rebuild: false, scan, reason };
}

/** What several actions of one statement come to: the worst of each. */
export function worst(ways: readonly Way[]): Way {
  return ways.reduce((a, b) => {
    const slower = ALGORITHMS.indexOf(b.algorithm) > ALGORITHMS.indexOf(a.algorithm) ? b : a;
    const stricter = LOCKS.indexOf(b.lock) > LOCKS.indexOf(a.lock) ? b : a;
    const reason = slower.reason ?? stricter.reason;
    return {
      algorithm: slower.algorithm,
      lock: stricter.lock,
      rebuild: a.rebuild || b.rebuild,
      scan: a.scan || b.scan,
      ...(reason ? { reason } : {}),
    };
  }, INSTANT);
}
