/**
 * The texts of the extension, as translators find them: `package.nls.json` for the manifest, and
 * `extension/l10n/bundle.l10n.json` for every `t('…')` in the sources of client and server.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import {
  type CallExpression,
  isCallExpression,
  isIdentifier,
  isImportDeclaration,
  isNewExpression,
  isOptionalCallExpression,
  isStringLiteral,
  isTemplateLiteral,
  isThrowStatement,
  isTSType,
  type NewExpression,
  type Node,
  type OptionalCallExpression,
  traverseFast,
  VISITOR_KEYS,
} from '@babel/types';
import { manifestTexts } from '../extension/contributions/manifest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The text of `package.nls.json`. */
export function manifestBundle(): string {
  return `${JSON.stringify(manifestTexts(), null, 2)}\n`;
}

/** The text of `bundle.l10n.json`: each text of client and server under itself, in the order of the alphabet. */
export function textBundle(): string {
  const files = globSync('extension/{client,server}/**/*.ts', { cwd: ROOT }).sort();
  const texts = new Set(files.flatMap((file) => textsOf(readFileSync(`${ROOT}${file}`, 'utf8'), file)));
  const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
}

/** What stands in the calls of `t`. Throws where it is no text: nobody could translate what is put together. */
export function textsOf(source: string, file: string): string[] {
  const texts: string[] = [];
  traverseFast(parse(source, { sourceType: 'module', plugins: ['typescript'] }), (node) => {
    if (isCallExpression(node) && isIdentifier(node.callee, { name: 't' })) texts.push(textOf(node, file));
  });
  return texts;
}

function textOf({ arguments: [first], loc }: CallExpression, file: string): string {
  if (isStringLiteral(first)) return first.value;
  if (isTemplateLiteral(first) && first.expressions.length === 0) return first.quasis[0]?.value.cooked ?? '';
  throw new Error(`${file}:${loc?.start.line}: t() wants a text as it is, with {0} for what varies`);
}

/** Calls whose texts no reader of the editor sees: the log, names of what is held, errors of the program itself. */
const NOT_SHOWN = /^super$|^new \w*(?:Error|Cancelled)$|(?:console|#?log|said)\??\.?(?:\w*)$/;
type Call = CallExpression | OptionalCallExpression | NewExpression;

function isCall(node: Node): node is Call {
  return isCallExpression(node) || isOptionalCallExpression(node) || isNewExpression(node);
}

/** Two words, the first of them in small letters: SQL and names are none. */
const IN_WORDS = /\p{Ll}{2,}[,:.]? [\p{L}{]{2,}/u;

/**
 * Texts in words that stand outside of `t`: nobody could translate them. What is thrown, logged, or a type is none.
 *
 * @returns each as `file:line text`, `{}` for what varies
 */
export function untranslated(source: string, file: string): string[] {
  const found: string[] = [];
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'] }).program);
  return found;

  function visit(node: Node): void {
    if (isThrowStatement(node) || isTSType(node) || isImportDeclaration(node)) return;
    if (isCallExpression(node) && isIdentifier(node.callee, { name: 't' })) return;
    if (isCall(node) && NOT_SHOWN.test(calleeOf(node))) return;
    const text = isStringLiteral(node)
      ? node.value
      : isTemplateLiteral(node)
        ? node.quasis.map(({ value }) => value.cooked ?? '').join('{}')
        : '';
    if (IN_WORDS.test(text)) found.push(`${file}:${node.loc?.start.line} ${text}`);
    for (const key of VISITOR_KEYS[node.type] ?? []) {
      const below = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const one of Array.isArray(below) ? below : [below]) if (one) visit(one);
    }
  }

  function calleeOf(node: Call): string {
    const name = source.slice(node.callee.start ?? 0, node.callee.end ?? 0);
    return isNewExpression(node) ? `new ${name}` : name;
  }
}
