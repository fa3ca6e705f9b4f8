import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOf } from '../../../core/database/environment.ts';

const at = (host: string, database = 'shop', user = 'app') => ({ host, database, user });

const cases: [string, ReturnType<typeof at>, string][] = [
  ['this machine', at('127.0.0.1'), 'development'],
  ['this machine by name', at('localhost'), 'development'],
  ['a socket', at('/var/run/postgresql'), 'development'],
  ['a file', at('', 'app.sqlite', ''), 'development'],
  ['a host called so', at('db.prod.example.com'), 'production'],
  ['a word of a host', at('shop-production-1.rds.amazonaws.com'), 'production'],
  ['production through a tunnel', at('localhost', 'shop_production'), 'production'],
  ['the user tells', at('10.0.0.5', 'shop', 'prod_app'), 'production'],
  ['preprod is no production', at('preprod-db.example.com'), 'staging'],
  ['pre-prod is none either', at('pre-prod.example.com'), 'staging'],
  ['nor is nonprod', at('db.nonprod.example.com'), 'staging'],
  ['nor a product', at('products.example.com'), 'unknown'],
  ['staging', at('db', 'shop_staging'), 'staging'],
  ['continuous integration', at('postgres', 'shop_ci'), 'test'],
  ['numbered', at('prod2.example.com'), 'production'],
  ['nothing tells', at('10.1.2.3'), 'unknown'],
];

for (const [name, address, expected] of cases) {
  test(`environment: ${name}`, () => assert.equal(environmentOf(address).environment, expected));
}

test('the manifest has the last word, with * for anything', () => {
  const patterns = {
    production: { hosts: ['*.eu.example.com'], databases: ['main'] },
    staging: { hosts: ['prod-copy*'] },
  };
  const named = (address: ReturnType<typeof at>) => environmentOf(address, patterns).environment;
  assert.equal(named(at('db1.eu.example.com')), 'production');
  assert.equal(named(at('localhost', 'main')), 'production');
  assert.equal(named(at('prod-copy-3')), 'staging');
  assert.equal(named(at('eu.example.com')), 'unknown');
  assert.match(environmentOf(at('db1.eu.example.com'), patterns).reason, /manifest .*\*\.eu\.example\.com/);
});
