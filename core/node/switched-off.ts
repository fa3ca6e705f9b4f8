/** What lies beside a migration file and says that its tool shall not wrap it in a transaction. */
import { dirname, join } from 'node:path';
import type { Format } from '../migrations/formats.ts';
import { sqlTextOf } from './import/read-sql.ts';

/** Settings beside a file that take it out of its tool's transaction; Flyway does so by itself for such statements. */
export function switchedOff({ name }: Format, source: string, path: string): boolean {
  if (name === 'diesel') {
    const metadata = textOf(join(dirname(path), 'metadata.toml'));
    return /^\s*run_in_transaction\s*=\s*false/m.test(metadata);
  }
  if (name !== 'flyway') return false;
  if (/^\s*executeInTransaction\s*=\s*false/m.test(textOf(`${path}.conf`))) return true;
  const statements = source
    .replace(/--.*$|\/\*[\s\S]*?\*\//gm, '')
    .split(';')
    .filter((part) => part.trim() !== '');
  return (
    statements.length > 0 &&
    statements.every((part) => /\bconcurrently\b|^\s*(?:vacuum|alter\s+system|set|reset)\b/i.test(part))
  );
}

function textOf(path: string): string {
  return sqlTextOf(path) ?? '';
}
