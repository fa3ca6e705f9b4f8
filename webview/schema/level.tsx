import type { Tone } from '../ui/status.tsx';
import { Badge } from '../ui/status.tsx';
import type { Version } from './histories.ts';

export type Level = 'breaking' | 'additive' | 'patch';

export const LEVELS: Record<Level, { name: string; tone: Tone; meaning: string }> = {
  breaking: { name: 'Breaking', tone: 'error', meaning: 'code written before may fail, or values are gone' },
  additive: { name: 'Additive', tone: 'ok', meaning: 'code written before cannot notice' },
  patch: { name: 'Patch', tone: 'unknown', meaning: 'nothing that code sees by name or type' },
};

export function LevelBadge({ level }: { level: Level }) {
  return <Badge tone={LEVELS[level].tone}>{LEVELS[level].name}</Badge>;
}

/** How a version moved: by its strongest change; undefined where it changed nothing. */
export function levelOf({ changes }: Version): Level | undefined {
  if (changes.breaking > 0) return 'breaking';
  if (changes.additive > 0) return 'additive';
  return changes.patch > 0 ? 'patch' : undefined;
}
