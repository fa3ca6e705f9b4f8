import { desktopHost, vscodeHost } from './bridged.ts';
import { browserHost } from './browser.ts';
import type { Host } from './host.ts';

/** The host that these pages run in. */
export async function openHost(): Promise<Host> {
  if (globalThis.aibos) return desktopHost(globalThis.aibos);
  if (globalThis.acquireVsCodeApi) return vscodeHost(globalThis.acquireVsCodeApi);
  return browserHost();
}
