/** electron-updater behind the port of `updates.ts`. A bundle of its own, loaded only once updates are wanted. */
import electronUpdater from 'electron-updater';
import type { Updater } from './updates.ts';

export function makeUpdater(log: (line: string) => void): Updater {
  const { autoUpdater } = electronUpdater;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.allowDowngrade = false;
  const say = (line: unknown) => log(`updates: ${String(line)}`);
  autoUpdater.logger = { info: say, warn: say, error: say };
  return {
    async fetchNewer(feed) {
      autoUpdater.setFeedURL({ provider: 'generic', url: feed });
      const found = await autoUpdater.checkForUpdates();
      if (!found?.isUpdateAvailable) return undefined;
      await autoUpdater.downloadUpdate();
      return found.updateInfo.version;
    },
  };
}
