/** CREATE FUNCTION, DO, CALL. A function's SQL body is analysed when it is made: `fmgr_sql_validator`. */
import type { CreateFunctionStmt, DoStmt, Node } from 'libpg-query';
import { parsed } from './calls.ts';
import { executeNode } from './execute.ts';
import type { Routine } from './objects.ts';
import { runPlpgsql } from './plpgsql.ts';
import { runQuery } from './queries.ts';
import { type Run, SqlFailure } from './run.ts';
import { all, as, isOn, nameOf, optionOf, strings } from './tree.ts';
import { typeOf, typeText } from './types.ts';

export function createFunction(run: Run, statement: CreateFunctionStmt, text: string): void {
  const { schema, name } = nameOf(strings(statement.funcname));
  const parameters = all('FunctionParameter', statement.parameters);
  const inputs = parameters.filter(({ mode }) => !/OUT$|TABLE$/.test(mode ?? ''));
  const language = (
    optionOf(statement.options, 'language') ?? (statement.sql_body ? 'sql' : '')
  ).toLowerCase();
  const volatility = optionOf(statement.options, 'volatility') ?? 'volatile';
  const body = strings(
    as('List', all('DefElem', statement.options).find(({ defname }) => defname === 'as')?.arg)?.items,
  );
  const routine: Routine = {
    schema: schema ?? run.schema.home(),
    name,
    argumentTypes: inputs.map(({ argType }) => typeText(typeOf(argType))),
    defaults: inputs.map(({ defexpr }) => defexpr),
    language,
    volatility: volatility === 'immutable' || volatility === 'stable' ? volatility : 'volatile',
    body: body[0] ?? '',
    source: text,
    returnsTrigger: strings(statement.returnType?.names).at(-1) === 'trigger',
  };
  const path = searchPathOf(statement.options);
  if (path) routine.searchPath = path;
  if (statement.sql_body) {
    const block = as('List', statement.sql_body)?.items?.flatMap((item) => as('List', item)?.items ?? [item]);
    routine.statements = block ?? [statement.sql_body];
    for (const node of routine.statements) runQuery(run, node, 'analysed');
  }
  const same = run.schema
    .findRoutines({ schema: routine.schema, name })
    .some(({ argumentTypes }) => argumentTypes.join() === routine.argumentTypes.join());
  if (same && !statement.replace) throw new SqlFailure('42723', `function ${name} is there already`);
  run.schema.addRoutine(routine);
  if (language === 'sql' && !statement.sql_body && run.schema.settings.checksBodies)
    checkSqlBody(run, routine);
}

/** SET search_path of a function, under which its body is read. */
function searchPathOf(options: readonly Node[] | undefined): string[] | undefined {
  for (const { defname, arg } of all('DefElem', options)) {
    const set = defname === 'set' ? as('VariableSetStmt', arg) : undefined;
    if (set?.name === 'search_path') return all('A_Const', set.args).map(({ sval }) => sval?.sval ?? '');
  }
  return undefined;
}

/** Types that leave a body unchecked until it is called. */
const POLYMORPHIC = /^any/;

function checkSqlBody(run: Run, routine: Routine): void {
  if (routine.argumentTypes.some((type) => POLYMORPHIC.test(type))) return;
  const { searchPath } = run.schema.settings;
  if (routine.searchPath) run.journal.assign(run.schema.settings, 'searchPath', routine.searchPath);
  for (const node of parsed(routine.body))
    if (/^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(Object.keys(node)[0] ?? ''))
      runQuery(run, node, 'rewritten');
  if (routine.searchPath) run.journal.assign(run.schema.settings, 'searchPath', searchPath);
}

export function runDo(run: Run, statement: DoStmt): void {
  const language = (optionOf(statement.args, 'language') ?? 'plpgsql').toLowerCase();
  const body = optionOf(statement.args, 'as') ?? '';
  if (language !== 'plpgsql') {
    run.unknown(`a DO block in ${language}`);
    return;
  }
  const mark = dollarQuote(body);
  runPlpgsql(run, `DO ${mark}${body}${mark}`, []);
}

/** A dollar quote that the body does not hold. */
function dollarQuote(body: string): string {
  for (let n = 0; ; n++) {
    const mark = `$body${n}$`;
    if (!body.includes(mark)) return mark;
  }
}

/** EXPLAIN: with ANALYZE the statement runs, else it is planned. */
export function explain(run: Run, query: Node | undefined, options: readonly Node[] | undefined): void {
  if (!query) return;
  if (isOn(options, 'analyze')) executeNode(run, query);
  else runQuery(run, query, 'planned');
}
