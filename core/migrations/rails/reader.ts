/** Walks through the method of a migration and collects what it sends. */
import {
  BeginNode,
  CallNode,
  ConstantWriteNode,
  DefNode,
  ElseNode,
  IfNode,
  LocalVariableTargetNode,
  LocalVariableWriteNode,
  MultiWriteNode,
  type Node,
  ParenthesesNode,
  ReturnNode,
  StatementsNode,
  UnlessNode,
} from '@ruby/prism/src/nodes.js';
import type { Extracted } from '../script/extract.ts';
import type { Writer } from '../script/writer.ts';
import type { Reading } from './column.ts';
import { changeTable, command, joinTableCall, type Sent } from './commands.ts';
import { UNDER_A_CONDITION } from './constraint-commands.ts';
import type { RubyText } from './parser.ts';
import {
  asksForExistence,
  blockOf,
  constantName,
  decided,
  isToDatabase,
  isVariable,
  parametersOf,
  statementsOf,
} from './syntax.ts';
import { type Call, createTable } from './table.ts';
import { Values, word } from './values.ts';

const REPEATED = 'it runs in a loop';
const MOST_DEPTH = 20;

/** Blocks whose content runs once, as if the call were not there. */
const THROUGH = new Set([
  'safety_assured',
  'transaction',
  'say_with_time',
  'suppress_messages',
  'up_only',
  'with_lock_retries',
  'disable_statement_timeout',
]);
/** What changes nothing in the database. */
const HARMLESS = new Set([
  'say',
  'puts',
  'print',
  'p',
  'warn',
  'sleep',
  'require',
  'require_relative',
  'include',
  'extend',
  'private',
  'reset_column_information',
  'raise',
  'attr_accessor',
  'set_statement_timeout',
  'set_lock_timeout',
  'clear_cache!',
  'logger',
]);
/** Methods of a model that only look. */
const LOOKING =
  /\?$|^(?:count|first|last|all|where|find|find_by|pluck|exists|select|connection|adapter_name|current_database|table_name|columns|new|logger)$/;
/** What has nothing to do with rows: settings, output. */
const NO_MODEL = /^(?:Rails|STDOUT|STDERR|Kernel|ENV|Time|Date)$/;

export class Reader {
  readonly statements: Extracted['statements'] = [];
  readonly unanalysed: Extracted['unanalysed'] = [];
  readonly #ruby: RubyText;
  readonly #writer: Writer;
  readonly #version: number;
  readonly #way: 'up' | 'down';
  readonly #values = new Values();
  readonly #methods = new Map<string, DefNode>();
  /** What stands against knowing that it runs once. */
  #why: string | undefined;
  /** It runs only where its object is there, or not there yet. */
  #guarded = false;
  /** The same, by a `return` further up, for all that follows in the method. */
  #left: { why: string | undefined; guarded: boolean } = { why: undefined, guarded: false };
  #depth = 0;

  constructor(ruby: RubyText, writer: Writer, version: number, way: 'up' | 'down') {
    this.#ruby = ruby;
    this.#writer = writer;
    this.#version = version;
    this.#way = way;
  }

  read(body: readonly Node[]): void {
    for (const node of body) {
      if (node instanceof ConstantWriteNode) this.#values.constant(node.name, node.value);
      const method = node instanceof CallNode ? node.arguments_?.arguments_[0] : node;
      if (method instanceof DefNode) this.#methods.set(method.name, method);
    }
    const method =
      this.#methods.get(this.#way) ?? (this.#way === 'up' ? this.#methods.get('change') : undefined);
    if (method) this.#method(method);
    else if (this.#way === 'up')
      this.unanalysed.push({ line: 1, reason: 'no method “up” or “change” was found' });
  }

  #method(method: DefNode): void {
    const before = this.#left;
    this.#left = { ...before };
    this.#all(statementsOf(method.body));
    this.#left = before;
  }

  /** Statements in a row, up to one that leaves the method in any case. */
  #all(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.#visit(node);
      if (node instanceof ReturnNode) return;
    }
  }

  #visit(node: Node): void {
    if (node instanceof ReturnNode) {
      this.#left.why ??= this.#why;
      this.#left.guarded ||= this.#guarded;
    } else if (node instanceof StatementsNode) this.#all(node.body);
    else if (node instanceof ParenthesesNode) this.#all(statementsOf(node.body));
    else if (node instanceof BeginNode) {
      this.#all(statementsOf(node.statements));
      if (node.ensureClause) this.#all(statementsOf(node.ensureClause.statements));
    } else if (node instanceof IfNode || node instanceof UnlessNode) this.#branches(node);
    else if (node instanceof LocalVariableWriteNode) {
      this.#values.variable(node.name, this.#values.known(node.value));
    } else if (node instanceof MultiWriteNode) this.#several(node);
    else if (node instanceof CallNode) this.#call(node);
    else this.#within(node.compactChildNodes(), UNDER_A_CONDITION);
  }

  /** `a, b = …`. Active Storage asks so for the types of keys; what Rails takes is taken, without looking for a setting. */
  #several({ lefts, value }: MultiWriteNode): void {
    const asksForKeys = value instanceof CallNode && value.name === 'primary_and_foreign_key_types';
    const known = asksForKeys ? ['primary_key', 'bigint'] : this.#values.known(value);
    for (const [i, left] of lefts.entries())
      if (left instanceof LocalVariableTargetNode)
        this.#values.variable(left.name, Array.isArray(known) ? known[i] : undefined);
  }

  #within(nodes: readonly Node[], why: string): void {
    const before = this.#why;
    this.#why ??= why;
    for (const node of nodes) this.#visit(node);
    this.#why = before;
  }

  /** A branch that asks whether something exists is taken, in a form that does no harm where it does not. */
  #branches(node: IfNode | UnlessNode): void {
    const branch = statementsOf(node.statements);
    const other = node instanceof IfNode ? node.subsequent : node.elseClause;
    const taken = this.#taken(node);
    if (taken !== undefined) {
      this.#all(taken);
      return;
    }
    if (!asksForExistence(node.predicate)) {
      this.#within([...branch, ...(other ? [other] : [])], UNDER_A_CONDITION);
      return;
    }
    const before = this.#guarded;
    this.#guarded = true;
    this.#all(branch);
    this.#guarded = before;
    if (other) this.#within([other], UNDER_A_CONDITION);
  }

  /** What runs of a condition that is known; undefined where it is not. */
  #taken(node: IfNode | UnlessNode): readonly Node[] | undefined {
    const holds = decided(node.predicate, this.#writer.dialect);
    if (holds === undefined) return undefined;
    if (holds === node instanceof IfNode) return statementsOf(node.statements);
    const other = node instanceof IfNode ? node.subsequent : node.elseClause;
    return other instanceof ElseNode ? statementsOf(other.statements) : other ? [other] : [];
  }

  #call(node: CallNode): void {
    const { name } = node;
    const block = blockOf(node);
    const body = () => statementsOf(block?.body ?? null);
    if (name === 'reversible' && block) {
      const [direction] = parametersOf(block);
      for (const inner of body())
        if (inner instanceof CallNode && isVariable(inner.receiver, direction)) {
          if (inner.name === this.#way) this.#all(statementsOf(blockOf(inner)?.body ?? null));
        } else this.#visit(inner);
      return;
    }
    if (THROUGH.has(name) && block) {
      this.#all(body());
      return;
    }
    if (HARMLESS.has(name)) return;
    if (isToDatabase(node)) {
      this.#toDatabase(node);
      return;
    }
    if (block && this.#repeated(node, body())) return;
    const model = constantName(node.receiver);
    if (model !== undefined && !block && (NO_MODEL.test(model) || LOOKING.test(name))) return;
    if (model !== undefined || block) {
      const what = model === undefined ? name : `${model}.${name}`;
      this.#add({ unknown: `rows may be changed by ${what}` }, node);
      return;
    }
    this.#within(node.compactChildNodes(), UNDER_A_CONDITION);
  }

  /** `[:users, :orders].each do |table| …`: once for each; true where it was that. */
  #repeated(node: CallNode, body: readonly Node[]): boolean {
    const block = blockOf(node);
    const items = this.#values.known(node.receiver);
    if (!block || !Array.isArray(items) || (node.name !== 'each' && node.name !== 'map')) return false;
    const names = parametersOf(block);
    for (const item of items) {
      const parts = names.length > 1 && Array.isArray(item) ? item : [item];
      for (const [i, name] of names.entries()) this.#values.variable(name, parts[i]);
      this.#all(body);
    }
    return true;
  }

  #toDatabase(node: CallNode): void {
    const call: Call = { name: node.name, ...this.#values.argumentsOf(node), node };
    const sent = this.#sent(call);
    if (sent !== undefined) {
      this.#add(sent, node);
      return;
    }
    const method = this.#methods.get(node.name);
    if (method && this.#depth < MOST_DEPTH) {
      this.#depth++;
      for (const [i, name] of parametersOf(method).entries()) this.#values.variable(name, call.args[i]);
      this.#method(method);
      this.#depth--;
      return;
    }
    if (blockOf(node)) {
      this.#within(statementsOf(blockOf(node)?.body ?? null), REPEATED);
      return;
    }
    if (!LOOKING.test(node.name)) this.#add({ unknown: `${node.name} is not known` }, node);
  }

  #sent(call: Call): Sent {
    const reading: Reading = {
      writer: this.#writer,
      version: this.#version,
      guarded: this.#guarded || this.#left.guarded,
    };
    const block = blockOf(call.node);
    if (call.name === 'create_join_table') return joinTableCall(call, this.#onTable(block), reading);
    if (call.name !== 'create_table' && call.name !== 'change_table') return command(call, reading);
    const table = word(call.args[0]);
    if (table === undefined) return { unknown: `the table of ${call.name} is not known` };
    const calls = this.#onTable(block);
    if (!Array.isArray(calls)) return calls;
    return call.name === 'create_table'
      ? createTable(table, call.options, calls, reading)
      : changeTable(table, call.options, calls, reading);
  }

  /** The calls on `t` in a block. */
  #onTable(block: ReturnType<typeof blockOf>): Call[] | { unknown: string } {
    if (!block) return [];
    return this.#callsOn(parametersOf(block)[0], statementsOf(block.body));
  }

  #callsOn(t: string | undefined, nodes: readonly Node[]): Call[] | { unknown: string } {
    const calls: Call[] = [];
    for (const node of nodes) {
      const taken = node instanceof IfNode || node instanceof UnlessNode ? this.#taken(node) : undefined;
      if (taken) {
        const inner = this.#callsOn(t, taken);
        if (!Array.isArray(inner)) return inner;
        calls.push(...inner);
        continue;
      }
      if (node instanceof LocalVariableWriteNode) {
        this.#values.variable(node.name, this.#values.known(node.value));
        continue;
      }
      if (!(node instanceof CallNode) || !isVariable(node.receiver, t))
        return { unknown: 'what is done with the table besides is not known' };
      calls.push({ name: node.name, ...this.#values.argumentsOf(node), node });
    }
    return calls;
  }

  #add(sent: Exclude<Sent, undefined>, node: Node): void {
    const line = this.#ruby.lineOf(node);
    const why = this.#why ?? this.#left.why;
    if (!Array.isArray(sent)) this.unanalysed.push({ line, reason: sent.unknown });
    else if (sent.length > 0 && why !== undefined) this.unanalysed.push({ line, reason: why });
    else for (const sql of sent) this.statements.push({ sql, line });
  }
}
