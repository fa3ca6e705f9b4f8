/**
 * Takes the SQL out of a migration of Rails, as far as it is known without running it. What depends on anything else is
 * listed with its line.
 */
import { CallNode, type Node } from '@ruby/prism/src/nodes.js';
import type { Dialect } from '../../contract/event.ts';
import type { Extracted } from '../script/extract.ts';
import { Writer } from '../script/writer.ts';
import { parseRuby, RubySyntaxError, type RubyText } from './parser.ts';
import { Reader } from './reader.ts';
import { classIn, statementsOf } from './syntax.ts';
import { Values } from './values.ts';

const MIGRATION = /<\s*(?:::)?ActiveRecord::Migration\b|<\s*(?:::)?Gitlab::Database::Migration\b/;

/** Whether a text is a migration of Rails. */
export function isRailsMigration(text: string): boolean {
  return MIGRATION.test(text);
}

/** Whether Rails runs it outside of a transaction. */
export function hasNoTransaction(text: string): boolean {
  return /^\s*disable_ddl_transaction!/m.test(text);
}

/** Throws only where nobody has provided the parser. `way`: `change` is read for up only, since Rails itself works out its way back. */
export function extractRails(text: string, dialect: Dialect, way: 'up' | 'down' = 'up'): Extracted {
  let ruby: RubyText;
  try {
    ruby = parseRuby(text);
  } catch (error) {
    if (!(error instanceof RubySyntaxError)) throw error;
    const { line, message } = error;
    return { statements: [], unanalysed: [{ line, reason: `it cannot be read: ${message}` }] };
  }
  const migration = classIn(ruby.program);
  if (!migration)
    return { statements: [], unanalysed: [{ line: 1, reason: 'no class of a migration was found' }] };
  const reader = new Reader(ruby, new Writer(dialect), versionOf(migration.superclass), way);
  reader.read(statementsOf(migration.body));
  return { statements: reader.statements, unanalysed: reader.unanalysed };
}

/** `ActiveRecord::Migration[7.1]` is 701; without a number it is older than Rails 5. */
function versionOf(superclass: Node | null): number {
  if (!(superclass instanceof CallNode) || superclass.name !== '[]') return 402;
  const [argument] = superclass.arguments_?.arguments_ ?? [];
  const value = new Values().known(argument);
  if (typeof value !== 'number') return 402;
  // GitLab counts its own; they stand on Rails 7.
  if (value < 4) return 700;
  const [major, minor] = String(value).split('.');
  return Number(major) * 100 + Number(minor ?? 0);
}
