import { useEffect, useMemo } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter } from '../../core/contract/methods.ts';
import { useClient } from '../state/host.ts';
import { onLiveEvent, resumptions } from '../state/live.ts';
import { EventFeed } from './feed.ts';

/** The feed of a filter, with live events while `live`. A new filter is a new feed. */
export function useFeed(filter: EventFilter, live: boolean): EventFeed {
  const client = useClient();
  const key = JSON.stringify(filter);
  const feed = useMemo(() => new EventFeed(client, filter), [client, key]);
  const resumed = resumptions.value;

  useEffect(() => void feed.more(), [feed]);
  useEffect(() => {
    if (live) feed.catchUp();
  }, [feed, live, resumed]);
  useEffect(() => {
    if (!live) return undefined;
    let waiting: TelemetryEvent[] = [];
    let frame = 0;
    const end = onLiveEvent((event) => {
      waiting.push(event);
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        feed.receive(waiting);
        waiting = [];
      });
    });
    return () => {
      end();
      cancelAnimationFrame(frame);
    };
  }, [feed, live]);
  return feed;
}
