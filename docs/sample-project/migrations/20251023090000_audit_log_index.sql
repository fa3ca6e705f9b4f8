CREATE INDEX audit_log_changed_idx ON audit_log USING gin (changed);
