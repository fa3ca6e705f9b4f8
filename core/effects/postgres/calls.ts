/** Calls of functions that statements made: their bodies are run, with what is known of their arguments. */
import type { Node } from 'libpg-query';
import { parseSync } from 'libpg-query';
import { evaluate } from './evaluate.ts';
import { executeNode } from './execute.ts';
import type { Relation, Routine } from './objects.ts';
import { runPlpgsql } from './plpgsql.ts';
import { runQuery } from './queries.ts';
import type { Run } from './run.ts';
import { constantOf, nameOf } from './tree.ts';

/** Functions of extensions that change tables in ways that no statement shows. */
const OPAQUE =
  /^(?:create_hypertable|create_distributed_table|create_parent|dblink_exec|query_to_xml|lo_import)$/;

/** A call within a query that is run. */
export function callFunction(run: Run, parts: readonly string[], args: readonly Node[]): void {
  const name = nameOf(parts);
  const routine = chosen(run, name, args.length);
  if (routine) {
    runRoutine(run, routine, withDefaults(args, routine).map(evaluate));
    return;
  }
  if (OPAQUE.test(name.name)) run.unknown(`what ${name.name}() does to tables is not known here`);
  if (name.name === 'set_config' && constantOf(args[0]) === 'search_path') {
    const path = constantOf(args[1]) ?? '';
    setSearchPath(
      run,
      path.split(',').map((part) => part.trim().replace(/"/g, '')),
    );
  }
}

export function setSearchPath(run: Run, path: readonly string[]): void {
  const kept = path.filter((schema) => schema !== '' && schema !== '$user');
  run.journal.assign(run.schema.settings, 'searchPath', kept);
}

/** A trigger that fires for a table. */
export function callTrigger(run: Run, qualified: string, table: Relation): void {
  const routine = chosen(run, nameOf(qualified.split('.')), 0);
  if (routine) runRoutine(run, routine, [], table);
}

function withDefaults(args: readonly Node[], { defaults }: Routine): (Node | undefined)[] {
  return [...args, ...defaults.slice(args.length)];
}

/** The overload for a number of arguments, defaults counted in. */
function chosen(run: Run, name: { schema?: string; name: string }, count: number): Routine | undefined {
  const found = run.schema.findRoutines(name);
  const exact = found.find(({ argumentTypes }) => argumentTypes.length === count);
  const fitting = found.find(
    ({ argumentTypes, defaults }) =>
      argumentTypes.length > count && defaults.slice(count).every((value) => value !== undefined),
  );
  return exact ?? fitting ?? found[0];
}

function runRoutine(run: Run, routine: Routine, args: (string | null | undefined)[], table?: Relation): void {
  const { searchPath } = run.schema.settings;
  if (routine.searchPath) setSearchPath(run, routine.searchPath);
  run.nested(() => {
    if (routine.language === 'plpgsql') runPlpgsql(run, routine.source, args, table);
    else if (routine.statements) for (const statement of routine.statements) runQuery(run, statement);
    else if (routine.language === 'sql')
      for (const statement of parsed(routine.body)) executeNode(run, statement);
  });
  if (routine.searchPath) run.journal.assign(run.schema.settings, 'searchPath', searchPath);
}

const cache = new Map<string, Node[]>();
/** Bodies kept parsed. */
const MOST_BODIES = 500;

/** Statements of a body; none where it is no SQL, as the server itself would have said. */
export function parsed(body: string): Node[] {
  const known = cache.get(body);
  if (known) return known;
  if (cache.size >= MOST_BODIES) cache.clear();
  let nodes: Node[] = [];
  try {
    nodes = (parseSync(body).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
  } catch {
    nodes = [];
  }
  cache.set(body, nodes);
  return nodes;
}
