/** The parts of a Ruby text that a migration is made of. */
import {
  BlockNode,
  BlockParametersNode,
  CallNode,
  ClassNode,
  ConstantReadNode,
  LocalVariableReadNode,
  ModuleNode,
  type Node,
  ParenthesesNode,
  ProgramNode,
  RequiredParameterNode,
  SelfNode,
  StatementsNode,
  StringNode,
} from '@ruby/prism/src/nodes.js';
import type { Dialect } from '../../contract/event.ts';

/** What a body holds, in order. */
export function statementsOf(body: Node | null): readonly Node[] {
  if (body instanceof StatementsNode) return body.body;
  if (body instanceof ProgramNode) return body.statements.body;
  return body ? [body] : [];
}

/** The first class, wherever it stands. */
export function classIn(node: Node): ClassNode | undefined {
  if (node instanceof ClassNode) return node;
  const inner = node instanceof ModuleNode ? node.body : node instanceof ProgramNode ? node : null;
  for (const statement of statementsOf(inner)) {
    const found = classIn(statement);
    if (found) return found;
  }
  return undefined;
}

/** Names of the parameters of a block or a method that are plain. */
export function parametersOf(node: { parameters: Node | null }): string[] {
  const { parameters } = node;
  const inner = parameters instanceof BlockParametersNode ? parameters.parameters : parameters;
  if (!inner || !('requireds' in inner)) return [];
  return inner.requireds.flatMap((one) => (one instanceof RequiredParameterNode ? [one.name] : []));
}

export function blockOf(call: CallNode): BlockNode | undefined {
  return call.block instanceof BlockNode ? call.block : undefined;
}

/** Whether a call speaks to the migration or its connection: to nobody, `self`, `connection`, `ActiveRecord::Base.connection`. */
export function isToDatabase({ receiver }: CallNode): boolean {
  if (!receiver || receiver instanceof SelfNode) return true;
  if (!(receiver instanceof CallNode)) return false;
  return receiver.name === 'connection' || receiver.name === 'lease_connection';
}

export function isVariable(node: Node | null, name: string | undefined): boolean {
  return name !== undefined && node instanceof LocalVariableReadNode && node.name === name;
}

const EXISTS =
  /^(?:data_source|table|view|column|index|index_name|foreign_key|check_constraint|constraint)_exists\?$|^extension_enabled\?$/;

/** Whether a condition asks for an object: whether it is there, or is not. */
export function asksForExistence(condition: Node): boolean {
  if (condition instanceof ParenthesesNode) {
    const [only, more] = statementsOf(condition.body);
    return only !== undefined && !more && asksForExistence(only);
  }
  if (!(condition instanceof CallNode)) return false;
  if (condition.name === '!' && condition.receiver) return asksForExistence(condition.receiver);
  return EXISTS.test(condition.name) && isToDatabase(condition);
}

/** `User`, `Admin::User`: what a call is made on, as it is written; undefined where it is no constant. */
export function constantName(node: Node | null): string | undefined {
  if (node instanceof ConstantReadNode) return node.name;
  if (node instanceof CallNode && node.receiver) return constantName(node.receiver);
  return node && 'parent' in node && 'name' in node && typeof node.name === 'string' ? node.name : undefined;
}

const ADAPTERS: Partial<Record<Dialect, RegExp>> = {
  postgres: /^(?:postgresql|postgis)$/i,
  mysql: /^(?:mysql2?|trilogy)$/i,
  sqlite: /^sqlite3?$/i,
};

/** A condition on the database itself: which one it is, or whether it can do something, which today’s can. */
export function decided(condition: Node, dialect: Dialect): boolean | undefined {
  if (!(condition instanceof CallNode)) return undefined;
  if (/^supports_\w+\?$/.test(condition.name)) return true;
  const [other] = condition.arguments_?.arguments_ ?? [];
  if (!(condition.receiver instanceof CallNode) || condition.receiver.name !== 'adapter_name')
    return undefined;
  if (!(other instanceof StringNode)) return undefined;
  const isThis = ADAPTERS[dialect]?.test(other.unescaped.value) ?? false;
  return condition.name === '==' ? isThis : condition.name === '!=' ? !isThis : undefined;
}
