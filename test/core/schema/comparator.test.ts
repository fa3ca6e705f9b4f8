import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlatform } from '../../../core/node/platform.ts';
import { compareSchemas, type Level } from '../../../core/schema/comparator.ts';
import {
  type Column,
  canonicalText,
  EMPTY_SCHEMA,
  type Relation,
  type SchemaSnapshot,
} from '../../../core/schema/snapshot.ts';
import { SchemaVersioning } from '../../../core/schema/versioning.ts';

const column = (name: string, extra: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  nullable: true,
  expression: null,
  ...extra,
});
const table = (name: string, columns: Column[], extra: Partial<Relation> = {}): Relation => ({
  name,
  kind: 'table',
  columns,
  constraints: {},
  indexes: {},
  triggers: {},
  policies: {},
  definition: null,
  ...extra,
});
const schema = (relations: Relation[], extra: Partial<SchemaSnapshot> = {}): SchemaSnapshot => ({
  ...EMPTY_SCHEMA,
  relations,
  ...extra,
});

const a = table('public.a', [column('x')]);

const cases: [string, SchemaSnapshot, SchemaSnapshot, string[]][] = [
  ['nothing', schema([a]), schema([a]), []],
  ['a table more', EMPTY_SCHEMA, schema([a]), ['additive table_added public.a']],
  ['a table less', schema([a]), EMPTY_SCHEMA, ['breaking table_removed public.a']],
  [
    'a column more',
    schema([a]),
    schema([table('public.a', [column('x'), column('y')])]),
    ['additive column_added public.a.y'],
  ],
  [
    'a column that old code must fill',
    schema([a]),
    schema([table('public.a', [column('x'), column('y', { nullable: false })])]),
    ['breaking column_added public.a.y'],
  ],
  [
    'a column with a default',
    schema([a]),
    schema([table('public.a', [column('x'), column('y', { nullable: false, expression: "''" })])]),
    ['additive column_added public.a.y'],
  ],
  ['a column less', schema([a]), schema([table('public.a', [])]), ['breaking column_removed public.a.x']],
  [
    'another type',
    schema([a]),
    schema([table('public.a', [column('x', { type: 'int' })])]),
    ['breaking column_type_changed public.a.x'],
  ],
  [
    'NOT NULL',
    schema([a]),
    schema([table('public.a', [column('x', { nullable: false })])]),
    ['breaking not_null_added public.a.x'],
  ],
  [
    'another default',
    schema([a]),
    schema([table('public.a', [column('x', { expression: '1' })])]),
    ['patch default_changed public.a.x'],
  ],
  [
    'an index',
    schema([a]),
    schema([{ ...a, indexes: { i: 'CREATE INDEX' } }]),
    ['patch index_added public.a.i'],
  ],
  [
    'an enum value more and one less',
    schema([], { enums: { m: ['a', 'b'] } }),
    schema([], { enums: { m: ['b', 'c'] } }),
    ['additive enum_value_added m.c', 'breaking enum_value_removed m.a'],
  ],
  [
    'a function less',
    schema([], { functions: { 'f()': '1' } }),
    EMPTY_SCHEMA,
    ['breaking function_removed f()'],
  ],
  [
    'a function changed',
    schema([], { functions: { 'f()': '1' } }),
    schema([], { functions: { 'f()': '2' } }),
    ['patch function_changed f()'],
  ],
];

for (const [name, before, after, expected] of cases) {
  test(`compares: ${name}`, () => {
    const found = compareSchemas(before, after).map(
      ({ level, kind, object }) => `${level} ${kind} ${object}`,
    );
    assert.deepEqual(found, expected);
  });
}

test('equal schemas have equal texts whatever the order of their parts', () => {
  const b = table('public.b', [column('x')], { indexes: { one: '1', two: '2' } });
  const turned = { ...b, indexes: { two: '2', one: '1' } };
  assert.equal(canonicalText(schema([a, b])), canonicalText(schema([turned, a])));
  assert.notEqual(canonicalText(schema([a, b])), canonicalText(schema([a])));
});

test('versions move by the worst change, and say why', () => {
  const versioning = new SchemaVersioning({ measure: (_operation, work) => work() }, nodePlatform, '1.2.3');
  const step = (level: Level) =>
    versioning.advance('m', schema([a]), [
      { level, kind: 'column_added', object: 'public.a.y', consequence: '' },
    ]);
  assert.equal(step('patch').version, '1.2.4');
  assert.equal(step('additive').version, '1.3.0');
  const breaking = step('breaking');
  assert.deepEqual([breaking.version, breaking.reasons], ['2.0.0', ['column added: public.a.y']]);
  assert.equal(versioning.advance('m', schema([a]), []).version, '2.0.0');
});
