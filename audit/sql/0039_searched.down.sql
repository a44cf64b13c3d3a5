-- The actions of the log are ordered as the database orders words.
DROP VIEW audit_log, audit_events_shown;
ALTER TABLE audit_event ALTER COLUMN action TYPE varchar(100) COLLATE "default";
CREATE VIEW audit_log WITH (security_invoker = true) AS
  SELECT audit_id AS id, tenant_id, actor_id AS user_id, action, entity_type, entity_id, old_value, new_value,
         correlation_id, ip_address, user_agent, created_at
  FROM audit_event;
CREATE VIEW audit_events_shown WITH (security_invoker = true) AS
  SELECT tenant_id, audit_id AS id,
         json_build_object(
           'audit_id', audit_id, 'actor_id', actor_id, 'actor_type', actor_type, 'action', action,
           'entity_type', entity_type, 'entity_id', entity_id, 'old_value', old_value, 'new_value', new_value,
           'payload_hash', payload_hash, 'signature', signature, 'job_id', job_id, 'correlation_id', correlation_id,
           'ip_address', ip_address, 'user_agent', user_agent, 'metadata', metadata,
           'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'epoch', epoch, 'xid', xid::text, 'seq', seq)::text AS shown
  FROM audit_event;
GRANT SELECT ON audit_events_shown TO xm_api, xm_backup;
GRANT SELECT ON audit_log TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
