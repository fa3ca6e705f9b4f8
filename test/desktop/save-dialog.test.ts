import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saveDialogOptions } from '../../desktop/main/save-dialog.ts';

function check(name: string, mediaType: string, path: string, filters: string[]) {
  test(`${JSON.stringify(name.slice(0, 40))} of ${mediaType || 'no kind'} is offered as ${path.slice(0, 40)}`, () => {
    const options = saveDialogOptions(name, mediaType);
    assert.equal(options.defaultPath, path);
    assert.deepEqual(
      options.filters?.map(({ extensions }) => extensions.join()),
      filters,
    );
  });
}

check('report.html', 'text/html', 'report.html', ['html', '*']);
check('events.csv', 'text/csv; charset=utf-8', 'events.csv', ['csv', '*']);
check('report 2026.md', 'text/markdown', 'report 2026.md', ['md', '*']);
check('may.aibos-report', 'application/vnd.aibos.report+html; charset=utf-8', 'may.aibos-report', [
  'aibos-report',
  '*',
]);
check('../../.bashrc', 'text/plain', 'bashrc', ['*']);
check('/etc/passwd', '', 'passwd', ['*']);
check('C:\\Windows\\win.ini', 'toString', 'win.ini', ['*']);
check('a\u0000b:c|d?.json', 'application/json', 'a-b-c-d-.json', ['json', '*']);
check('..', 'text/html', 'report', ['html', '*']);
check('', 'text/html', 'report', ['html', '*']);
check('x'.repeat(500), 'text/html', 'x'.repeat(120), ['html', '*']);
