/** Every fault of a manifest, with its JSON pointer and what to do about it. */
import type { TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Errors } from 'typebox/value';
import type { Manifest, ManifestFault } from './manifest.ts';

/** What a manifest once called something, and what it calls it now. */
const MOVED: Record<string, string> = {
  '/tableNaming': 'is called naming.tables now',
  '/rules/table-naming': 'is called naming now',
};
const MOST_FAULTS = 1_000;

export function manifestFaults(
  text: string,
  schema: TSchema,
): { value: unknown } | { faults: ManifestFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { faults: [{ pointer: '', message: `is not valid JSON: ${said}` }] };
  }
  const shape = shapeFaults(schema, value);
  if (shape.length > 0) return { faults: shape };
  const faults = meaningFaults(value as Manifest);
  return faults.length > 0 ? { faults } : { value };
}

function shapeFaults(schema: TSchema, value: unknown): ManifestFault[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MOST_FAULTS });
  const raw = Errors(schema, value);
  Settings.Set({ maxErrors });
  const faults = new Map<string, string>();
  const add = (pointer: string, message: string) => {
    if (!faults.has(pointer)) faults.set(pointer, message);
  };
  for (const { keyword, instancePath, params, message } of raw as unknown as RawError[]) {
    if (keyword === 'additionalProperties') {
      for (const name of params.additionalProperties as string[]) {
        const pointer = `${instancePath}/${name}`;
        const known = knownAt(schema, instancePath);
        const like = nearest(name, known);
        const advice = like
          ? `did you mean ${like}?`
          : `remove it; known here: ${known.slice(0, 12).join(', ')}`;
        add(pointer, MOVED[pointer] ?? `is not known; ${advice}`);
      }
    } else if (keyword === 'required') {
      for (const name of params.requiredProperties as string[]) {
        add(
          `${instancePath}/${name}`,
          name === 'version' ? 'is missing; add "version": 1' : 'is missing; add it',
        );
      }
    } else if (keyword !== 'boolean' && keyword !== 'anyOf') {
      add(instancePath, phrase(keyword, params, message, at(value, instancePath)));
    }
  }
  return [...faults].map(([pointer, message]) => ({ pointer, message }));
}

interface RawError {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message: string;
}

function phrase(keyword: string, params: Record<string, unknown>, message: string, value: unknown): string {
  const given = JSON.stringify(value)?.slice(0, 80);
  switch (keyword) {
    case 'enum':
      return `is ${given}; use one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'const':
      return `is ${given}; it must be ${JSON.stringify(params.allowedValue)}`;
    case 'type':
      return `must be ${([] as unknown[]).concat(params.type).join(' or ')}, not ${given}`;
    case 'format':
      return params.format === 'regex'
        ? `is no regular expression: ${given}`
        : `is ${given}; write a ${String(params.format)} such as 2026-12-31`;
    case 'pattern':
      return `is ${given}, which is not written as it should be; ${example(String(params.pattern))}`;
    default:
      return `${message}; it is ${given}`;
  }
}

function example(pattern: string): string {
  if (pattern.includes('ms|s|min')) return 'write a duration such as 500ms, 5s or 1min';
  return pattern.includes('T')
    ? 'write a local time such as 2026-12-20T18:00'
    : 'write a time of day such as 18:00';
}

/** What the form cannot say: time zones that exist, ranges the right way round, tags that are named. */
function meaningFaults(manifest: Manifest): ManifestFault[] {
  const faults: ManifestFault[] = [];
  const zone = (timeZone: string, pointer: string) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone });
    } catch {
      faults.push({
        pointer: `${pointer}/timeZone`,
        message: `${timeZone} is no time zone; use an IANA name such as Europe/Berlin`,
      });
    }
  };
  manifest.freezes?.forEach(({ from, to, timeZone }, i) => {
    zone(timeZone, `/freezes/${i}`);
    if (from >= to)
      faults.push({ pointer: `/freezes/${i}/to`, message: `${to} is not after ${from}; swap them` });
  });
  manifest.weeklyFreezes?.forEach(({ from, to, timeZone }, i) => {
    zone(timeZone, `/weeklyFreezes/${i}`);
    if (from >= to) {
      faults.push({
        pointer: `/weeklyFreezes/${i}/to`,
        message: `${to} is not after ${from}; write one entry up to 24:00 and one from 00:00`,
      });
    }
  });
  manifest.approvals?.forEach(({ by }, i) => {
    if (manifest.approvers && !manifest.approvers.includes(by)) {
      faults.push({
        pointer: `/approvals/${i}/by`,
        message: `${by} is not among the approvers; add them there or let one of ${manifest.approvers.join(', ')} approve`,
      });
    }
  });
  const { require, tag } = manifest.personalData ?? {};
  if (require?.includes('tag') && tag === undefined) {
    faults.push({
      pointer: '/personalData/tag',
      message: 'is missing; require asks for a tag, so say which, for example "pii"',
    });
  }
  if (require?.includes('retention') && !manifest.retention) {
    faults.push({
      pointer: '/retention',
      message: 'is missing; personalData.require asks for it, so say how long rows are kept',
    });
  }
  return faults;
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** Names of the fields that an object at a place may have. */
function knownAt(schema: TSchema, pointer: string): string[] {
  const inner = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((part, key) => {
      const { properties, items } = (part ?? {}) as { properties?: Record<string, unknown>; items?: unknown };
      return properties?.[key] ?? items;
    }, schema);
  return Object.keys((inner as { properties?: object } | undefined)?.properties ?? {});
}

/** The known name that a wrong one is nearest to, where it is near at all. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [first] = ranked;
  return first && first.distance <= Math.max(2, name.length / 4) ? first.candidate : undefined;
}

/** Levenshtein’s distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
