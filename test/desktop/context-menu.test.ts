import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClickedPlace, contextMenu } from '../../desktop/main/context-menu.ts';

const NOTHING: ClickedPlace = {
  isEditable: false,
  selectionText: '',
  editFlags: { canCut: false, canCopy: false, canPaste: false, canSelectAll: true },
};
const offered = (place: Partial<ClickedPlace>) =>
  contextMenu({ ...NOTHING, ...place }).map(
    ({ role, type, enabled }) => `${role ?? type}${enabled === false ? ' off' : ''}`,
  );

test('a right click offers what the clipboard can do at that place', () => {
  assert.deepEqual(offered({}), [], 'nothing for a place with nothing to copy');
  assert.deepEqual(offered({ selectionText: ' ' }), []);
  const editFlags = { canCut: false, canCopy: true, canPaste: false, canSelectAll: true };
  assert.deepEqual(offered({ selectionText: 'orders', editFlags }), ['copy']);
  assert.deepEqual(offered({ isEditable: true, editFlags: { ...editFlags, canPaste: true } }), [
    'undo',
    'redo',
    'separator',
    'cut off',
    'copy',
    'paste',
    'separator',
    'selectAll',
  ]);
});
