import type { ComponentChildren } from 'preact';
import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import type { Statistics } from '../../core/contract/statistics.ts';
import { count, duration, percent } from '../format/numbers.ts';
import { ago } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { durationScore, failureScore } from './scoreboard.ts';

interface TileProps {
  label: string;
  value: ComponentChildren;
  note: ComponentChildren;
  to: string;
  tone?: 'error' | 'plain';
}

/** One figure that can be read from across the room, and the way to what is behind it. */
function Tile({ label, value, note, to, tone = 'plain' }: TileProps) {
  return (
    <li class={`tile tile-${tone}`}>
      <Link to={to}>
        <span class="tile-label">{label}</span>
        <span class="tile-value">{value}</span>
        <span class="tile-note">{note}</span>
      </Link>
    </li>
  );
}

/** The figures of a timeframe in one row. */
export function Tiles({
  statistics,
  accuracy,
}: {
  statistics: Statistics;
  accuracy: AccuracyReport | undefined;
}) {
  const { migrations, events, lastAt } = statistics;
  const { total, succeeded, failed, other, durationP50, durationP95 } = migrations;
  const known = succeeded + failed;
  return (
    <ul class="tiles" aria-label="Key figures">
      <Tile
        label="Migrations"
        value={count(total)}
        note={
          other > 0
            ? `${count(succeeded)} succeeded, ${count(other)} unknown`
            : `${count(succeeded)} succeeded`
        }
        to={href(['events'], { type: 'migration_execution' })}
      />
      <Tile
        label="Failed"
        value={count(failed)}
        note={
          known === 0
            ? 'no outcome known yet'
            : `${percent(failed / known)} of ${count(known)} with an outcome`
        }
        tone={failed > 0 ? 'error' : 'plain'}
        to={href(['events'], { type: 'migration_execution', status: 'error' })}
      />
      <Tile
        label="Median duration"
        value={durationP50 === undefined ? '–' : duration(durationP50)}
        note={durationP95 === undefined ? 'nothing timed yet' : `95th percentile ${duration(durationP95)}`}
        to={href(['events'], { type: 'migration_execution', status: 'ok' })}
      />
      <Tile
        label="Events"
        value={count(events)}
        note={lastAt ? `latest ${ago(lastAt, Date.now())}` : 'none in this period'}
        to={href(['events'])}
      />
      <Tile
        label="Failure predictions"
        {...failureScore(accuracy)}
        to={href(['models', 'error-prediction'])}
      />
      <Tile
        label="Duration predictions"
        {...durationScore(accuracy)}
        to={href(['models', 'performance-prediction'])}
      />
    </ul>
  );
}
