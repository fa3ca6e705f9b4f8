/** Changes of a part that need not make it anew. */
import type { Relation, Routine, Sequence, UserType } from '../snapshot.ts';
import { literal, qualified, quoted } from './names.ts';
import { type Part, sequenceOptions } from './parts.ts';

/** The statements; undefined where the part has to be dropped and made anew. */
export function inPlace(old: Part, part: Part): string[] | undefined {
  switch (part.kind) {
    case 'extension':
      return [`ALTER EXTENSION ${quoted(part.name)} SET SCHEMA ${quoted(part.state)}`];
    case 'sequence':
      return [
        `ALTER SEQUENCE ${qualified(part.object as Sequence)} ${sequenceOptions(part.object as Sequence)}`,
      ];
    case 'routine':
      return sameSignature(old.object as Routine, part.object as Routine) ? part.create : undefined;
    case 'view':
      return extendsView(old.object as Relation, part.object as Relation)
        ? part.create.map((sql) => sql.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW'))
        : undefined;
    case 'type':
      return typeSteps(old.object as UserType, part.object as UserType);
    case 'constraint':
    case 'foreign key':
      return old.state === `${part.state} NOT VALID`
        ? [part.create[0]?.replace(/ ADD CONSTRAINT .*$/s, ` VALIDATE CONSTRAINT ${quoted(part.name)}`) ?? '']
        : undefined;
    default:
      return undefined;
  }
}

/** CREATE OR REPLACE takes neither another result nor other names, types or defaults of arguments. */
function sameSignature(old: Routine, now: Routine): boolean {
  const signature = ({ kind, arguments: given, result }: Routine) => [kind, given, result].join('\n');
  return signature(old) === signature(now) && now.kind !== 'aggregate';
}

/** A view can be replaced by one that has the same columns first. */
function extendsView(old: Relation, now: Relation): boolean {
  const column = ({ name, type, collation }: Relation['columns'][number]) =>
    [name, type, collation].join('\n');
  return (
    old.kind === now.kind &&
    old.columns.every((was, i) => {
      const is = now.columns[i];
      return is !== undefined && column(was) === column(is);
    })
  );
}

function typeSteps(old: UserType, now: UserType): string[] | undefined {
  const name = qualified(now);
  if (old.kind === 'enum' && now.kind === 'enum') return newLabels(name, old.labels, now.labels);
  if (old.kind === 'composite' && now.kind === 'composite') return newAttributes(name, old, now);
  if (old.kind !== 'domain' || now.kind !== 'domain') return undefined;
  if (old.type !== now.type || old.collation !== now.collation) return undefined;
  const at = `ALTER DOMAIN ${name}`;
  const kept = (list: typeof now.constraints, wanted: (typeof now.constraints)[number]) =>
    list.some((one) => one.name === wanted.name && one.definition === wanted.definition);
  return [
    ...old.constraints
      .filter((one) => !kept(now.constraints, one))
      .map((one) => `${at} DROP CONSTRAINT ${quoted(one.name)}`),
    ...now.constraints
      .filter((one) => !kept(old.constraints, one))
      .map((one) => `${at} ADD CONSTRAINT ${quoted(one.name)} ${one.definition}`),
    ...(old.nullable === now.nullable ? [] : [`${at} ${now.nullable ? 'DROP' : 'SET'} NOT NULL`]),
    ...(old.expression === now.expression
      ? []
      : [now.expression === undefined ? `${at} DROP DEFAULT` : `${at} SET DEFAULT ${now.expression}`]),
  ];
}

/** Labels can only be added; to take one away or move it, the type is made anew. */
function newLabels(name: string, old: readonly string[], now: readonly string[]): string[] | undefined {
  const kept = now.filter((label) => old.includes(label));
  if (kept.length !== old.length || kept.some((label, i) => label !== old[i])) return undefined;
  const there = [...old];
  return now.flatMap((label, i) => {
    if (old.includes(label)) return [];
    const next = now.slice(i + 1).find((later) => there.includes(later));
    if (next === undefined) there.push(label);
    else there.splice(there.indexOf(next), 0, label);
    const place = next === undefined ? '' : ` BEFORE ${literal(next)}`;
    return [`ALTER TYPE ${name} ADD VALUE ${literal(label)}${place}`];
  });
}

type Composite = Extract<UserType, { kind: 'composite' }>;

/** Attributes can be dropped, and added at the end; one of another type is not changed while a table uses it. */
function newAttributes(name: string, old: Composite, now: Composite): string[] | undefined {
  const text = (attribute: Composite['attributes'][number]) => JSON.stringify(attribute);
  const kept = old.attributes.filter((was) => now.attributes.some((is) => text(is) === text(was)));
  if (kept.some((was, i) => text(was) !== text(now.attributes[i] ?? was))) return undefined;
  const names = new Set(kept.map((one) => one.name));
  const gone = old.attributes.filter((one) => !names.has(one.name));
  if (gone.some((one) => now.attributes.some((is) => is.name === one.name))) return undefined;
  return [
    ...gone.map((one) => `ALTER TYPE ${name} DROP ATTRIBUTE ${quoted(one.name)}`),
    ...now.attributes.slice(kept.length).map((one) => {
      const collation = one.collation ? ` COLLATE ${one.collation}` : '';
      return `ALTER TYPE ${name} ADD ATTRIBUTE ${quoted(one.name)} ${one.type}${collation}`;
    }),
  ];
}
