/** The audit trail, privacy, settings and keys. */
import Type from 'typebox';
import {
  AccessKey,
  AuditEntry,
  AuditVerdict,
  Erasure,
  PrivacyOverview,
  Settings,
  SettingsChange,
} from '../governance.ts';
import { closed, Name, optional, Text, Timestamp, Uuid } from '../schema.ts';
import { changing, page, ROLES, reading } from './method.ts';

export const governingMethods = {
  'audit.list': reading(
    'Who changed what, newest first; of one method, or of all that begin alike, such as feedback',
    '/api/audit',
    closed({
      ...page,
      method: optional(Name),
      user: optional(Name),
      from: optional(Timestamp),
      to: optional(Timestamp),
    }),
    closed({ items: Type.Array(AuditEntry), nextCursor: optional(Type.String()) }),
  ),
  'audit.verify': reading(
    'Check that no entry of the audit trail was changed or taken out',
    '/api/audit/verify',
    closed({ head: optional(Text) }),
    AuditVerdict,
  ),
  'privacy.get': reading(
    'What is stored, about whom, for how long',
    '/api/privacy',
    closed({}),
    PrivacyOverview,
  ),
  'privacy.export': changing(
    'admin',
    'Everything that is stored about a person, or everything, as lines of JSON',
    '/api/privacy/export',
    closed({ user: optional(Name), workspace: optional(Name), cursor: optional(Type.String()) }),
    closed({ lines: Type.Array(Type.String()), nextCursor: optional(Type.String()) }),
  ),
  'privacy.erase': changing(
    'admin',
    'Erase events of a person, a workspace or before a time; a preview unless confirmed',
    '/api/privacy/erase',
    closed({
      user: optional(Name),
      workspace: optional(Name),
      before: optional(Timestamp),
      confirm: optional(
        Type.Boolean({ description: 'hides them at once; they can be had back for 24 hours' }),
      ),
      now: optional(
        Type.Boolean({ description: 'without time of grace; where nothing is chosen: all that was ordered' }),
      ),
    }),
    Erasure,
  ),
  'privacy.undo': changing(
    'admin',
    'Take an erasure back while its grace period lasts',
    '/api/privacy/erase/:id/undo',
    closed({ id: Uuid }),
    Erasure,
  ),
  'settings.get': reading('The settings of the engine', '/api/settings', closed({}), Settings),
  'settings.update': changing(
    'admin',
    'Change settings of the engine; what is not given stays',
    '/api/settings',
    SettingsChange,
    Settings,
  ),
  'keys.list': {
    ...reading(
      'Keys to the API, without their secrets',
      '/api/keys',
      closed({}),
      closed({ items: Type.Array(AccessKey) }),
    ),
    role: 'admin',
  },
  'keys.create': changing(
    'admin',
    'Make a key with a role; its secret is shown once',
    '/api/keys',
    closed({ name: Name, role: Type.Enum(ROLES), expiresAt: optional(Timestamp) }),
    closed({ key: AccessKey, secret: Type.String() }),
  ),
  'keys.revoke': changing(
    'admin',
    'Revoke a key at once',
    '/api/keys/:id/revoke',
    closed({ id: Name }),
    closed({ revoked: Type.Boolean() }),
  ),
} as const;
