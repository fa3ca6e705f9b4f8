/** Names of migrations as a narrow list shows them. Pure. */

/** `20260622120000_add_slug` → `add_slug`: the time would leave no room for what matters. Short numbers stay. */
export function plainName(migration: string): string {
  return migration.replace(/^\d{8,}[-_.]+(?=.)/, '');
}
