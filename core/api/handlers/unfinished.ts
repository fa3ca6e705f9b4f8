/** Rows of the method table whose handlers are being written. */
import { TelemetryError } from '../../contract/errors.ts';
import type { MethodName } from '../../contract/methods.ts';
import type { Handlers } from '../handlers.ts';

export function unfinished<M extends MethodName>(...names: M[]): Pick<Handlers, M> {
  const refuse = (name: M) => async () => {
    throw new TelemetryError('unavailable', `${name} is not built in yet.`);
  };
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as unknown as Pick<Handlers, M>;
}
