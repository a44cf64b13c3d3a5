-- Who keeps checkpoints is known to everybody, only the worker says how far they are, and a cosignature stays.
ALTER TABLE audit_cosignature
  ADD CONSTRAINT cosignature_is_of_a_checkpoint FOREIGN KEY (size) REFERENCES audit_checkpoint (size) ON DELETE RESTRICT;
CREATE TRIGGER cosignature_stays BEFORE UPDATE OR DELETE ON audit_cosignature
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER cosignatures_are_never_truncated BEFORE TRUNCATE ON audit_cosignature
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER holders_are_never_truncated BEFORE TRUNCATE ON audit_holder
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
ALTER TABLE audit_holder ENABLE ALWAYS TRIGGER holders_are_never_truncated;
ALTER TABLE audit_cosignature ENABLE ALWAYS TRIGGER cosignature_stays, ENABLE ALWAYS TRIGGER cosignatures_are_never_truncated;

GRANT SELECT ON audit_holder, audit_cosignature TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT INSERT (name), UPDATE (size, published_at, next_at, tries, failing_since, last_error) ON audit_holder TO xm_worker;
GRANT INSERT (holder, size, line, cosigned_at) ON audit_cosignature TO xm_worker;
