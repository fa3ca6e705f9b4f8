import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORGOTTEN, fateOf, isErased, isSelected } from '../../../core/privacy/selection.ts';

const base = {
  id: '01890000-0000-7000-8000-000000000001',
  timestamp: '2026-03-01T12:00:00.000Z',
  type: 'migration_execution',
  source: 'test',
};
const texts = {
  mine: { ...base, data: { migration: 'm1', outcome: 'failed' }, metadata: { user: 'dev-aaaaaa' } },
  authored: { ...base, data: { migration: 'm1', author: 'dev-aaaaaa' }, metadata: { user: 'dev-bbbbbb' } },
  mentions: { ...base, data: { migration: 'm1', approvedBy: 'dev-aaaaaa' }, metadata: {} },
  theirs: { ...base, data: { migration: 'm1' }, metadata: { user: 'dev-bbbbbb', workspace: 'shop' } },
  model: { ...base, type: 'model_update', data: { modelId: 'm' }, metadata: { user: 'dev-aaaaaa' } },
  audit: {
    ...base,
    type: 'security_event',
    data: { kind: 'audit', method: 'x', previous: 'p', hash: 'h' },
    metadata: { user: 'dev-aaaaaa' },
  },
  order: {
    ...base,
    type: 'security_event',
    data: { kind: 'audit', method: 'privacy.erase', erasure: 'e', previous: 'p', hash: 'h' },
    metadata: { user: 'dev-aaaaaa' },
  },
};
type Name = keyof typeof texts;
const textOf = (name: Name) => JSON.stringify(texts[name]);
const A = { user: 'dev-aaaaaa' };

const selected: [object, Name, boolean][] = [
  [A, 'mine', true],
  [A, 'authored', true],
  [A, 'mentions', false],
  [A, 'theirs', false],
  [{ workspace: 'shop' }, 'theirs', true],
  [{ workspace: 'sho' }, 'theirs', false],
  [{ workspace: 'shop', ...A }, 'theirs', false],
  [{ before: '2026-03-01T12:00:00Z' }, 'theirs', false],
  [{ before: '2026-03-01T12:00:00.001Z' }, 'theirs', true],
  [{ before: '2026-03-01T14:00:00.001+01:00' }, 'theirs', true],
  [{ before: '2026-04-01T00:00:00Z', ...A }, 'mine', true],
];
for (const [selection, name, is] of selected) {
  test(`selection: ${JSON.stringify(selection)} ${is ? 'means' : 'does not mean'} ${name}`, () => {
    assert.equal(isSelected(selection, textOf(name)), is);
    assert.equal(isErased(selection, textOf(name)), is);
  });
}

const kept: Name[] = ['model', 'audit', 'order'];
for (const name of kept) {
  test(`selection: ${name} is about the person and does not go`, () => {
    assert.deepEqual([isSelected(A, textOf(name)), isErased(A, textOf(name))], [true, false]);
  });
}

const fates: [Name, unknown][] = [
  ['mine', 'drop'],
  ['authored', 'drop'],
  ['theirs', 'keep'],
  ['order', 'keep'],
  ['mentions', { ...texts.mentions, data: { migration: 'm1', approvedBy: FORGOTTEN } }],
  ['model', { ...texts.model, metadata: {} }],
  [
    'audit',
    {
      ...texts.audit,
      metadata: {},
      data: { kind: 'audit', severity: 'info', message: 'erased', erased: 'e9', previous: 'p', hash: 'h' },
    },
  ],
];
for (const [name, fate] of fates) {
  test(`erasing a person: ${name}`, () => {
    const found = fateOf(A, 'e9', textOf(name));
    assert.deepEqual(typeof found === 'string' ? found : JSON.parse(found.text), fate);
    if (typeof found !== 'string')
      assert.equal(fateOf(A, 'e9', found.text), 'keep', 'doing it again changes nothing');
  });
}
