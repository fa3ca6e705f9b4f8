/** Statistics out of what people export from PostgreSQL’s catalogue, in the forms that psql gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStatistics } from '../../../core/statistics/read.ts';
import type { TableStatistics } from '../../../core/statistics/statistics.ts';

const USERS: TableStatistics = {
  relation: 'public.users',
  rows: 120_000,
  bytes: 33_554_432,
  indexBytes: 8_388_608,
  columns: [
    { name: 'email', nullFraction: 0.01, distinct: -0.97, avgWidth: 24 },
    { name: 'plan', nullFraction: 0, distinct: 3, avgWidth: 5 },
  ],
};

const TABLES = `schemaname,relname,n_live_tup,pg_table_size,pg_indexes_size
public,users,120000,33554432,8388608
`;
const COLUMNS = `schemaname,tablename,attname,inherited,null_frac,avg_width,n_distinct,most_common_vals
public,users,email,f,0.01,24,-0.97,
public,users,plan,f,0,5,3,"{free,""pro, yearly"",team}"
`;

const asRows = [
  { schemaname: 'public', relname: 'users', n_live_tup: '120000', pg_table_size: 33_554_432 },
  { schemaname: 'public', relname: 'users', pg_indexes_size: '8192 kB' },
  {
    schemaname: 'public',
    tablename: 'users',
    attname: 'email',
    null_frac: 0.01,
    avg_width: 24,
    n_distinct: -0.97,
  },
  { schemaname: 'public', tablename: 'users', attname: 'plan', null_frac: 0, avg_width: 5, n_distinct: 3 },
];

const forms: [string, string][] = [
  ['psql --csv, one query behind the other', TABLES + COLUMNS],
  [
    'columns first, with the line ends of Windows and a mark',
    `\uFEFF${(COLUMNS + TABLES).replaceAll('\n', '\r\n')}`,
  ],
  [
    'psql -A, with its footers',
    `schemaname|relname|reltuples|pg_total_relation_size|pg_indexes_size
public|users|1.2e+05|40 MB|8192 kB
(1 row)
schemaname|tablename|attname|null_frac|avg_width|n_distinct
public|users|email|0.01|24|-0.97
public|users|plan|0|5|3
(2 rows)
`,
  ],
  [
    'one query over all three, a row for each column',
    `NSPNAME;RELNAME;RELTUPLES;TABLE_SIZE;INDEX_SIZE;ATTNAME;NULL_FRAC;N_DISTINCT;AVG_WIDTH
public;users;120000;33554432;8388608;email;0.01;-0.97;24
public;users;120000;33554432;8388608;plan;0;3;5
`,
  ],
  ['a JSON array', JSON.stringify(asRows)],
  ['lists by name', JSON.stringify({ tables: asRows.slice(0, 2), columns: asRows.slice(2) })],
  ['a JSON object on each line', asRows.map((row) => JSON.stringify(row)).join('\n')],
];

for (const [form, text] of forms)
  test(`read: ${form}`, () => {
    const { dialect, tables } = readStatistics(text, 'stats.csv');
    assert.equal(dialect, 'postgres');
    assert.deepEqual(tables, [USERS]);
  });

test('what is not known stays unknown, and a table of which too little is known is left out', () => {
  const { tables } =
    readStatistics(`schemaname,relname,reltuples,n_live_tup,relpages,attname,null_frac,n_distinct
public,never_analysed,-1,0,10,a,,
public,counted,-1,70,10,a,,0
public,restored,500,0,2,a,0.5,\\N
pg_catalog,pg_class,400,400,20,oid,0,-1
`);
  assert.deepEqual(tables, [
    {
      relation: 'public.counted',
      rows: 70,
      bytes: 81_920,
      indexBytes: 0,
      columns: [{ name: 'a', nullFraction: null, distinct: null, avgWidth: null }],
    },
    {
      relation: 'public.restored',
      rows: 500,
      bytes: 16_384,
      indexBytes: 0,
      columns: [{ name: 'a', nullFraction: 0.5, distinct: null, avgWidth: null }],
    },
  ]);
  const named = readStatistics(`relname,reltuples,attname,avg_width
sales.orders,10,id,4
sales.orders,10,note,38
invoices,,id,4
`);
  assert.deepEqual(
    named.tables.map(({ relation, rows, bytes }) => [relation, rows, bytes]),
    [['sales.orders', 10, 700]],
  );
});

test('of a table with children, what is said of itself counts', () => {
  const rows = (
    first: string,
    second: string,
  ) => `schemaname,tablename,attname,inherited,null_frac,avg_width,reltuples
public,t,a,${first},8,100
public,t,a,${second},8,100
`;
  for (const [first, second] of [
    ['t,0.9', 'f,0.1'],
    ['f,0.1', 't,0.9'],
  ] as const)
    assert.equal(readStatistics(rows(first, second)).tables[0]?.columns[0]?.nullFraction, 0.1);
});

const refused: [string, string, RegExp][] = [
  [
    'CSV of something else',
    'id,name\n1,ann\n',
    /neither JSON nor a table.*begins with “id,name”.*pg_stat_user_tables/,
  ],
  ['no header', 'public,users,120000\n', /first line names its columns.*aibos stats export/],
  ['nothing', '', /holds no table statistics/],
  ['columns without rows', COLUMNS, /no table has a number of rows \(n_live_tup or reltuples\)/],
  ['rows without a size', 'relname,reltuples\nusers,5\n', /no table has a size \(pg_table_size\).*avg_width/],
  ['only the system', 'schemaname,relname,reltuples\npg_catalog,pg_class,5\n', /it names no table/],
  ['a list of something else', '[{"id":1}]', /stats\.csv holds no table statistics/],
];
for (const [what, text, expected] of refused)
  test(`refused with what to do: ${what}`, () => {
    assert.throws(
      () => readStatistics(text, 'stats.csv'),
      (error: Error & { code?: string }) => error.code === 'invalid-request' && expected.test(error.message),
    );
  });
