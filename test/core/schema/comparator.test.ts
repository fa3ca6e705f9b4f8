import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlatform } from '../../../core/node/platform.ts';
import { compareSchemas } from '../../../core/schema/comparator.ts';
import type { Difference, Level } from '../../../core/schema/difference.ts';
import {
  canonicalText,
  EMPTY_SCHEMA,
  type Index,
  type Routine,
  type SchemaSnapshot,
  schemaHash,
  type UserType,
} from '../../../core/schema/snapshot.ts';
import { SchemaVersioning } from '../../../core/schema/versioning.ts';
import { column, schema, table } from './build.ts';

const a = table('a', [column('x')]);
const index: Index = { name: 'i', definition: 'CREATE INDEX i', unique: false, valid: true };
const mood = (labels: string[]): UserType => ({ kind: 'enum', schema: 'public', name: 'm', labels });
const routine = (definition: string, extra: Partial<Routine> = {}): Routine => ({
  kind: 'function',
  schema: 'public',
  name: 'f',
  argumentTypes: '',
  arguments: '',
  result: 'integer',
  language: 'sql',
  definition,
  ...extra,
});
const check = { name: 'c', type: 'check', definition: 'CHECK (true)', validated: true } as const;

const cases: [string, SchemaSnapshot, SchemaSnapshot, string[]][] = [
  ['nothing', schema([a]), schema([a]), []],
  [
    'the order of columns',
    schema([table('a', [column('x'), column('y')])]),
    schema([table('a', [column('y'), column('x')])]),
    [],
  ],
  ['a table more', EMPTY_SCHEMA, schema([a]), ['additive table_added public.a']],
  ['a table less', schema([a]), EMPTY_SCHEMA, ['breaking table_removed public.a, data lost']],
  [
    'a column more',
    schema([a]),
    schema([table('a', [column('x'), column('y')])]),
    ['additive column_added public.a.y'],
  ],
  [
    'a column that old code must fill',
    schema([a]),
    schema([table('a', [column('x'), column('y', { nullable: false })])]),
    ['breaking column_added public.a.y'],
  ],
  [
    'a column with a default',
    schema([a]),
    schema([table('a', [column('x'), column('y', { nullable: false, expression: "''" })])]),
    ['additive column_added public.a.y'],
  ],
  ['a column less', schema([a]), schema([table('a', [])]), ['breaking column_removed public.a.x, data lost']],
  [
    'another type',
    schema([a]),
    schema([table('a', [column('x', { type: 'int' })])]),
    ['breaking column_type_changed public.a.x'],
  ],
  [
    'a wider type',
    schema([table('a', [column('x', { type: 'character varying(20)' })])]),
    schema([table('a', [column('x', { type: 'character varying(40)' })])]),
    ['patch column_type_changed public.a.x'],
  ],
  [
    'NOT NULL',
    schema([a]),
    schema([table('a', [column('x', { nullable: false })])]),
    ['breaking not_null_added public.a.x'],
  ],
  [
    'another default',
    schema([a]),
    schema([table('a', [column('x', { expression: '1' })])]),
    ['patch default_changed public.a.x'],
  ],
  ['an index', schema([a]), schema([{ ...a, indexes: [index] }]), ['patch index_added public.a.i']],
  [
    'a unique index',
    schema([a]),
    schema([{ ...a, indexes: [{ ...index, unique: true }] }]),
    ['breaking index_added public.a.i'],
  ],
  [
    'a check',
    schema([a]),
    schema([{ ...a, constraints: [check] }]),
    ['breaking constraint_added public.a.c'],
  ],
  [
    'a check that is now proven',
    schema([{ ...a, constraints: [{ ...check, definition: 'CHECK (true) NOT VALID', validated: false }] }]),
    schema([{ ...a, constraints: [check] }]),
    ['patch constraint_validated public.a.c'],
  ],
  [
    'row security',
    schema([a]),
    schema([{ ...a, rowSecurity: 'enabled' }]),
    ['breaking row_security_changed public.a'],
  ],
  ['a comment', schema([a]), schema([{ ...a, comment: 'why' }]), ['patch comment_changed public.a']],
  [
    'a privilege less',
    schema([{ ...a, grants: ['SELECT TO app', 'UPDATE TO app'] }]),
    schema([{ ...a, grants: ['SELECT TO app'] }]),
    ['breaking grants_changed public.a'],
  ],
  [
    'an enum value more and one less',
    schema([], { types: [mood(['a', 'b'])] }),
    schema([], { types: [mood(['b', 'c'])] }),
    ['additive enum_value_added public.m.c', 'breaking enum_value_removed public.m.a'],
  ],
  [
    'the order of an enum',
    schema([], { types: [mood(['a', 'b'])] }),
    schema([], { types: [mood(['b', 'a'])] }),
    ['breaking enum_reordered public.m'],
  ],
  [
    'a function less',
    schema([], { routines: [routine('1')] }),
    EMPTY_SCHEMA,
    ['breaking function_removed public.f()'],
  ],
  [
    'a function changed',
    schema([], { routines: [routine('1')] }),
    schema([], { routines: [routine('2')] }),
    ['patch function_changed public.f()'],
  ],
  [
    'a function of another result',
    schema([], { routines: [routine('1')] }),
    schema([], { routines: [routine('1', { result: 'text' })] }),
    ['breaking function_signature_changed public.f()'],
  ],
];

for (const [name, before, after, expected] of cases) {
  test(`compares: ${name}`, () => {
    const found = compareSchemas(before, after).map(
      ({ level, kind, object, losesData }) => `${level} ${kind} ${object}${losesData ? ', data lost' : ''}`,
    );
    assert.deepEqual(found, expected);
    assert.equal(
      schemaHash(before, nodePlatform) === schemaHash(after, nodePlatform),
      expected.length === 0,
      'hashes are equal exactly where nothing differs',
    );
  });
}

test('a difference carries both sides and its consequence', () => {
  const [found] = compareSchemas(schema([a]), schema([table('a', [column('x', { type: 'integer' })])]));
  assert.ok(found?.kind === 'column_type_changed');
  assert.deepEqual(
    [found.before, found.after, found.relation, found.lock, found.cost],
    ['text', 'integer', 'public.a', 'ACCESS EXCLUSIVE', 'rewrite'],
  );
});

test('equal schemas have equal texts whatever the order of their parts', () => {
  const two = { ...index, name: 'j' };
  const b = table('b', [column('x')], { indexes: [index, two] });
  const turned = { ...b, indexes: [two, index] };
  assert.equal(canonicalText(schema([a, b])), canonicalText(schema([turned, a])));
  assert.notEqual(canonicalText(schema([a, b])), canonicalText(schema([a])));
});

test('versions move by the worst change, and say why', () => {
  const versioning = new SchemaVersioning({ measure: (_operation, work) => work() }, nodePlatform, '1.2.3');
  const step = (level: Level) =>
    versioning.advance('m', schema([a]), [
      { level, kind: 'column_added', object: 'public.a.y', consequence: '' } as Difference,
    ]);
  assert.equal(step('patch').version, '1.2.4');
  assert.equal(step('additive').version, '1.3.0');
  const breaking = step('breaking');
  assert.deepEqual([breaking.version, breaking.reasons], ['2.0.0', ['column added: public.a.y']]);
  assert.equal(versioning.advance('m', schema([a]), []).version, '2.0.0');
});
