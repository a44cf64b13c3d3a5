-- An owner's jobs are read as the resume agent's tasks, by its names and in its words.
CREATE VIEW tasks WITH (security_invoker = true) AS
  SELECT j.job_id AS id, j.tenant_id,
         -- the document that a task works on; there are none yet
         NULL::uuid AS job_id,
         j.owner_id AS owner_user_id, j.idempotency_key, j.job_type AS task_type,
         CASE j.status WHEN 'pending' THEN 'queued' WHEN 'retry' THEN 'queued' WHEN 'processing' THEN 'running'
                       WHEN 'dlq' THEN 'failed' ELSE j.status END AS status,
         j.stage, j.progress, j.payload AS input_payload, j.result AS output_payload, j.error_message,
         j.attempts AS attempt_count, j.max_attempts, j.last_error_at, j.started_at, j.completed_at, j.timeout_at,
         j.created_at, j.updated_at
  FROM jobs j
  WHERE j.owner_id IS NOT NULL;
GRANT SELECT ON tasks TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
