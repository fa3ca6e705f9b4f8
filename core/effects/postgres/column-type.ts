/** ALTER COLUMN … TYPE: does the table have to be written anew? Source: `ATColumnChangeRequiresRewrite`. */
import type { Node } from 'libpg-query';
import type { Relation } from './objects.ts';
import type { Schema } from './schema.ts';
import { as, constantOf, nameOf, strings } from './tree.ts';
import { binaryCoercible, modifiersWiden, type SqlType, sameType, typeOf } from './types.ts';

/** `using`: the expression behind USING, where there is one. */
export function needsRewrite(
  schema: Schema,
  table: Relation,
  column: string,
  to: SqlType,
  using: Node | undefined,
): boolean {
  const from = table.columnMap.get(column)?.type;
  if (!using) return !from || !castIsFree(schema, from, to);
  const value = typeOfValue(table, using, schema);
  return !value || !castIsFree(schema, value, to);
}

/** Type of an expression that is the column itself, perhaps behind casts that cost nothing. */
function typeOfValue(table: Relation, expression: Node, schema: Schema): SqlType | undefined {
  const name = as('ColumnRef', expression);
  if (name) return table.columnMap.get(strings(name.fields).at(-1) ?? '')?.type;
  const cast = as('TypeCast', expression);
  if (!cast?.arg) return undefined;
  const inner = typeOfValue(table, cast.arg, schema);
  const target = typeOf(cast.typeName);
  return inner && castIsFree(schema, inner, target) ? target : undefined;
}

function castIsFree(schema: Schema, from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true;
  if (from.array !== to.array) return false;
  if (from.array) return false;
  const target = schema.findType(nameOf(to.name.split('.')));
  if (target?.kind === 'domain') {
    if (isConstrainedDomain(schema, to)) return false;
    return target.base !== undefined && castIsFree(schema, from, target.base);
  }
  const source = schema.findType(nameOf(from.name.split('.')));
  if (source?.kind === 'domain') return source.base !== undefined && castIsFree(schema, source.base, to);
  if (isZoneChange(from.name, to.name)) return isUtc(schema.settings.timeZone) && to.modifiers.length === 0;
  if (!binaryCoercible(from.name, to.name)) return false;
  return modifiersWiden(from, to);
}

function isConstrainedDomain(schema: Schema, type: SqlType): boolean {
  const found = schema.findType(nameOf(type.name.split('.')));
  return found?.kind === 'domain' && (found.constraints?.size ?? 0) > 0;
}

/** `TimestampTimestampTzRequiresRewrite`: free where the session's time zone is UTC. */
function isZoneChange(from: string, to: string): boolean {
  return (from === 'timestamp' && to === 'timestamptz') || (from === 'timestamptz' && to === 'timestamp');
}

function isUtc(timeZone: string): boolean {
  return /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)$|^0$/i.test(timeZone);
}

/** Value of SET TIME ZONE. */
export function zoneOf(args: readonly Node[] | undefined): string {
  return constantOf(args?.[0]) ?? 'UTC';
}

export function hasConstrainedDomain(schema: Schema, type: SqlType): boolean {
  return !type.array && isConstrainedDomain(schema, type);
}
