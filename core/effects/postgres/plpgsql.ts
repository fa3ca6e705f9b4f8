/**
 * Runs PL/pgSQL bodies as far as their course can be told: conditions that the catalogue answers are decided, of others
 * every branch is taken; what is put together at run time from unknown parts is reported as not analysed.
 */
import { parsePlPgSQLSync } from 'libpg-query';
import { parsed } from './calls.ts';
import { rowsOfQuery } from './catalogue-queries.ts';
import { bind, evaluate, type Known, type Value } from './evaluate.ts';
import { executeNode } from './execute.ts';
import type { Relation } from './objects.ts';
import { runQuery } from './queries.ts';
import { holds, valueOfQuery, yieldsRows } from './rows.ts';
import { type Run, SqlFailure } from './run.ts';
import { as } from './tree.ts';

/** A node of PL/pgSQL's own tree: one key, its kind. */
type Tree = Record<string, unknown>;

interface Frame {
  run: Run;
  values: Known;
  /** Variable names by number. */
  names: (string | undefined)[];
}

const cache = new Map<string, Tree | undefined>();
const MOST_BODIES = 500;

/** `source`: a whole CREATE FUNCTION or DO statement. */
export function runPlpgsql(run: Run, source: string, args: readonly Value[], table?: Relation): void {
  const body = parseBody(source);
  if (!body) {
    run.unknown('a PL/pgSQL body could not be read');
    return;
  }
  const datums = list(body.datums).map((datum) => Object.values(datum)[0] as Tree);
  const names = datums.map(({ refname }) => refname as string | undefined);
  const values: Known = new Map();
  const parameters = names.slice(0, names.indexOf('found'));
  if (!table)
    parameters.forEach((name, at) => {
      if (name) values.set(name, args[at]);
    });
  if (table) {
    for (const name of ['tg_table_name', 'tg_relname']) values.set(name, table.local);
    values.set('tg_table_schema', table.schema);
  }
  const frame = { run, values, names };
  for (const datum of datums) {
    const initial = datum.default_val as Tree | undefined;
    if (initial && datum.refname) values.set(datum.refname as string, scalarOf(frame, initial));
  }
  runBlock(frame, body.action as Tree);
}

function parseBody(source: string): Tree | undefined {
  if (cache.has(source)) return cache.get(source);
  if (cache.size >= MOST_BODIES) cache.clear();
  let body: Tree | undefined;
  try {
    const { plpgsql_funcs: functions = [] } = parsePlPgSQLSync(source) as { plpgsql_funcs?: Tree[] };
    body = functions[0]?.PLpgSQL_function as Tree | undefined;
  } catch {
    body = undefined;
  }
  cache.set(source, body);
  return body;
}

/** `returned`: nothing after it runs. `left` and `next`: the loop around it is left, or goes on. */
type Outcome = 'returned' | 'left' | 'next' | undefined;

function runBlock(frame: Frame, node: Tree): Outcome {
  const block = (node.PLpgSQL_stmt_block ?? {}) as Tree;
  const exceptions = (block.exceptions as Tree | undefined)?.PLpgSQL_exception_block as Tree | undefined;
  if (!exceptions) return runAll(frame, block.body);
  let outcome: Outcome;
  const failure = frame.run.attempt(() => {
    outcome = runAll(frame, block.body);
  });
  if (!failure) return outcome;
  for (const entry of list(exceptions.exc_list)) {
    const { conditions, action } = entry.PLpgSQL_exception as Tree;
    const handled = list(conditions).some((condition) =>
      isCondition(String((condition.PLpgSQL_condition as Tree).condname ?? ''), failure.sqlState),
    );
    if (handled) return runAll(frame, action);
  }
  throw failure;
}

/** SQLSTATE of the condition names that migrations catch; appendix A of the documentation. */
const CONDITIONS: Record<string, string> = {
  duplicate_object: '42710',
  duplicate_table: '42P07',
  duplicate_column: '42701',
  duplicate_schema: '42P06',
  duplicate_function: '42723',
  undefined_object: '42704',
  undefined_table: '42P01',
  undefined_column: '42703',
  undefined_function: '42883',
  invalid_table_definition: '42P16',
  invalid_object_definition: '42P17',
  object_not_in_prerequisite_state: '55000',
  dependent_objects_still_exist: '2BP01',
  raise_exception: 'P0001',
  unique_violation: '23505',
};

function isCondition(name: string, sqlState: string): boolean {
  return name === 'others' || CONDITIONS[name] === sqlState || name === sqlState;
}

function runAll(frame: Frame, statements: unknown): Outcome {
  for (const statement of list(statements)) {
    const outcome = runOne(frame, statement);
    if (outcome) return outcome;
  }
  return undefined;
}

function runOne(frame: Frame, statement: Tree): Outcome {
  const [kind = '', content] = Object.entries(statement)[0] ?? [];
  const body = content as Tree;
  const { run } = frame;
  switch (kind.replace('PLpgSQL_stmt_', '')) {
    case 'block':
      return runBlock(frame, statement);
    case 'assign': {
      const name = frame.names[Number(body.varno ?? 0)];
      const value = scalarOf(frame, body.expr as Tree);
      if (name) frame.values.set(name, value);
      return undefined;
    }
    case 'if':
      return runIf(frame, body);
    case 'case':
      scalarOf(frame, body.t_expr as Tree);
      return runBranches(frame, [
        ...list(body.case_when_list).map((when) => (when.PLpgSQL_case_when as Tree).stmts),
        body.else_stmts,
      ]);
    case 'loop':
      return maybe(frame, body.body);
    case 'while':
      return runWhile(frame, body);
    case 'fori':
      return runCounting(frame, body);
    case 'fors':
      return runForQuery(frame, body);
    case 'dynfors':
      runDynamic(frame, body.query as Tree);
      return maybe(frame, body.body);
    case 'forc':
      return maybe(frame, body.body);
    case 'foreach_a':
      return runForeach(frame, body);
    case 'exit':
      return runExit(frame, body);
    case 'return':
      if (body.expr) scalarOf(frame, body.expr as Tree);
      return 'returned';
    case 'return_query':
      if (body.query) runSql(frame, body.query as Tree);
      if (body.dynquery) runDynamic(frame, body.dynquery as Tree);
      return undefined;
    case 'raise':
      if (Number(body.elog_level ?? 0) >= ERROR_LEVEL)
        throw new SqlFailure('P0001', 'the body raises an exception');
      return undefined;
    case 'execsql':
      forget(frame, body.target as Tree | undefined);
      runSql(frame, body.sqlstmt as Tree, body.target as Tree | undefined);
      return undefined;
    case 'dynexecute':
      forget(frame, body.target as Tree | undefined);
      runDynamic(frame, body.query as Tree);
      return undefined;
    case 'perform':
    case 'call':
      runSql(frame, body.expr as Tree);
      return undefined;
    case 'open':
      if (body.query) runSql(frame, body.query as Tree);
      if (body.dynquery) runDynamic(frame, body.dynquery as Tree);
      return undefined;
    case 'commit':
    case 'rollback':
      run.noTransaction = 'its body ends transactions';
      return undefined;
    default:
      return undefined;
  }
}

/** PostgreSQL's elog level ERROR. */
const ERROR_LEVEL = 21;

function runIf(frame: Frame, body: Tree): Outcome {
  const answer = test(frame, body.cond as Tree);
  if (answer === 'yes') return runAll(frame, body.then_body);
  const rest: unknown[] = [];
  for (const entry of list(body.elsif_list)) {
    const { cond, stmts } = entry.PLpgSQL_if_elsif as Tree;
    const other = test(frame, cond as Tree);
    if (other === 'yes' && answer === 'no' && rest.length === 0) return runAll(frame, stmts);
    if (other !== 'no') rest.push(stmts);
  }
  if (answer === 'no' && rest.length === 0) return runAll(frame, body.else_body);
  return runBranches(frame, [...(answer === 'no' ? [] : [body.then_body]), ...rest, body.else_body]);
}

/** Branches of which it is not known which one is taken. */
function runBranches(frame: Frame, branches: readonly unknown[]): Outcome {
  for (const branch of branches) maybe(frame, branch);
  return undefined;
}

/** Statements that may run or not, or several times. */
function maybe(frame: Frame, statements: unknown): Outcome {
  frame.run.attempt(() => runAll(frame, statements));
  return undefined;
}

function runForQuery(frame: Frame, body: Tree): Outcome {
  const query = runSql(frame, body.query as Tree);
  const rows = query && rowsOfQuery(frame.run.schema, query);
  if (!rows) {
    if (query && yieldsRows(frame.run.schema, query) === 'no') return undefined;
    return maybe(frame, body.body);
  }
  const names = loopNames(body.var as Tree | undefined);
  for (const row of rows.slice(0, MOST_TURNS)) {
    Object.entries(row).forEach(([column, value], at) => {
      frame.values.set('record' in names ? `${names.record}.${column}` : (names.variables[at] ?? ''), value);
    });
    const outcome = runAll(frame, body.body);
    if (outcome === 'returned') return outcome;
    if (outcome === 'left') break;
  }
  return undefined;
}

/** A loop's record, or its list of variables. */
function loopNames(target: Tree | undefined): { record: string } | { variables: string[] } {
  const record = (target?.PLpgSQL_rec as Tree | undefined)?.refname;
  if (typeof record === 'string') return { record };
  const fields = list((target?.PLpgSQL_row as Tree | undefined)?.fields);
  return { variables: fields.map(({ name }) => String(name)) };
}

function runForeach(frame: Frame, body: Tree): Outcome {
  const text = String(((body.expr as Tree).PLpgSQL_expr as Tree).query ?? '');
  const target = as('ResTarget', as('SelectStmt', parsed(`SELECT ${text}`)[0])?.targetList?.[0])?.val;
  const cast = as('TypeCast', target);
  const elements = as('A_ArrayExpr', cast ? cast.arg : target)?.elements;
  const name = frame.names[Number(body.varno ?? 0)];
  if (!elements) return maybe(frame, body.body);
  for (const element of elements) {
    if (name) frame.values.set(name, evaluate(bind(element, frame.values)));
    const outcome = runAll(frame, body.body);
    if (outcome === 'returned' || outcome === 'left') return outcome === 'left' ? undefined : outcome;
  }
  return undefined;
}

/** Turns of a loop that are followed. */
const MOST_TURNS = 200;

/** FOR i IN a..b. */
function runCounting(frame: Frame, body: Tree): Outcome {
  const [lower, upper] = [body.lower, body.upper].map((bound) =>
    Number(scalarOf(frame, bound as Tree) ?? Number.NaN),
  );
  const variable = (body.var as Tree | undefined)?.PLpgSQL_var as Tree | undefined;
  const name = variable?.refname as string | undefined;
  if (lower === undefined || upper === undefined || Number.isNaN(lower + upper) || upper - lower > MOST_TURNS)
    return maybe(frame, body.body);
  for (let i = lower; i <= upper; i++) {
    if (name) frame.values.set(name, String(i));
    const outcome = runAll(frame, body.body);
    if (outcome === 'returned') return outcome;
    if (outcome === 'left') break;
  }
  return undefined;
}

function runWhile(frame: Frame, body: Tree): Outcome {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const answer = test(frame, body.cond as Tree);
    if (answer === 'no') return undefined;
    if (answer === 'maybe') return maybe(frame, body.body);
    const outcome = runAll(frame, body.body);
    if (outcome === 'returned') return outcome;
    if (outcome === 'left') return undefined;
  }
  return undefined;
}

function runExit(frame: Frame, body: Tree): Outcome {
  if (body.cond && test(frame, body.cond as Tree) !== 'yes') return undefined;
  return body.is_exit ? 'left' : 'next';
}

/** Static SQL; returns its tree. */
function runSql(frame: Frame, expression: Tree, target?: Tree) {
  const text = String((expression.PLpgSQL_expr as Tree).query ?? '');
  const [node] = parsed(text);
  if (!node) {
    frame.run.unknown('a statement of a PL/pgSQL body could not be read');
    return undefined;
  }
  const bound = bind(node, frame.values);
  executeNode(frame.run, bound, text);
  const name = intoName(target);
  if (name) frame.values.set(name, valueOfQuery(frame.run.schema, bound));
  return bound;
}

function intoName(target: Tree | undefined): string | undefined {
  const fields = list((target?.PLpgSQL_row as Tree | undefined)?.fields);
  return fields.length === 1 ? String(fields[0]?.name ?? '') : undefined;
}

/** Variables that a query fills are not known any more. */
function forget(frame: Frame, target: Tree | undefined): void {
  for (const { name } of list((target?.PLpgSQL_row as Tree | undefined)?.fields))
    frame.values.delete(String(name));
}

/** EXECUTE: run where its text is known. */
function runDynamic(frame: Frame, expression: Tree): void {
  const text = scalarOf(frame, expression);
  if (typeof text !== 'string') {
    frame.run.unknown('EXECUTE of a text that is put together when it runs');
    return;
  }
  const nodes = parsed(text);
  if (nodes.length === 0) frame.run.unknown('EXECUTE of a text that could not be read');
  for (const node of nodes) executeNode(frame.run, node, text);
}

/** Value of an expression, after running the queries in it. */
function scalarOf(frame: Frame, expression: Tree | undefined): string | null | undefined {
  const target = expressionOf(frame, expression);
  if (!target) return undefined;
  const query = { SelectStmt: { targetList: [{ ResTarget: { val: target } }] } };
  runQuery(frame.run, query);
  return valueOfQuery(frame.run.schema, query);
}

function test(frame: Frame, expression: Tree) {
  const target = expressionOf(frame, expression);
  if (!target) return 'maybe';
  runQuery(frame.run, { SelectStmt: { targetList: [{ ResTarget: { val: target } }] } });
  return holds(frame.run.schema, target);
}

/** An assignment's text has its target in front. */
function expressionOf(frame: Frame, expression: Tree | undefined) {
  const { query, parseMode } = (expression?.PLpgSQL_expr ?? {}) as { query?: string; parseMode?: number };
  if (query === undefined) return undefined;
  const value = (parseMode ?? 0) >= ASSIGNMENT ? query.replace(/^[^:=]*:?=/, '') : query;
  const [node] = parsed(`SELECT ${value}`);
  return bind(as('ResTarget', as('SelectStmt', node)?.targetList?.[0])?.val, frame.values);
}

/** RAW_PARSE_PLPGSQL_ASSIGN1 of PostgreSQL's parser. */
const ASSIGNMENT = 3;

function list(value: unknown): Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}
