/** The two hosts that are reached by messages: the editor's webview and the desktop app. */
import { computed, signal } from '@preact/signals';
import type { HostMessage, PreloadBridge } from '../../core/contract/bridge.ts';
import { type Address, hashAddress } from '../routing/address.ts';
import { ChannelClient } from './channel.ts';
import type { Host, HostTheme, SourcePlace } from './host.ts';

/** What VS Code gives a webview, once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): { route?: string } | undefined;
  setState(state: { route: string }): void;
}

declare global {
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
  var aibos: PreloadBridge | undefined;
}

/** In a VS Code webview: `postMessage`, and the editor keeps the route while the panel is hidden. */
export function vscodeHost(acquire: () => VsCodeApi): Host {
  const api = acquire();
  const bridge: PreloadBridge = {
    post: (message) => api.postMessage(message),
    listen(listener) {
      const receive = ({ data }: MessageEvent) => {
        if (isHostMessage(data)) listener(data);
      };
      addEventListener('message', receive);
      return () => removeEventListener('message', receive);
    },
  };
  let route = api.getState()?.route ?? '';
  const address: Address = {
    read: () => route,
    write(to) {
      route = to;
      api.setState({ route });
    },
    onChange: () => {},
  };
  return bridgedHost('vscode', bridge, address);
}

/** In the desktop app, over what its preload script gives. */
export function desktopHost(bridge: PreloadBridge): Host {
  return bridgedHost('desktop', bridge, hashAddress());
}

function bridgedHost(name: Host['name'], bridge: PreloadBridge, kept: Address): Host {
  const client = new ChannelClient(bridge);
  const theme = signal<HostTheme | undefined>();
  const opensFiles = signal(false);
  let onChange = () => {};
  const goTo = (route: string) => {
    kept.write(route, false);
    onChange();
  };
  bridge.listen((message) => {
    if (message.kind === 'start') {
      if (message.theme) theme.value = { theme: message.theme, chosen: false };
      opensFiles.value = message.opensFiles ?? false;
      if (message.route && kept.read() === '') goTo(message.route);
    } else if (message.kind === 'theme') theme.value = { theme: message.theme, chosen: true };
    else if (message.kind === 'route') goTo(message.route);
  });
  bridge.post({ kind: 'ready' });
  return {
    name,
    client,
    connected: client.connected,
    signedIn: signal(true),
    theme,
    address: {
      read: () => kept.read(),
      write(route, replace) {
        kept.write(route, replace);
        bridge.post({ kind: 'route', route });
      },
      onChange(listener) {
        onChange = listener;
        kept.onChange(listener);
      },
    },
    signIn: async () => {},
    save: (file) => bridge.post({ kind: 'save', ...file }),
    open: computed(() =>
      opensFiles.value ? (place: SourcePlace) => bridge.post({ kind: 'open', ...place }) : undefined,
    ),
  };
}

function isHostMessage(data: unknown): data is HostMessage {
  return typeof data === 'object' && data !== null && typeof (data as HostMessage).kind === 'string';
}
