/** The histories whose schema is known, and which of them is looked at; kept in the address as `?history=`. */
import type { Result } from '../../core/contract/methods.ts';
import { workspaceName } from '../format/names.ts';

export type Version = Result<'schema.versions'>['items'][number];

export interface History {
  workspace: string;
  history: string;
  dialect: string;
}

/** Every history that a version belongs to, in order of name. */
export function historiesOf(versions: readonly Version[]): History[] {
  const known = new Map<string, History>();
  for (const { workspace, history, dialect } of versions)
    known.set(idOf({ workspace, history }), { workspace, history, dialect });
  return [...known.values()].sort((a, b) => idOf(a).localeCompare(idOf(b)));
}

/** The one that the address names, else the one with the newest version. */
export function chosenHistory(versions: readonly Version[], asked: string | undefined): History | undefined {
  const histories = historiesOf(versions);
  const [newest] = versions;
  return histories.find((one) => idOf(one) === asked) ?? (newest && { ...newest });
}

export function idOf({ workspace, history }: Pick<History, 'workspace' | 'history'>): string {
  return `${workspace} ${history}`;
}

/** `shop, db/migrations`. */
export function nameOf({ workspace, history }: Pick<History, 'workspace' | 'history'>): string {
  const folder = history.split('/').slice(-2).join('/');
  return `${workspaceName(workspace)}, ${folder || history}`;
}
