/** Statements that change the columns and settings of a table that stays. */
import type { Column, Relation } from '../snapshot.ts';
import { usingExpression } from '../type-change.ts';
import { namesColumn, qualified, quoted } from './names.ts';
import { columnDefinition } from './parts.ts';

export interface TableChange {
  was: Relation;
  is: Relation;
  /** Columns that go, or go and come back. */
  dropped: Column[];
  /** Columns that come, or come back. */
  added: Column[];
  /** Columns of which the type or the collation changes, before and after. */
  retyped: [Column, Column][];
  kept: [Column, Column][];
}

/**
 * What changes about the columns of a table.
 *
 * @param isReplaced whether a definition mentions something that is made anew
 */
export function tableChange(was: Relation, is: Relation, isReplaced: (text: string) => boolean): TableChange {
  const before = new Map(
    was.columns.filter(({ inherited }) => !inherited).map((column) => [column.name, column]),
  );
  const after = is.columns.filter(({ inherited }) => !inherited);
  const names = new Set(is.columns.map(({ name }) => name));
  const change: TableChange = { was, is, dropped: [], added: [], retyped: [], kept: [] };
  for (const column of before.values()) if (!names.has(column.name)) change.dropped.push(column);
  for (const column of after) {
    const old = before.get(column.name);
    if (!old) {
      if (!was.columns.some(({ name }) => name === column.name)) change.added.push(column);
      continue;
    }
    const generation = ({ generated, expression }: Column) => (generated ? `${generated} ${expression}` : '');
    const retyped = old.type !== column.type || old.collation !== column.collation || isReplaced(column.type);
    if (
      generation(old) !== generation(column) ||
      (column.generated && (retyped || isReplaced(column.expression ?? '')))
    ) {
      change.dropped.push(old);
      change.added.push(column);
    } else {
      change.kept.push([old, column]);
      if (retyped) change.retyped.push([old, column]);
    }
  }
  followGenerated(change);
  return change;
}

/** A generated column goes and comes back with the columns that it is computed from. */
function followGenerated(change: TableChange): void {
  const moved = [...change.dropped, ...change.retyped.map(([old]) => old)].map(({ name }) => name);
  for (const pair of [...change.kept]) {
    const [old, column] = pair;
    if (!old.generated || !moved.some((name) => namesColumn(old.expression ?? '', name))) continue;
    change.kept.splice(change.kept.indexOf(pair), 1);
    change.dropped.push(old);
    change.added.push(column);
  }
}

/** Before anything is dropped that a column may use. */
export function beforeDrops(change: TableChange, isReplaced: (text: string) => boolean): string[] {
  const table = qualified(change.is);
  const retyped = new Set(change.retyped.map(([, column]) => column.name));
  const generatedFirst = [...change.dropped].sort((a, b) => Number(!!b.generated) - Number(!!a.generated));
  return [
    ...change.kept.flatMap(([old, column]) => {
      const name = quoted(column.name);
      const leaves =
        column.expression === undefined || retyped.has(column.name) || isReplaced(old.expression ?? '');
      return [
        ...(old.expression !== undefined && !old.generated && leaves
          ? [`ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT`]
          : []),
        ...(old.identity && !column.identity
          ? [`ALTER TABLE ${table} ALTER COLUMN ${name} DROP IDENTITY`]
          : []),
      ];
    }),
    ...generatedFirst.map(({ name }) => `ALTER TABLE ${table} DROP COLUMN ${quoted(name)}`),
  ];
}

/** Once everything is there that a column may use. */
export function columnSteps(change: TableChange, isReplaced: (text: string) => boolean): string[] {
  const table = qualified(change.is);
  const retyped = new Set(change.retyped.map(([, column]) => column.name));
  const generatedLast = [...change.added].sort((a, b) => Number(!!a.generated) - Number(!!b.generated));
  const plain = generatedLast.filter(({ generated }) => !generated);
  const computed = generatedLast.filter(({ generated }) => generated);
  const add = (column: Column) => `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(column)}`;
  return [
    ...plain.map(add),
    ...change.retyped.map(([old, column]) => retype(table, old, column)),
    ...change.kept.flatMap(([old, column]) => {
      const at = `ALTER TABLE ${table} ALTER COLUMN ${quoted(column.name)}`;
      const lost = retyped.has(column.name) || isReplaced(old.expression ?? '');
      return [
        ...(column.expression !== undefined &&
        !column.generated &&
        (lost || old.expression !== column.expression)
          ? [`${at} SET DEFAULT ${column.expression}`]
          : []),
        ...(old.nullable && !column.nullable ? [`${at} SET NOT NULL`] : []),
        ...(!old.nullable && column.nullable ? [`${at} DROP NOT NULL`] : []),
        ...identitySteps(at, old, column),
      ];
    }),
    ...computed.map(add),
  ];
}

function retype(table: string, old: Column, column: Column): string {
  const name = quoted(column.name);
  // A type made anew under its name is reached through text.
  const using =
    old.type === column.type && old.collation === column.collation
      ? `${name}::${column.type.endsWith('[]') ? 'text[]' : 'text'}::${column.type}`
      : usingExpression(name, old.type, column.type);
  return [
    `ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${column.type}`,
    ...(column.collation ? [`COLLATE ${column.collation}`] : []),
    ...(using === undefined ? [] : [`USING ${using}`]),
  ].join(' ');
}

/** Options of an identity, and what they are where nothing is said. */
const IDENTITY_DEFAULTS = [
  'INCREMENT BY 1',
  'MINVALUE 1',
  'NO MAXVALUE',
  'START WITH 1',
  'CACHE 1',
  'NO CYCLE',
];

function identitySteps(at: string, old: Column, column: Column): string[] {
  if (!column.identity) return [];
  const kind = `GENERATED ${column.identity.toUpperCase()}`;
  if (!old.identity) {
    return [`${at} ADD ${kind} AS IDENTITY${column.identityOptions ? ` (${column.identityOptions})` : ''}`];
  }
  if (old.identity === column.identity && old.identityOptions === column.identityOptions) return [];
  const given =
    column.identityOptions?.match(/(?:INCREMENT BY|MINVALUE|MAXVALUE|START WITH|CACHE) -?\d+|CYCLE/g) ?? [];
  const word = (option: string) => option.replace(/^NO /, '').split(' ')[0] ?? '';
  const options = IDENTITY_DEFAULTS.map(
    (standard) => given.find((one) => word(one) === word(standard)) ?? standard,
  );
  return [`${at} SET ${kind} ${options.map((option) => `SET ${option}`).join(' ')}`];
}

/**
 * Defaults and NOT NULL of columns that come from a parent, where the table's own are others than the parent's.
 *
 * @param was the table before, undefined where it is made
 * @param parent the parent before and after
 */
export function inheritedColumnSteps(
  was: Relation | undefined,
  is: Relation,
  parent: { was: Relation | undefined; is: Relation },
): string[] {
  const columnOf = (relation: Relation | undefined, name: string) =>
    relation?.columns.find((column) => column.name === name);
  return is.columns.flatMap((column) => {
    const above = columnOf(parent.is, column.name);
    if (!column.inherited || !above || column.generated) return [];
    const old = columnOf(was, column.name);
    const parentStays = JSON.stringify(columnOf(parent.was, column.name)) === JSON.stringify(above);
    const now = old && parentStays ? old : above;
    const at = `ALTER TABLE ${qualified(is)} ALTER COLUMN ${quoted(column.name)}`;
    return [
      ...(now.expression === column.expression
        ? []
        : [
            column.expression === undefined ? `${at} DROP DEFAULT` : `${at} SET DEFAULT ${column.expression}`,
          ]),
      ...(now.nullable && !column.nullable ? [`${at} SET NOT NULL`] : []),
    ];
  });
}

/** Settings of the table itself. */
export function tableSettings(was: Relation | undefined, is: Relation): string[] {
  const table = qualified(is);
  const at = `ALTER TABLE ${table}`;
  const steps: string[] = [];
  if (was && was.unlogged !== is.unlogged) steps.push(`${at} SET ${is.unlogged ? 'UNLOGGED' : 'LOGGED'}`);
  if (was && is.kind !== 'view') {
    const gone = (was.options ?? []).filter((option) => !is.options?.includes(option));
    const come = (is.options ?? []).filter((option) => !was.options?.includes(option));
    const what = is.kind === 'materialized_view' ? `ALTER MATERIALIZED VIEW ${table}` : at;
    if (gone.length > 0)
      steps.push(`${what} RESET (${gone.map((option) => option.split('=')[0]).join(', ')})`);
    if (come.length > 0) steps.push(`${what} SET (${come.join(', ')})`);
  }
  const enabled = (relation?: Relation) =>
    relation?.rowSecurity === 'enabled' || relation?.rowSecurity === 'forced';
  const forced = (relation?: Relation) => relation?.rowSecurity?.startsWith('forced') ?? false;
  if (enabled(was) !== enabled(is))
    steps.push(`${at} ${enabled(is) ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  if (forced(was) !== forced(is)) steps.push(`${at} ${forced(is) ? '' : 'NO '}FORCE ROW LEVEL SECURITY`);
  return steps;
}

/** Moves a table into or out of a partitioned one, or to other bounds. */
export function partitionSteps(was: Relation, is: Relation): { detach: string[]; attach: string[] } {
  const text = ({ partitionOf }: Relation) => JSON.stringify(partitionOf ?? null);
  if (text(was) === text(is)) return { detach: [], attach: [] };
  const table = qualified(is);
  return {
    detach: was.partitionOf ? [`ALTER TABLE ${qualified(was.partitionOf)} DETACH PARTITION ${table}`] : [],
    attach: is.partitionOf
      ? [`ALTER TABLE ${qualified(is.partitionOf)} ATTACH PARTITION ${table} ${is.partitionOf.bound}`]
      : [],
  };
}
