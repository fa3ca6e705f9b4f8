/** Views, materialised views and tables made from queries. Sources: view.c, createas.c, matview.c. */
import type { CreateTableAsStmt, Node, RangeVar, RefreshMatViewStmt, ViewStmt } from 'libpg-query';
import { columnsFromQuery, newRelation } from './create-table.ts';
import type { Relation } from './objects.ts';
import { runQuery } from './queries.ts';
import { yieldsRows } from './rows.ts';
import { type Run, SqlFailure } from './run.ts';
import { TEMPORARY } from './schema.ts';
import { as, rangeName, strings, walk } from './tree.ts';

export function createView(run: Run, { view: range, query, replace, aliases }: ViewStmt): void {
  if (!range || !query) return;
  runQuery(run, query, 'analysed');
  const temporary = range.relpersistence === 't';
  const home = temporary ? TEMPORARY : (range.schemaname ?? run.schema.home());
  const existing = run.schema.find({ schema: home, name: range.relname ?? '' });
  if (existing && replace && existing.kind === 'view') {
    run.lock(existing, 'ACCESS EXCLUSIVE');
    forgetReads(run, existing);
    run.journal.assign(existing as Relation, 'query', query);
    remember(run, existing, query, strings(aliases));
    return;
  }
  const view = newRelation(run, { ...rangeName(range), temporary }, 'view', false);
  if (!view) return;
  view.query = query;
  remember(run, view, query, strings(aliases));
}

function forgetReads(run: Run, view: Relation): void {
  for (const relation of [...view.reads.keys()]) {
    run.journal.drop(relation.readers, view);
    run.journal.remove(view.reads, relation);
  }
}

/** Keeps what a view reads: relations, and those of their columns that it names. */
function remember(run: Run, view: Relation, query: Node, aliases: readonly string[]): void {
  const names = new Set<string>();
  const ranges: RangeVar[] = [];
  const columns: string[][] = [];
  walk([query], (kind, body) => {
    if (kind === 'CommonTableExpr') names.add((body as { ctename?: string }).ctename ?? '');
    if (kind === 'RangeVar') ranges.push(body as RangeVar);
    if (kind === 'ColumnRef')
      columns.push(
        ((body.fields as Node[] | undefined) ?? []).map((field) => as('String', field)?.sval ?? '*'),
      );
    return false;
  });
  for (const range of ranges) {
    if (range.schemaname === undefined && names.has(range.relname ?? '')) continue;
    const relation = run.need(rangeName(range));
    if (!relation) continue;
    const called = range.alias?.aliasname ?? range.relname;
    const own = columns.filter((fields) => fields.length === 1 || fields.at(-2) === called);
    const used = own.flatMap((fields) =>
      fields.at(-1) === '*' ? [...relation.columnMap.keys()] : (fields.at(-1) ?? []),
    );
    run.journal.put(view.reads, relation, new Set([...(view.reads.get(relation) ?? []), ...used]));
    run.journal.add(relation.readers, view);
  }
  columnsFromQuery(run, view, query, aliases);
}

/** CREATE TABLE AS, CREATE MATERIALIZED VIEW and SELECT INTO. */
export function createFromQuery(run: Run, statement: CreateTableAsStmt): void {
  const { query, into, objtype, if_not_exists: ifNotExists } = statement;
  if (!into?.rel || !query) return;
  const materialized = objtype === 'OBJECT_MATVIEW';
  const name = { ...rangeName(into.rel), temporary: into.rel.relpersistence === 't' };
  const home = name.temporary ? TEMPORARY : (name.schema ?? run.schema.home());
  if (run.schema.taken(home, name.name)) {
    runQuery(run, query, 'analysed');
    if (ifNotExists) return;
    throw new SqlFailure('42P07', `${name.name} is there already`);
  }
  runQuery(run, query, into.skipData ? 'analysed' : 'run');
  const relation = newRelation(run, name, materialized ? 'materialized_view' : 'table', false);
  if (!relation) return;
  relation.hasRows = !into.skipData && yieldsRows(run.schema, query) !== 'no';
  const columns = strings(into.colNames);
  if (!materialized) {
    columnsFromQuery(run, relation, query, columns);
    return;
  }
  relation.query = query;
  remember(run, relation, query, columns);
}

export function refresh(run: Run, { relation: range, concurrent, skipData }: RefreshMatViewStmt): void {
  const view = range && run.need(rangeName(range));
  if (!view) return;
  run.lock(view, concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  if (!concurrent) run.rewrite(view);
  if (!skipData) runQuery(run, view.query, 'run');
  const rows = !skipData && (!view.query || yieldsRows(run.schema, view.query) !== 'no');
  run.journal.assign(view as Relation, 'hasRows', rows);
}

/** SELECT … INTO is a CREATE TABLE AS. */
export function intoClause(query: Node): CreateTableAsStmt | undefined {
  const select = as('SelectStmt', query);
  let first = select;
  while (first?.larg) first = first.larg;
  if (!select || !first?.intoClause) return undefined;
  const { intoClause: into, ...rest } = first;
  const plain = first === select ? rest : select;
  return { query: { SelectStmt: plain }, into, objtype: 'OBJECT_TABLE' };
}
