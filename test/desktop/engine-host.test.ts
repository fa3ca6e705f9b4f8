import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { allEvents } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { Result } from '../../core/contract/methods.ts';
import type { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import type { PrintPdf } from '../../core/report/make.ts';
import { EngineHost, type HostSession } from '../../desktop/engine/engine-host.ts';
import type { FromHost, ToHost } from '../../desktop/engine/messages.ts';
import type { Delay, HostProcess } from '../../desktop/main/engine-supervisor.ts';
import { cleanup, type TestScope, temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { HOST_BUNDLE, HOST_SOURCE, startChildHost } from './support/child-host.ts';
import { scheduleDue } from './support/due-report.ts';
import { wired } from './support/wired.ts';

const EVENT = { type: 'user_interaction', source: 'test', data: { action: 'clicked' } } as const;

/** A host in this process, over a channel of its own; exits when it was closed. */
function localHost(scope: TestScope, open: (print: PrintPdf) => Promise<HostSession>): HostProcess {
  const { port1: outside, port2: inside } = new MessageChannel();
  const host = new EngineHost(open, (message) => inside.postMessage(message));
  inside.on('message', async (message: ToHost) => {
    await host.handle(message);
    if (message.kind === 'close') inside.close();
  });
  cleanup(scope, async () => {
    await host.close('test finished');
    inside.close();
  });
  return {
    post: (message) => outside.postMessage(message),
    onMessage: (listener) => outside.on('message', (message: FromHost) => listener(message)),
    onExit: (listener) => outside.once('close', () => listener(0)),
    kill: () => inside.close(),
  };
}

async function until(what: () => boolean | Promise<boolean>, why: string): Promise<void> {
  for (let waited = 0; !(await what()); waited += 10) {
    assert.ok(waited < 15_000, why);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a page calls a real engine over two message channels, and its events come back', async (t) => {
  const folder = temporaryDataFolder(t);
  const { client, received, log } = wired(t, () => localHost(t, () => Session.open(folder)));
  const seen: TelemetryEvent[] = [];
  const end = client.subscribe({ filter: { type: ['user_interaction'] } }, (event) => seen.push(event));
  const { ids } = await client.call('events.record', { events: [EVENT, EVENT, EVENT] });
  const { items } = await client.call('events.list', { type: ['user_interaction'] });
  assert.deepEqual(items.map(({ id }) => id).sort(), [...ids].sort());
  await until(() => seen.length === 3, 'three events');
  assert.deepEqual(
    seen.map(({ id }) => id),
    ids,
  );
  const batches = received.filter(({ kind }) => kind === 'events');
  assert.equal(batches.length, 1, 'events recorded together arrive together');
  end();
  await client.call('events.record', EVENT);
  await client.call('health.get', {});
  assert.equal(seen.length, 3);
  assert.deepEqual(log, ['the engine is ready']);
});

test('calls are made as the full role, by way of the desktop, and audited so', async (t) => {
  const folder = temporaryDataFolder(t);
  const { client } = wired(t, () => localHost(t, () => Session.open(folder)));
  const { ids } = await client.call('events.record', EVENT);
  const [id = ''] = ids;
  await client.call('feedback.provide', { eventId: id, actualOutcome: 'succeeded', userRating: 5 });
  let entry: TelemetryEvent | undefined;
  await until(async () => {
    entry = (await client.call('events.list', { type: ['security_event'] })).items[0];
    return entry !== undefined;
  }, 'the audit entry');
  assert.equal(entry?.data.via, 'desktop');
  assert.equal(entry?.data.method, 'feedback.provide');
  assert.ok(entry?.metadata.requestId);
});

test('an error of the engine is itself again in the page', async (t) => {
  const folder = temporaryDataFolder(t);
  const { client } = wired(t, () => localHost(t, () => Session.open(folder)));
  await assert.rejects(client.call('events.list', { limit: 0 } as never), (error) => {
    assert.ok(TelemetryError.is(error, 'invalid-request'));
    assert.equal(error.errors[0]?.pointer, '/limit');
    return true;
  });
  await assert.rejects(client.call('events.get', { id: '018f0000-0000-7000-8000-000000000000' }), {
    code: 'not-found',
  });
});

test('an unexpected error says no more to the page than that it happened; its stack goes to the log', async (t) => {
  const written = t.mock.method(process.stderr, 'write', () => true);
  const session: HostSession = {
    isOwner: true,
    dispatch: () => Promise.reject(new Error('secret detail')),
    subscribe: () => () => undefined,
    close: async () => undefined,
  };
  const { client } = wired(t, () => localHost(t, async () => session));
  await assert.rejects(client.call('health.get', {}), (error) => {
    assert.ok(TelemetryError.is(error, 'internal'));
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  assert.match(String(written.mock.calls[0]?.arguments[0]), /Error: secret detail\n +at /);
});

test('a session that cannot be opened is tried again, and then works', async (t) => {
  const folder = temporaryDataFolder(t);
  let tries = 0;
  const open = async () => {
    if (++tries === 1) throw new TelemetryError('storage-failed', 'The disk is full.');
    return Session.open(folder);
  };
  const { client, log } = wired(t, () => localHost(t, open));
  assert.equal((await client.call('health.get', {})).state, 'ok');
  assert.deepEqual(log, ['the engine is gone: The disk is full.', 'the engine is ready']);
});

test('the host attaches where another process has the engine, and hands on its events', async (t) => {
  const folder = temporaryDataFolder(t);
  const owner = await Session.open(folder);
  cleanup(t, () => owner.close());
  const { client, log } = wired(t, () => localHost(t, () => Session.open(folder)));
  const seen: TelemetryEvent[] = [];
  client.subscribe({ after: 0, filter: { type: ['user_interaction'] } }, (event) => seen.push(event));
  const { ids } = await owner.client().call('events.record', EVENT);
  await until(() => seen.length === 1, 'the event of the other process');
  assert.equal(seen[0]?.id, ids[0]);
  assert.deepEqual(log, ['attached to the engine of another process']);
});

/** However slow this machine is, the page is not told, so that what it asked for has to be repeated. */
const PATIENT: Delay = () => () => undefined;

/** Runs the host as a process on a folder, behind the pages' client. */
function childWired(t: TestContext, folder: DataFolder, script: string) {
  const hosts: ReturnType<typeof startChildHost>[] = [];
  const all = wired(
    t,
    () => {
      const host = startChildHost(t, folder, script);
      hosts.push(host);
      return host;
    },
    PATIENT,
  );
  return { ...all, hosts };
}

const built = existsSync(HOST_BUNDLE) ? {} : { skip: 'not built; npm run build' };
for (const [name, script, options] of [
  ['source', HOST_SOURCE, {}],
  ['bundle', HOST_BUNDLE, built],
] as const) {
  test(
    `a killed host is replaced without loss, and nothing is stored twice (${name})`,
    options,
    async (t) => {
      const folder = temporaryDataFolder(t);
      const { client, hosts, log, received } = childWired(t, folder, script);
      const seen: string[] = [];
      client.subscribe({ filter: { type: ['user_interaction'] } }, ({ id }) => seen.push(id));
      const before = await client.call('events.record', { events: [EVENT, EVENT] });
      const first = await client.call('health.get', {});
      assert.equal(first.processId, hosts[0]?.pid);
      await until(() => seen.length === 2, 'events of the first host');

      hosts[0]?.kill();
      const after = await client.call('events.record', { events: [EVENT, EVENT] });
      const second = await client.call('health.get', {});
      assert.equal(second.processId, hosts[1]?.pid);
      assert.notEqual(second.processId, first.processId);
      await until(() => seen.length === 4, 'events of the second host');
      assert.deepEqual(seen, [...before.ids, ...after.ids]);
      const stored = await allEvents(client, { type: ['user_interaction'] });
      assert.equal(stored.length, 4);
      assert.deepEqual(log, [
        'the engine is ready',
        'the engine is gone: it ended with code 128',
        'the engine is ready',
      ]);
      assert.ok(!received.some(({ kind }) => kind === 'connection'), 'and the page did not notice');
    },
  );

  test(
    `a host that is asked to close closes its session and ends by itself (${name})`,
    options,
    async (t) => {
      const folder = temporaryDataFolder(t);
      const { client, hosts, supervisor } = childWired(t, folder, script);
      const { ids } = await client.call('events.record', EVENT);
      let code: number | undefined;
      hosts[0]?.onExit((ended) => {
        code = ended;
      });
      await supervisor.stop('the reader closed the window');
      assert.equal(code, 0);
      const session = await Session.open(folder);
      cleanup(t, () => session.close());
      const events = await allEvents(session.client(), {});
      assert.ok(events.some(({ id }) => id === ids[0]));
      assert.ok(
        events.some((event) => JSON.stringify(event.data).includes('the reader closed the window')),
        'and the reason is recorded',
      );
    },
  );
}

if (process.platform !== 'win32') {
  test('Ctrl-C in a terminal does not end the host, a request to end does, in order', async (t) => {
    const folder = temporaryDataFolder(t);
    const host = startChildHost(t, folder);
    await new Promise<void>((resolve) => host.onMessage(({ kind }) => kind === 'ready' && resolve()));
    const exit = new Promise<number>((resolve) => host.onExit(resolve));
    process.kill(host.pid ?? 0, 'SIGINT');
    host.post({ kind: 'call', id: 1, method: 'health.get', params: {} });
    const answer = await new Promise<FromHost>((resolve) => host.onMessage(resolve));
    assert.equal(answer.kind, 'result');
    process.kill(host.pid ?? 0, 'SIGTERM');
    assert.equal(await exit, 0);
    const session = await Session.open(folder);
    cleanup(t, () => session.close());
    const events = await allEvents(session.client(), { type: ['system_health'] });
    assert.ok(events.some(({ data }) => JSON.stringify(data).includes('SIGTERM')));
  });
}

/** The main process, with a printer or without. */
function printed({ print, html }: Extract<FromHost, { kind: 'print' }>, hasPaper: boolean): ToHost {
  if (!hasPaper) return { kind: 'printed', print, why: 'no printer' };
  return { kind: 'printed', print, pdf: Buffer.from(`%PDF ${html.length}`).toString('base64') };
}

test('a report as PDF is printed by the main process, and why it was not is said', async (t) => {
  const folder = temporaryDataFolder(t);
  const host = localHost(t, () => Session.open(folder));
  const answers = new Map<number, PromiseWithResolvers<FromHost>>(
    [1, 2].map((id) => [id, Promise.withResolvers()]),
  );
  let hasPaper = true;
  host.onMessage((message) => {
    if (message.kind === 'print') host.post(printed(message, hasPaper));
    if (message.kind === 'result' || message.kind === 'problem') answers.get(message.id)?.resolve(message);
  });
  host.post({ kind: 'call', id: 1, method: 'reports.make', params: { kind: 'health', format: 'pdf' } });
  const made = await answers.get(1)?.promise;
  assert.ok(made?.kind === 'result');
  const file = made.result as Result<'reports.make'>;
  assert.match(file.fileName, /^aibos-health-.*\.pdf$/);
  assert.deepEqual([file.contentType, file.encoding], ['application/pdf', 'base64']);
  assert.match(Buffer.from(file.content, 'base64').toString(), /^%PDF \d{4,}$/);
  hasPaper = false;
  host.post({ kind: 'call', id: 2, method: 'reports.make', params: { format: 'pdf' } });
  const refused = await answers.get(2)?.promise;
  assert.ok(refused?.kind === 'problem');
  assert.equal(refused.problem.detail, 'The report was not printed: no printer.');
});

test('a scheduled PDF is printed by the main process too: no browser has to be installed', async (t) => {
  const folder = temporaryDataFolder(t);
  const target = temporaryFolder(t);
  scheduleDue(folder, target);
  const host = localHost(t, (print) => Session.open(folder, { print }));
  host.onMessage((message) => {
    if (message.kind === 'print') host.post(printed(message, true));
  });
  await until(() => readdirSync(target).some((name) => name.endsWith('.pdf')), 'the report that was due');
  const [name = ''] = readdirSync(target);
  assert.match(readFileSync(join(target, name), 'utf8'), /^%PDF \d{4,}$/);
});
