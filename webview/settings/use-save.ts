/** Saving settings: at once, said, and with a way back. */
import type { Settings, SettingsChange } from '../../core/contract/governance.ts';
import { useClient } from '../state/host.ts';
import { toast } from '../ui/toast.tsx';
import { type Action, useAction } from '../ui/use-action.ts';

/** Saves a change and offers to undo it by saving what was there before. */
export function useSave(
  settings: Settings,
  onSaved: () => void,
): Action<[change: SettingsChange, said: string]> {
  const client = useClient();
  return useAction(async (change: SettingsChange, said: string) => {
    const before = valuesOf(settings, change);
    await client.call('settings.update', change);
    onSaved();
    toast(said, {
      undo: async () => {
        try {
          await client.call('settings.update', before);
          onSaved();
        } catch {
          toast('This could not be changed back', { tone: 'error' });
        }
      },
    });
  });
}

/** What the settings hold for the fields that a change names. */
export function valuesOf(settings: Settings, change: SettingsChange): SettingsChange {
  return {
    ...('retentionDays' in change ? { retentionDays: settings.retentionDays ?? null } : {}),
    ...('mutedAlerts' in change ? { mutedAlerts: settings.mutedAlerts } : {}),
    ...('alertActions' in change ? { alertActions: settings.alertActions } : {}),
    ...('retrain' in change ? { retrain: settings.retrain } : {}),
    ...('maxMemoryMb' in change ? { maxMemoryMb: settings.maxMemoryMb } : {}),
  };
}
