/** One rewrite for a whole statement, from the rewrites of its findings. */
import type { AlterTableCmd } from 'libpg-query';
import type { RuleContext, RuleFinding } from '../rule.ts';
import { type AlteredTable, addedConstraints, alteredTable, as, walk } from '../tree.ts';
import { alterTableSql, ident } from './sql.ts';
import { mergeSteps, type Step, stepsText } from './steps.ts';

/**
 * The text that takes the place of the statement; undefined where no finding knows one. Of an ALTER TABLE, the commands
 * that are fine come first, those that need a column of the others last, and the steps of several findings share
 * migrations: all that is added at once, then all that is validated.
 */
export function rewriteOf(context: RuleContext, findings: readonly RuleFinding[]): string | undefined {
  const rewrites = findings.flatMap(({ rewrite }) => (rewrite && rewrite.steps.length > 0 ? [rewrite] : []));
  const [first] = rewrites;
  if (!first) return undefined;
  const table = alteredTable(context);
  const whole = rewrites.find(({ replaces }) => replaces === undefined);
  if (!table || whole) return stepsText((whole ?? first).steps);
  const byCommand = new Map<number, Step[]>();
  for (const { replaces = [], steps } of rewrites) {
    const [at] = replaces;
    if (at !== undefined && !byCommand.has(at)) byCommand.set(at, steps);
  }
  const kept: AlterTableCmd[] = [];
  const late: AlterTableCmd[] = [];
  const replaced = new Set<string>();
  for (const { index, cmd } of table.commands) {
    if (byCommand.has(index)) for (const name of namesOf(cmd)) replaced.add(name);
    else if (mentions(cmd, replaced) || guardsUntilThen(context, table, cmd, byCommand)) late.push(cmd);
    else kept.push(cmd);
  }
  const alter = (commands: AlterTableCmd[]): Step[] =>
    commands.length > 0 ? [{ sql: [alterTableSql(table.range, commands)] }] : [];
  return stepsText([
    ...alter(kept),
    ...sideBySide([...byCommand].sort(([a], [b]) => a - b).map(([, steps]) => steps)),
    ...alter(late),
  ]);
}

/**
 * A unique constraint that the statement drops next to a new key: it goes last, so that duplicates have no moment to get
 * in. Not where the new key takes its name, or where a column that is dropped takes it along.
 */
function guardsUntilThen(
  { catalogue }: RuleContext,
  table: AlteredTable,
  cmd: AlterTableCmd,
  rewrites: ReadonlyMap<number, Step[]>,
): boolean {
  if (cmd.subtype !== 'AT_DropConstraint') return false;
  const constraint = catalogue.relation(table.relation)?.constraints.get(cmd.name ?? '');
  if (constraint?.kind !== 'unique') return false;
  const keys = addedConstraints(table).filter(
    ({ index, constraint: { contype } }) =>
      rewrites.has(index) && (contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE'),
  );
  const takesName = keys.some(({ index }) =>
    rewrites.get(index)?.some(({ sql }) => sql.some((text) => text.includes(ident(cmd.name ?? '')))),
  );
  const dropped = table.commands.flatMap(({ cmd }) => (cmd.subtype === 'AT_DropColumn' ? cmd.name : []));
  return keys.length > 0 && !takesName && !constraint.columns.some((column) => dropped.includes(column));
}

/** The first steps of all, then the second of all, …; what runs outside of a transaction stays apart. */
function sideBySide(lists: readonly Step[][]): Step[] {
  const merged = lists.map(mergeSteps);
  const most = Math.max(...merged.map(({ length }) => length));
  const steps: Step[] = [];
  for (let i = 0; i < most; i++) {
    const here = merged.flatMap((list) => list[i] ?? []);
    const inside = here.filter(({ outside }) => !outside);
    const notes = [...new Set(inside.flatMap(({ note }) => (note === undefined ? [] : [note])))];
    if (inside.length > 0) {
      const note = i === 0 && notes.length === 0 ? {} : { note: notes.filter(Boolean).join('. ') };
      steps.push({ ...note, sql: inside.flatMap(({ sql }) => sql) });
    }
    steps.push(...here.filter(({ outside }) => outside));
  }
  return steps;
}

/** Names that a command makes or is about. */
function namesOf(cmd: AlterTableCmd): string[] {
  const names = [cmd.name, as(cmd.def, 'ColumnDef')?.colname, as(cmd.def, 'Constraint')?.conname];
  return names.flatMap((name) => name ?? []);
}

function mentions(cmd: AlterTableCmd, names: ReadonlySet<string>): boolean {
  if (namesOf(cmd).some((name) => names.has(name))) return true;
  let found = false;
  walk(cmd, (key, value) => {
    if (key === 'String' && typeof value.sval === 'string' && names.has(value.sval)) found = true;
  });
  return found;
}
