/**
 * The one way into the engine, whatever carried the call: checks the role and the params, opens the trace, leaves the
 * audit entry, calls the handler.
 */
import type { CallContext } from '../contract/client.ts';
import { TelemetryError } from '../contract/errors.ts';
import {
  MAX_BATCH,
  METHOD_NAMES,
  type MethodName,
  methods,
  type Params,
  type Result,
  ROLES,
  type Role,
} from '../contract/methods.ts';
import type { AITelemetryEngine } from '../engine/ai-telemetry-engine.ts';
import { check } from '../events/validate.ts';
import type { Trace } from '../trace/trace.ts';
import { handlersOf } from './handlers.ts';

export interface Caller extends CallContext {
  role: Role;
  /** How the call came in, for the audit: `http`, `socket`, `in-process`. */
  via: string;
}

export type Dispatch = <M extends MethodName>(
  method: M,
  params: Params<M>,
  caller: Caller,
) => Promise<Result<M>>;

/** Rejects with a TelemetryError: `forbidden`, `invalid-request`, or whatever the handler has to say. */
export function dispatcher(engine: AITelemetryEngine, trace: Trace): Dispatch {
  const handlers = handlersOf(engine);
  return async (method, params, caller) => {
    if (!METHOD_NAMES.includes(method))
      throw new TelemetryError('not-found', `There is no method ${method}.`);
    const { role, params: schema, audited } = methods[method];
    if (ROLES.indexOf(caller.role) < ROLES.indexOf(role)) {
      throw new TelemetryError(
        'forbidden',
        `${method} needs the role ${role}; this token has ${caller.role}.`,
      );
    }
    if (method !== 'events.record') {
      const checked = check(schema, params);
      if (!checked.ok) throw invalidParams(checked.errors);
    } else {
      checkBatch(params);
    }
    const { role: _role, via, ...context } = caller;
    return trace.run(context, async () => {
      if (!audited) return handlers[method](params);
      try {
        const result = await handlers[method](params);
        audit(engine, method, caller.role, via, 'done');
        return result;
      } catch (error) {
        audit(engine, method, caller.role, via, TelemetryError.is(error) ? error.code : 'failed');
        throw error;
      }
    });
  };
}

/** The envelope of a recording; its events are checked one by one, so that a bad one does not cost the others. */
function checkBatch(params: unknown): void {
  if (typeof params !== 'object' || params === null) {
    throw invalidParams([
      { pointer: '', message: 'must be an event, an array of events, or {"events": […]}' },
    ]);
  }
  if (Array.isArray(params)) {
    checkLength(params, '');
    return;
  }
  if (!('events' in params)) return;
  const { events, ...rest } = params as { events: unknown };
  const [extra] = Object.keys(rest);
  if (extra !== undefined) {
    throw invalidParams([{ pointer: `/${extra}`, message: 'is not a known field beside events' }]);
  }
  checkLength(events, '/events');
}

function checkLength(events: unknown, pointer: string): void {
  if (Array.isArray(events) && events.length > 0 && events.length <= MAX_BATCH) return;
  throw invalidParams([{ pointer, message: `must be an array of 1 to ${MAX_BATCH} events` }]);
}

function invalidParams(errors: { pointer: string; message: string }[]): TelemetryError {
  const said = errors.map(({ pointer, message }) => `${pointer || 'the body'} ${message}`).join('; ');
  return new TelemetryError('invalid-request', `${said.charAt(0).toUpperCase()}${said.slice(1)}.`, {
    errors,
  });
}

function audit(engine: AITelemetryEngine, method: MethodName, role: Role, via: string, result: string): void {
  engine.forward({
    type: 'security_event',
    source: 'engine:telemetry-engine',
    data: {
      kind: 'audit',
      severity: 'info',
      message: `${method} by ${role}: ${result}`,
      method,
      role,
      via,
      result,
    },
  });
}
