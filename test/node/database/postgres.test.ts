import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import type { EventInput } from '../../../core/contract/event.ts';
import { DatabaseConnector } from '../../../core/node/database/connector.ts';
import { hostEngine } from '../../../core/node/engine/host.ts';
import { OwnerLock } from '../../../core/node/owner/lock.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { PostgresShadow } from '../../../core/node/shadow/postgres.ts';
import { canonicalText, nameOf } from '../../../core/schema/snapshot.ts';
import { instrument } from '../../../core/trace/instrument.ts';
import { startPostgres } from '../../support/postgres.ts';
import { cleanup, temporaryDataFolder } from '../../support/temp.ts';

const SCHEMA = `
  CREATE SCHEMA app;
  CREATE TYPE app.mood AS ENUM ('happy', 'sad');
  CREATE TABLE app.people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL DEFAULT 'nobody' CHECK (name <> ''),
    mood app.mood,
    born timestamptz DEFAULT now()
  );
  CREATE TABLE pets (id int PRIMARY KEY, owner bigint REFERENCES app.people ON DELETE CASCADE, UNIQUE (owner, id));
  CREATE INDEX pets_owner ON pets (owner) WHERE owner > 0;
  CREATE VIEW happy AS SELECT name FROM app.people WHERE mood = 'happy';
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER pets_touch BEFORE UPDATE ON pets FOR EACH ROW EXECUTE FUNCTION touch();
  ALTER TABLE pets ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON pets USING (owner > 0);`;

test('the connector reads a real server, changes nothing, and says what is wrong without the password', async (t) => {
  const url = await startPostgres(t);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(SCHEMA);
  await admin.end();

  const events: EventInput[] = [];
  const connector = new DatabaseConnector(
    instrument('database-connector', (event) => events.push(event), nodePlatform),
    url,
  );
  cleanup(t, () => connector.close());
  const facts = await connector.facts();
  assert.deepEqual(
    [facts.database, facts.version.split('.')[0], facts.bytes > 1e6],
    ['postgres', '18', true],
  );
  const live = await connector.snapshot();
  assert.ok(connector.connections >= 1);
  assert.deepEqual(
    events.map(({ data }) => [data.operation, data.success]),
    [
      ['facts', true],
      ['snapshot', true],
    ],
  );

  const shadow = await PostgresShadow.start();
  cleanup(t, () => shadow.close());
  await shadow.prepare(SCHEMA);
  assert.equal(
    canonicalText(live),
    canonicalText(await shadow.snapshot()),
    'the shadow makes the schema that the server makes',
  );
  assert.deepEqual(live.relations.map((relation) => `${relation.kind} ${nameOf(relation)}`).sort(), [
    'table app.people',
    'table public.pets',
    'view public.happy',
  ]);

  const wrong = new DatabaseConnector(
    instrument('database-connector', (event) => events.push(event), nodePlatform),
    url.replace('only-for', 'not-for'),
  );
  cleanup(t, () => wrong.close());
  await assert.rejects(
    wrong.facts(),
    (error: Error) =>
      /password authentication failed/.test(error.message) && !error.message.includes('this-test'),
  );
  assert.match(wrong.fault ?? '', /password authentication failed/);
  assert.deepEqual([events.at(-1)?.data.operation, events.at(-1)?.data.success], ['facts', false]);
});

test('a database that goes away shows in the health of the engine', async (t) => {
  const folder = temporaryDataFolder(t);
  const lock = OwnerLock.tryAcquire(folder);
  cleanup(t, () => lock?.release());
  const hosted = await hostEngine(folder, { databaseUrl: 'postgres://nobody:hunter2@127.0.0.1:1/nowhere' });
  cleanup(t, () => hosted.close('test finished'));
  const caller = { role: 'admin', via: 'in-process' } as const;
  const connector = async () => {
    const { engines } = await hosted.dispatch('health.get', {}, caller);
    return engines.find(({ name }) => name === 'database-connector');
  };
  const until = Date.now() + 5_000;
  while ((await connector())?.state === 'ok' && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const found = await connector();
  assert.equal(found?.state, 'degraded');
  assert.match(found?.message ?? '', /ECONNREFUSED/);
  assert.ok(!JSON.stringify(await hosted.dispatch('health.get', {}, caller)).includes('hunter2'));
});
