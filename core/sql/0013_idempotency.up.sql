-- What was answered under a key stays what it was, for its own tenant, for a day at least.
ALTER TABLE idempotency_keys
  ADD CONSTRAINT kept_answer_has_a_known_principal FOREIGN KEY (tenant_id, principal_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT kept_answer_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT kept_answer_digest_is_a_sha256 CHECK (octet_length(payload_digest) = 32);
SELECT raise_tenant_wall('idempotency_keys');

-- Also the owner changes no answer, and takes away only one whose day is over.
CREATE FUNCTION kept_answer_stays_for_a_day() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < clock_timestamp() - interval '24 hours' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'A kept answer never changes, and stays for 24 hours.'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'kept_answer_stays_for_a_day',
          TABLE = 'idempotency_keys', HINT = 'Send the next request with a key of its own.';
END $$;
CREATE TRIGGER kept_answer_stays_for_a_day BEFORE UPDATE OR DELETE ON idempotency_keys
  FOR EACH ROW EXECUTE FUNCTION kept_answer_stays_for_a_day();
CREATE TRIGGER kept_answers_are_never_truncated BEFORE TRUNCATE ON idempotency_keys
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('kept_answer_stays_for_a_day');
ALTER TABLE idempotency_keys ENABLE ALWAYS TRIGGER kept_answer_stays_for_a_day;
ALTER TABLE idempotency_keys ENABLE ALWAYS TRIGGER kept_answers_are_never_truncated;

-- Whoever keeps an answer takes away at most a hundred that are older than a day, of whatever tenant.
CREATE FUNCTION prune_kept_answers() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM idempotency_keys WHERE id IN (
      SELECT k.id FROM idempotency_keys k WHERE k.created_at < clock_timestamp() - interval '24 hours'
      ORDER BY k.created_at LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*) FROM gone;
$$;
REVOKE ALL ON FUNCTION prune_kept_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prune_kept_answers() TO xm_api;

GRANT SELECT ON idempotency_keys TO xm_api;
GRANT INSERT (tenant_id, principal_id, method, path, key, payload_digest, status_code, headers, body)
  ON idempotency_keys TO xm_api;
