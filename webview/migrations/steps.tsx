import type { MigrationStory } from '../../core/contract/migration-story.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { LimitedList } from '../ui/limited-list.tsx';

type Step = MigrationStory['steps'][number];

const KINDS: Record<Step['step'], { name: string; icon: IconName }> = {
  edit: { name: 'Edit', icon: 'edit' },
  check: { name: 'Check', icon: 'governance' },
  prediction: { name: 'Prediction', icon: 'models' },
  run: { name: 'Run', icon: 'train' },
  outcome: { name: 'Outcome', icon: 'check' },
  feedback: { name: 'Feedback', icon: 'feedback' },
  problem: { name: 'Problem', icon: 'error' },
};

/** What led to what, oldest first. Each step opens its event. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <LimitedList items={steps} shown={40} class="steps" keyOf={({ eventId, step }) => `${eventId} ${step}`}>
      {({ eventId, at, step, title, detail }) => (
        <div class={`story-step story-${step}`}>
          <span class="story-mark">
            <Icon name={KINDS[step].icon} />
          </span>
          <p class="story-kind">
            {KINDS[step].name} <span class="text-quiet">{dateTime(at)}</span>
          </p>
          <p class="story-title">
            <Link to={href(['events'], { event: eventId, type: 'all' })}>{title}</Link>
          </p>
          {detail && <p class="story-detail">{detail}</p>}
        </div>
      )}
    </LimitedList>
  );
}
