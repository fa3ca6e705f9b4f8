import { useState } from 'preact/hooks';
import type { Settings, SettingsChange } from '../../core/contract/governance.ts';
import { plural } from '../format/numbers.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { changeOf, formOf, type SettingsForm } from './settings-form.ts';
import { useSave } from './use-save.ts';

interface EngineSettingsProps {
  settings: Settings;
  onSaved: () => void;
}

/** How long things are kept, when models are trained again, and how much memory there is for them. */
export function EngineSettings({ settings, onSaved }: EngineSettingsProps) {
  const [form, setForm] = useState<SettingsForm>(() => formOf(settings));
  const [problem, setProblem] = useState<string>();
  const save = useSave(settings, onSaved);
  const set = (part: Partial<SettingsForm>) => setForm((before) => ({ ...before, ...part }));
  const change = changeOf(form, settings);
  const changed = typeof change === 'string' || Object.keys(change).length > 0;

  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(typeof change === 'string' ? change : undefined);
    if (typeof change === 'string') return;
    await save.run(change, saidOf(change));
  };
  return (
    <form class="settings-form" onSubmit={submit} noValidate>
      <Card title="Retention" note="What is older is erased by itself">
        <NumberField
          label="Keep events for"
          unit="days"
          placeholder="for ever"
          value={form.retentionDays}
          onValue={(retentionDays) => set({ retentionDays })}
          hint="Empty: for ever."
        />
      </Card>
      <Card title="Retraining" note="A new version is used only if it beats the one in use">
        <label class="check">
          <input
            type="checkbox"
            checked={form.auto}
            onChange={({ currentTarget }) => set({ auto: currentTarget.checked })}
          />
          Train by itself
        </label>
        <NumberField
          label="After"
          unit="new outcomes"
          value={form.everyLabels}
          onValue={(everyLabels) => set({ everyLabels })}
          disabled={!form.auto}
        />
        <NumberField
          label="Every"
          unit="days"
          value={form.everyDays}
          onValue={(everyDays) => set({ everyDays })}
          disabled={!form.auto}
          hint="0: not by schedule."
        />
        <label class="check">
          <input
            type="checkbox"
            checked={form.onDrift}
            disabled={!form.auto}
            onChange={({ currentTarget }) => set({ onDrift: currentTarget.checked })}
          />
          When what the models see has drifted
        </label>
      </Card>
      <Card title="Memory" note="For what can be loaded again; counts from the next start">
        <NumberField
          label="At most"
          unit="MB"
          value={form.maxMemoryMb}
          onValue={(maxMemoryMb) => set({ maxMemoryMb })}
        />
      </Card>
      <div class="form-foot">
        {problem && (
          <p role="alert" class="text-error">
            {problem}
          </p>
        )}
        <ActionError error={save.error} />
        <button type="submit" class="button primary" disabled={save.busy || !changed}>
          {save.busy ? 'Saving' : 'Save'}
        </button>
        <button
          type="button"
          class="button"
          disabled={!changed}
          onClick={() => {
            setForm(formOf(settings));
            setProblem(undefined);
          }}
        >
          Discard
        </button>
      </div>
    </form>
  );
}

interface NumberFieldProps {
  label: string;
  unit: string;
  value: string;
  onValue: (value: string) => void;
  placeholder?: string;
  hint?: string;
  disabled?: boolean;
}

function NumberField({ label, unit, value, onValue, placeholder, hint, disabled = false }: NumberFieldProps) {
  return (
    <label class="number-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="numeric"
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      <span>
        {unit} {hint && <span class="note">{hint}</span>}
      </span>
    </label>
  );
}

function saidOf({ retentionDays, retrain, maxMemoryMb }: SettingsChange): string {
  const parts = [
    retentionDays === undefined
      ? undefined
      : retentionDays === null
        ? 'events are kept for ever'
        : `events are kept for ${plural(retentionDays, 'day')}`,
    retrain === undefined ? undefined : 'retraining changed',
    maxMemoryMb === undefined ? undefined : 'memory counts from the next start',
  ].filter((part) => part !== undefined);
  return `Saved: ${parts.join('; ')}`;
}
