/**
 * Takes secrets out of text before anything is stored. What goes in here may be a connection string, a command line,
 * SQL, an error message; what comes out has the same shape with `‹redacted›` where a secret was.
 *
 * Errs on the side of removing: a false alarm costs a word of a log, a miss costs a password.
 * Redacting twice changes nothing.
 */
export const REDACTED = '‹redacted›';

/** What is taken out of every text before it is stored, in words. */
export const REDACTION: readonly string[] = [
  'passwords in connection strings, command lines, SQL and settings',
  'private keys, bearer tokens and tokens of well-known services',
  'values under names that say secret, such as DB_PASSWORD or apiKey',
  'row values that databases quote in their errors',
  'literals of statements that carry rows',
  'names and mail addresses of people: a pseudonym under a key of this data folder stands for each',
];

const SECRET_WORD =
  'pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|client[_-]?secret|credentials?|auth(?:orization)?';
/** A name that holds a secret, as a word of its own: `password`, `DB_PASSWORD`, `PGPASSWORD`, `access-token`. */
const SECRET_NAME = new RegExp(`(?:^|[_\\-.]|^pg)(?:${SECRET_WORD})s?$`, 'i');
/** The same in camel case: `stripeApiKey`, `dbPassword`. */
const SECRET_CAMEL =
  /[a-z0-9](?:Pass(?:word|wd|phrase)?|Pwd|Secret|Token|Api_?Key|APIKey|AccessKey|PrivateKey|Credentials?)s?$/;

interface Rule {
  find: RegExp;
  replace: string | ((...groups: string[]) => string);
}

const VALUE = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.|'')*'|[^\\s"'&;,)}\\]]+`;

/** In order; the first ones are the most specific. */
const rules: Rule[] = [
  // PEM blocks, whole.
  {
    find: /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g,
    replace: `-----BEGIN $1----- ${REDACTED} -----END $1-----`,
  },
  // scheme://user:password@host, and scheme://:password@host. A password may itself hold an @ or a /.
  {
    find: /\b([a-z][a-z0-9+.-]*:\/\/)([^\s:/?#@'"`]*):([^\s'"`]+)@(?=[^\s@'"`/]*(?:[/:?#,\s'"`]|$))/gi,
    replace: `$1$2:${REDACTED}@`,
  },
  // Row values that PostgreSQL and MySQL quote in their errors.
  {
    find: /(\bKey \((?:[^()]|\([^()]*\))*\)=)\((?!‹)[\s\S]*?\)(?= (?:already exists|is not present|is still|conflicts|is duplicated)|$)/g,
    replace: `$1(${REDACTED})`,
  },
  { find: /(\bFailing row contains )\((?!‹)[\s\S]*\)/g, replace: `$1(${REDACTED})` },
  {
    find: /(\binvalid input (?:syntax|value) for [^:\n]+: )"(?!‹)(?:[^"\\]|\\.)*"/g,
    replace: `$1"${REDACTED}"`,
  },
  { find: /(\bDuplicate entry )'(?!‹)[\s\S]*?'(?= for key)/g, replace: `$1'${REDACTED}'` },
  // Well-known token shapes.
  { find: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, replace: REDACTED },
  { find: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g, replace: REDACTED },
  { find: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, replace: REDACTED },
  { find: /\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/g, replace: REDACTED },
  { find: /\bsk-[A-Za-z0-9_-]{20,}/g, replace: REDACTED },
  { find: /\bxox[abprs]-[A-Za-z0-9-]{10,}/g, replace: REDACTED },
  { find: /\bglpat-[A-Za-z0-9_-]{15,}/g, replace: REDACTED },
  { find: /\bnpm_[A-Za-z0-9]{30,}/g, replace: REDACTED },
  { find: /\bAIza[A-Za-z0-9_-]{30,}/g, replace: REDACTED },
  { find: /\b(bearer|basic)\s+(?!‹)[A-Za-z0-9._~+/=-]{6,}/gi, replace: `$1 ${REDACTED}` },
  // SQL: CREATE ROLE … PASSWORD 'x', IDENTIFIED [WITH plugin] BY 'x', SET PASSWORD = 'x', OPTIONS (password 'x').
  {
    find: /\b(password|identified\s+(?:with\s+\S+\s+)?(?:by|as))(\s+|\s*[=(]\s*)(?:(?:e|n|u&)?'(?:[^'\\]|\\.|'')*'|\$(\w*)\$[\s\S]*?\$\3\$)/gi,
    replace: `$1$2'${REDACTED}'`,
  },
  { find: /\b(identified\s+(?:with\s+\S+\s+)?by\s+)"(?:[^"\\]|\\.)*"/gi, replace: `$1'${REDACTED}'` },
  // --password=x, --password x, -p x for tools that take it so; -pSECRET of the mysql family.
  {
    find: new RegExp(`(--(?:[\\w-]*-)?(?:${SECRET_WORD})(?:=|\\s+))(?!-)(?:${VALUE})`, 'gi'),
    replace: `$1${REDACTED}`,
  },
  {
    find: /(\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^|;&\n]*?\s-p)(?!\s|=|rotocol|ort\b)(?:"[^"]*"|'[^']*'|\S+)/g,
    replace: `$1${REDACTED}`,
  },
  // NAME=value and name: value, where the name says secret: env vars, libpq strings, JSON, YAML.
  {
    find: new RegExp(`(["']?)\\b([A-Za-z0-9][\\w.-]*)\\1(\\s*(?:=>|[:=])\\s*)(?!‹|\\s)(${VALUE})`, 'g'),
    replace: (whole, quote = '', name = '', between = '', value = '') => {
      const mark = value.startsWith('"') || value.startsWith("'") ? value.charAt(0) : '';
      if (!namesSecret(name) || isHarmless(value.slice(mark.length, value.length - mark.length)))
        return whole;
      return `${quote}${name}${quote}${between}${mark}${REDACTED}${mark}`;
    },
  },
];

/** Where none of this occurs no rule can find anything; most texts end here. Each rule needs one of these. */
const TELLTALE =
  /[=:]|--|-p|Key \(|Failing row|invalid input|Duplicate entry|eyJ|gh[pousr]_|github_pat|AKIA|ASIA|[spr]k[_-]|xox|glpat|npm_|AIza|bearer|basic|password|identified/i;

/** No rule finds anything in letters, digits, `_`, `-` and `.` alone, where there are so few of them. */
const FEWEST_OF_A_TOKEN = 15;

/** Values that a secret's name may have without being one: a type, a reference, nothing. */
function isHarmless(value: string): boolean {
  return /^(?:|true|false|null|none|undefined|string|text|varchar.*|required|optional|\*+|\$\{?\w+\}?.*|process\.env\..*|‹redacted›)$/i.test(
    value,
  );
}

/** The text without its secrets. */
export function redactText(text: string): string {
  if (isShortWord(text) || !TELLTALE.test(text)) return text;
  let out = text;
  for (const { find, replace } of rules) {
    out = typeof replace === 'string' ? out.replace(find, replace) : out.replace(find, replace);
  }
  return out;
}

/** Most texts are: words of an enumeration, names of tables, numbers of a session. */
function isShortWord(text: string): boolean {
  if (text.length >= FEWEST_OF_A_TOKEN) return false;
  for (let i = 0; i < text.length; i++) if (WORD_UNITS[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** 1 for each unit that a word may have. */
const WORD_UNITS = new Uint8Array(128);
for (const unit of '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz')
  WORD_UNITS[unit.charCodeAt(0)] = 1;

/** Whether a key of an object names a secret. */
export function namesSecret(key: string): boolean {
  let known = judgedKeys.get(key);
  if (known === undefined) {
    known = SECRET_NAME.test(key) || SECRET_CAMEL.test(key);
    if (judgedKeys.size < MOST_JUDGED_KEYS) judgedKeys.set(key, known);
  }
  return known;
}

/** Keys recur in every event. */
const judgedKeys = new Map<string, boolean>();
const MOST_JUDGED_KEYS = 5_000;

/**
 * The same value with every string redacted, at any depth; a string under a key that names a secret goes whole.
 * Returns the value itself where nothing had to change.
 */
export function redactDeep<T>(value: T): T {
  return walk(value, false) as T;
}

function walk(value: unknown, secret: boolean): unknown {
  if (typeof value === 'string') return secret && value !== '' ? REDACTED : redactText(value);
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'number')) return value;
    const items = value.map((item) => walk(item, secret));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (typeof value === 'object' && value !== null) {
    return walkObject(value as Record<string, unknown>);
  }
  return value;
}

/** A new object only where something changes: most do not. */
function walkObject(value: Record<string, unknown>): Record<string, unknown> {
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (typeof item === 'number' || typeof item === 'boolean') continue;
    const next = walk(item, namesSecret(key) && typeof item !== 'object');
    if (next === item) continue;
    changed ??= new Map();
    changed.set(key, next);
  }
  if (!changed) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, changed.has(key) ? changed.get(key) : item]),
  );
}
