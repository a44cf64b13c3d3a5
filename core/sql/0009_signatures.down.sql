-- No request is signed any more.
DROP FUNCTION authenticate_key(text, bytea);
CREATE FUNCTION authenticate_key(wanted_prefix text, wanted_digest bytea)
RETURNS TABLE (key_id uuid, user_id uuid, tenant_id uuid, kind text, role text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT k.id, u.id, u.tenant_id, u.kind::text,
         CASE WHEN u.kind = 'person' THEN public.highest_role(u.id) END,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
              WHEN k.expires_at <= clock_timestamp() THEN 'expired'
              WHEN u.status <> 'active' OR t.status <> 'active' THEN 'disabled'
              ELSE 'active' END
  FROM public.api_keys k
  JOIN public.users u ON u.id = k.user_id
  JOIN public.tenants t ON t.id = u.tenant_id
  WHERE k.prefix = wanted_prefix AND k.digest = wanted_digest
$$;
REVOKE ALL ON FUNCTION authenticate_key(text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_key(text, bytea) TO xm_api;
REVOKE ALL ON signing_keys FROM xm_staff, xm_platform, xm_auditor;
REVOKE ALL (signature_policy) ON users FROM xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
DROP FUNCTION take_nonce(uuid, text);
DROP FUNCTION signing_key(text);
DROP TRIGGER request_nonces_are_never_truncated ON request_nonces;
DROP TRIGGER signing_keys_are_never_truncated ON signing_keys;
DROP TRIGGER two_signing_keys_are_live ON signing_keys;
DROP FUNCTION two_signing_keys_are_live();
DROP TRIGGER signing_key_only_ends ON signing_keys;
DROP FUNCTION signing_key_only_ends();
SELECT lower_tenant_wall('request_nonces');
SELECT lower_tenant_wall('signing_keys');
ALTER TABLE request_nonces DROP CONSTRAINT nonce_has_a_known_key;
ALTER TABLE signing_keys
  DROP CONSTRAINT public_key_is_ed25519,
  DROP CONSTRAINT signing_scopes_are_written_plainly,
  DROP CONSTRAINT signing_key_id_is_written_plainly,
  DROP CONSTRAINT signing_key_has_a_known_user;
