import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delay } from '../../desktop/main/engine-supervisor.ts';
import { answerPrint, type HiddenWindow, PRINT_PATIENCE_MS, Printer } from '../../desktop/main/printing.ts';
import { ShownDocuments } from '../../desktop/main/shown-documents.ts';

/** Windows that print what stands at their address, and what happened to them, in order. */
function printerWith(change: (window: HiddenWindow, n: number) => Partial<HiddenWindow> = () => ({})) {
  const documents = new ShownDocuments();
  const happened: string[] = [];
  const delays: { ms: number; work(): void }[] = [];
  const addresses: string[] = [];
  let opened = 0;
  const after: Delay = (ms, work) => {
    const delay = { ms, work };
    delays.push(delay);
    return () => void delays.splice(delays.indexOf(delay), 1);
  };
  const open = (): HiddenWindow => {
    const n = ++opened;
    happened.push(`open ${n}`);
    let text = '';
    const window: HiddenWindow = {
      async load(address) {
        addresses.push(address);
        text = (await documents.answer({ url: address, method: 'GET' })?.text()) ?? 'nothing';
      },
      print: async () => Buffer.from(`%PDF ${text}`),
      onGone: () => undefined,
      destroy: () => void happened.push(`destroy ${n}`),
    };
    return { ...window, ...change(window, n) };
  };
  const printer = new Printer({ documents, open, after });
  const isThere = (address: string) => documents.answer({ url: address, method: 'GET' })?.status === 200;
  return { printer, happened, delays, addresses, isThere };
}

const text = async (pdf: Promise<Uint8Array>) => Buffer.from(await pdf).toString();

test('pages are printed one at a time, each in a window of its own that is gone afterwards', async () => {
  const { printer, happened, delays, addresses, isThere } = printerWith();
  const both = await Promise.all([text(printer.print('one')), text(printer.print('two'))]);
  assert.deepEqual(both, ['%PDF one', '%PDF two']);
  assert.deepEqual(happened, ['open 1', 'destroy 1', 'open 2', 'destroy 2']);
  assert.deepEqual(addresses.map(isThere), [false, false], 'what was printed cannot be read any more');
  assert.deepEqual(delays, [], 'nothing waits');
});

test('a page that takes too long is given up, and the next one is printed', async () => {
  const stuck = Promise.withResolvers<never>();
  const begun = Promise.withResolvers<void>();
  const neverEnds = () => {
    begun.resolve();
    return stuck.promise;
  };
  const { printer, happened, delays, addresses, isThere } = printerWith((_window, n) =>
    n === 1 ? { print: neverEnds } : {},
  );
  const first = printer.print('one');
  const second = text(printer.print('two'));
  await begun.promise;
  assert.deepEqual([delays.map(({ ms }) => ms), isThere(addresses[0] ?? '')], [[PRINT_PATIENCE_MS], true]);
  delays[0]?.work();
  await assert.rejects(first, /too long/);
  assert.equal(await second, '%PDF two');
  assert.deepEqual(happened, ['open 1', 'destroy 1', 'open 2', 'destroy 2']);
  assert.equal(isThere(addresses[0] ?? ''), false);
});

test('where the process that draws the page dies, the reason is said', async () => {
  const { printer, happened } = printerWith(() => ({
    load: () => new Promise(() => undefined),
    onGone: (listener) => queueMicrotask(() => listener('oom')),
  }));
  await assert.rejects(printer.print('one'), /the page is gone: oom/);
  assert.deepEqual(happened, ['open 1', 'destroy 1']);
});

test('the engine is answered with the PDF in base64, or with why there is none', async () => {
  const asked = { kind: 'print', print: 'p1', html: '<h1>May</h1>' } as const;
  assert.deepEqual(await answerPrint(printerWith().printer, asked), {
    kind: 'printed',
    print: 'p1',
    pdf: Buffer.from('%PDF <h1>May</h1>').toString('base64'),
  });
  const broken = { print: () => Promise.reject(new Error('no paper')) };
  assert.deepEqual(await answerPrint(broken, asked), { kind: 'printed', print: 'p1', why: 'no paper' });
});
