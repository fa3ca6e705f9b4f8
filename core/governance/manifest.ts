/** `aibos.manifest.json`: what a team asks of its migrations. */
import Type, { type Static } from 'typebox';
import { closed, optional, Text } from '../contract/schema.ts';
import { check } from '../events/validate.ts';

const RuleLevel = Type.Enum(['off', 'warn', 'fail']);

const Patterns = optional(Type.Array(Text, { description: 'names; * stands for anything' }));
const NamedEnvironment = optional(closed({ hosts: Patterns, databases: Patterns }));

export const Manifest = closed({
  $schema: optional(Text),
  version: Type.Literal(1),
  rules: optional(
    closed({
      'destructive-change': optional(RuleLevel),
      'primary-key': optional(RuleLevel),
      'table-naming': optional(RuleLevel),
      'lock-timeout': optional(RuleLevel),
    }),
  ),
  environments: optional(
    closed({
      production: NamedEnvironment,
      staging: NamedEnvironment,
      test: NamedEnvironment,
      development: NamedEnvironment,
    }),
  ),
  tableNaming: optional(Type.String({ description: 'regular expression that table names must match' })),
});
export type Manifest = Static<typeof Manifest>;
export type RuleId = keyof NonNullable<Manifest['rules']>;

export const MANIFEST_FILE = 'aibos.manifest.json';

export const DEFAULT_MANIFEST: Manifest = {
  version: 1,
  rules: {
    'destructive-change': 'warn',
    'primary-key': 'warn',
    'table-naming': 'off',
    'lock-timeout': 'off',
  },
};

/** The manifest in a text, over the defaults; or in words what is wrong with it. */
export function readManifest(text: string): { manifest: Manifest } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      problem: `${MANIFEST_FILE} is not valid JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
  const checked = check<Manifest>(Manifest, value);
  if (!checked.ok) {
    const where = checked.errors.map(({ pointer, message }) => `${pointer || '/'} ${message}`).join('; ');
    return { problem: `${MANIFEST_FILE}: ${where}` };
  }
  try {
    if (checked.value.tableNaming) new RegExp(checked.value.tableNaming);
  } catch (error) {
    return { problem: `${MANIFEST_FILE}: /tableNaming ${error instanceof Error ? error.message : error}` };
  }
  return { manifest: { ...checked.value, rules: { ...DEFAULT_MANIFEST.rules, ...checked.value.rules } } };
}
