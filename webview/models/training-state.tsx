import { useEffect, useState } from 'preact/hooks';
import { MODEL_NAMES } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { elapsed } from '../format/time.ts';
import { Icon } from '../ui/icon.tsx';
import { training, trainingError, trainingResults } from './training.ts';

/** Says how the training goes and what came of it. */
export function TrainingState() {
  const running = training.value;
  const results = trainingResults.value;
  const error = trainingError.value;
  return (
    <div class="training" role="status">
      {running && (
        <div class="card training-card">
          <p>
            Training{' '}
            {running.models ? running.models.map((id) => MODEL_NAMES[id]).join(', ') : 'all four models'}
            {' · '}
            <Clock since={running.startedAt} />
          </p>
          <progress aria-label="Training" />
        </div>
      )}
      {error && (
        <div class="card training-card">
          <p class="text-error">Training failed: {error.message}</p>
        </div>
      )}
      {results.length > 0 && (
        <div class="card training-card">
          <p class="training-title">
            {plural(results.filter(({ trained }) => trained).length, 'model')} trained
          </p>
          <ul class="plain-list">
            {results.map(({ modelId, activated, trained, message }) => (
              <li key={modelId}>
                <span class={`mark tone-${activated ? 'ok' : trained ? 'warning' : 'unknown'}`}>
                  <Icon name={activated ? 'ok' : trained ? 'warning' : 'unknown'} />
                </span>{' '}
                <strong>{MODEL_NAMES[modelId]}</strong>: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Clock({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{elapsed(Math.max(0, now - since))}</span>;
}
