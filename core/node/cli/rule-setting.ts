/** Reads the values of `--rule`, without loading the rules. */
import { InvalidArgumentError } from 'commander';
import type { Severity } from '../../check/result.ts';

/** The values of `--rule ID=SEVERITY`, which may be given many times. */
export function ruleSetting(
  text: string,
  before: Record<string, Severity | 'off'> = {},
): Record<string, Severity | 'off'> {
  const [, id = '', severity = ''] = /^([a-z0-9-]+)=(off|info|warning|error)$/.exec(text) ?? [];
  if (severity === '')
    throw new InvalidArgumentError(
      'It must be RULE=off, info, warning or error; aibos check --rules lists the rules.',
    );
  return { ...before, [id]: severity as Severity | 'off' };
}
