DELETE FROM audit_log WHERE changed_at < timestamptz '2020-01-01';
