/** The app outside of its window: the icon in the tray with the count of open alerts, and the system's notifications. */
import { app, Menu, Notification, nativeImage, Tray } from 'electron';
import { type AlertNotice, trayText } from './alert-watch.ts';

export interface PresenceOptions {
  title: string;
  /** Path of a PNG. */
  icon: string;
  /** Brings the window forward, on a route where one is given. */
  open(route?: string): void;
  quit(): void;
  /** Whether alerts are to be announced. */
  announces(): boolean;
}

export interface Presence {
  showAlerts(open: number): void;
  announce(notice: AlertNotice): void;
  /** Says something that the reader waits for. */
  tell(title: string, body: string): void;
  end(): void;
}

const ICON_SIZE = process.platform === 'darwin' ? 18 : 24;

/** A system without a tray has the window and the notifications still. */
export function showPresence(options: PresenceOptions, log: (line: string) => void): Presence {
  const { title, open, quit } = options;
  const tray = makeTray(options, log);
  /** Kept, or their clicks are lost with them. */
  const shown = new Set<Notification>();
  const notify = (head: string, body: string, act: () => void, action?: string) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({
      title: head,
      body,
      ...(action ? { actions: [{ type: 'button', text: action }] } : {}),
    });
    const gone = () => shown.delete(notification);
    notification.on('click', act);
    notification.on('action', act);
    notification.on('close', gone);
    notification.on('failed', gone);
    shown.add(notification);
    notification.show();
  };
  const showAlerts = (count: number) => {
    tray?.setToolTip(trayText(title, count));
    tray?.setContextMenu(
      Menu.buildFromTemplate([
        { label: trayText(title, count), enabled: false },
        { type: 'separator' },
        { label: 'Show Alerts', click: () => open('#/overview') },
        { label: 'Show Window', click: () => open() },
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ]),
    );
    if (process.platform === 'darwin') tray?.setTitle(count > 0 ? String(count) : '');
    app.setBadgeCount(count);
  };
  tray?.on('click', () => open());
  showAlerts(0);
  return {
    showAlerts,
    announce({ title: head, body, route }) {
      if (options.announces()) notify(head, body, () => open(route), 'Show Evidence');
    },
    tell: (head, body) => notify(head, body, () => open()),
    end: () => tray?.destroy(),
  };
}

function makeTray({ icon, title }: PresenceOptions, log: (line: string) => void): Tray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: ICON_SIZE, height: ICON_SIZE }));
    tray.setToolTip(title);
    return tray;
  } catch (error) {
    log(`no tray: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
