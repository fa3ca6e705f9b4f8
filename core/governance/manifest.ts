/** `aibos.manifest.json`: what a team asks of its migrations. The JSON schema that editors complete by is made from this. */
import Type, { type Static, type TSchema } from 'typebox';
import { RULES as CHECK_RULES } from '../check/rules/all.ts';
import { closed, optional } from '../contract/schema.ts';
import { manifestFaults } from './manifest-faults.ts';

export const MANIFEST_FILE = 'aibos.manifest.json';

/** The rules of governance, and what each is set to where a manifest says nothing. */
export const GOVERNANCE_RULES = {
  'destructive-change': ['warn', 'A statement that loses data needs an approval.'],
  'primary-key': ['warn', 'A new table has a primary key.'],
  naming: ['warn', 'New objects are named as `naming` says.'],
  'lock-timeout': ['off', 'Statements that lock existing tables run under a lock_timeout.'],
  'personal-data': ['warn', 'A new column of personal data has what `personalData.require` asks for.'],
  'personal-data-index': ['warn', 'A column of personal data is not indexed in plain.'],
  'personal-data-approval': ['fail', 'A new column of personal data needs an approval.'],
  retention: ['warn', 'Tables under `retention` keep the column by which old rows are found.'],
  'protected-table': ['fail', 'A change of a table in `protectedTables` needs an approval.'],
  'freeze-window': ['fail', 'Nothing is migrated in a freeze window without an approval.'],
  approvals: ['warn', 'Approvals say who, why and until when, and are still valid.'],
} as const;
export type RuleId = keyof typeof GOVERNANCE_RULES;
export type RuleLevel = 'off' | 'warn' | 'fail';
export const RULE_IDS = Object.keys(GOVERNANCE_RULES) as RuleId[];

const Pattern = (description: string) =>
  Type.String({ minLength: 1, maxLength: 500, format: 'regex', description });
const Words = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: 1_000, description });
const Sentence = (description: string) => Type.String({ minLength: 1, maxLength: 2_000, description });
const Day = Type.String({
  format: 'date',
  description: 'a day, for example 2026-12-31; that day still counts',
});
const LocalTime = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$',
  description: 'local time, for example 2026-12-20T18:00',
});
const Clock = Type.String({
  pattern: '^(?:[01]\\d|2[0-4]):[0-5]\\d$',
  description: 'local time of day, 00:00 to 24:00',
});
const TimeZone = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'IANA time zone, for example Europe/Berlin',
});

const rules: Record<string, TSchema> = {
  ...Object.fromEntries(
    RULE_IDS.map((id) => [
      id,
      optional(
        Type.Enum(['off', 'warn', 'fail'], {
          description: GOVERNANCE_RULES[id][1],
          default: GOVERNANCE_RULES[id][0],
        }),
      ),
    ]),
  ),
  ...Object.fromEntries(
    CHECK_RULES.map(({ id, title, severity }) => [
      id,
      optional(
        Type.Enum(['off', 'info', 'warning', 'error'], {
          description: `aibos check: ${title}`,
          default: severity,
        }),
      ),
    ]),
  ),
};

export const Approval = closed(
  {
    rule: Type.Enum(RULE_IDS, { description: 'the rule that it lifts' }),
    objects: optional(Words('only for these: `public.users`, `public.users.email`; * stands for anything')),
    migrations: optional(Words('only in these migrations; * stands for anything')),
    by: Sentence('who approved it'),
    why: Sentence('why'),
    until: Day,
  },
  { description: 'one approval: who, why, until when' },
);
export type Approval = Static<typeof Approval>;

export const Freeze = closed({ from: LocalTime, to: LocalTime, timeZone: TimeZone, why: Sentence('why') });
export const WeeklyFreeze = closed({
  days: Type.Array(
    Type.Enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']),
    { minItems: 1, maxItems: 7 },
  ),
  from: Clock,
  to: Clock,
  timeZone: TimeZone,
  why: Sentence('why'),
});

const Patterns = optional(Words('names; * stands for anything'));
const NamedEnvironment = optional(closed({ hosts: Patterns, databases: Patterns }));

const NAMED = {
  tables: 'tables',
  views: 'views',
  columns: 'columns',
  indexes: 'indexes',
  primaryKeys: 'primary keys',
  foreignKeys: 'foreign keys',
  uniques: 'unique constraints',
  checks: 'check constraints',
  types: 'enums, domains and composite types',
  functions: 'functions and procedures',
  triggers: 'triggers',
} as const;
export type NamedKind = keyof typeof NAMED;

export const Manifest = closed(
  {
    $schema: optional(Type.String({ description: 'where this JSON schema is' })),
    version: Type.Literal(1),
    rules: optional(closed(rules, { description: 'how much each rule counts' })),
    naming: optional(
      closed(
        Object.fromEntries(
          Object.entries(NAMED).map(([key, words]) => [
            key,
            optional(Pattern(`regular expression that names of new ${words} must match`)),
          ]),
        ) as Record<NamedKind, ReturnType<typeof Type.Optional<ReturnType<typeof Pattern>>>>,
      ),
    ),
    lockTimeout: optional(
      closed({
        max: Type.String({
          pattern: '^\\d+\\s*(?:ms|s|min)$',
          description: 'longest that may be waited, such as 5s',
        }),
      }),
    ),
    personalData: optional(
      closed({
        columns: Words('`email`, `users.phone`, `public.users.*`; * stands for anything'),
        require: optional(
          Type.Array(Type.Enum(['comment', 'tag', 'retention']), {
            description:
              'what each of these columns must have: a comment, the tag in it, a retention of its table',
          }),
        ),
        tag: optional(Sentence('text that the comment must hold, for example pii')),
      }),
    ),
    retention: optional(
      Type.Array(
        closed({
          tables: Words('names of tables; * stands for anything'),
          days: Type.Integer({ minimum: 1, description: 'how long rows are kept' }),
          column: Sentence('date or time by which old rows are found'),
        }),
      ),
    ),
    protectedTables: optional(Words('names of tables; * stands for anything')),
    approvers: optional(Words('who may approve; anybody where not given')),
    approvals: optional(Type.Array(Approval)),
    freezes: optional(Type.Array(Freeze, { description: 'times in which nothing is migrated' })),
    weeklyFreezes: optional(
      Type.Array(WeeklyFreeze, { description: 'times of the week in which nothing is migrated' }),
    ),
    environments: optional(
      closed({
        production: NamedEnvironment,
        staging: NamedEnvironment,
        test: NamedEnvironment,
        development: NamedEnvironment,
      }),
    ),
  },
  { description: 'What a team asks of its migrations: aibos.manifest.json of AI-BOS Telemetry' },
);
export type Manifest = Static<typeof Manifest> & { rules?: Record<string, string> };

export const DEFAULT_MANIFEST: Manifest = { version: 1 };

export interface ManifestFault {
  /** JSON pointer to the place; empty for the file as a whole. */
  pointer: string;
  /** What is wrong and what to do. */
  message: string;
}

/** How much a rule counts. */
export function levelOf(manifest: Manifest, rule: RuleId): RuleLevel {
  const set = manifest.rules?.[rule] as RuleLevel | undefined;
  if (set !== undefined) return set;
  if (rule === 'lock-timeout' && manifest.lockTimeout) return 'warn';
  return GOVERNANCE_RULES[rule][0];
}

/** What the manifest sets rules of `aibos check` to. */
export function checkSeverities(manifest: Manifest): Record<string, 'off' | 'info' | 'warning' | 'error'> {
  const ids = new Set(CHECK_RULES.map(({ id }) => id));
  const set = Object.entries(manifest.rules ?? {}).filter(([id]) => ids.has(id));
  return Object.fromEntries(set) as Record<string, 'off' | 'info' | 'warning' | 'error'>;
}

/** The manifest in a text; or every fault of it, and all of them in one sentence. */
export function readManifest(
  text: string,
): { manifest: Manifest } | { faults: ManifestFault[]; problem: string } {
  const read = manifestFaults(text, Manifest);
  if ('value' in read) return { manifest: read.value as Manifest };
  const said = read.faults.map(({ pointer, message }) => `${pointer || 'the file'} ${message}`).join('; ');
  return { faults: read.faults, problem: said };
}
