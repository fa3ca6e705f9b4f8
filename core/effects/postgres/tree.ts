/** Small readers of libpg_query's parse tree. */
import type { Node, RangeVar, TypeName } from 'libpg-query';

type KeysOf<T> = T extends unknown ? keyof T : never;
export type NodeKind = KeysOf<Node>;
export type NodeOf<K extends NodeKind> = Extract<Node, Record<K, unknown>>[K &
  keyof Extract<Node, Record<K, unknown>>];

/** Every kind and body of node in a tree, from the outside in; `visit` returns true not to go deeper. */
export function walk(
  root: unknown,
  visit: (kind: string, body: Record<string, unknown>) => boolean | undefined,
): void {
  if (Array.isArray(root)) {
    for (const item of root) walk(item, visit);
  } else if (root && typeof root === 'object') {
    for (const [key, value] of Object.entries(root)) {
      if (!value || typeof value !== 'object') continue;
      const isNode = /^[A-Z]/.test(key) && !Array.isArray(value);
      if (isNode && visit(key, value as Record<string, unknown>)) continue;
      walk(value, visit);
    }
  }
}

/** The body where the node is of the kind. */
export function as<K extends NodeKind>(kind: K, node: Node | undefined): NodeOf<K> | undefined {
  return (node as Record<string, unknown> | undefined)?.[kind] as NodeOf<K> | undefined;
}

/** Those of the nodes that are of the kind. */
export function all<K extends NodeKind>(kind: K, nodes: readonly Node[] | undefined): NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => as(kind, node) ?? []) as NodeOf<K>[];
}

/** Texts of a list of String nodes. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return all('String', nodes).map(({ sval = '' }) => sval);
}

/** A qualified name in parts: `schema` only where it is written. */
export interface Name {
  schema?: string;
  name: string;
}

export function nameOf(parts: readonly string[]): Name {
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

export function rangeName({ schemaname, relname = '' }: RangeVar): Name {
  return schemaname === undefined ? { name: relname } : { schema: schemaname, name: relname };
}

/** Name of the object that a DROP, COMMENT, … speaks of, whichever node holds it. */
export function objectName(node: Node | undefined): Name {
  return nameOf(objectParts(node));
}

export function objectParts(node: Node | undefined): string[] {
  const list = as('List', node);
  if (list) return strings(list.items);
  const type = as('TypeName', node);
  if (type) return strings(type.names);
  const call = as('ObjectWithArgs', node);
  if (call) return strings(call.objname);
  const range = as('RangeVar', node);
  if (range) return [range.schemaname, range.relname].filter((part) => part !== undefined);
  const text = as('String', node)?.sval;
  return text === undefined ? [] : [text];
}

/** Value of a constant: text, number as text, `true`, null; undefined for anything else. */
export function constantOf(node: Node | undefined): string | null | undefined {
  const cast = as('TypeCast', node);
  if (cast) return constantOf(cast.arg);
  const constant = as('A_Const', node);
  if (!constant) return undefined;
  if (constant.isnull) return null;
  if (constant.sval) return constant.sval.sval ?? '';
  if (constant.ival) return String(constant.ival.ival ?? 0);
  if (constant.fval) return constant.fval.fval ?? '0';
  if (constant.boolval) return String(constant.boolval.boolval ?? false);
  return undefined;
}

/** Option of a list of DefElem nodes, as text; `''` where it stands alone. */
export function optionOf(options: readonly Node[] | undefined, name: string): string | undefined {
  const found = all('DefElem', options).find(({ defname }) => defname === name);
  return found && textOf(found.arg);
}

function textOf(node: Node | undefined): string {
  return (
    as('String', node)?.sval ??
    as('Float', node)?.fval ??
    numberText(node) ??
    constantOf(node) ??
    (as('TypeName', node) as TypeName | undefined)?.names
      ?.map((part) => as('String', part)?.sval)
      .join('.') ??
    ''
  );
}

function numberText(node: Node | undefined): string | undefined {
  const integer = as('Integer', node);
  if (integer) return String(integer.ival ?? 0);
  const boolean = as('Boolean', node);
  return boolean && String(boolean.boolval ?? false);
}

/** Whether a boolean option is on: it stands alone, or says so. */
export function isOn(options: readonly Node[] | undefined, name: string): boolean {
  const value = optionOf(options, name);
  return value !== undefined && /^(?:|true|on|1|yes)$/i.test(value);
}
