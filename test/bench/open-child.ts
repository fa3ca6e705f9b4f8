/**
 * Opens a store in a process of its own, answers a dashboard's queries, and prints how long after the start of the
 * process the first answer came and what the memory is: `{"firstAnswerMs":…,"openMs":…,"residentMb":…,"count":…}`.
 */
import { durationsByOperation, tallyKinds, tallyNames } from '../../core/store/aggregates.ts';
import { listEvents } from '../../core/store/event-queries.ts';
import { openStore } from './ours.ts';

const [folder = '', maxMemoryMb = '512'] = process.argv.slice(2);
const started = performance.now();
const store = await openStore(folder, { maxMemoryMb: Number(maxMemoryMb) });
const openMs = performance.now() - started;
const { items } = listEvents(store, {}, { limit: 50 });
tallyKinds(store, {});
const firstAnswerMs = performance.now();
durationsByOperation(store, {}, [0.5, 0.95]);
tallyNames(store, {}, 'problem');
for (const source of store.sources()) source.tables();
const [oldest] = listEvents(store, {}, { limit: 50, order: 'oldest' }).items;
const found = store.withId(oldest?.id ?? '');
const residentMb = Math.max(process.memoryUsage().rss, process.resourceUsage().maxRSS * 1024) / 1024 ** 2;
process.stdout.write(
  `${JSON.stringify({ firstAnswerMs, openMs, residentMb, count: store.count, shown: items.length + found.length })}\n`,
);
process.exit(0);
