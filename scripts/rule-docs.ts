/** `npm run docs:rules`: writes the pages of `docs/rules` from the rules themselves, and takes away those of rules that are gone. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ruleDocs } from '../core/check/rule-docs.ts';

const folder = fileURLToPath(new URL('../docs/rules/', import.meta.url));
const docs = ruleDocs();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!(name in docs)) rmSync(`${folder}${name}`);
for (const [name, text] of Object.entries(docs)) writeFileSync(`${folder}${name}`, text);
console.log(`${Object.keys(docs).length} pages in docs/rules`);
