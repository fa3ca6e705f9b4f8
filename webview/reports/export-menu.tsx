import { useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { ReportFile, ReportFormat, ReportKind } from '../../core/contract/report-file.ts';
import type { PageFile } from '../hosts/host.ts';
import { useHost } from '../state/host.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Icon } from '../ui/icon.tsx';
import { useAction } from '../ui/use-action.ts';
import { FORMATS, KINDS } from './kinds.ts';
import type { PeriodParams } from './period.ts';

/** Makes a report as a file and saves it where the reader wants it. */
export function ExportMenu({ period }: { period: PeriodParams }) {
  const host = useHost();
  const [kind, setKind] = useState<ReportKind>('telemetry');
  const [format, setFormat] = useState<ReportFormat>('html');
  const make = useAction(async () => {
    host.save(
      savedFile(await host.client.call('reports.make', { ...period, kind, format, timeZone: 'UTC' })),
    );
  });
  const printable =
    format === 'pdf' && TelemetryError.is(make.error, 'unavailable') && host.name !== 'vscode';
  return (
    <div class="export">
      <div class="inline-form">
        <label>
          <span class="visually-hidden">What to export</span>
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as ReportKind)}>
            {Object.entries(KINDS).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="segments">
          <legend class="visually-hidden">Format</legend>
          {(Object.keys(FORMATS) as ReportFormat[]).map((id) => (
            <label key={id}>
              <input type="radio" name="format" checked={format === id} onChange={() => setFormat(id)} />
              <span>{FORMATS[id]}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" class="button primary" disabled={make.busy} onClick={() => make.run()}>
          <Icon name="download" /> {make.busy ? 'Making it' : 'Export'}
        </button>
        {host.name !== 'vscode' && (
          <button type="button" class="button" onClick={() => print()}>
            <Icon name="print" /> Print
          </button>
        )}
      </div>
      <ActionError error={make.error} />
      {printable && <p class="note">Print this page instead and choose “Save as PDF” there.</p>}
    </div>
  );
}

/** A report as the host saves it. */
export function savedFile({ fileName, contentType, encoding, content }: ReportFile): PageFile {
  const file = { name: fileName, mediaType: contentType, text: content };
  return encoding === 'base64' ? { ...file, encoding } : file;
}
