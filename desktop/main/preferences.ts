/** What the app keeps between two runs, in `desktop/preferences.json` of the data folder. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PageTheme } from '../../core/contract/bridge.ts';
import { readUpdatePreference, type UpdatePreference } from './updates.ts';
import { readWindowState, type WindowState } from './window-state.ts';

export const THEMES = ['system', 'light', 'dark'] as const satisfies PageTheme[];

export interface Preferences {
  window: WindowState;
  theme: PageTheme;
  /** Where the reader was, for example `#/events`. */
  route?: string;
  /** Whether new alerts are announced by the system's notifications. */
  notifications: boolean;
  updates: UpdatePreference;
}

/** The preferences; what is missing or damaged is as on the first run. */
export function readPreferences(path: string): Preferences {
  const { window, theme, route, notifications, updates } = parsed(path);
  return {
    window: readWindowState(window),
    theme: THEMES.find((known) => known === theme) ?? 'system',
    notifications: notifications !== false,
    updates: readUpdatePreference(updates),
    ...(typeof route === 'string' && route.startsWith('#') ? { route } : {}),
  };
}

/** Replaces the file in one step. Losing it costs a window position, so failing to write is only reported. */
export function writePreferences(path: string, preferences: Preferences, log: (line: string) => void): void {
  const temporary = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(preferences, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    log(`preferences not saved: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parsed(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
