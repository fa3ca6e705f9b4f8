/**
 * Links into the editor, `vscode://aibos.aibos-telemetry/event/…`, and out of it into the desktop app, `aibos://event/…`.
 * A link that comes in can only show something: none starts, changes or sends anything.
 */
import * as vscode from 'vscode';
import { desktopLink, type LinkKind, routeTo } from '../../core/contract/links.ts';
import { t } from '../text.ts';
import type { Dashboard } from './dashboard.ts';
import type { EngineClient } from './engine-client.ts';
import { linkOf } from './link-target.ts';
import { filePlace, predictionUri } from './places.ts';

/** Where something stands in the files of a workspace. */
interface Place {
  workspace?: string;
  file?: string;
  line?: number;
}

export class Links implements vscode.UriHandler {
  readonly #engine: EngineClient;
  readonly #dashboard: Dashboard;

  constructor(engine: EngineClient, dashboard: Dashboard) {
    this.#engine = engine;
    this.#dashboard = dashboard;
  }

  /** Shows a migration in its file where its folder is open here, everything else in the dashboard. */
  async handleUri({ path }: vscode.Uri): Promise<void> {
    const [, kind = '', ...rest] = path.split('/');
    const id = rest.join('/');
    const route = routeTo(kind, id);
    if (route === undefined) {
      void vscode.window.showWarningMessage(t('AI-BOS: this link leads nowhere.'));
      return;
    }
    const place = await this.#placeOf(kind, id).catch(() => undefined);
    const uri = place && predictionUri(place, this.#engine.status.folders);
    if (uri) await vscode.window.showTextDocument(uri, { selection: filePlace(place.line) });
    else this.#dashboard.open(route);
  }

  /** Shows an item of a view in the desktop app; a page that is chosen where there is none. */
  async openInDesktop(argument: unknown): Promise<void> {
    const [kind, id] = linkOf(argument) ?? (await choosePage()) ?? [];
    if (!kind || !id) return;
    const opened = await vscode.env.openExternal(vscode.Uri.parse(desktopLink(kind, id)));
    const route = routeTo(kind, id);
    if (opened || route === undefined) return;
    const here = t('Open Dashboard');
    const said = t('Nothing on this machine opens AI-BOS links; the desktop app may not be installed.');
    if ((await vscode.window.showWarningMessage(said, here)) === here) this.#dashboard.open(route);
  }

  async #placeOf(kind: string, id: string): Promise<Place | undefined> {
    if (kind === 'migration') return (await this.#engine.call('migrations.get', { name: id })).summary;
    if (kind !== 'event') return undefined;
    const { data, metadata } = await this.#engine.call('events.get', { id: id.toLowerCase() });
    const { file, line } = data as { file?: string; line?: number };
    return {
      ...(metadata.workspace === undefined ? {} : { workspace: metadata.workspace }),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
    };
  }
}

async function choosePage(): Promise<[LinkKind, string] | undefined> {
  const pages = [
    { label: t('Overview'), page: 'overview' },
    { label: t('Events'), page: 'events' },
    { label: t('Migrations'), page: 'migrations' },
    { label: t('Anomalies'), page: 'anomalies' },
    { label: t('Models'), page: 'models' },
    { label: t('Reports'), page: 'report' },
  ].map(({ label, page }) => ({ label, link: ['page', page] satisfies [LinkKind, string] }));
  const reports = [
    { label: t('Report of the Last 7 Days'), link: reportOf(7) },
    { label: t('Report of the Last 30 Days'), link: reportOf(30) },
  ];
  const chosen = await vscode.window.showQuickPick([...pages, ...reports], {
    placeHolder: t('What should the desktop app show?'),
  });
  return chosen?.link;
}

/** The report of so many days, today among them. */
function reportOf(days: number): [LinkKind, string] {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  return ['report', `${day(days - 1)}..${day(0)}`];
}
