/** Every rule, in the order in which the documentation lists them. */
import type { Rule } from '../rule.ts';
import {
  charType,
  intPrimaryKey,
  jsonType,
  serialColumn,
  severalLocks,
  timestampWithoutZone,
} from './advice.ts';
import { addNotNullColumn, columnTypeRewrites, defaultRewrites, tableRewritten } from './columns.ts';
import {
  checkValidates,
  exclusionBuildsIndex,
  foreignKeyValidates,
  setNotNullScans,
  uniqueBuildsIndex,
} from './constraints.ts';
import { changesEveryRow, dropCascade, dropColumn, dropTable, truncateTable } from './destructive.ts';
import { domainConstraintValidates } from './domains.ts';
import { renameColumnRule, renameTable } from './incompatible.ts';
import {
  dropIndexNotConcurrent,
  indexNotConcurrent,
  refreshNotConcurrent,
  reindexNotConcurrent,
} from './indexes.ts';
import { tableCopied } from './mysql.ts';
import { attachPartition, detachPartition } from './partitions.ts';
import {
  enumValueUsed,
  lockHeldLong,
  lockTimeoutMissing,
  notInTransaction,
  transactionNested,
  transactionNotClosed,
  validatedTogether,
} from './transactions.ts';

export const RULES: readonly Rule[] = [
  addNotNullColumn,
  notInTransaction,
  transactionNotClosed,
  enumValueUsed,
  indexNotConcurrent,
  reindexNotConcurrent,
  refreshNotConcurrent,
  dropIndexNotConcurrent,
  foreignKeyValidates,
  checkValidates,
  uniqueBuildsIndex,
  exclusionBuildsIndex,
  setNotNullScans,
  domainConstraintValidates,
  defaultRewrites,
  columnTypeRewrites,
  tableRewritten,
  attachPartition,
  detachPartition,
  validatedTogether,
  lockHeldLong,
  transactionNested,
  changesEveryRow,
  dropTable,
  dropColumn,
  truncateTable,
  dropCascade,
  renameTable,
  renameColumnRule,
  tableCopied,
  lockTimeoutMissing,
  severalLocks,
  intPrimaryKey,
  serialColumn,
  charType,
  timestampWithoutZone,
  jsonType,
];

/** Findings that are no rule's: each with what it means. */
export const BUILT_IN = {
  'syntax-error': 'The parser of the dialect cannot read the statement.',
  'fails-in-shadow': 'The statement failed when the history was run in an embedded database.',
  'ignore-without-reason': 'An ignore comment does not say why: write the reason behind a colon.',
  'ignore-unused':
    'An ignore comment ignores nothing: the rule has no finding there, or there is no such rule.',
  'file-unreadable': 'The file is no text, or is too large.',
  encoding: 'The file is not UTF-8; it was read as Windows-1252.',
  'rule-broken': 'A rule could not judge the statement; this is a fault of aibos.',
} as const;
