/** Reads JavaScript and TypeScript as far as a migration is static: its functions, its constants, chains of calls. */
import { parse } from '@babel/parser';
import type { Expression, File, Function as FunctionNode, Node, Program } from '@babel/types';

export type { Expression, FunctionNode, Node };

/** What an expression is known to be. `sql`: text that is put into SQL as it is. */
export type Known =
  | string
  | number
  | boolean
  | null
  | Known[]
  | { readonly sql: string }
  | { readonly fields: ReadonlyMap<string, Expression> };

export class Source {
  readonly text: string;
  readonly program: Program;
  /** Constants by name, wherever they stand. */
  readonly #constants = new Map<string, Expression>();

  /** Throws a SyntaxError with `loc` where the text is neither JavaScript nor TypeScript. */
  constructor(text: string, path: string) {
    this.text = text;
    const file: File = parse(text, {
      sourceType: 'unambiguous',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      errorRecovery: true,
      plugins: /\.[cm]?jsx?$/.test(path) ? ['jsx'] : ['typescript', 'decorators'],
    });
    this.program = file.program;
    walk(this.program, (node) => {
      if (node.type === 'VariableDeclaration' && node.kind === 'const')
        for (const { id, init } of node.declarations)
          if (id.type === 'Identifier' && init) this.#constants.set(id.name, init);
    });
  }

  /** The constant of this name. */
  constant(name: string): Expression | undefined {
    return this.#constants.get(name);
  }

  /** What an expression is; undefined where only running it would tell. */
  known(node: Node | null | undefined, depth = 0): Known | undefined {
    if (!node || depth > 20) return undefined;
    switch (node.type) {
      case 'StringLiteral':
        return node.value;
      case 'NumericLiteral':
        return node.value;
      case 'BooleanLiteral':
        return node.value;
      case 'NullLiteral':
        return null;
      case 'TemplateLiteral':
        return this.#template(node, depth);
      case 'TaggedTemplateExpression':
        return node.tag.type === 'Identifier' && ['sql', 'raw'].includes(node.tag.name)
          ? wrap(this.#template(node.quasi, depth))
          : undefined;
      case 'Identifier':
        return this.known(this.#constants.get(node.name), depth + 1);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'ParenthesizedExpression':
        return this.known(node.expression, depth + 1);
      case 'UnaryExpression': {
        const value = this.known(node.argument, depth + 1);
        return node.operator === '-' && typeof value === 'number' ? -value : undefined;
      }
      case 'BinaryExpression': {
        const [left, right] = [this.known(node.left, depth + 1), this.known(node.right, depth + 1)];
        const texts = [left, right].every((side) => typeof side === 'string' || typeof side === 'number');
        return node.operator === '+' && texts ? `${left}${right}` : undefined;
      }
      case 'ArrayExpression': {
        const items = node.elements.map((element) => this.known(element, depth + 1));
        return items.some((item) => item === undefined) ? undefined : (items as Known[]);
      }
      case 'ObjectExpression': {
        const fields = new Map<string, Expression>();
        for (const property of node.properties) {
          if (property.type !== 'ObjectProperty' || property.computed) return undefined;
          const { key } = property;
          const name =
            key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;
          if (name === undefined) return undefined;
          fields.set(name, property.value as Expression);
        }
        return { fields };
      }
      case 'CallExpression': {
        // `knex.raw('…')`, `Sequelize.literal('…')`, `knex.fn.now()`, `Sequelize.fn('now')`.
        const chain = chainOf(node);
        const last = chain?.calls.at(-1);
        if (last?.name === 'raw' || last?.name === 'literal')
          return wrap(this.known(last.args[0], depth + 1));
        if (last?.name === 'now') return { sql: 'CURRENT_TIMESTAMP' };
        if (last?.name === 'uuid' && chain?.calls.some(({ name }) => name === 'fn'))
          return { sql: 'gen_random_uuid()' };
        if (last?.name === 'fn') {
          const name = this.known(last.args[0], depth + 1);
          return typeof name === 'string' && last.args.length === 1 ? { sql: `${name}()` } : undefined;
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** A text, or SQL that was written as such. */
  word(node: Node | null | undefined): string | undefined {
    const value = this.known(node);
    return typeof value === 'string' ? value : isSql(value) ? value.sql : undefined;
  }

  /** One name or several. */
  list(node: Node | null | undefined): string[] | undefined {
    const value = this.known(node);
    if (typeof value === 'string') return [value];
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? (value as string[])
      : undefined;
  }

  /** The fields of an object. */
  fields(node: Node | null | undefined): ReadonlyMap<string, Expression> | undefined {
    const value = this.known(node);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && 'fields' in value
      ? value.fields
      : undefined;
  }

  #template(node: Extract<Node, { type: 'TemplateLiteral' }>, depth: number): string | undefined {
    let text = '';
    for (const [i, quasi] of node.quasis.entries()) {
      text += quasi.value.cooked ?? quasi.value.raw;
      const expression = node.expressions[i];
      if (!expression) continue;
      const value = this.known(expression, depth + 1);
      if (typeof value === 'string' || typeof value === 'number') text += value;
      else if (isSql(value)) text += value.sql;
      else return undefined;
    }
    return text;
  }
}

function wrap(value: Known | undefined): Known | undefined {
  return typeof value === 'string' ? { sql: value } : undefined;
}

export function isSql(value: Known | undefined): value is { readonly sql: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'sql' in value;
}

export interface Call {
  name: string;
  args: Node[];
  /** False for a mere property, such as `schema`. */
  called: boolean;
  node: Node;
}

export interface Chain {
  /** The identifier that it begins with; `this` where it is that. */
  root: string;
  /** Arguments where the root itself is called: `knex('users')`. */
  rootCall?: Node[];
  calls: Call[];
}

/** `a.b('c').d()` from its beginning to its end; undefined where it begins with something else. */
export function chainOf(node: Node): Chain | undefined {
  const calls: Call[] = [];
  let at: Node = node;
  let args: Node[] | undefined;
  for (;;) {
    if (at.type === 'CallExpression' || at.type === 'OptionalCallExpression') {
      if (args) return undefined;
      args = at.arguments;
      at = at.callee;
    } else if (at.type === 'MemberExpression' || at.type === 'OptionalMemberExpression') {
      const name = at.property.type === 'Identifier' && !at.computed ? at.property.name : undefined;
      if (name === undefined) return undefined;
      calls.unshift({ name, args: args ?? [], called: args !== undefined, node: at.property });
      args = undefined;
      at = at.object;
    } else if (
      at.type === 'AwaitExpression' ||
      at.type === 'ParenthesizedExpression' ||
      at.type === 'TSNonNullExpression'
    ) {
      at = at.type === 'AwaitExpression' ? at.argument : at.expression;
    } else if (at.type === 'Identifier' || at.type === 'ThisExpression') {
      const root = at.type === 'Identifier' ? at.name : 'this';
      return { root, calls, ...(args ? { rootCall: args } : {}) };
    } else return undefined;
  }
}

/** Every node below and with this one, in the order of the text. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('Comments') || key === 'extra') continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === 'object' && child !== null && typeof child.type === 'string')
        walk(child as Node, visit);
  }
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'ObjectMethod' ||
    node?.type === 'ClassMethod'
  );
}

/** Name of a parameter; undefined where it is taken apart or not there. */
export function parameter(node: FunctionNode, index = 0): string | undefined {
  let at: Node | undefined = node.params[index];
  if (at?.type === 'AssignmentPattern') at = at.left;
  return at?.type === 'Identifier' ? at.name : undefined;
}
