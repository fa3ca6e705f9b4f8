/** The timeline of the schema: a version after each migration, marked by what it breaks. */
import * as vscode from 'vscode';
import type { SchemaVersionInfo } from '../../../core/contract/schema-version.ts';
import { t } from '../../text.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { type Item, ItemsView } from './items-view.ts';
import { plainName } from './plain-name.ts';

export interface VersionItem extends Item {
  version: SchemaVersionInfo;
}

/** Versions of each history, the newest first; with several histories each is a folder. */
export function schemaView(store: TelemetryStore): ItemsView<Item> {
  return new ItemsView<Item>('aibos.schema', 'versions', store, () => {
    const histories = Map.groupBy(
      store.known.versions,
      ({ workspace, history }) => `${workspace} ${history}`,
    );
    if (histories.size <= 1) return store.known.versions.map(versionItem);
    return [...histories].map(([id, versions]) => ({
      id,
      label: versions[0]?.history ?? id,
      description: t('{0} versions', versions.length),
      icon: vscode.ThemeIcon.Folder,
      kind: 'history',
      children: versions.map(versionItem),
    }));
  });
}

function versionItem(version: SchemaVersionInfo): VersionItem {
  const { workspace, history, migration, changes, reasons, at, succeeded } = version;
  const level = levelOf(version);
  return {
    id: `${workspace} ${history} ${migration}`,
    version,
    label: version.version,
    description: plainName(migration),
    tooltip: [
      `${version.version} ${migration}`,
      t('{0} breaking, {1} additive, {2} other changes', changes.breaking, changes.additive, changes.patch),
      ...reasons,
      ...(succeeded ? [] : [t('Not all of it worked in the throw-away database.')]),
      at.slice(0, 10),
    ],
    icon: MARKS[level](),
    kind: `version ${level}`,
    command: { command: 'aibos.schema.showChange', title: t('Show What Changed'), arguments: [{ version }] },
    spoken: `${version.version}, ${migration}, ${level}`,
  };
}

type Level = 'breaking' | 'additive' | 'patch' | 'failed';

function levelOf({ changes, succeeded }: SchemaVersionInfo): Level {
  if (!succeeded) return 'failed';
  if (changes.breaking > 0) return 'breaking';
  return changes.additive > 0 ? 'additive' : 'patch';
}

const MARKS: Record<Level, () => vscode.ThemeIcon> = {
  breaking: () =>
    new vscode.ThemeIcon('diff-removed', new vscode.ThemeColor('gitDecoration.deletedResourceForeground')),
  additive: () =>
    new vscode.ThemeIcon('diff-added', new vscode.ThemeColor('gitDecoration.addedResourceForeground')),
  patch: () =>
    new vscode.ThemeIcon('diff-modified', new vscode.ThemeColor('gitDecoration.modifiedResourceForeground')),
  failed: () => new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
};
