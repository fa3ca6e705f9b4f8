import type { TelemetryEvent } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import { EVENT_TYPE_NAMES, workspaceName } from '../format/names.ts';
import { duration } from '../format/numbers.ts';
import { clock, day } from '../format/time.ts';
import { StatusIcon } from '../ui/status.tsx';
import { describe } from './describe.ts';

/** Names above the columns; a screen reader hears each row as one sentence instead. */
export function RowHead() {
  return (
    <div class="event-head" aria-hidden="true">
      <span class="cell-status" />
      <span class="cell-time">Time (UTC)</span>
      <span class="cell-type">Type</span>
      <span class="cell-event">Event</span>
      <span class="cell-duration">Duration</span>
      <span class="cell-workspace">Workspace</span>
      <span class="cell-source">Source</span>
    </div>
  );
}

/** What stands in the columns for one event. */
export function RowCells({ event }: { event: TelemetryEvent }) {
  const { status, durationMs } = facetsOf(event);
  const { title, detail } = describe(event);
  const { workspace } = event.metadata;
  return (
    <>
      <span class="cell-status">
        <StatusIcon status={status} />
      </span>
      <span class="cell-time">
        {day(event.timestamp)} {clock(event.timestamp)}
      </span>
      <span class="cell-type">{EVENT_TYPE_NAMES[event.type]}</span>
      <span class="cell-event">
        <span class="cell-title">{title}</span> <span class="cell-detail">{detail}</span>
      </span>
      <span class="cell-duration">{durationMs === undefined ? '' : duration(durationMs)}</span>
      <span class="cell-workspace">{workspace ? workspaceName(workspace) : ''}</span>
      <span class="cell-source">{event.source}</span>
    </>
  );
}
