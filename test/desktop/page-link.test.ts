import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostMessage } from '../../core/contract/bridge.ts';
import { EngineRelay } from '../../desktop/main/engine-relay.ts';
import { FAILING_AFTER, LONGEST_DELAY_MS } from '../../desktop/main/engine-supervisor.ts';
import { GRACE_MS, PageLink } from '../../desktop/main/page-link.ts';
import { FakeClock, supervised } from './support/fake-host.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A link over fake hosts. Its grace has a clock of its own, so that a restart can be quick or slow. */
function linked(kept?: string) {
  const all = supervised();
  const relay = new EngineRelay(all.supervisor);
  const grace = new FakeClock();
  const sent: HostMessage[] = [];
  const routes: string[] = [];
  const saved: string[] = [];
  let pages = 0;
  const link = new PageLink({
    relay,
    supervisor: all.supervisor,
    send: (message) => sent.push(message),
    begun: () => pages++,
    theme: () => 'dark',
    route: () => kept,
    keepRoute: (route) => routes.push(route),
    saveFile: ({ name }) => saved.push(name),
    after: grace.after,
  });
  all.supervisor.start();
  /** What was sent since it was asked last. */
  const news = () => sent.splice(0);
  const crash = () => {
    all.host().exit(139);
    all.clock.pass(LONGEST_DELAY_MS);
  };
  /** Answers the calls that the host got, with its method as the result. */
  const answer = async () => {
    for (const message of all.host().received.splice(0))
      if (message.kind === 'call') all.host().say({ kind: 'result', id: message.id, result: message.method });
    await turn();
  };
  return { ...all, link, grace, news, routes, saved, crash, answer, pages: () => pages };
}

const GONE = { kind: 'connection', connected: false };
const BACK = { kind: 'connection', connected: true };
const health = (id: number) => ({ kind: 'request', id, method: 'health.get', params: {} }) as const;
const event = (sequence: number) => ({ sequence }) as never;

test('a page that is ready is told how to start, at the place where the reader was', () => {
  const { link, news, pages } = linked('#/models');
  assert.equal(pages(), 0);
  link.receive({ kind: 'ready' });
  assert.equal(pages(), 1, 'now the window may be shown');
  assert.deepEqual(news(), [{ kind: 'start', theme: 'dark', route: '#/models' }]);
  link.changeTheme('light');
  assert.deepEqual(news(), [{ kind: 'theme', theme: 'light' }]);
});

test('requests are answered with the id of the page, in the order of the answers', async () => {
  const { link, host, news } = linked();
  host().ready();
  link.receive({ kind: 'request', id: 41, method: 'models.list', params: {} });
  link.receive(health(42));
  const [first, second] = host().received.map((message) => ('id' in message ? message.id : 0));
  host().say({ kind: 'result', id: second ?? 0, result: 'health' });
  const problem = {
    type: 'urn:aibos:problem:overloaded',
    title: '',
    status: 429,
    detail: 'Busy.',
    retryAfterSeconds: 2,
  };
  host().say({ kind: 'problem', id: first ?? 0, problem });
  await turn();
  assert.deepEqual(news(), [
    { kind: 'response', id: 42, result: 'health' },
    { kind: 'response', id: 41, problem: { ...problem, title: 'The engine is busy' } },
  ]);
});

test('route and file go where they belong', () => {
  const { link, routes, saved } = linked();
  link.receive({ kind: 'route', route: '#/events' });
  link.receive({ kind: 'save', name: 'report.html', mediaType: 'text/html', text: '' });
  assert.deepEqual([routes, saved], [['#/events'], ['report.html']]);
});

test('an engine that is back soon is not noticed: the request is repeated, the events go on', async () => {
  const { link, host, news, crash, answer, grace } = linked();
  host().ready();
  link.receive({ kind: 'subscribe', id: 1 });
  host().say({ kind: 'events', id: 1, events: [event(5)] });
  link.receive(health(2));
  crash();
  grace.pass(GRACE_MS - 1);
  host().ready();
  assert.deepEqual(host().received[0], { kind: 'subscribe', id: 1, options: { after: 5 } });
  await answer();
  host().say({ kind: 'events', id: 1, events: [event(6)] });
  grace.pass(GRACE_MS);
  assert.deepEqual(news(), [
    { kind: 'events', id: 1, events: [event(5)] },
    { kind: 'response', id: 2, result: 'health.get' },
    { kind: 'events', id: 1, events: [event(6)] },
  ]);
});

test('an engine that stays away is shown; answers to what the page gave up are dropped, later ones wait', async () => {
  const { link, host, news, crash, answer, grace } = linked();
  host().ready();
  link.receive({ kind: 'subscribe', id: 1 });
  link.receive(health(2));
  crash();
  grace.pass(GRACE_MS);
  assert.deepEqual(news(), [GONE]);
  link.receive(health(3));
  host().ready();
  await answer();
  assert.deepEqual(news(), [BACK, { kind: 'response', id: 3, result: 'health.get' }]);
  link.receive({ kind: 'subscribe', id: 1, after: 5 });
  const [again, ...more] = host().received;
  assert.deepEqual([again?.kind, more], ['subscribe', []], 'one subscription, the new one');
});

test('a quick restart is shown after all where events may be missing', () => {
  const { link, host, news, crash } = linked();
  host().ready();
  link.receive({ kind: 'subscribe', id: 1 });
  crash();
  host().ready();
  assert.deepEqual(news(), [GONE, BACK]);
  link.receive({ kind: 'ready' });
  assert.deepEqual(
    news().map(({ kind }) => kind),
    ['start'],
    'which is no news for a page that begins now',
  );
});

test('an engine that fails again and again is shown at once, also to a page that begins meanwhile', async () => {
  const { link, host, news, clock } = linked();
  for (let i = 0; i < FAILING_AFTER; i++) {
    host().exit(1);
    if (i + 1 < FAILING_AFTER) clock.pass(LONGEST_DELAY_MS);
  }
  assert.deepEqual(news(), [GONE]);
  link.receive({ kind: 'ready' });
  link.receive(health(1));
  await turn();
  assert.deepEqual(
    news().map((message) => (message.kind === 'response' ? message.problem?.type : message.kind)),
    ['start', 'connection', 'urn:aibos:problem:unavailable'],
  );
});

test('a page that is left gets no answers and no events', async () => {
  const { link, host, news, answer } = linked();
  host().ready();
  link.receive({ kind: 'subscribe', id: 1 });
  link.receive(health(2));
  link.receive({ kind: 'ready' });
  news();
  await answer();
  host().say({ kind: 'events', id: 1, events: [event(1)] });
  assert.deepEqual(news(), []);
});

test('a subscription with the id of another takes its place, and ends', () => {
  const { link, host, news } = linked();
  host().ready();
  link.receive({ kind: 'subscribe', id: 1 });
  link.receive({ kind: 'subscribe', id: 1, after: 3, filter: { workspace: 'shop' } });
  link.receive({ kind: 'unsubscribe', id: 1 });
  link.receive({ kind: 'unsubscribe', id: 1 });
  assert.deepEqual(
    host().received.map(({ kind }) => kind),
    ['subscribe', 'unsubscribe', 'subscribe', 'unsubscribe'],
  );
  assert.deepEqual(news(), []);
});
