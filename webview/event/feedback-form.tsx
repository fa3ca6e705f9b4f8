import { useId, useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { Outcome, TelemetryEvent } from '../../core/contract/event.ts';
import { OUTCOME_NAMES } from '../format/names.ts';
import { useClient } from '../state/host.ts';
import { EMPTY_FORM, type FeedbackForm as Form, feedbackInput } from './feedback-input.ts';

const RATINGS = [1, 2, 3, 4, 5];

interface FeedbackFormProps {
  event: TelemetryEvent;
  onGiven: () => void;
}

/** Says what really happened to an event or a prediction. */
export function FeedbackForm({ event, onGiven }: FeedbackFormProps) {
  const client = useClient();
  const [form, setForm] = useState<Form>(EMPTY_FORM);
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);
  const id = useId();
  const predicted = event.type === 'ai_prediction';
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }));

  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    const input = feedbackInput(event.id, form);
    setProblem(typeof input === 'string' ? input : undefined);
    if (typeof input === 'string') return;
    setSending(true);
    try {
      await client.call('feedback.provide', input);
      setForm(EMPTY_FORM);
      onGiven();
    } catch (error) {
      setProblem(messageOf(TelemetryError.from(error)));
    } finally {
      setSending(false);
    }
  };

  return (
    <form class="feedback-form" onSubmit={submit} noValidate>
      <fieldset class="segments">
        <legend>{predicted ? 'Was the prediction right?' : 'Is what was recorded right?'}</legend>
        {(['right', 'wrong', ''] as const).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name={`${id}-right`}
              value={value}
              checked={form.right === value}
              onChange={() => change({ right: value })}
            />
            <span>{value === '' ? 'Let the engine judge' : value === 'right' ? 'Right' : 'Wrong'}</span>
          </label>
        ))}
      </fieldset>
      <div class="form-row">
        <label>
          What really happened
          <select
            value={form.outcome}
            onChange={({ currentTarget }) => change({ outcome: currentTarget.value })}
          >
            <option value="">Not said</option>
            {(Object.keys(OUTCOME_NAMES) as Outcome[]).map((outcome) => (
              <option key={outcome} value={outcome}>
                {OUTCOME_NAMES[outcome]}
              </option>
            ))}
          </select>
        </label>
        <label>
          Took (ms)
          <input
            type="text"
            inputMode="decimal"
            value={form.durationMs}
            onInput={({ currentTarget }) => change({ durationMs: currentTarget.value })}
          />
        </label>
      </div>
      <fieldset class="segments">
        <legend>Rating, 5 is best</legend>
        {RATINGS.map((rating) => (
          <label key={rating}>
            <input
              type="radio"
              name={`${id}-rating`}
              value={rating}
              checked={form.rating === rating}
              onChange={() => change({ rating })}
            />
            <span>{rating}</span>
          </label>
        ))}
      </fieldset>
      <label>
        Comment
        <textarea
          rows={3}
          maxLength={2_000}
          value={form.text}
          onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </label>
      {problem && (
        <p role="alert" class="text-error">
          {problem}
        </p>
      )}
      <button type="submit" class="button primary" disabled={sending}>
        {sending ? 'Sending' : 'Send feedback'}
      </button>
    </form>
  );
}

function messageOf({ message, errors }: TelemetryError): string {
  return [message, ...errors.map((error) => `${error.pointer} ${error.message}.`)].join(' ');
}
