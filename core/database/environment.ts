/**
 * Which environment a database belongs to, from what its address says and from what the team wrote into the manifest.
 * It decides what a person sees before anything is run, and whether production is asked for twice.
 */
import type { Environment } from '../contract/event.ts';

/** Where a database is, without its password. */
export interface DatabaseAddress {
  host: string;
  database: string;
  user: string;
}

/** `environments` of the manifest: patterns with `*` of host or database names. */
export type EnvironmentPatterns = Partial<
  Record<string, { hosts?: readonly string[] | undefined; databases?: readonly string[] | undefined }>
>;

export interface Badge {
  environment: Environment;
  /** What it was told by, in words. */
  reason: string;
}

const NAMED: readonly Environment[] = ['production', 'staging', 'test', 'development'];

/** Words of a name, in the order in which they are believed: `preprod` is no production. */
const WORDS: [Environment, RegExp][] = [
  ['staging', /^(?:stag(?:e|ing)|stg|uat|preprod|preproduction|nonprod|qa|canary)\d*$/],
  ['test', /^(?:tests?|testing|ci|e2e)\d*$/],
  ['development', /^(?:dev|development|devel|sandbox)\d*$/],
  ['production', /^(?:prod|production|prd|live|primary|master)\d*$/],
];

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|0\.0\.0\.0|host\.docker\.internal|\/.*|)$/;

/** The manifest first, then words of the names, then whether it is this machine. */
export function environmentOf(address: DatabaseAddress, patterns: EnvironmentPatterns = {}): Badge {
  for (const environment of NAMED) {
    const { hosts = [], databases = [] } = patterns[environment] ?? {};
    const host = hosts.find((pattern) => matches(pattern, address.host));
    if (host !== undefined) return { environment, reason: `the manifest says so of hosts ${host}` };
    const database = databases.find((pattern) => matches(pattern, address.database));
    if (database !== undefined)
      return { environment, reason: `the manifest says so of databases ${database}` };
  }
  const names: [string, string][] = [
    ['the host', address.host],
    ['the database', address.database],
    ['the user', address.user],
  ];
  for (const [environment, word] of WORDS) {
    for (const [what, name] of names) {
      const found = joined(name).find((part) => word.test(part));
      if (found !== undefined) return { environment, reason: `${what} is called ${name}` };
    }
  }
  if (LOCAL.test(address.host)) return { environment: 'development', reason: 'it is on this machine' };
  return { environment: 'unknown', reason: 'nothing in its address tells' };
}

/** Words of a name, and neighbours as one: `pre-prod` is `pre`, `prod` and `preprod`, the last believed first. */
function joined(name: string): string[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return [...words.slice(1).map((word, i) => `${words[i]}${word}`), ...words];
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
