/** The pages by the first part of their address. */
import type { IconName } from '../ui/icon.tsx';

export interface PageInfo {
  id: 'overview' | 'events' | 'report' | 'models';
  title: string;
  icon: IconName;
  /** Whether workspace and time range change what it shows. */
  ranged: boolean;
}

export const PAGES: readonly PageInfo[] = [
  { id: 'overview', title: 'Overview', icon: 'overview', ranged: true },
  { id: 'events', title: 'Events', icon: 'events', ranged: true },
  { id: 'report', title: 'Report', icon: 'report', ranged: true },
  { id: 'models', title: 'Models', icon: 'models', ranged: false },
];

/** The page of an address. */
export function pageOf(name: string): PageInfo | undefined {
  return PAGES.find(({ id }) => id === name);
}
