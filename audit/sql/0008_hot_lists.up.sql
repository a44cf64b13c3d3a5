-- What the API shows of the log is written by the database, one JSON text for each fact.
-- tests/core/web/test_hot.py proves that AuditEventShape says the same.
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
GRANT SELECT ON audit_events_shown TO xm_api;
