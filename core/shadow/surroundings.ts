/**
 * What a migration takes for granted and no migration makes: roles of the cluster, and what Supabase's platform brings.
 * The shadow makes it up before the migration runs, since its absence there is nobody's mistake.
 */
import { parseSync } from 'libpg-query';
import { type FormatName, formats } from '../migrations/formats.ts';
import { SUPABASE_PLATFORM } from './stand-ins.ts';

/** Words without which no statement names a role. */
const MAY_NAME_ROLES =
  /\b(?:grant|revoke|owner|policy|privileges|authorization|role|reassign|mapping)\b|\bcreate\s+(?:user|group)\b/i;
/** Roles that a block of code makes. */
const MADE_IN_CODE = /\bcreate\s+(?:role|user|group)\s+(?:"([^"]+)"|(\w+))/gi;
const SUPABASE_NAMES =
  /\bauth\.(?:users|uid|role|jwt|email|identities|sessions)\b|\bstorage\.(?:objects|buckets)\b/i;
const MAKES_AUTH = /\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?"?(?:auth|storage)\b/i;
const SUPABASE_ROLES = [
  'anon',
  'authenticated',
  'service_role',
  'authenticator',
  'supabase_admin',
  'supabase_auth_admin',
  'supabase_storage_admin',
  'dashboard_user',
];
/** Role names that mean something else to the server. */
const SPECIAL = new Set(['public', 'current_user', 'session_user', 'current_role', 'none', 'postgres']);

const SUPABASE = `${SUPABASE_ROLES.map(makeRole).join('\n')}
CREATE EXTENSION IF NOT EXISTS ${SUPABASE_PLATFORM};`;

/** What is there before the first migration of a history: the tool's own table, the platform it is written for. */
export function setupScript(format: FormatName, dialect: 'postgres' | 'sqlite'): string | undefined {
  if (dialect !== 'postgres') return undefined;
  const scripts = [formats[format].books?.create, format === 'supabase' ? SUPABASE : undefined];
  const text = scripts.filter(Boolean).join(';\n');
  return text === '' ? undefined : text;
}

export interface Surroundings {
  /** SQL that makes up what is missing, harmless where it is not; undefined where nothing is taken for granted. */
  script: string | undefined;
  /** Roles that are made up unless something made them before. */
  roles: string[];
}

/** What the statements of one migration take for granted. */
export function surroundingsOf(statements: readonly { text: string }[]): Surroundings {
  const roles = rolesOf(statements.filter(({ text }) => MAY_NAME_ROLES.test(text)));
  const supabase =
    statements.some(({ text }) => SUPABASE_NAMES.test(text)) &&
    !statements.some(({ text }) => MAKES_AUTH.test(text));
  const parts = [...roles.map(makeRole), ...(supabase ? [WHERE_NO_AUTH] : [])];
  return { script: parts.length === 0 ? undefined : parts.join('\n'), roles };
}

/** Only where nothing has made the schema `auth` yet. */
const WHERE_NO_AUTH = `DO $supabase$ BEGIN
IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname IN ('auth', 'storage')) THEN
${SUPABASE}
END IF; END $supabase$;`;

function makeRole(name: string): string {
  const literal = `'${name.replaceAll("'", "''")}'`;
  const identifier = `"${name.replaceAll('"', '""')}"`;
  return `DO $role$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal}) THEN
CREATE ROLE ${identifier}; END IF; END $role$;`;
}

/** Roles that the statements name and do not make themselves. Unreadable statements name none. */
function rolesOf(statements: readonly { text: string }[]): string[] {
  const named = new Set<string>();
  const made = new Set<string>();
  for (const { text } of statements) {
    if (/^do\b/i.test(text))
      for (const [, quoted, plain] of text.matchAll(MADE_IN_CODE))
        made.add(quoted ?? plain?.toLowerCase() ?? '');
    try {
      walk(parseSync(text), named, made);
    } catch {
      // The engine itself will say what is wrong with it.
    }
  }
  return [...named].filter((name) => !made.has(name) && !SPECIAL.has(name) && !name.startsWith('pg_'));
}

interface GrantRole {
  granted_roles?: { AccessPriv: { priv_name: string } }[];
}

/** Collects the names in every `RoleSpec`, and the roles that are made, renamed or dropped. */
function walk(node: unknown, named: Set<string>, made: Set<string>): void {
  if (Array.isArray(node)) {
    for (const part of node) walk(part, named, made);
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'CreateRoleStmt') made.add((value as { role: string }).role);
      if (key === 'DropRoleStmt' || key === 'AlterRoleStmt') continue;
      if (key === 'rolename' && typeof value === 'string') named.add(value);
      if (key === 'GrantRoleStmt') {
        for (const { AccessPriv } of (value as GrantRole).granted_roles ?? [])
          named.add(AccessPriv.priv_name);
      }
      walk(value, named, made);
    }
  }
}
