/**
 * Takes the SQL out of a migration that is written in JavaScript or TypeScript, as far as it is known without running
 * it. What depends on anything else is listed with its line.
 */
import type { Dialect } from '../../contract/event.ts';
import { knexCall } from './knex.ts';
import { kyselyCall } from './kysely.ts';
import { sequelizeCall } from './sequelize.ts';
import {
  type Chain,
  chainOf,
  type FunctionNode,
  isFunction,
  type Node,
  parameter,
  Source,
  walk,
} from './source.ts';
import { typeormCall } from './typeorm.ts';
import { Writer } from './writer.ts';

export const SCRIPT_TOOLS = ['knex', 'typeorm', 'sequelize', 'kysely'] as const;
export type ScriptTool = (typeof SCRIPT_TOOLS)[number];

export interface Extracted {
  /** In the order in which it would be sent. */
  statements: { sql: string; line: number }[];
  /** Lines of what is not known, and why. */
  unanalysed: { line: number; reason: string }[];
}

/** What one chain of calls sends: statements, or in words why that is not known. Undefined: it is nothing of the tool's. */
export type CallResult = string[] | { unknown: string } | undefined;

export interface CallContext {
  source: Source;
  writer: Writer;
}

const CALLS: Record<ScriptTool, (chain: Chain, context: CallContext) => CallResult> = {
  knex: knexCall,
  kysely: kyselyCall,
  typeorm: typeormCall,
  sequelize: sequelizeCall,
};

/** The tool that a text is written for; undefined where nothing tells. */
export function scriptTool(text: string): ScriptTool | undefined {
  if (/\bqueryRunner\b|\bMigrationInterface\b/.test(text)) return 'typeorm';
  if (/\bqueryInterface\b/.test(text)) return 'sequelize';
  if (/\bKysely\b|from ['"]kysely['"]/.test(text)) return 'kysely';
  if (/\b[Kk]nex\b/.test(text)) return 'knex';
  return undefined;
}

/** Never throws. `way`: the function that is read. */
export function extract(
  text: string,
  tool: ScriptTool,
  dialect: Dialect,
  way: 'up' | 'down' = 'up',
): Extracted {
  let source: Source;
  try {
    source = new Source(
      text,
      tool === 'typeorm' || tool === 'kysely' || /:\s*\w+|\binterface\b/.test(text)
        ? 'migration.ts'
        : 'migration.js',
    );
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number } };
    return {
      statements: [],
      unanalysed: [{ line: loc?.line ?? 1, reason: `it cannot be read: ${message}` }],
    };
  }
  const found = functionNamed(source, way);
  if (!found) return { statements: [], unanalysed: [{ line: 1, reason: `no function “${way}” was found` }] };
  const extractor = new Extractor(source, tool, new Writer(dialect));
  extractor.read(found);
  return { statements: extractor.statements, unanalysed: extractor.unanalysed };
}

/** `exports.up = …`, `export function up`, `export const up = …`, `{ up: … }`, `{ up() {} }`, a method of a class. */
function functionNamed(source: Source, name: string): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  const take = (node: Node | null | undefined) => {
    let at = node;
    if (at?.type === 'Identifier') at = declared(source, at.name) ?? at;
    if (at?.type === 'TSAsExpression' || at?.type === 'TSSatisfiesExpression') at = at.expression;
    if (!found && isFunction(at)) found = at;
  };
  walk(source.program, (node) => {
    if (node.type === 'FunctionDeclaration' && node.id?.name === name) take(node);
    if ((node.type === 'ObjectMethod' || node.type === 'ClassMethod') && keyName(node.key) === name)
      take(node);
    if ((node.type === 'ObjectProperty' || node.type === 'ClassProperty') && keyName(node.key) === name)
      take(node.value as Node);
    if (
      node.type === 'AssignmentExpression' &&
      node.left.type === 'MemberExpression' &&
      keyName(node.left.property) === name
    )
      take(node.right);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name)
      take(node.init);
  });
  return found;
}

function declared(source: Source, name: string): Node | undefined {
  let found: Node | undefined;
  walk(source.program, (node) => {
    if (node.type === 'FunctionDeclaration' && node.id?.name === name) found = node;
  });
  return found ?? source.constant(name);
}

function keyName(node: Node): string | undefined {
  return node.type === 'Identifier' ? node.name : node.type === 'StringLiteral' ? node.value : undefined;
}

const CONDITIONAL = 'it runs under a condition';
const REPEATED = 'it runs in a loop';

class Extractor {
  readonly statements: Extracted['statements'] = [];
  readonly unanalysed: Extracted['unanalysed'] = [];
  readonly #context: CallContext;
  readonly #tool: ScriptTool;
  /** Names that stand for the database or a transaction in it. */
  readonly #database = new Set<string>();

  constructor(source: Source, tool: ScriptTool, writer: Writer) {
    this.#context = { source, writer };
    this.#tool = tool;
  }

  read(node: FunctionNode): void {
    const name = parameter(node);
    if (name !== undefined) this.#database.add(name);
    const [first] = node.params;
    // TypeORM and others may hand over `{ context: queryInterface }`.
    if (first?.type === 'ObjectPattern')
      for (const property of first.properties)
        if (property.type === 'ObjectProperty' && property.value.type === 'Identifier')
          this.#database.add(property.value.name);
    this.#visit(node.body, undefined);
  }

  /** @param why what stands against knowing that it runs once */
  #visit(node: Node, why: string | undefined): void {
    switch (node.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'SwitchStatement':
        this.#children(node, why ?? CONDITIONAL);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#children(node, why ?? REPEATED);
        return;
      case 'CatchClause':
        this.#children(node, why ?? CONDITIONAL);
        return;
      case 'CallExpression':
        this.#call(node, why);
        return;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return;
      default:
        this.#children(node, why);
    }
  }

  #children(node: Node, why: string | undefined): void {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'loc' || key.endsWith('Comments') || key === 'extra') continue;
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child === 'object' && child !== null && typeof child.type === 'string')
          this.#visit(child as Node, why);
    }
  }

  #call(node: Extract<Node, { type: 'CallExpression' }>, why: string | undefined): void {
    const line = node.loc?.start.line ?? 1;
    const sql = this.#taggedSql(node);
    if (sql !== undefined) {
      this.#add(sql, line, why);
      return;
    }
    const chain = chainOf(node);
    if (!chain || !this.#isDatabase(chain)) {
      this.#elsewhere(node, chain, line, why);
      return;
    }
    const transaction = chain.calls.find(({ name, called }) => name === 'transaction' && called);
    const callback = [
      ...(transaction?.args ?? []),
      ...(chain.calls.at(-1)?.name === 'execute' ? (chain.calls.at(-1)?.args ?? []) : []),
    ].find(isFunction);
    if (transaction && callback) {
      const name = parameter(callback);
      if (name !== undefined && this.#tool !== 'sequelize') this.#database.add(name);
      this.#visit(callback.body, why);
      return;
    }
    if (chain.calls.some(({ name }) => name === 'then' || name === 'catch' || name === 'finally')) {
      this.#promise(node, why);
      return;
    }
    const result = CALLS[this.#tool](chain, this.#context);
    if (result === undefined) return;
    this.#add(Array.isArray(result) ? result : result, line, why);
  }

  /** `knex.schema.createTable(…).then(() => …)`: what stands before, then what follows. */
  #promise(node: Extract<Node, { type: 'CallExpression' }>, why: string | undefined): void {
    const { callee } = node;
    if (callee.type !== 'MemberExpression') return;
    this.#visit(callee.object, why);
    for (const argument of node.arguments) if (isFunction(argument)) this.#visit(argument.body, why);
  }

  #add(result: string[] | { unknown: string }, line: number, why: string | undefined): void {
    if (!Array.isArray(result)) this.unanalysed.push({ line, reason: result.unknown });
    else if (result.length > 0 && why !== undefined) this.unanalysed.push({ line, reason: why });
    else for (const sql of result) this.statements.push({ sql, line });
  }

  /** Kysely's and others' sql`…`.execute(db). */
  #taggedSql(node: Extract<Node, { type: 'CallExpression' }>): string[] | { unknown: string } | undefined {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
    if (callee.property.name !== 'execute') return undefined;
    const { object } = callee;
    const raw = object.type === 'CallExpression' ? chainOf(object) : undefined;
    if (object.type !== 'TaggedTemplateExpression' && !(raw?.root === 'sql' && raw.calls[0]?.name === 'raw'))
      return undefined;
    const text = this.#context.source.word(object);
    return text === undefined ? { unknown: 'the SQL is put together when it runs' } : [text];
  }

  #isDatabase({ root, calls }: Chain): boolean {
    if (this.#database.has(root)) return true;
    const inner = root === 'this' ? calls[0]?.name : undefined;
    return inner !== undefined && this.#database.has(inner);
  }

  /** A call of something else: its arguments may hold calls of the database, or hand the database on. */
  #elsewhere(
    node: Extract<Node, { type: 'CallExpression' }>,
    chain: Chain | undefined,
    line: number,
    why: string | undefined,
  ): void {
    const called = chain?.calls.at(-1)?.name ?? chain?.root ?? 'a function';
    const handed = node.arguments.some(
      (argument) => argument.type === 'Identifier' && this.#database.has(argument.name),
    );
    if (handed) {
      this.unanalysed.push({ line, reason: `what ${called} does with the database is not looked into` });
      return;
    }
    const loop = ['map', 'forEach', 'reduce', 'flatMap', 'mapSeries', 'each'].includes(called);
    this.#children(node, loop ? (why ?? REPEATED) : why);
  }
}
