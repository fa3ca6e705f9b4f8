/**
 * The texts of the extension, as translators find them: `package.nls.json` for the manifest, and
 * `extension/l10n/bundle.l10n.json` for every `t('…')` in the client's sources.
 */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import {
  type CallExpression,
  isCallExpression,
  isIdentifier,
  isStringLiteral,
  isTemplateLiteral,
  traverseFast,
} from '@babel/types';
import { manifestTexts } from '../extension/contributions.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The text of `package.nls.json`. */
export function manifestBundle(): string {
  return `${JSON.stringify(manifestTexts(), null, 2)}\n`;
}

/** The text of `bundle.l10n.json`: each text of the client under itself, in the order of the alphabet. */
export function clientBundle(): string {
  const files = globSync('extension/client/**/*.ts', { cwd: ROOT }).sort();
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
