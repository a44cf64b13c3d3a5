-- A job is worked on by one worker at a time, moves only as it may, and is seen by whom it concerns.
ALTER TABLE jobs
  ADD CONSTRAINT job_has_a_known_requester FOREIGN KEY (requested_by) REFERENCES users (id) ON DELETE RESTRICT,
  -- the API takes 32 KiB of RFC 8785; jsonb writes the same with spaces between
  ADD CONSTRAINT job_payload_is_small CHECK (octet_length(payload::text) <= 65536),
  ADD CONSTRAINT job_payload_digest_is_a_sha256 CHECK (octet_length(payload_digest) = 32);
ALTER TABLE job_events
  ADD CONSTRAINT job_event_has_a_known_job FOREIGN KEY (tenant_id, job_id)
    REFERENCES jobs (tenant_id, job_id) MATCH FULL ON DELETE CASCADE,
  ADD CONSTRAINT job_event_has_a_known_owner FOREIGN KEY (tenant_id, owner_id)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT;
SELECT raise_tenant_wall('job_events');
SELECT open_wall_to_engine('job_events');

-- An owner's events are seen by the owner alone, those of nobody's job by the whole tenant.
CREATE POLICY job_event_is_seen_by_its_owner ON job_events AS RESTRICTIVE TO xm_api
  USING (visible_to = ANY (ARRAY[(SELECT NULLIF(current_setting('app.actor_id', true), '')::uuid),
                                 (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)]));

-- Nobody sets a status by hand: a worker moves what it has, people cancel what waits and drive again what stopped.
CREATE FUNCTION job_moves_as_it_may() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  step text := OLD.status || ' ' || NEW.status;
BEGIN
  IF NOT (CASE
      WHEN current_user = 'xm_worker' THEN step IN (
        'pending processing', 'retry processing', 'processing completed', 'processing retry', 'processing failed',
        'processing dlq', 'processing cancelled', 'processing pending')
      WHEN current_user = 'xm_api' THEN step IN ('pending cancelled', 'retry cancelled')
      ELSE step IN ('pending cancelled', 'retry cancelled', 'retry pending', 'failed pending', 'dlq pending',
                    'cancelled pending')
    END) THEN
    RAISE EXCEPTION 'A job that is % does not become %.', OLD.status, NEW.status
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'job_moves_as_it_may', TABLE = 'jobs',
            HINT = 'Look at the job again: docs/states.md shows every way.';
  END IF;
  IF current_user <> 'xm_worker' THEN
    -- people say what is to happen; what follows from it is not theirs to say
    NEW.completed_at := CASE WHEN NEW.status = 'cancelled' THEN clock_timestamp() END;
    IF NEW.status = 'pending' THEN
      NEW.attempts := 0;
      NEW.next_attempt_at := clock_timestamp();
      NEW.cancel_requested_at := NULL;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_moves_as_it_may BEFORE UPDATE OF status ON jobs
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND current_user <> 'xm_owner')
  EXECUTE FUNCTION job_moves_as_it_may();
ALTER TABLE jobs ENABLE ALWAYS TRIGGER job_moves_as_it_may;

-- What a job was asked to do stays as it was asked, until all of it is forgotten together.
CREATE FUNCTION job_payload_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.payload <> '{}' OR OLD.completed_at IS NULL THEN
    RAISE EXCEPTION 'Job % keeps its payload until it has ended and all of it is forgotten.', OLD.job_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'job_payload_stays', TABLE = 'jobs',
            HINT = 'Ask for another job.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_payload_stays BEFORE UPDATE OF payload ON jobs
  FOR EACH ROW WHEN (OLD.payload IS DISTINCT FROM NEW.payload AND current_user <> 'xm_owner')
  EXECUTE FUNCTION job_payload_stays();
ALTER TABLE jobs ENABLE ALWAYS TRIGGER job_payload_stays;
CREATE TRIGGER job_events_are_never_truncated BEFORE TRUNCATE ON job_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
ALTER TABLE job_events ENABLE ALWAYS TRIGGER job_events_are_never_truncated;

-- The switch that stops jobs, for one tenant or everywhere.
CREATE FUNCTION jobs_are_paused(of_tenant uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM switches s
                 WHERE s.name = 'JOBS_MODE' AND s.value = 'paused' AND (s.for_tenant_id IS NULL OR s.for_tenant_id = of_tenant))
$$;

-- One claim is of one lane and one tenant: the lanes in the order given, the tenants in turn, the oldest job first.
-- What would be given back at once, because its key is busy or its type's turn is not yet, holds up nothing behind it;
-- of two claims that both pass here the second gives back, because each counts again under the lock of its key.
-- A type that names a batch gives up to so many jobs at once.
CREATE FUNCTION claim_jobs(of_lanes text[], by_worker text, lease_seconds float8, after_tenant uuid, options jsonb)
RETURNS TABLE (job_id uuid, tenant_id uuid, owner_id uuid, job_type text, idempotency_key text, payload jsonb,
               attempts integer, max_attempts integer, concurrency_key text, requested_by uuid, trace_id uuid,
               created_at timestamptz, started_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  now_is timestamptz := clock_timestamp();
  in_lane text;
  turn uuid;
  has_wrapped boolean;
  first_job uuid;
  first_type text;
  taken uuid[];
BEGIN
  FOREACH in_lane IN ARRAY of_lanes LOOP
    turn := after_tenant;
    has_wrapped := false;
    LOOP
      -- the next tenant that has anything waiting, by two looks at the index however many jobs there are
      SELECT min_of.tenant_id INTO turn FROM (
        SELECT j.tenant_id FROM jobs j
        WHERE j.lane = in_lane AND j.status IN ('pending', 'retry') AND j.tenant_id > turn
        ORDER BY j.tenant_id LIMIT 1) min_of;
      IF turn IS NULL THEN
        EXIT WHEN has_wrapped;
        has_wrapped := true;
        turn := '00000000-0000-0000-0000-000000000000';
        IF NOT EXISTS (SELECT FROM jobs j WHERE j.lane = in_lane AND j.status IN ('pending', 'retry') AND j.tenant_id = turn) THEN
          CONTINUE;
        END IF;
      END IF;
      EXIT WHEN has_wrapped AND turn > after_tenant;
      IF NOT jobs_are_paused(turn) THEN
        SELECT j.job_id, j.job_type INTO first_job, first_type FROM jobs j
        WHERE j.lane = in_lane AND j.tenant_id = turn AND j.status IN ('pending', 'retry') AND j.next_attempt_at <= now_is
          AND (options -> j.job_type ->> 'rate' IS NULL
               OR COALESCE((SELECT r.begins_at <= now_is FROM job_rates r WHERE r.job_type = j.job_type), true))
          AND (j.concurrency_key IS NULL OR options -> j.job_type ->> 'concurrency' IS NULL
               OR (SELECT count(*) FROM jobs b WHERE b.concurrency_key = j.concurrency_key AND b.status = 'processing')
                  < (options -> j.job_type ->> 'concurrency')::integer)
        ORDER BY j.next_attempt_at, j.job_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
          taken := ARRAY[first_job];
          IF (options -> first_type ->> 'batch')::integer > 1 THEN
            SELECT first_job || array_agg(more.job_id) INTO taken FROM (
              SELECT j.job_id FROM jobs j
              WHERE j.lane = in_lane AND j.tenant_id = turn AND j.status IN ('pending', 'retry')
                AND j.next_attempt_at <= now_is AND j.job_type = first_type AND j.job_id <> first_job
              ORDER BY j.next_attempt_at, j.job_id LIMIT (options -> first_type ->> 'batch')::integer - 1
              FOR NO KEY UPDATE SKIP LOCKED) more;
          END IF;
          RETURN QUERY
            UPDATE jobs j
            SET status = 'processing', attempts = j.attempts + 1, lease_until = now_is + make_interval(secs => lease_seconds),
                locked_by = by_worker, started_at = now_is, stage = NULL, progress = NULL,
                timeout_at = now_is + make_interval(secs => COALESCE((options -> first_type ->> 'time_limit')::float8, 300))
            WHERE j.job_id = ANY (taken)
            RETURNING j.job_id, j.tenant_id, j.owner_id, j.job_type::text, j.idempotency_key::text, j.payload, j.attempts,
                      j.max_attempts, j.concurrency_key::text, j.requested_by, j.trace_id, j.created_at, j.started_at;
          RETURN;
        END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- One job by its id, for executors that have a queue of their own; no row where it is not due, or another has it.
CREATE FUNCTION claim_job(of_job uuid, by_worker text, lease_seconds float8, options jsonb)
RETURNS TABLE (job_id uuid, tenant_id uuid, owner_id uuid, job_type text, idempotency_key text, payload jsonb,
               attempts integer, max_attempts integer, concurrency_key text, requested_by uuid, trace_id uuid,
               created_at timestamptz, started_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  now_is timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
    UPDATE jobs j
    SET status = 'processing', attempts = j.attempts + 1, lease_until = now_is + make_interval(secs => lease_seconds),
        locked_by = by_worker, started_at = now_is, stage = NULL, progress = NULL,
        timeout_at = now_is + make_interval(secs => COALESCE((options -> j.job_type ->> 'time_limit')::float8, 300))
    WHERE j.job_id = (SELECT w.job_id FROM jobs w
                      WHERE w.job_id = of_job AND w.status IN ('pending', 'retry') AND w.next_attempt_at <= now_is
                        AND NOT jobs_are_paused(w.tenant_id)
                      FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING j.job_id, j.tenant_id, j.owner_id, j.job_type::text, j.idempotency_key::text, j.payload, j.attempts,
              j.max_attempts, j.concurrency_key::text, j.requested_by, j.trace_id, j.created_at, j.started_at;
END $$;

-- When the next attempt comes: twice as late each time, at most an hour, a fifth sooner or later.
CREATE FUNCTION retry_at(base_seconds float8, attempts integer) RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT clock_timestamp()
         + make_interval(secs => least(3600, base_seconds * 2 ^ least(attempts - 1, 30)) * (0.8 + 0.4 * random()))
$$;

-- A job ends in the transaction of its effect, with what happened and the message; false where it is another's by now.
-- The setting is gone where a handler ended the transaction that it was given.
CREATE FUNCTION complete_job(of_job uuid, of_attempt integer, by_worker text, its_result jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ended record;
BEGIN
  WITH ended AS (
    UPDATE jobs j SET status = 'completed', result = its_result, completed_at = clock_timestamp(), lease_until = NULL,
                      timeout_at = NULL, progress = 100, error_message = NULL
    WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker
      AND current_setting('app.job_id', true) = of_job::text
    RETURNING j.tenant_id, j.owner_id, j.trace_id, j.job_type, j.requested_by),
  told AS (
    INSERT INTO job_events (tenant_id, job_id, owner_id, trace_id, event_type)
    SELECT e.tenant_id, of_job, e.owner_id, e.trace_id, 'completed' FROM ended e),
  sent AS (
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    SELECT e.tenant_id, 'job.completed', e.trace_id, 'jobs', of_job::text, jsonb_build_object('job_type', e.job_type)
    FROM ended e)
  SELECT e.requested_by INTO ended FROM ended e;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM pg_notify('xm_job_ended', of_job::text) WHERE ended.requested_by IS NOT NULL;
  RETURN true;
END $$;

-- What another has by now is an error: the COMMIT that was sent behind it is never reached.
CREATE FUNCTION refuse_a_lost_lease(it_is_ours boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT it_is_ours THEN
    RAISE EXCEPTION 'Another worker has this job, or nobody: what this attempt did is undone.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lease_is_lost', TABLE = 'jobs',
            HINT = 'Nothing: whoever has the job now goes on with it.';
  END IF;
  RETURN true;
END $$;

-- An attempt that failed says why; the job comes again, or has ended, as it also has where somebody asked to stop it.
-- NULL where it is another's by now.
CREATE FUNCTION fail_job(of_job uuid, of_attempt integer, by_worker text, why text, last_state text, base_seconds float8)
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  failed jobs;
BEGIN
  UPDATE jobs j
  SET status = CASE WHEN last_state <> '' THEN last_state WHEN j.cancel_requested_at IS NOT NULL THEN 'cancelled'
                    WHEN j.attempts >= j.max_attempts THEN 'dlq' ELSE 'retry' END,
      next_attempt_at = retry_at(base_seconds, j.attempts), error_message = why, last_error_at = clock_timestamp(),
      lease_until = NULL, timeout_at = NULL,
      completed_at = CASE WHEN last_state <> '' OR j.cancel_requested_at IS NOT NULL OR j.attempts >= j.max_attempts
                          THEN clock_timestamp() END
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing'
    AND j.locked_by IS NOT DISTINCT FROM by_worker
  RETURNING j.* INTO failed;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO job_events (tenant_id, job_id, owner_id, trace_id, event_type, payload)
  VALUES (failed.tenant_id, of_job, failed.owner_id, failed.trace_id, failed.status,
          jsonb_build_object('attempt', of_attempt, 'error', why));
  IF failed.status <> 'retry' THEN
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (failed.tenant_id, 'job.' || failed.status, failed.trace_id, 'jobs', of_job::text,
            jsonb_build_object('job_type', failed.job_type, 'error', why));
    PERFORM pg_notify('xm_job_ended', of_job::text) WHERE failed.requested_by IS NOT NULL;
  END IF;
  RETURN failed.status;
END $$;

-- A claim that led to nothing counts as no attempt.
CREATE FUNCTION give_back_job(of_job uuid, of_attempt integer, by_worker text, after_seconds float8) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE jobs j SET status = CASE j.attempts WHEN 1 THEN 'pending' ELSE 'retry' END, attempts = j.attempts - 1,
                    lease_until = NULL, timeout_at = NULL, started_at = NULL,
                    next_attempt_at = clock_timestamp() + make_interval(secs => after_seconds)
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker;
  RETURN FOUND;
END $$;

-- What is worked on stays with its worker; what its own attempt is just ending is left alone.
-- NO KEY, here as everywhere: an attempt that writes rows which point at its job locks the key of it.
CREATE FUNCTION beat_jobs(of_jobs uuid[], by_worker text, lease_seconds float8)
RETURNS TABLE (job_id uuid, attempts integer, is_to_stop boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    UPDATE jobs j SET lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
    WHERE j.job_id IN (SELECT w.job_id FROM jobs w WHERE w.job_id = ANY (of_jobs) AND w.locked_by = by_worker
                       AND w.status = 'processing' FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING j.job_id, j.attempts, j.cancel_requested_at IS NOT NULL;
END $$;

-- How far an attempt is can be seen while it runs.
CREATE FUNCTION tell_job_progress(of_job uuid, of_attempt integer, by_worker text, how_far integer, doing text)
RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE jobs j SET progress = how_far, stage = doing
  WHERE j.job_id = of_job AND j.attempts = of_attempt AND j.status = 'processing' AND j.locked_by = by_worker;
  RETURN FOUND;
END $$;

-- Jobs whose lease is over, or that a worker had which has ended, come again; how many those were.
-- A source's own UPDATE sets no lease: two minutes without a change are the resume agent's rule for a stale task.
CREATE FUNCTION reap_jobs(of_worker text, why text, backoffs jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  lost record;
  reaped integer := 0;
BEGIN
  FOR lost IN
    SELECT j.job_id, j.attempts, j.locked_by, j.job_type FROM jobs j
    WHERE j.status = 'processing'
      AND CASE WHEN of_worker IS NULL THEN COALESCE(j.lease_until, j.updated_at + interval '2 minutes') < clock_timestamp()
          ELSE j.locked_by = of_worker END
    ORDER BY j.lease_until LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    PERFORM fail_job(lost.job_id, lost.attempts, lost.locked_by, why, '', COALESCE((backoffs ->> lost.job_type)::float8, 60));
    reaped := reaped + 1;
  END LOOP;
  RETURN reaped;
END $$;

-- What was asked and what came of it is kept as long as the type says, 30 days where it says nothing; the row stays.
CREATE FUNCTION forget_jobs(kept_seconds jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  forgotten integer;
BEGIN
  UPDATE jobs j SET payload = '{}', result = NULL
  WHERE j.job_id IN (
    SELECT o.job_id FROM jobs o
    WHERE o.completed_at < clock_timestamp() - make_interval(secs => COALESCE((kept_seconds ->> o.job_type)::float8, 2592000))
      AND (o.payload <> '{}' OR o.result IS NOT NULL)
    ORDER BY o.completed_at LIMIT 5000 FOR NO KEY UPDATE SKIP LOCKED);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;

-- Jobs of a type with a rate begin evenly: whoever takes a turn moves the next one; the seconds to wait, or 0.
CREATE FUNCTION take_turn(of_type text, step_seconds float8) RETURNS float8
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  now_is timestamptz := clock_timestamp();
  step interval := make_interval(secs => step_seconds);
BEGIN
  INSERT INTO job_rates AS r (job_type, begins_at) VALUES (of_type, now_is + step)
  ON CONFLICT (job_type) DO UPDATE SET begins_at = now_is + step WHERE r.begins_at <= now_is;
  IF FOUND THEN
    RETURN 0;
  END IF;
  RETURN (SELECT greatest(0.001, extract(epoch FROM r.begins_at - now_is)) FROM job_rates r WHERE r.job_type = of_type);
END $$;

REVOKE ALL ON FUNCTION job_moves_as_it_may(), job_payload_stays(),
  claim_jobs(text[], text, float8, uuid, jsonb), claim_job(uuid, text, float8, jsonb),
  complete_job(uuid, integer, text, jsonb),
  fail_job(uuid, integer, text, text, text, float8), give_back_job(uuid, integer, text, float8),
  beat_jobs(uuid[], text, float8), tell_job_progress(uuid, integer, text, integer, text), reap_jobs(text, text, jsonb),
  forget_jobs(jsonb), jobs_are_paused(uuid), retry_at(float8, integer), take_turn(text, float8),
  refuse_a_lost_lease(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  claim_jobs(text[], text, float8, uuid, jsonb), claim_job(uuid, text, float8, jsonb),
  complete_job(uuid, integer, text, jsonb),
  fail_job(uuid, integer, text, text, text, float8), give_back_job(uuid, integer, text, float8),
  beat_jobs(uuid[], text, float8), tell_job_progress(uuid, integer, text, integer, text), reap_jobs(text, text, jsonb),
  forget_jobs(jsonb), jobs_are_paused(uuid), retry_at(float8, integer), take_turn(text, float8),
  refuse_a_lost_lease(boolean)
  TO xm_worker;
GRANT SELECT, INSERT (job_type, begins_at), UPDATE (begins_at) ON job_rates TO xm_worker;
GRANT SELECT ON job_rates TO xm_auditor, xm_backup;
GRANT INSERT (tenant_id, owner_id, job_type, idempotency_key, payload, payload_digest, max_attempts, lane, concurrency_key,
              next_attempt_at) ON jobs TO xm_api, xm_staff, xm_platform;
GRANT INSERT (tenant_id, owner_id, job_type, idempotency_key, payload, payload_digest, max_attempts, lane, concurrency_key,
              next_attempt_at, requested_by, trace_id) ON jobs TO xm_worker;
GRANT UPDATE (status, cancel_requested_at) ON jobs TO xm_api, xm_staff, xm_platform;
GRANT UPDATE (status, attempts, next_attempt_at, lease_until, locked_by, started_at, timeout_at, last_error_at, stage, progress,
              result, error_message, completed_at, cancel_requested_at, payload) ON jobs TO xm_worker;
GRANT SELECT ON job_events TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, job_id, owner_id, trace_id, event_type, payload) ON job_events
  TO xm_api, xm_staff, xm_worker, xm_platform;
