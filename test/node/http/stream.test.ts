/** The live stream of events. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { stream } from '../../../core/contract/methods.ts';
import { startServer, type TestServer } from '../../support/engine.ts';
import { event, post } from './requests.ts';

let server: TestServer;
before(async (t) => {
  server = await startServer(t as never);
});

test('the stream delivers what comes, resumes behind Last-Event-ID and filters', async (t) => {
  const read = async (headers: Record<string, string>, query: string, until: number) => {
    const abort = new AbortController();
    t.after(() => abort.abort());
    const response = await server.fetch(`${stream.path}?${query}`, { headers, signal: abort.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const events: { id: number; action: string }[] = [];
    const done = (async () => {
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString('utf8');
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const id = /^id: (\d+)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (id && data) events.push({ id: Number(id), action: JSON.parse(data).data.action });
        }
        if (events.length >= until) break;
      }
      abort.abort();
    })();
    return { events, done };
  };
  const live = await read({}, 'type=user_interaction', 3);
  await post(server, '/api/telemetry/events', event({ data: { action: 'live 1' } }));
  await post(server, '/api/telemetry/events', {
    type: 'error_occurrence',
    source: 'test',
    data: { message: 'filtered out' },
  });
  await post(server, '/api/telemetry/events', {
    events: [event({ data: { action: 'live 2' } }), event({ data: { action: 'live 3' } })],
  });
  await live.done;
  assert.deepEqual(
    live.events.map(({ action }) => action),
    ['live 1', 'live 2', 'live 3'],
  );
  const resumed = await read({ 'last-event-id': String(live.events[0]?.id) }, 'type=user_interaction', 2);
  await resumed.done;
  assert.deepEqual(
    resumed.events.map(({ action }) => action),
    ['live 2', 'live 3'],
  );
  assert.equal((await server.fetch(stream.path, { headers: { 'last-event-id': 'x' } })).status, 400);
  assert.equal((await server.fetch(`${stream.path}?type=nonsense`)).status, 400);
});
