/** The settings as they stand in a form, and what of them was changed. */
import type { Settings, SettingsChange } from '../../core/contract/governance.ts';

export interface SettingsForm {
  /** Days, as typed; empty: for ever. */
  retentionDays: string;
  auto: boolean;
  everyLabels: string;
  everyDays: string;
  onDrift: boolean;
  maxMemoryMb: string;
}

export function formOf({ retentionDays, retrain, maxMemoryMb }: Settings): SettingsForm {
  return {
    retentionDays: retentionDays === undefined ? '' : String(retentionDays),
    auto: retrain.auto,
    everyLabels: String(retrain.everyLabels),
    everyDays: String(retrain.everyDays),
    onDrift: retrain.onDrift,
    maxMemoryMb: String(maxMemoryMb),
  };
}

/** Only what differs from the settings, or in words what is wrong. */
export function changeOf(form: SettingsForm, settings: Settings): SettingsChange | string {
  const keep = form.retentionDays.trim();
  const retentionDays = keep === '' ? null : wholeIn(keep, 1, 36_500);
  const everyLabels = wholeIn(form.everyLabels, 1, 100_000);
  const everyDays = wholeIn(form.everyDays, 0, 3_650);
  const maxMemoryMb = wholeIn(form.maxMemoryMb, 64, 1_048_576);
  if (retentionDays === undefined) return 'Retention is a whole number of days from 1 to 36,500, or empty.';
  if (everyLabels === undefined) return 'New outcomes are a whole number from 1 to 100,000.';
  if (everyDays === undefined) return 'Days between trainings are a whole number from 0 to 3,650.';
  if (maxMemoryMb === undefined) return 'Memory is a whole number of MB, 64 or more.';
  const wanted = { auto: form.auto, everyLabels, everyDays, onDrift: form.onDrift };
  const retrain = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => settings.retrain[name as keyof typeof wanted] !== value),
  ) as Partial<typeof wanted>;
  return {
    ...(retentionDays === (settings.retentionDays ?? null) ? {} : { retentionDays }),
    ...(Object.keys(retrain).length === 0 ? {} : { retrain }),
    ...(maxMemoryMb === settings.maxMemoryMb ? {} : { maxMemoryMb }),
  };
}

function wholeIn(text: string, least: number, most: number): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}
