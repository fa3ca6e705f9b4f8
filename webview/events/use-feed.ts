import { useEffect, useMemo } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter } from '../../core/contract/methods.ts';
import { useClient } from '../state/host.ts';
import { onLiveEvent, resumptions } from '../state/live.ts';
import { EventFeed } from './feed.ts';

/** Live events are put in this often: each time costs a drawing, and nobody reads faster. */
const GATHER_MS = 150;

/** The feed of a filter, from a time on if given, with live events while `live`. A new filter is a new feed. */
export function useFeed(filter: EventFilter, at: string | undefined, live: boolean): EventFeed {
  const client = useClient();
  const key = JSON.stringify([filter, at]);
  const feed = useMemo(() => new EventFeed(client, filter, at), [client, key]);
  const resumed = resumptions.value;

  useEffect(() => void feed.more(), [feed]);
  useEffect(() => {
    // What failed while the engine was away is asked again now that it is back.
    if (resumed > 0 && feed.error.value) void feed.restart();
    else if (live) feed.catchUp();
  }, [feed, live, resumed]);
  useEffect(() => {
    if (!live) return undefined;
    let waiting: TelemetryEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = onLiveEvent((event) => {
      waiting.push(event);
      timer ??= setTimeout(() => {
        timer = undefined;
        feed.receive(waiting);
        waiting = [];
      }, GATHER_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [feed, live]);
  return feed;
}
