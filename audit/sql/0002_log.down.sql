-- Nothing writes into the log any more.
REVOKE ALL ON audit_event, audit_log FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP VIEW audit_log;
DROP TRIGGER change_is_audited ON api_keys;
DROP TRIGGER change_is_audited ON user_roles;
DROP TRIGGER change_is_audited ON users;
DROP TRIGGER change_is_audited ON tenants;
DROP FUNCTION audit_governed_change();
DROP FUNCTION unit_setting(text);
DROP TRIGGER audit_event_is_never_truncated ON audit_event;
DROP TRIGGER audit_event_only_grows ON audit_event;
ALTER TABLE audit_event
  DROP CONSTRAINT audit_event_has_a_known_actor,
  DROP CONSTRAINT audit_event_has_a_known_tenant,
  ALTER COLUMN seq DROP IDENTITY;
