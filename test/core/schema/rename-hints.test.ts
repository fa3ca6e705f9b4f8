import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSchemas } from '../../../core/schema/comparator.ts';
import { renameHints } from '../../../core/schema/rename-hints.ts';
import { column, schema, table } from './build.ts';

const index = (name: string, on: string) => ({
  name,
  definition: `CREATE INDEX ${name} ON public.t USING btree (${on})`,
  unique: false,
  valid: true,
});
const wide = ['id', 'name', 'email', 'born'].map((name) => column(name));

const cases: [string, ReturnType<typeof table>[], ReturnType<typeof table>[], string[]][] = [
  ['nothing', [table('t', wide)], [table('t', wide)], []],
  ['a table', [table('users', wide)], [table('people', wide)], ['table public.users public.people']],
  ['tables of little in common', [table('users', wide)], [table('people', [column('x')])], []],
  [
    'a column of the same type and a like name',
    [table('t', [column('full_name')])],
    [table('t', [column('name')])],
    ['column public.t.full_name public.t.name'],
  ],
  [
    'a column of another type',
    [table('t', [column('full_name')])],
    [table('t', [column('name', { type: 'integer' })])],
    [],
  ],
  [
    'each column once',
    [table('t', [column('a_one'), column('b_two')])],
    [table('t', [column('a_1'), column('b_2')])],
    ['column public.t.a_one public.t.a_1', 'column public.t.b_two public.t.b_2'],
  ],
  [
    'an index that differs in its name only',
    [table('t', wide, { indexes: [index('i', 'id'), index('x', 'name')] })],
    [table('t', wide, { indexes: [index('j', 'id'), index('y', 'email')] })],
    ['index public.t.i public.t.j'],
  ],
];

for (const [name, before, after, expected] of cases) {
  test(`hints at renaming: ${name}`, () => {
    const hints = renameHints(compareSchemas(schema(before), schema(after)));
    assert.deepEqual(
      hints.map(({ what, from, to }) => `${what} ${from} ${to}`),
      expected,
    );
  });
}
