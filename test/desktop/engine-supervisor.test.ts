import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type EngineState,
  FAILING_AFTER,
  FIRST_DELAY_MS,
  LONGEST_DELAY_MS,
  START_PATIENCE_MS,
  STEADY_MS,
  STOP_PATIENCE_MS,
} from '../../desktop/main/engine-supervisor.ts';
import { supervised } from './support/fake-host.ts';

function started() {
  const all = supervised();
  const states: EngineState['kind'][] = [];
  all.supervisor.onState(({ kind }) => states.push(kind));
  all.supervisor.start();
  return { ...all, states };
}

test('starts one host, and is ready when the host is', () => {
  const { supervisor, hosts, host, states, log } = started();
  supervisor.start();
  assert.equal(hosts.length, 1);
  assert.equal(supervisor.state.kind, 'starting');
  host().ready();
  assert.deepEqual(states, ['starting', 'ready']);
  assert.deepEqual(log, ['the engine is ready']);
});

test('says so when it attached to the engine of another process', () => {
  const { host, log } = started();
  host().say({ kind: 'ready', owner: false });
  assert.deepEqual(log, ['attached to the engine of another process']);
});

test('a host that dies is started again after the first delay, and not before', () => {
  const { clock, hosts, host, states, log } = started();
  host().ready();
  host().exit(139);
  clock.pass(FIRST_DELAY_MS - 1);
  assert.equal(hosts.length, 1);
  clock.pass(1);
  assert.equal(hosts.length, 2);
  host().ready();
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'ready']);
  assert.equal(log[1], 'the engine is gone: it ended with code 139');
});

test('the delay doubles with each failure in a row, up to a bound, and it never gives up', () => {
  const { clock, hosts, host, supervisor } = started();
  const delays: number[] = [];
  for (let i = 0; i < 12; i++) {
    host().exit(1);
    const before = hosts.length;
    let waited = 0;
    for (; hosts.length === before; waited += 125) clock.pass(125);
    delays.push(waited);
    assert.equal(supervisor.state.kind, i + 1 < FAILING_AFTER ? 'restarting' : 'failing');
  }
  assert.deepEqual(delays.slice(0, 7), [250, 500, 1000, 2000, 4000, 8000, 16000]);
  assert.deepEqual(new Set(delays.slice(7)), new Set([LONGEST_DELAY_MS]));
  host().ready();
  assert.equal(supervisor.state.kind, 'ready');
});

test('running steadily makes earlier failures history; a short run does not', () => {
  const { clock, hosts, host } = started();
  const crashAfter = (ms: number) => {
    host().ready();
    clock.pass(ms);
    host().exit(1);
  };
  crashAfter(1_000);
  clock.pass(FIRST_DELAY_MS);
  crashAfter(1_000);
  clock.pass(FIRST_DELAY_MS);
  assert.equal(hosts.length, 2, 'the second delay is longer');
  clock.pass(FIRST_DELAY_MS);
  crashAfter(STEADY_MS);
  clock.pass(FIRST_DELAY_MS);
  assert.equal(hosts.length, 4);
});

test('a host that cannot open the session is ended, and its reason is kept', () => {
  const { host, hosts, clock, supervisor } = started();
  const problem = { type: '', title: '', status: 503, detail: 'Another process holds the folder.' };
  const first = host();
  first.say({ kind: 'failed', problem });
  assert.equal(first.killed, true);
  assert.deepEqual(supervisor.state, { kind: 'restarting', why: problem.detail });
  clock.pass(FIRST_DELAY_MS);
  assert.equal(hosts.length, 2);
});

test('a host that never gets ready is ended and started again', () => {
  const { host, hosts, clock, supervisor } = started();
  const first = host();
  clock.pass(START_PATIENCE_MS);
  assert.equal(first.killed, true);
  assert.deepEqual(supervisor.state, { kind: 'restarting', why: 'it was not ready in time' });
  clock.pass(FIRST_DELAY_MS);
  assert.equal(hosts.length, 2);
});

test('what an ended host still says is not heard', () => {
  const { host, clock, supervisor } = started();
  const heard: string[] = [];
  supervisor.onMessage(({ kind }) => heard.push(kind));
  const first = host();
  first.ready();
  first.exit(1);
  clock.pass(FIRST_DELAY_MS);
  first.say({ kind: 'result', id: 1, result: {} });
  first.ready();
  assert.deepEqual(heard, []);
  assert.equal(supervisor.state.kind, 'restarting');
});

test('stopping closes the session first and waits for the process to end', async () => {
  const { host, supervisor, states, clock } = started();
  host().ready();
  const stopped = supervisor.stop('the app quits');
  assert.equal(supervisor.stop('again'), stopped, 'asked twice, done once');
  assert.deepEqual(host().received, [{ kind: 'close', reason: 'the app quits' }]);
  assert.equal(supervisor.state.kind, 'ready');
  host().exit(0);
  await stopped;
  assert.deepEqual(states, ['starting', 'ready', 'stopped']);
  assert.equal(clock.waiting, 0, 'nothing is left to do');
});

test('a host that does not close in time is killed', async () => {
  const { host, supervisor, clock, log } = started();
  host().ready();
  const stopped = supervisor.stop('the app quits');
  clock.pass(STOP_PATIENCE_MS);
  await stopped;
  assert.equal(host().killed, true);
  assert.equal(log.at(-1), 'the engine did not close in time and is killed');
});

test('stopping while a restart is due takes it back, and nothing starts after that', async () => {
  const { host, hosts, supervisor, clock } = started();
  host().exit(1);
  await supervisor.stop('the app quits');
  supervisor.start();
  clock.pass(LONGEST_DELAY_MS);
  assert.equal(hosts.length, 1);
  assert.equal(supervisor.state.kind, 'stopped');
});
