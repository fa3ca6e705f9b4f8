/**
 * The pages, in the order of the navigation. A new page is one row here: navigation, routes, palette and the keys that
 * lead to it come from this list.
 */
import type { ComponentType } from 'preact';
import { AnomaliesPages } from '../anomalies/page.tsx';
import { EventsPage } from '../events/page.tsx';
import { FeedbackPage } from '../feedback/page.tsx';
import { MODEL_NAMES } from '../format/names.ts';
import { GovernancePage } from '../governance/page.tsx';
import { MigrationsPages } from '../migrations/page.tsx';
import { ModelsPages } from '../models/pages.tsx';
import { OverviewPage } from '../overview/page.tsx';
import { ReportsPage } from '../reports/page.tsx';
import { SchemaPage } from '../schema/page.tsx';
import { SettingsPage } from '../settings/page.tsx';
import type { IconName } from '../ui/icon.tsx';

/** What a page is given: the parts of the address behind its own, for example an id. */
export interface PageProps {
  detail: string | undefined;
}

/** Groups of the navigation, in order. */
export const PAGE_GROUPS = { watch: 'Watch', learn: 'Learn', keep: 'Keep in order' } as const;

export interface PageInfo {
  /** First part of the address: `events` in `#/events`. */
  id: string;
  title: string;
  /** What it is for, in a few words; in the palette and in the help. */
  about: string;
  icon: IconName;
  group: keyof typeof PAGE_GROUPS;
  /** After `g`, leads there. */
  letter: string;
  /** Whether workspace and time range change what it shows. */
  ranged: boolean;
  Page: ComponentType<PageProps>;
  /** Title of a page below it, by the second part of the address; that part itself where not given. */
  titleOf?: (detail: string) => string;
}

export const PAGES: readonly PageInfo[] = [
  {
    id: 'overview',
    title: 'Overview',
    about: 'Is anything wrong now?',
    icon: 'overview',
    group: 'watch',
    letter: 'o',
    ranged: true,
    Page: OverviewPage,
  },
  {
    id: 'events',
    title: 'Events',
    about: 'Everything that happened, as it happens',
    icon: 'events',
    group: 'watch',
    letter: 'e',
    ranged: true,
    Page: EventsPage,
  },
  {
    id: 'migrations',
    title: 'Migrations',
    about: 'Each migration as a story: predicted and actual',
    icon: 'migrations',
    group: 'watch',
    letter: 'm',
    ranged: true,
    Page: MigrationsPages,
  },
  {
    id: 'anomalies',
    title: 'Anomalies',
    about: 'Series, what was expected of them, and what was not',
    icon: 'anomalies',
    group: 'watch',
    letter: 'a',
    ranged: true,
    Page: AnomaliesPages,
    // Its id is for programs; its name stands above its charts.
    titleOf: () => 'Series',
  },
  {
    id: 'models',
    title: 'Models',
    about: 'How good the predictions are, and how they learn',
    icon: 'models',
    group: 'learn',
    letter: 'l',
    ranged: false,
    Page: ModelsPages,
    titleOf: (id) => (id in MODEL_NAMES ? MODEL_NAMES[id as keyof typeof MODEL_NAMES] : id),
  },
  {
    id: 'feedback',
    title: 'Feedback',
    about: 'Questions whose answers teach the models most',
    icon: 'feedback',
    group: 'learn',
    letter: 'f',
    ranged: true,
    Page: FeedbackPage,
  },
  {
    id: 'report',
    title: 'Reports',
    about: 'A period in figures, to take away or compare',
    icon: 'report',
    group: 'keep',
    letter: 'r',
    ranged: true,
    Page: ReportsPage,
  },
  {
    id: 'schema',
    title: 'Schema',
    about: 'Versions, differences, tables and their diagram',
    icon: 'schema',
    group: 'keep',
    letter: 's',
    ranged: false,
    Page: SchemaPage,
  },
  {
    id: 'governance',
    title: 'Governance',
    about: 'Whether migrations keep to the rules; who changed what',
    icon: 'governance',
    group: 'keep',
    letter: 'v',
    ranged: true,
    Page: GovernancePage,
  },
  {
    id: 'settings',
    title: 'Settings',
    about: 'Privacy, retention, alerts, keys',
    icon: 'settings',
    group: 'keep',
    letter: 't',
    ranged: false,
    Page: SettingsPage,
  },
];

/** The page of an address. */
export function pageOf(name: string): PageInfo | undefined {
  return PAGES.find(({ id }) => id === name);
}
