/**
 * Answers the questions that migrations ask the system catalogues, `SELECT 1 FROM pg_constraint WHERE conname = 'x'`,
 * from the simulated catalogue: inner joins on equal columns, and conditions of a column and constants.
 */
import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import { type CatalogueRow, IN_INFORMATION_SCHEMA, TABLES } from './catalogue-tables.ts';
import { bind, evaluate, type Known, type Value } from './evaluate.ts';
import type { Answer } from './rows.ts';
import type { Schema } from './schema.ts';
import { as, strings } from './tree.ts';

/** Undefined for a question that is not of this kind. */
export function catalogueAnswer(schema: Schema, select: SelectStmt): Answer | undefined {
  const found = matching(schema, select);
  if (!found) return undefined;
  if (found.rows.length === 0) return 'no';
  return found.unsure ? 'maybe' : 'yes';
}

/** How many rows of the catalogue a query finds, where that is certain. */
export function catalogueCount(schema: Schema, select: SelectStmt): number | undefined {
  const found = matching(schema, select);
  return found && (!found.unsure || found.rows.length === 0) ? found.rows.length : undefined;
}

/** Rows of a query of the catalogue, by the names of its targets; undefined where it is not certain which they are. */
export function rowsOfQuery(schema: Schema, query: Node): Record<string, Value>[] | undefined {
  const select = as('SelectStmt', query);
  const found = select && matching(schema, select);
  if (!found || (found.unsure && found.rows.length > 0)) return undefined;
  const rows = found.rows.map((row) => {
    const values = valuesOf(row);
    return Object.fromEntries(
      (select.targetList ?? []).map((item) => {
        const target = as('ResTarget', item);
        const name = target?.name ?? columnOf(target?.val)?.column ?? '';
        return [name, evaluate(bind(target?.val, values))];
      }),
    );
  });
  return select.distinctClause || select.groupClause ? distinct(rows) : rows;
}

function distinct<T>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

/** A joined row: the rows of its tables, by alias. */
type Joined = ReadonlyMap<string, CatalogueRow>;

function valuesOf(row: Joined): Known {
  const values: Known = new Map();
  for (const [alias, columns] of row)
    for (const [column, value] of Object.entries(columns)) {
      const plain = value.split('|').at(-1) ?? value;
      values.set(`${alias}.${column}`, plain);
      values.set(column, plain);
    }
  return values;
}

interface Column {
  alias?: string | undefined;
  column: string;
}

/** Of one column and constants. */
interface Condition extends Column {
  test: (value: string) => boolean;
}

interface Question {
  tables: Map<string, CatalogueRow[]>;
  conditions: Condition[];
  joins: [Column, Column][];
  /** Some part of it is not understood. */
  unsure: boolean;
}

function matching(schema: Schema, select: SelectStmt): { rows: Joined[]; unsure: boolean } | undefined {
  const question = read(schema, select);
  if (!question) return undefined;
  for (const condition of question.conditions) {
    const alias = ownerOf(question, condition);
    const rows = alias === undefined ? undefined : question.tables.get(alias);
    if (alias === undefined || !rows) question.unsure = true;
    else
      question.tables.set(
        alias,
        rows.filter((row) => condition.test(row[condition.column] ?? '')),
      );
  }
  return { rows: join(question), unsure: question.unsure };
}

function read(schema: Schema, select: SelectStmt): Question | undefined {
  const question: Question = { tables: new Map(), conditions: [], joins: [], unsure: false };
  const sources = select.fromClause ?? [];
  if (sources.length === 0 || !sources.every((item) => addSource(schema, question, item))) return undefined;
  if (select.whereClause) addConditions(question, select.whereClause);
  return question;
}

/** False for a source that is no catalogue table. */
function addSource(schema: Schema, question: Question, item: Node): boolean {
  const range = as('RangeVar', item);
  if (range) return addTable(schema, question, range);
  const joined = as('JoinExpr', item);
  if (!joined?.larg || !joined.rarg || joined.jointype !== 'JOIN_INNER') return false;
  if (joined.quals) addConditions(question, joined.quals);
  if (joined.usingClause || joined.isNatural) question.unsure = true;
  return addSource(schema, question, joined.larg) && addSource(schema, question, joined.rarg);
}

function addTable(
  schema: Schema,
  question: Question,
  { schemaname, relname = '', alias }: RangeVar,
): boolean {
  const informational = IN_INFORMATION_SCHEMA.test(relname);
  const rows = informational === (schemaname === 'information_schema') ? TABLES[relname] : undefined;
  if (!rows) return false;
  question.tables.set(alias?.aliasname ?? relname, [...rows(schema)]);
  return true;
}

function addConditions(question: Question, node: Node): void {
  const bool = as('BoolExpr', node);
  if (bool?.boolop === 'AND_EXPR') {
    for (const part of bool.args ?? []) addConditions(question, part);
    return;
  }
  const expression = as('A_Expr', node);
  const [left, right] = [columnOf(expression?.lexpr), columnOf(expression?.rexpr)];
  if (left && right && strings(expression?.name).at(-1) === '=') {
    question.joins.push([left, right]);
    return;
  }
  const test = left && expression && testOf(strings(expression.name).at(-1) ?? '', expression.rexpr);
  if (left && test) question.conditions.push({ ...left, test });
  else question.unsure = true;
}

/** What a column's value is held against: `= 'a'`, `IN ('a', 'b')`, `= ANY (ARRAY['a'])`, `<> 'a'`, `LIKE 'a%'`. */
function testOf(operator: string, node: Node | undefined): ((value: string) => boolean) | undefined {
  const list = as('List', node)?.items ?? as('A_ArrayExpr', node)?.elements ?? [node];
  const wanted = list.map((item) => scalar(item));
  if (!wanted.every((value) => typeof value === 'string')) return undefined;
  const plain = wanted.map((value) => value.replace(/"/g, ''));
  const isOne = (value: string) => plain.some((one) => value.split('|').includes(one));
  switch (operator) {
    case '=':
      return isOne;
    case '<>':
      return (value) => !isOne(value);
    case '~~':
      return (value) => like(plain[0] ?? '').test(value.split('|').at(-1) ?? '');
    case '!~~':
      return (value) => !like(plain[0] ?? '').test(value.split('|').at(-1) ?? '');
    default:
      return undefined;
  }
}

function like(pattern: string): RegExp {
  const text = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replace(/_/g, '.');
  return new RegExp(`^${text}$`, 's');
}

/** The alias of the table that has the column; undefined where none is known to. */
function ownerOf({ tables }: Question, { alias, column }: Column): string | undefined {
  const has = (name: string) => {
    const rows = tables.get(name);
    return rows !== undefined && (rows.length === 0 || column in (rows[0] ?? {}));
  };
  if (alias !== undefined) return has(alias) ? alias : undefined;
  return (
    [...tables.keys()].find((name) => (tables.get(name)?.length ?? 0) > 0 && has(name)) ??
    [...tables.keys()].find(has)
  );
}

/** Most joined rows that are looked at; a question that finds more is not understood. */
const MOST_ROWS = 50_000;

function join(question: Question): Joined[] {
  const joins = question.joins.flatMap(([left, right]) => {
    const sides = [left, right].map((side) => ({ ...side, alias: ownerOf(question, side) }));
    if (sides.every(({ alias }) => alias !== undefined))
      return [sides as { alias: string; column: string }[]];
    question.unsure = true;
    return [];
  });
  const waiting = [...question.tables].sort(([, a], [, b]) => a.length - b.length);
  let rows: Joined[] = [new Map()];
  while (waiting.length > 0) {
    const done = rows[0] ?? new Map<string, CatalogueRow>();
    const connected = waiting.findIndex(([alias]) =>
      joins.some(
        (sides) => sides.some((side) => side.alias === alias) && sides.some((side) => done.has(side.alias)),
      ),
    );
    const [alias, candidates] = waiting.splice(Math.max(connected, 0), 1)[0] ?? ['', []];
    rows = rows.flatMap((row) =>
      candidates
        .map((candidate) => new Map([...row, [alias, candidate]]))
        .filter((joined) => agrees(joined, joins)),
    );
    if (rows.length > MOST_ROWS) {
      question.unsure = true;
      rows = rows.slice(0, 1);
    }
    if (rows.length === 0) return [];
  }
  return rows;
}

/** Whether all joins between tables that are there hold. */
function agrees(row: Joined, joins: readonly { alias: string; column: string }[][]): boolean {
  return joins.every(([left, right]) => {
    const [a, b] = [left, right].map((side) => side && row.get(side.alias)?.[side.column]);
    return a === undefined || b === undefined || a.split('|').some((name) => b.split('|').includes(name));
  });
}

function columnOf(node: Node | undefined): Column | undefined {
  const cast = as('TypeCast', node);
  if (cast) return columnOf(cast.arg);
  const fields = strings(as('ColumnRef', node)?.fields);
  const column = fields.at(-1);
  return column === undefined ? undefined : { column, alias: fields.at(-2) };
}

/** A text, also within `to_regclass('x')` or `current_schema()`. */
function scalar(node: Node | undefined): Value {
  const known = evaluate(node);
  if (known !== undefined) return known;
  if (as('SQLValueFunction', node)?.op === 'SVFOP_CURRENT_SCHEMA') return 'public';
  const call = as('FuncCall', node);
  return call && strings(call.funcname).at(-1) === 'to_regclass' ? evaluate(call.args?.[0]) : undefined;
}
