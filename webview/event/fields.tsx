import type { ComponentChildren } from 'preact';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { workspaceName } from '../format/names.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useHost } from '../state/host.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { labelOf, shownFields, textOf } from './field-text.ts';

/** Longer lists are cut here; the JSON has all of it. */
const MOST_ITEMS = 20;

/** The data of an event, each field by name. What has a place of its own, such as SQL and error, is not repeated. */
export function Fields({ event }: { event: TelemetryEvent }) {
  const { open } = useHost();
  const data = event.data as Record<string, unknown>;
  const openFile = open.value;
  const { workspace } = event.metadata;
  const shown = (name: string, value: unknown): ComponentChildren => {
    if (name === 'file' && openFile && workspace && typeof value === 'string') {
      const place = { workspace, file: value, ...(typeof data.line === 'number' ? { line: data.line } : {}) };
      return (
        <button type="button" class="link" onClick={() => openFile(place)}>
          {value}
        </button>
      );
    }
    return <Value name={name} value={value} />;
  };
  return (
    <section class="panel-part" aria-label="Fields">
      <h3>Fields</h3>
      <dl class="fields">
        {shownFields(data).map(([name, value]) => (
          <Field key={name} name={labelOf(name)}>
            {shown(name, value)}
          </Field>
        ))}
      </dl>
    </section>
  );
}

/** Where an event comes from and what it belongs to. */
export function MetadataFields({ event }: { event: TelemetryEvent }) {
  const { id, source, sequence, metadata } = event;
  const { correlationId, workspace, user, sessionId, requestId, resources } = metadata;
  return (
    <section class="panel-part" aria-label="Metadata">
      <h3>Metadata</h3>
      <dl class="fields">
        <Field name="Source">
          <Link to={href(['events'], { source })}>{source}</Link>
        </Field>
        {workspace && (
          <Field name="Workspace">
            <Link to={href(['events'], { workspace })}>{workspaceName(workspace)}</Link>
          </Field>
        )}
        {user && <Field name="User">{user}</Field>}
        {resources &&
          shownFields(resources).map(([name, value]) => (
            <Field key={name} name={labelOf(name)}>
              {textOf(name, value)}
            </Field>
          ))}
        <Field name="Event">
          <code>{id}</code> <CopyButton text={id} label="Copy" />
        </Field>
        <Field name="Place in the journal">{sequence}</Field>
        {correlationId && (
          <Field name="Correlation">
            <Link to={href(['events'], { correlation: correlationId, type: 'all' })} class="mono">
              {correlationId}
            </Link>
          </Field>
        )}
        {requestId && (
          <Field name="Request">
            <code>{requestId}</code>
          </Field>
        )}
        {sessionId && (
          <Field name="Session">
            <code>{sessionId}</code>
          </Field>
        )}
      </dl>
    </section>
  );
}

function Field({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ name, value }: { name: string; value: unknown }) {
  if ((name === 'predictionId' || name === 'eventId') && typeof value === 'string') {
    return (
      <Link to={href(['events'], { event: value })} class="mono">
        {value}
      </Link>
    );
  }
  if (name === 'modelId' && typeof value === 'string') {
    return <Link to={href(['models', value])}>{textOf(name, value)}</Link>;
  }
  if (Array.isArray(value)) {
    return (
      <ul class="values">
        {value.slice(0, MOST_ITEMS).map((item, i) => (
          <li key={`${i}-${textOf(name, item)}`}>{textOf(name, item)}</li>
        ))}
        {value.length > MOST_ITEMS && <li class="text-quiet">and {value.length - MOST_ITEMS} more</li>}
      </ul>
    );
  }
  return <>{textOf(name, value)}</>;
}
