/** MySQL and MariaDB: ALTER TABLE that copies the table. */
import type { Rule } from '../rule.ts';

export const tableCopied: Rule = {
  id: 'table-copied',
  severity: 'warning',
  bySize: true,
  title: 'ALTER TABLE copies the table',
  why: 'With the COPY algorithm the server writes the whole table anew and keeps writes waiting until it is done.',
  whatToDo:
    'Say ALGORITHM=INPLACE, LOCK=NONE or ALGORITHM=INSTANT, so that the statement fails instead of copying; where only a copy can do it, use gh-ost or pt-online-schema-change.',
  links: ['https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html'],
  examples: [],
  check({ dialect, effects, tables }) {
    if (dialect !== 'mysql' || effects.blocks === 'nothing') return [];
    return effects.rewrites
      .filter((relation) => tables.inUse(relation))
      .map((relation) => ({
        message: `${relation} is copied while ${effects.blocks === 'writes' ? 'writes to it wait' : 'nobody can use it'}.`,
        relation,
      }));
  },
};
