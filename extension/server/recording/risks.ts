/**
 * Secrets and grants in a migration that a second pair of eyes should see: a password in clear text, rights for
 * everybody, a function that runs as its owner and can be lured. Reads tokens, so comments and literals never count. Pure.
 */
import type { Dialect, Severity } from '../../../core/contract/event.ts';
import { redactText } from '../../../core/privacy/redact.ts';
import type { Statement } from '../../../core/sql/statement.ts';
import { tokenize } from '../../../core/sql/tokens.ts';

export interface Risk {
  kind:
    | 'password-in-clear'
    | 'secret-in-clear'
    | 'grant-to-everybody'
    | 'superuser'
    | 'unsafe-definer'
    | 'row-security-off';
  severity: Severity;
  message: string;
}

/** Each kind once, worst first. */
export function risksOf({ text }: Pick<Statement, 'text'>, dialect: Dialect): Risk[] {
  const words = wordsOf(text, dialect);
  const line = ` ${words.join(' ')} `;
  const has = (phrase: string) => line.includes(` ${phrase} `);
  const risks: Risk[] = [];
  if (
    has('password <string>') ||
    has('identified by <string>') ||
    /identified with \S+ by <string>/.test(line)
  )
    risks.push({
      kind: 'password-in-clear',
      severity: 'critical',
      message: 'A password stands in the migration in clear text, and so in version control.',
    });
  else if (redactText(text) !== text)
    risks.push({
      kind: 'secret-in-clear',
      severity: 'error',
      message: 'Something that looks like a secret stands in the migration.',
    });
  if (/^(?:create|alter) (?:role|user) /.test(line.trimStart()) && (has('superuser') || has('bypassrls')))
    risks.push({
      kind: 'superuser',
      severity: 'error',
      message: 'A role gets rights that no check of the database stops.',
    });
  if (words[0] === 'grant' && everybody(line))
    risks.push({
      kind: 'grant-to-everybody',
      severity: 'error',
      message: 'Everybody who can connect gets these rights.',
    });
  if (has('security definer') && !has('set search_path'))
    risks.push({
      kind: 'unsafe-definer',
      severity: 'warning',
      message:
        'SECURITY DEFINER without SET search_path: a caller can make it run other functions as its owner.',
    });
  if (has('disable row level security') || has('no force row level security'))
    risks.push({
      kind: 'row-security-off',
      severity: 'warning',
      message: 'Row level security is switched off for this table.',
    });
  return risks;
}

/** `USAGE` on a schema or type for PUBLIC is PostgreSQL's own default; all else is not. */
function everybody(line: string): boolean {
  if (/ to (?:[\w", ]+ , )?public /.test(line) && !/^ grant usage on (?:schema|type|language) /.test(line))
    return true;
  return (
    / on \* \. \* /.test(line) && / all /.test(line) && / @ <string> |@ %|<string> @ <string>/.test(line)
  );
}

/** Words in lower case, literals as `<string>`; comments and white space left out. */
function wordsOf(text: string, dialect: Dialect): string[] {
  return tokenize(text, dialect).flatMap(({ kind, start, end }) => {
    if (kind === 'space' || kind === 'comment') return [];
    if (kind === 'string') return ['<string>'];
    if (kind === 'dollar') return ['<body>'];
    return [text.slice(start, end).toLowerCase()];
  });
}
