-- A signed request is accepted once, from a key that only ends and never changes.
ALTER TABLE signing_keys
  ADD CONSTRAINT signing_key_has_a_known_user FOREIGN KEY (tenant_id, user_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT signing_key_id_is_written_plainly CHECK (key_id ~ '^xms_[0-9a-f]{16}$'),
  ADD CONSTRAINT signing_scopes_are_written_plainly CHECK (
    array_position(scopes, NULL) IS NULL AND array_to_string(scopes, ' ') ~ '^((\*|[a-z_-]+:[a-z_-]+)( (?!$)|$))*$'),
  ADD CONSTRAINT public_key_is_ed25519 CHECK (octet_length(public_key) = 32);
ALTER TABLE request_nonces
  ADD CONSTRAINT nonce_has_a_known_key FOREIGN KEY (tenant_id, signing_key_id)
    REFERENCES signing_keys (tenant_id, id) MATCH FULL ON DELETE RESTRICT;
SELECT raise_tenant_wall('signing_keys');
SELECT raise_tenant_wall('request_nonces');

CREATE FUNCTION signing_key_only_ends() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.tenant_id, NEW.user_id, NEW.key_id, NEW.algorithm, NEW.secret, NEW.public_key, NEW.label, NEW.scopes,
      NEW.created_at)
     IS DISTINCT FROM
     (OLD.id, OLD.tenant_id, OLD.user_id, OLD.key_id, OLD.algorithm, OLD.secret, OLD.public_key, OLD.label, OLD.scopes,
      OLD.created_at)
     OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
     OR OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
    RAISE EXCEPTION 'A signing key never changes; it only ends, and sooner at that.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signing_key_only_ends',
            TABLE = 'signing_keys', HINT = 'Revoke this key and make another.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signing_key_only_ends BEFORE UPDATE ON signing_keys
  FOR EACH ROW EXECUTE FUNCTION signing_key_only_ends();

CREATE FUNCTION two_signing_keys_are_live() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- one after the other, or two at once would each count the same two
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'signing_keys', NEW.user_id, NEW.algorithm, NEW.label), 0));
  IF (SELECT count(*) FROM public.signing_keys k
      WHERE k.tenant_id = NEW.tenant_id AND k.user_id = NEW.user_id AND k.algorithm = NEW.algorithm AND k.label = NEW.label
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) >= 2 THEN
    RAISE EXCEPTION 'Two signing keys of this label are live already.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'two_signing_keys_are_live',
            TABLE = 'signing_keys', HINT = 'Revoke one of them first, or choose another label.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER two_signing_keys_are_live BEFORE INSERT ON signing_keys
  FOR EACH ROW EXECUTE FUNCTION two_signing_keys_are_live();

CREATE TRIGGER signing_keys_are_never_truncated BEFORE TRUNCATE ON signing_keys
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER request_nonces_are_never_truncated BEFORE TRUNCATE ON request_nonces
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
ALTER TABLE signing_keys ENABLE ALWAYS TRIGGER signing_key_only_ends;
ALTER TABLE signing_keys ENABLE ALWAYS TRIGGER two_signing_keys_are_live;
ALTER TABLE signing_keys ENABLE ALWAYS TRIGGER signing_keys_are_never_truncated;
ALTER TABLE request_nonces ENABLE ALWAYS TRIGGER request_nonces_are_never_truncated;

-- Whoever checks a signature gets what it takes; what is not live is named, so that the answer can say so.
CREATE FUNCTION signing_key(wanted text)
RETURNS TABLE (key_id uuid, user_id uuid, tenant_id uuid, kind text, role text, state text, algorithm text,
               secret bytea, public_key bytea, policy text, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.id, u.id, u.tenant_id, u.kind::text,
         CASE WHEN u.kind = 'person' THEN public.highest_role(u.id) END,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
              WHEN k.expires_at <= clock_timestamp() THEN 'expired'
              WHEN u.status <> 'active' OR t.status <> 'active' THEN 'disabled'
              ELSE 'active' END,
         k.algorithm::text, k.secret, k.public_key, u.signature_policy::text, k.scopes
  FROM public.signing_keys k
  JOIN public.users u ON u.id = k.user_id
  JOIN public.tenants t ON t.id = u.tenant_id
  WHERE k.key_id = wanted
$$;

-- True for the first who brings this nonce: one statement decides it, however many come at once.
CREATE FUNCTION take_nonce(of_key uuid, brought text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO request_nonces (tenant_id, signing_key_id, nonce)
  SELECT k.tenant_id, k.id, brought FROM signing_keys k WHERE k.id = of_key
  ON CONFLICT ON CONSTRAINT nonce_is_used_once DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM request_nonces WHERE id IN (
    SELECT n.id FROM request_nonces n JOIN signing_keys k ON k.tenant_id = n.tenant_id AND k.id = n.signing_key_id
    WHERE k.id = of_key AND n.taken_at < clock_timestamp() - interval '10 minutes'
    LIMIT 100 FOR UPDATE OF n SKIP LOCKED);
  -- once a minute is news enough, and nobody waits for it
  UPDATE signing_keys SET last_used_at = clock_timestamp() WHERE id = (
    SELECT k.id FROM signing_keys k
    WHERE k.id = of_key AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED);
  RETURN true;
END $$;

-- Finding a key is using it: once a minute that is noted, and nobody waits for it.
DROP FUNCTION authenticate_key(text, bytea);
CREATE FUNCTION authenticate_key(wanted_prefix text, wanted_digest bytea)
RETURNS TABLE (key_id uuid, user_id uuid, tenant_id uuid, kind text, role text, scopes text[], state text, policy text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT k.id, u.id, u.tenant_id, u.kind::text,
         CASE WHEN u.kind = 'person' THEN highest_role(u.id) END,
         k.scopes,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
              WHEN k.expires_at <= clock_timestamp() THEN 'expired'
              WHEN u.status <> 'active' OR t.status <> 'active' THEN 'disabled'
              ELSE 'active' END,
         u.signature_policy::text
  FROM api_keys k
  JOIN users u ON u.id = k.user_id
  JOIN tenants t ON t.id = u.tenant_id
  WHERE k.prefix = wanted_prefix AND k.digest = wanted_digest;

  UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = (
    SELECT k.id FROM api_keys k
    WHERE k.prefix = wanted_prefix AND k.digest = wanted_digest
      AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute')
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    FOR NO KEY UPDATE SKIP LOCKED);
END $$;

REVOKE ALL ON FUNCTION two_signing_keys_are_live(), signing_key(text), take_nonce(uuid, text), authenticate_key(text, bytea)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION signing_key(text), take_nonce(uuid, text), authenticate_key(text, bytea) TO xm_api;

GRANT SELECT (signature_policy) ON users TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT UPDATE (signature_policy) ON users TO xm_staff, xm_platform;
GRANT SELECT (id, tenant_id, user_id, key_id, algorithm, public_key, label, scopes, created_at, expires_at, revoked_at,
              last_used_at)
  ON signing_keys TO xm_staff, xm_platform, xm_auditor;
GRANT INSERT (tenant_id, user_id, key_id, algorithm, secret, public_key, label, scopes, expires_at),
      UPDATE (expires_at, revoked_at)
  ON signing_keys TO xm_staff, xm_platform;
