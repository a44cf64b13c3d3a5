-- At most a hundred are taken away at once: they are looked for once, and not again for each row.
CREATE OR REPLACE FUNCTION prune_kept_answers() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH old AS MATERIALIZED (
    SELECT k.id FROM idempotency_keys k WHERE k.created_at < clock_timestamp() - interval '24 hours'
    ORDER BY k.created_at LIMIT 100 FOR UPDATE SKIP LOCKED),
  gone AS (DELETE FROM idempotency_keys WHERE id IN (SELECT o.id FROM old o) RETURNING 1)
  SELECT count(*) FROM gone;
$$;

CREATE OR REPLACE FUNCTION take_nonce(of_key uuid, brought text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO request_nonces (tenant_id, signing_key_id, nonce)
  SELECT k.tenant_id, k.id, brought FROM signing_keys k WHERE k.id = of_key
  ON CONFLICT ON CONSTRAINT nonce_is_used_once DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  WITH old AS MATERIALIZED (
    SELECT n.id FROM request_nonces n JOIN signing_keys k ON k.tenant_id = n.tenant_id AND k.id = n.signing_key_id
    WHERE k.id = of_key AND n.taken_at < clock_timestamp() - interval '10 minutes'
    LIMIT 100 FOR UPDATE OF n SKIP LOCKED)
  DELETE FROM request_nonces WHERE id IN (SELECT o.id FROM old o);
  -- once a minute is news enough, and nobody waits for it
  UPDATE signing_keys SET last_used_at = clock_timestamp() WHERE id = (
    SELECT k.id FROM signing_keys k
    WHERE k.id = of_key AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED);
  RETURN true;
END $$;
