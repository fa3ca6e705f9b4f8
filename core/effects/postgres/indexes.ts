/** CREATE INDEX and what belongs to it. Source: `DefineIndex` in indexcmds.c. */
import type { IndexStmt, Node } from 'libpg-query';
import { partitions, quoted } from './constraints.ts';
import { indexName } from './names.ts';
import { Index, type Relation } from './objects.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, rangeName } from './tree.ts';

export interface NewIndex {
  name: string;
  keys: (string | Node)[];
  unique: boolean;
  method: string;
  where?: Node;
}

export function addIndex(run: Run, table: Relation, { name, keys, unique, method, where }: NewIndex): Index {
  if (run.schema.taken(table.schema, name)) throw new SqlFailure('42P07', `${name} is there already`);
  const index = new Index(table.schema, name, table, keys);
  index.unique = unique;
  index.method = method;
  if (where) index.where = where;
  run.schema.addIndex(index);
  return index;
}

export function createIndex(run: Run, statement: IndexStmt): void {
  const table = statement.relation && run.need(rangeName(statement.relation));
  if (!table || !statement.relation) return;
  const mode = statement.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE';
  if (statement.concurrent)
    run.noTransaction = 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block';
  run.lock(table, mode);
  if (table.kind === 'partitioned_table' && statement.relation.inh) lockParts(run, table);
  if (statement.idxname && run.schema.taken(table.schema, statement.idxname)) {
    if (statement.if_not_exists) return;
    throw new SqlFailure('42P07', `${statement.idxname} is there already`);
  }
  define(run, table, statement, statement.relation.inh === true);
}

function lockParts(run: Run, table: Relation): void {
  for (const child of table.childSet) {
    run.lock(child, 'SHARE');
    lockParts(run, child);
  }
}

function define(run: Run, table: Relation, statement: IndexStmt, recurse: boolean, parent?: Index): void {
  const keys = all('IndexElem', statement.indexParams).map(({ name, expr }) => name ?? expr ?? '');
  const name = (!parent && statement.idxname) || indexName(run.schema, table, keys, 'idx');
  const index = addIndex(run, table, {
    name,
    keys,
    unique: statement.unique === true,
    method: statement.accessMethod ?? 'btree',
    ...(statement.whereClause ? { where: statement.whereClause } : {}),
  });
  index.included = all('IndexElem', statement.indexIncludingParams).map(({ name: column = '' }) => column);
  if (parent) index.parent = parent;
  index.valid = recurse || table.kind !== 'partitioned_table' || table.childSet.size === 0;
  run.scan(table);
  const columns = keys.filter((key) => typeof key === 'string');
  if (index.unique)
    run.dependsOnRows(table, columns, '23505', `fails if ${quoted(columns)} of ${table.name} has duplicates`);
  if (recurse) for (const child of partitions(table)) define(run, child, statement, true, index);
}

/** Indexes of a partitioned table for a new partition; one that is there already and fits is taken. */
export function followParentIndexes(run: Run, parent: Relation, child: Relation): void {
  for (const index of parent.indexSet) {
    const fitting = [...child.indexSet].find(
      (own) => !own.parent && own.unique === index.unique && String(own.keys) === String(index.keys),
    );
    if (fitting) {
      run.journal.assign(fitting as Index, 'parent', index);
      continue;
    }
    const label = index.constraint ? (index.constraint.kind === 'primary_key' ? 'pkey' : 'key') : 'idx';
    const name = indexName(run.schema, child, index.keys, label);
    const own = addIndex(run, child, { name, keys: index.keys, unique: index.unique, method: index.method });
    own.parent = index;
  }
}
