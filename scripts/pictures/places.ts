/** The places of which pictures are made: every page, its views, and what lies over them. */

/** What is done at a place before its picture is taken. */
type Step = { click: string } | { press: string };

export interface Place {
  name: string;
  route: string;
  /** One after another. What is not there to be clicked, as in an empty store, is left out. */
  steps?: readonly Step[];
}

const click = (selector: string): Step => ({ click: selector });

export const PICTURE_PLACES: readonly Place[] = [
  { name: 'overview', route: '#/overview' },
  { name: 'events', route: '#/events' },
  { name: 'events-one', route: '#/events?type=migration_execution', steps: [click('.event-row')] },
  { name: 'events-search', route: '#/events?text=zzz' },
  { name: 'migrations', route: '#/migrations' },
  { name: 'migrations-story', route: '#/migrations', steps: [click('.migration-name')] },
  { name: 'anomalies', route: '#/anomalies' },
  { name: 'anomalies-series', route: '#/anomalies', steps: [click('.series-item')] },
  { name: 'models', route: '#/models' },
  { name: 'models-scoreboard', route: '#/models?view=scoreboard' },
  { name: 'models-duration', route: '#/models/performance-prediction' },
  { name: 'models-failure', route: '#/models/error-prediction' },
  { name: 'feedback', route: '#/feedback' },
  { name: 'feedback-history', route: '#/feedback?view=history' },
  { name: 'feedback-agreement', route: '#/feedback?view=agreement' },
  { name: 'report', route: '#/report' },
  { name: 'report-compare', route: '#/report?view=compare' },
  { name: 'report-schedules', route: '#/report?view=schedules' },
  { name: 'schema', route: '#/schema' },
  { name: 'schema-compare', route: '#/schema?view=compare' },
  { name: 'schema-tables', route: '#/schema?view=tables' },
  { name: 'schema-table', route: '#/schema?view=tables', steps: [click('.table-list tbody .link')] },
  { name: 'schema-diagram', route: '#/schema?view=diagram' },
  {
    name: 'schema-neighbours',
    route: '#/schema?view=diagram',
    steps: [click('.er-list button'), click('.er-tools .toggle')],
  },
  { name: 'schema-drift', route: '#/schema?view=drift' },
  { name: 'governance', route: '#/governance' },
  { name: 'governance-audit', route: '#/governance?view=audit' },
  { name: 'settings', route: '#/settings' },
  { name: 'settings-engine', route: '#/settings?view=engine' },
  { name: 'settings-alerts', route: '#/settings?view=alerts' },
  { name: 'settings-keys', route: '#/settings?view=keys' },
  { name: 'settings-appearance', route: '#/settings?view=appearance' },
  { name: 'palette', route: '#/overview', steps: [{ press: 'Control+k' }] },
  { name: 'shortcuts', route: '#/overview', steps: [{ press: '?' }] },
  { name: 'not-found', route: '#/nowhere' },
];

/** The places that names, beginnings of names and routes ask for, in order; all where nothing is asked. */
export function placesOf(asked: readonly string[]): readonly Place[] {
  if (asked.length === 0) return PICTURE_PLACES;
  return asked.flatMap((one) => {
    if (one.startsWith('#/')) return { name: one.replace(/\W+/g, '-').replace(/^-|-$/g, ''), route: one };
    const found = PICTURE_PLACES.filter(({ name }) => name === one || name.startsWith(`${one}-`));
    if (found.length === 0)
      throw new Error(
        `No page is called ${one}. There are ${PICTURE_PLACES.map(({ name }) => name).join(', ')}.`,
      );
    return found;
  });
}
