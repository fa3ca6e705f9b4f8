/** Liquibase's formatted SQL: change sets in one file, each with its way back in comments. */
import type { Wrapping } from './formats.ts';

const CHANGE_SET = /^[ \t]*--[ \t]*changeset[ \t]+(\S+:\S+)(.*)$/gim;

/**
 * Each change set is a transaction of its own unless it says `runInTransaction:false`. A file with one is a transaction;
 * of several the statements are taken one by one: no lock is then said to be held longer than it may be.
 */
export function liquibaseWrapping(text: string): Wrapping {
  const sets = [...text.matchAll(CHANGE_SET)];
  const outside = sets.some((match) => /runInTransaction\s*:\s*"?false/i.test(match[2] ?? ''));
  return sets.length === 1 && !outside ? 'file' : 'none';
}

/** What `--rollback` lines and `liquibase rollback` blocks hold, in place; everything else blank. */
export function liquibaseRollback(text: string): string {
  let inBlock = false;
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*\/\*\s*liquibase\s+rollback/i.test(line)) inBlock = true;
      else if (inBlock && line.includes('*/')) inBlock = false;
      else if (inBlock) return line;
      const match = /^([ \t]*--[ \t]*rollback\b)(.*)$/i.exec(line);
      const sql = match?.[2] ?? '';
      if (
        !match ||
        /^\s*(?:empty|not required|changeset)?\s*$/i.test(sql.replace(/changeset.*/i, 'changeset'))
      )
        return line.replace(/[^\r]/g, ' ');
      return ' '.repeat((match[1] ?? '').length) + sql;
    })
    .join('\n');
}
