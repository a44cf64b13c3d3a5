-- A key is good for whatever its holder may do.
REVOKE SELECT (scopes, last_used_at) ON api_keys FROM xm_staff, xm_platform, xm_auditor;
REVOKE INSERT (scopes), UPDATE (expires_at) ON api_keys FROM xm_staff, xm_platform;
DROP FUNCTION key_is_live(uuid);
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
DROP TRIGGER two_keys_are_live ON api_keys;
DROP FUNCTION two_keys_are_live();
DROP TRIGGER key_only_ends ON api_keys;
DROP FUNCTION key_only_ends();
ALTER TABLE api_keys DROP CONSTRAINT scopes_are_written_plainly;
