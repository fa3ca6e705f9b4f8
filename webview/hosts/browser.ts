/** In a browser, served by the engine itself: `fetch` with the session's cookie, server-sent events for what is new. */
import { signal } from '@preact/signals';
import { httpTransport, type Subscribe, streamTarget, type Transport } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import { EVENT_TYPES, type TelemetryEvent } from '../../core/contract/event.ts';
import { hashAddress } from '../routing/address.ts';
import type { Host } from './host.ts';
import { saveByLink } from './save.ts';
import { codeIn, signIn } from './session.ts';

const TRY_AGAIN_MS = 2_000;

/** Makes the pages installable as an app. Only here: the editor and the desktop app are apps already. */
function linkManifest(): void {
  const link = document.createElement('link');
  link.rel = 'manifest';
  link.href = './manifest.webmanifest';
  document.head.append(link);
}

/** Signs in with the code in the address, if there is one, and removes it from there first. */
export async function browserHost(): Promise<Host> {
  linkManifest();
  const connected = signal(true);
  const signedIn = signal(true);
  // Any answer at all says that the engine is there; what it says of a single method is that method's matter.
  const transport = httpTransport(
    async (url, init) => {
      try {
        const response = await fetch(url, init);
        connected.value = true;
        return response;
      } catch (error) {
        connected.value = false;
        throw error;
      }
    },
    '',
    () => ({}),
  );

  const call: Transport = async (method, params) => {
    try {
      return await transport(method, params);
    } catch (error) {
      if (TelemetryError.is(error, 'unauthenticated')) signedIn.value = false;
      throw error;
    }
  };

  /** A closed stream tries again by itself, except where it was refused: then a call says why. */
  const subscribe: Subscribe = ({ after, filter }, onEvent) => {
    let last = after ?? 0;
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const receive = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as TelemetryEvent;
      if (event.sequence <= last) return;
      last = event.sequence;
      onEvent(event);
    };
    const open = () => {
      source = new EventSource(streamTarget(filter));
      for (const type of EVENT_TYPES) source.addEventListener(type, receive);
      source.onopen = () => {
        connected.value = true;
      };
      source.onerror = () => {
        connected.value = false;
        if (source.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(() => {
          call('health.get', {}).then(open, () => {
            if (signedIn.value) source.onerror?.(new Event('error'));
          });
        }, TRY_AGAIN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  };

  const host: Host = {
    name: 'browser',
    client: { call, subscribe },
    address: hashAddress(),
    connected,
    signedIn,
    theme: signal(undefined),
    async signIn(codeOrToken) {
      await signIn(codeOrToken);
      signedIn.value = true;
    },
    save: saveByLink,
    open: signal(undefined),
  };
  const useCode = async () => {
    const code = codeIn(location.hash);
    if (code === undefined) return;
    history.replaceState(null, '', location.pathname + location.search);
    await host.signIn(code).catch(() => undefined);
  };
  addEventListener('hashchange', useCode, true);
  await useCode();
  return host;
}
