CREATE INDEX audit_log_changed_at_idx ON audit_log (changed_at);
