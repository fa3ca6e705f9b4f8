import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type EventType, eventData } from '../../../core/contract/event.ts';
import { MAX_BATCH, METHOD_NAMES, methods, stream } from '../../../core/contract/methods.ts';
import { openApiPath } from '../../../core/contract/openapi.ts';
import { startServer, type TestServer } from '../../support/engine.ts';
import { event, get, post, problem } from './requests.ts';

/** One valid `data` of each type. */
const examples: Record<EventType, object> = {
  schema_operation: {
    operation: 'add_column',
    objects: ['public.users'],
    outcome: 'succeeded',
    durationMs: 3,
  },
  migration_execution: {
    migration: '001_init',
    outcome: 'failed',
    durationMs: 12,
    error: { message: 'no', sqlState: '23505' },
  },
  performance_metric: { operation: 'compare', durationMs: 1.5, success: true },
  error_occurrence: { message: 'broken', severity: 'error', code: 'E1' },
  user_interaction: { action: 'open-dashboard' },
  system_health: { component: 'tester', state: 'ok' },
  security_event: { kind: 'grant', severity: 'warning' },
  compliance_check: { rule: 'naming', result: 'pass' },
  ai_prediction: {
    modelId: 'error-prediction',
    subject: '001_init',
    confidence: 0.5,
    failureProbability: 0.9,
  },
  ai_accuracy: {
    predictionId: '01890000-0000-7000-8000-000000000001',
    modelId: 'error-prediction',
    accuracy: 0.9,
  },
  learning_feedback: {
    eventId: '01890000-0000-7000-8000-000000000002',
    actualOutcome: 'failed',
    accuracy: 1,
  },
  model_update: { modelId: 'error-prediction', version: '1', status: 'inactive' },
};

/** The first routes that the product promised, written out: the table must not drift from them. */
const PROMISED = [
  'POST /api/telemetry/events',
  'GET /api/telemetry/events',
  'GET /api/telemetry/events/:id',
  'POST /api/telemetry/feedback',
  'GET /api/telemetry/feedback',
  'POST /api/telemetry/analyze',
  'POST /api/telemetry/train-models',
  'GET /api/telemetry/models',
  'GET /api/telemetry/models/:id/performance',
  'GET /api/telemetry/insights',
  'GET /api/telemetry/health',
  'GET /api/schema/diff',
  'GET /api/schema/snapshot',
  'GET /api/schema/versions',
  'GET /api/telemetry/stats',
];

let server: TestServer;
before(async (t) => {
  server = await startServer(t as never);
});

test('the table is what was promised, and the server and its OpenAPI document are the table', async () => {
  const table = METHOD_NAMES.map((name) => `${methods[name].rest.verb} ${methods[name].rest.path}`);
  assert.deepEqual(
    PROMISED.filter((route) => !table.includes(route)),
    [],
  );
  const { body } = await get(server, '/openapi.json');
  assert.equal(body.openapi, '3.1.0');
  const paths = body.paths as Record<string, Record<string, { operationId: string }>>;
  const documented = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const expected = [...table, `GET ${stream.path}`].map((route) => openApiPath(route));
  assert.deepEqual(documented.sort(), expected.sort());
  for (const name of METHOD_NAMES) {
    const { rest } = methods[name];
    assert.equal(paths[openApiPath(rest.path)]?.[rest.verb.toLowerCase()]?.operationId, name);
    const response = await server.fetch(rest.path.replace(':id', 'error-prediction'), {
      method: rest.verb,
      headers: { authorization: '' },
    });
    assert.equal(response.status, 401, `${name} exists and asks for a token`);
  }
});

test('every type of event is recorded, read back and found', async () => {
  for (const [type, data] of Object.entries(examples)) {
    const { status, body } = await post(server, '/api/telemetry/events', { type, source: 'types', data });
    assert.equal(status, 201, `${type}: ${JSON.stringify(body)}`);
    const [id] = body.ids as string[];
    const read = await get(server, `/api/telemetry/events/${id}`);
    assert.deepEqual([read.status, read.body.type, read.body.data], [200, type, data]);
  }
  const { body } = await get(server, '/api/telemetry/events?source=types&limit=100');
  assert.equal((body.items as unknown[]).length, Object.keys(eventData).length);
  const failed = await get(server, '/api/telemetry/events?source=types&status=error');
  assert.deepEqual((failed.body.items as { type: string }[]).map(({ type }) => type).sort(), [
    'error_occurrence',
    'migration_execution',
  ]);
});

test('a type without its required field is refused with the place', async () => {
  for (const type of Object.keys(eventData)) {
    const { status, body } = await post(server, '/api/telemetry/events', { type, source: 'test', data: {} });
    assert.equal(status, 400, type);
    assert.match(problem(body).errors?.[0]?.pointer ?? '', /^\/data\/\w+$/);
    assert.equal(problem(body).errors?.[0]?.message, 'is missing');
  }
});

test('malformed events are refused with every field at fault, and cost nothing else', async () => {
  const cases: [unknown, string, RegExp][] = [
    [event({ type: 'nonsense' }), '/type', /unknown; use one of schema_operation/],
    [event({ source: 'with spaces' }), '/source', /pattern|must/],
    [event({ id: '42' }), '/id', /pattern|must/],
    [event({ timestamp: 'yesterday' }), '/timestamp', /RFC 3339/],
    [event({ colour: 'red' }), '/colour', /not a known field/],
    [event({ metadata: { mood: 'good' } }), '/metadata/mood', /not a known field/],
    [event({ data: { action: '' } }), '/data/action', /fewer|must/],
    [event({ data: 'text' }), '/data', /object/],
    [
      { type: 'migration_execution', source: 'x', data: { migration: 'a', outcome: 'maybe' } },
      '/data/outcome',
      /must be one of succeeded, failed/,
    ],
    [
      { type: 'performance_metric', source: 'x', data: { operation: 'a', durationMs: -1, success: true } },
      '/data/durationMs',
      /must be >= 0/,
    ],
    [17, '', /must be an event/],
    [[], '', /array of 1 to/],
    [[17], '/events/0', /must be an object/],
    [{ events: [event()], more: 1 }, '/more', /not a known field/],
    [{ events: [] }, '/events', /array of 1 to/],
    [{ events: 'x' }, '/events', /array of 1 to/],
    [{ events: Array(MAX_BATCH + 1).fill(null) }, '/events', /array of 1 to/],
  ];
  for (const [body, pointer, message] of cases) {
    const answer = await post(server, '/api/telemetry/events', body);
    assert.equal(answer.status, 400, JSON.stringify(answer.body));
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    const found = problem(answer.body).errors?.find((error) => error.pointer === pointer);
    assert.match(found?.message ?? `nothing at ${pointer}: ${JSON.stringify(answer.body)}`, message);
  }
  const mixed = await post(server, '/api/telemetry/events', {
    events: [event({ source: 'mixed' }), { nonsense: true }, event({ source: 'mixed' })],
  });
  assert.equal(mixed.status, 207);
  assert.deepEqual(
    [mixed.body.accepted, (mixed.body.rejected as { index: number }[]).map(({ index }) => index)],
    [2, [1]],
  );
  const array = await post(server, '/api/telemetry/events', [event({ source: 'mixed' })]);
  assert.deepEqual([array.status, array.body.accepted], [201, 1]);
  assert.equal(((await get(server, '/api/telemetry/events?source=mixed')).body.items as unknown[]).length, 3);
});

test('broken bodies get a problem that says what is broken', async () => {
  const send = async (body: Uint8Array | string, type = 'application/json') => {
    const response = await server.fetch('/api/telemetry/events', {
      method: 'POST',
      body: body as BodyInit,
      headers: { 'content-type': type },
    });
    return { status: response.status, body: problem(await response.json()) };
  };
  const cases: [Uint8Array | string, number, string, RegExp, string?][] = [
    ['{"type":', 400, 'invalid-json', /not valid JSON/],
    ['', 400, 'invalid-json', /empty|JSON/],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'invalid-utf8', /at byte 2/],
    ['{"__proto__": {"x": 1}}', 400, 'invalid-json', /JSON/],
    ['type=x', 415, 'unsupported-media-type', /application\/json/, 'application/x-www-form-urlencoded'],
    [`{"x":"${'y'.repeat(17 * 1024 * 1024)}"}`, 413, 'body-too-large', /smaller batches/],
  ];
  for (const [body, status, code, detail, type] of cases) {
    const answer = await send(body, type);
    assert.equal(answer.status, status, code);
    assert.equal(answer.body.type, `urn:aibos:problem:${code}`);
    assert.match(answer.body.detail, detail);
  }
});

test('the same event sent again is acknowledged and stored once', async () => {
  const once = event({ id: '01890000-0000-7000-8000-00000000aaaa', source: 'again' });
  assert.deepEqual(
    [
      (await post(server, '/api/telemetry/events', once)).status,
      (await post(server, '/api/telemetry/events', once)).status,
    ],
    [201, 200],
  );
  const upper = await post(server, '/api/telemetry/events', { ...once, id: once.id.toUpperCase() });
  assert.deepEqual([upper.body.accepted, upper.body.duplicates], [0, 1]);
  assert.equal(((await get(server, '/api/telemetry/events?source=again')).body.items as unknown[]).length, 1);
  await post(server, '/api/telemetry/events', { ...once, source: 'again-2' });
  const both = await get(server, `/api/telemetry/events/${once.id}`);
  assert.deepEqual([both.status, problem(both.body).type], [409, 'urn:aibos:problem:conflict']);
  assert.equal((await get(server, `/api/telemetry/events/${once.id}?source=again-2`)).body.source, 'again-2');
});

test('pages go through all events in both orders, also when times are equal', async () => {
  const events = Array.from({ length: 23 }, (_, i) =>
    event({
      source: 'paged',
      timestamp: `2026-01-01T00:00:${String(Math.floor(i / 4)).padStart(2, '0')}.000Z`,
      data: { action: `n${i}` },
    }),
  );
  await post(server, '/api/telemetry/events', { events });
  for (const order of ['newest', 'oldest']) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(
        server,
        `/api/telemetry/events?source=paged&limit=5&order=${order}${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...(body.items as { data: { action: string } }[]).map(({ data }) => data.action));
      cursor = String(body.nextCursor ?? '');
    } while (cursor);
    const expected = events.map(({ data }) => (data as { action: string }).action);
    assert.deepEqual(seen, order === 'oldest' ? expected : expected.reverse());
  }
  const bad = await get(server, '/api/telemetry/events?cursor=nonsense');
  assert.deepEqual([bad.status, problem(bad.body).errors?.[0]?.pointer], [400, '/cursor']);
});

test('filters by type, time, text, workspace and correlation', async () => {
  const at = (timestamp: string, extra: object) => event({ source: 'filters', timestamp, ...extra });
  await post(server, '/api/telemetry/events', {
    events: [
      at('2025-03-01T10:00:00Z', {
        data: { action: 'first 100% "sure"' },
        metadata: { workspace: 'w1', correlationId: 'c1' },
      }),
      at('2025-03-02T10:00:00+02:00', { data: { action: 'second' }, metadata: { workspace: 'w2' } }),
      {
        type: 'error_occurrence',
        source: 'filters',
        timestamp: '2025-03-03T10:00:00Z',
        data: { message: 'under_score' },
      },
    ],
  });
  const count = async (query: string) =>
    ((await get(server, `/api/telemetry/events?source=filters&${query}`)).body.items as unknown[]).length;
  const cases: [string, number][] = [
    ['type=user_interaction', 2],
    ['type=user_interaction&type=error_occurrence', 3],
    ['from=2025-03-02T08:00:00Z', 2],
    ['from=2025-03-02T08:00:00.001Z', 1],
    ['to=2025-03-02T08:00:00Z', 1],
    ['text=SECOND', 1],
    ['text=100%25%20%22sure', 1],
    ['text=under_score', 1],
    ['text=underXscore', 0],
    ['workspace=w1', 1],
    ['correlationId=c1', 1],
    ['status=error', 1],
  ];
  for (const [query, expected] of cases) assert.equal(await count(query), expected, query);
  for (const query of ['limit=0', 'limit=x', 'type=nonsense', 'from=monday', 'colour=red']) {
    assert.equal((await get(server, `/api/telemetry/events?${query}`)).status, 400, query);
  }
});

test('feedback joins its prediction: accuracy is worked out, stored and shown', async () => {
  const prediction = await post(server, '/api/telemetry/events', {
    type: 'ai_prediction',
    source: 'feedback',
    data: {
      modelId: 'error-prediction',
      subject: '007',
      confidence: 0.8,
      failureProbability: 0.9,
      modelVersion: '3',
    },
  });
  const [eventId] = prediction.body.ids as string[];
  const given = await post(server, '/api/telemetry/feedback', {
    eventId,
    actualOutcome: 'failed',
    feedback: 'it did, password=hunter2',
    userRating: 4,
    corrections: [{ field: 'durationMs', predicted: 1, corrected: 2 }],
    improvements: ['look at row counts'],
  });
  assert.equal(given.status, 201, JSON.stringify(given.body));
  assert.equal(given.body.accuracy, 0.9);
  assert.ok(!JSON.stringify(given.body).includes('hunter2'));
  const listed = await get(server, `/api/telemetry/feedback?eventId=${eventId}`);
  assert.deepEqual(
    (listed.body.items as { id: string }[]).map(({ id }) => id),
    [given.body.id],
  );
  const performance = await get(server, '/api/telemetry/models/error-prediction/performance');
  const realised = performance.body.realised as {
    resolved: number;
    byVersion: { version: string; accuracy: number }[];
  };
  assert.deepEqual(
    realised.byVersion.find(({ version }) => version === '3'),
    { version: '3', resolved: 1, accuracy: 0.9 },
  );

  const unknown = await post(server, '/api/telemetry/feedback', {
    eventId: '01890000-0000-7000-8000-00000000ffff',
    actualOutcome: 'x',
  });
  assert.equal(unknown.status, 404);
  const [plain] = (await post(server, '/api/telemetry/events', event())).body.ids as string[];
  const unclear = await post(server, '/api/telemetry/feedback', { eventId: plain, actualOutcome: 'x' });
  assert.deepEqual([unclear.status, problem(unclear.body).errors?.[0]?.pointer], [400, '/accuracy']);
  assert.equal(
    (await post(server, '/api/telemetry/feedback', { eventId: plain, actualOutcome: 'x', userRating: 5 }))
      .body.accuracy,
    1,
  );
  assert.equal(
    (await post(server, '/api/telemetry/feedback', { eventId: plain, actualOutcome: 'x', userRating: 6 }))
      .status,
    400,
  );
});

test('analysis, insights, models, training, health and statistics answer from what was recorded', async () => {
  const analysis = await post(server, '/api/telemetry/analyze', {});
  assert.equal(analysis.status, 200);
  assert.ok((analysis.body.eventsAnalysed as number) > 10);
  assert.equal((await get(server, '/api/telemetry/insights')).status, 200);
  const models = await get(server, '/api/telemetry/models');
  assert.deepEqual((models.body.items as { id: string }[]).map(({ id }) => id).sort(), [
    'anomaly-detection',
    'error-prediction',
    'performance-prediction',
    'usage-pattern',
  ]);
  const trained = await post(server, '/api/telemetry/train-models', { models: ['error-prediction'] });
  const [result] = trained.body.results as { trained: boolean; message: string }[];
  assert.deepEqual(
    [result?.trained, result?.message],
    [false, 'not enough data: 1 of 40 migrations with a known outcome'],
  );
  assert.equal((await get(server, '/api/telemetry/models/nonsense/performance')).status, 400);
  const health = await get(server, '/api/telemetry/health');
  assert.deepEqual([health.body.state, (health.body.engines as unknown[]).length], ['ok', 6]);
  assert.ok((health.body.resources as { memoryBytes: number }).memoryBytes > 1e6);
  const stats = await get(server, '/api/telemetry/stats');
  assert.equal((stats.body.migrations as { failed: number }).failed, 1);
  assert.equal((await get(server, '/api/telemetry/stats?workspace=w1')).body.events, 1);
});

test('audited calls leave an audit entry', async () => {
  await post(server, '/api/telemetry/train-models', { models: ['usage-pattern'] });
  const { body } = await get(server, '/api/telemetry/events?type=security_event&text=models.train');
  const [entry] = body.items as { data: Record<string, unknown> }[];
  const { kind, method, role, result } = entry?.data ?? {};
  assert.deepEqual(
    { kind, method, role, result },
    { kind: 'audit', method: 'models.train', role: 'admin', result: 'done' },
  );
});

test('unknown places and wrong verbs say what there is', async () => {
  const nowhere = await get(server, '/api/telemetry/nonsense');
  assert.deepEqual([nowhere.status, problem(nowhere.body).type], [404, 'urn:aibos:problem:not-found']);
  const wrong = await server.fetch('/api/telemetry/events', { method: 'DELETE' });
  assert.equal(wrong.status, 405);
  assert.match(problem(await wrong.json()).detail, /takes POST and GET, not DELETE/);
  assert.equal((await get(server, '/api/telemetry/events/not-a-uuid')).status, 400);
  assert.equal((await get(server, '/../../etc/passwd')).status, 404);
});
