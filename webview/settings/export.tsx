import { useState } from 'preact/hooks';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { plural } from '../format/numbers.ts';
import { useHost } from '../state/host.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Icon } from '../ui/icon.tsx';
import { useAction } from '../ui/use-action.ts';

/** Saves everything about a person, or everything, as lines of JSON. */
export function ExportButton({ user, label }: { user?: string; label: string }) {
  const host = useHost();
  const [lines, setLines] = useState<number>();
  const work = useAction(async () => {
    setLines(0);
    const text = await exported(host.client, user, setLines);
    host.save({
      name: `telemetry-${user ?? 'all'}.jsonl`,
      mediaType: 'application/x-ndjson',
      text,
    });
    setLines(undefined);
  });
  return (
    <>
      <ActionError error={work.error} />
      <button type="button" class="button small" disabled={work.busy} onClick={() => work.run()}>
        <Icon name="download" /> {work.busy ? `Exporting, ${plural(lines ?? 0, 'line')}` : label}
      </button>
    </>
  );
}

async function exported(
  client: Pick<TelemetryClient, 'call'>,
  user: string | undefined,
  onLines: (lines: number) => void,
): Promise<string> {
  const lines: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('privacy.export', {
      ...(user === undefined ? {} : { user }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const line of page.lines) lines.push(line);
    cursor = page.nextCursor;
    onLines(lines.length);
  } while (cursor !== undefined);
  return lines.map((line) => `${line}\n`).join('');
}
