-- Nobody works on jobs.
REVOKE ALL ON job_events FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
REVOKE UPDATE (status, attempts, next_attempt_at, lease_until, locked_by, started_at, timeout_at, last_error_at, stage, progress,
               result, error_message, completed_at, cancel_requested_at, payload) ON jobs FROM xm_worker;
REVOKE UPDATE (status, cancel_requested_at) ON jobs FROM xm_api, xm_staff, xm_platform;
REVOKE INSERT (tenant_id, owner_id, job_type, idempotency_key, payload, payload_digest, max_attempts, lane, concurrency_key,
               next_attempt_at, requested_by, trace_id) ON jobs FROM xm_api, xm_staff, xm_worker, xm_platform;
REVOKE ALL ON job_rates FROM xm_worker, xm_auditor;
DROP FUNCTION take_turn(text, float8);
DROP FUNCTION forget_jobs(jsonb);
DROP FUNCTION reap_jobs(text, text, jsonb);
DROP FUNCTION tell_job_progress(uuid, integer, text, integer, text);
DROP FUNCTION beat_jobs(uuid[], text, float8);
DROP FUNCTION give_back_job(uuid, integer, text, float8);
DROP FUNCTION fail_job(uuid, integer, text, text, text, float8);
DROP FUNCTION refuse_a_lost_lease(boolean);
DROP FUNCTION complete_job(uuid, integer, text, jsonb);
DROP FUNCTION retry_at(float8, integer);
DROP FUNCTION claim_job(uuid, text, float8, jsonb);
DROP FUNCTION claim_jobs(text[], text, float8, uuid, jsonb);
DROP FUNCTION jobs_are_paused(uuid);
DROP TRIGGER job_events_are_never_truncated ON job_events;
DROP TRIGGER job_payload_stays ON jobs;
DROP FUNCTION job_payload_stays();
DROP TRIGGER job_moves_as_it_may ON jobs;
DROP FUNCTION job_moves_as_it_may();
DROP POLICY job_event_is_seen_by_its_owner ON job_events;
SELECT lower_tenant_wall('job_events');
ALTER TABLE job_events DROP CONSTRAINT job_event_has_a_known_owner, DROP CONSTRAINT job_event_has_a_known_job;
ALTER TABLE jobs DROP CONSTRAINT job_payload_digest_is_a_sha256, DROP CONSTRAINT job_payload_is_small,
  DROP CONSTRAINT job_has_a_known_requester;
