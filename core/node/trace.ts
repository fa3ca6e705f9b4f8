/** The trace of `core/trace`, following asynchronous code by AsyncLocalStorage. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallContext } from '../contract/client.ts';
import type { Trace } from '../trace/trace.ts';

export function asyncTrace(): Trace {
  const storage = new AsyncLocalStorage<CallContext>();
  return {
    current: () => storage.getStore() ?? {},
    run: (context, work) => storage.run({ ...storage.getStore(), ...context }, work),
  };
}
