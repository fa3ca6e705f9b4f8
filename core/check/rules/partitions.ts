/** Partitions that come and go while others wait. */

import { ident, tableSql } from '../rewrite/sql.ts';
import type { Rule, RuleFinding } from '../rule.ts';
import { alteredTable, as, nameOf } from '../tree.ts';
import { LINKS } from './links.ts';

export const detachPartition: Rule = {
  id: 'detach-partition-blocks',
  severity: 'warning',
  title: 'Partition detached under an exclusive lock on its parent',
  why: 'DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table: every query on any partition waits behind it.',
  whatToDo: 'Use DETACH PARTITION … CONCURRENTLY (PostgreSQL 14 and newer), outside of a transaction.',
  links: [LINKS.partitions],
  examples: [
    {
      setup:
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      bad: 'ALTER TABLE events DETACH PARTITION events_2024;',
      good: ['ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;'],
      fix: '-- Outside of a transaction.\nALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;',
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table || context.serverVersion < 14 || !context.tables.inUse(table.relation)) return [];
    return table.commands.flatMap(({ cmd }): RuleFinding[] => {
      const partition = as(cmd.def, 'PartitionCmd');
      if (cmd.subtype !== 'AT_DetachPartition' || !partition?.name || partition.concurrent) return [];
      const name = tableSql(partition.name);
      const sql = `ALTER TABLE ${tableSql(table.range)} DETACH PARTITION ${name} CONCURRENTLY`;
      return [
        {
          message: `Detaching takes an ACCESS EXCLUSIVE lock on ${table.relation} and keeps every query on it waiting.`,
          relation: table.relation,
          mark: partition.name.relname ?? 'detach',
          rewrite: { steps: [{ outside: true, sql: [sql] }] },
        },
      ];
    });
  },
};

export const attachPartition: Rule = {
  id: 'attach-partition-scans',
  severity: 'warning',
  bySize: true,
  title: 'Partition read from end to end when it is attached',
  why: 'ATTACH PARTITION holds ACCESS EXCLUSIVE on the new partition while it checks that every row fits its bounds, and its parent’s default partition as well. A valid CHECK that says the same spares the reading.',
  whatToDo: 'Add a CHECK with the bounds as NOT VALID, validate it, attach, and drop the CHECK.',
  links: [LINKS.partitions],
  examples: [
    {
      setup:
        'CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint, at date);',
      bad: "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      good: [
        "CREATE TABLE events_2026 (id bigint, at date);\nALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
      ],
    },
  ],
  check(context) {
    const table = alteredTable(context);
    if (!table) return [];
    return table.commands.flatMap(({ cmd, index }): RuleFinding[] => {
      const partition = as(cmd.def, 'PartitionCmd');
      if (cmd.subtype !== 'AT_AttachPartition' || !partition?.name) return [];
      const name = nameOf(partition.name, context.catalogue);
      if (!context.tables.inUse(name) || !context.effectsOfCommand(index).scans.includes(name)) return [];
      return [
        {
          message: `Every row of ${name} is checked against the bounds while nobody can use it.`,
          relation: name,
          mark: partition.name.relname ?? ident(name),
        },
      ];
    });
  },
};
