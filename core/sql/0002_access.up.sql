-- Who may act is one row in one tenant, of one kind for ever, and only login functions read a password.
ALTER TABLE users
  ADD CONSTRAINT user_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT user_has_a_known_operator FOREIGN KEY (tenant_id, operated_by)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT;
ALTER TABLE user_roles
  ADD CONSTRAINT role_has_a_known_user FOREIGN KEY (tenant_id, user_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE CASCADE;
ALTER TABLE api_keys
  ADD CONSTRAINT key_has_a_known_user FOREIGN KEY (tenant_id, user_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT key_digest_is_a_sha256 CHECK (octet_length(digest) = 32);
ALTER TABLE jobs
  ADD CONSTRAINT job_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT job_has_a_known_owner FOREIGN KEY (tenant_id, owner_id)
    REFERENCES users (tenant_id, id) ON DELETE RESTRICT;
ALTER TABLE outbox_events
  ADD CONSTRAINT message_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT;

CREATE TRIGGER tenants_updated_at BEFORE UPDATE ON tenants
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER users_updated_at BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_jobs_updated_at BEFORE UPDATE ON jobs
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE FUNCTION user_stays_who_they_are() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.tenant_id) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.tenant_id)
     OR NEW.operated_by IS DISTINCT FROM OLD.operated_by THEN
    RAISE EXCEPTION 'User % keeps id, kind, tenant and operator for ever.', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'user_stays_who_they_are',
            TABLE = 'users', HINT = 'Disable this user and make another.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER user_stays_who_they_are BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION user_stays_who_they_are();
ALTER TABLE users ENABLE ALWAYS TRIGGER user_stays_who_they_are;

-- A TRUNCATE would take rows away without a trace in the log.
CREATE TRIGGER tenants_are_never_truncated BEFORE TRUNCATE ON tenants
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER users_are_never_truncated BEFORE TRUNCATE ON users
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER user_roles_are_never_truncated BEFORE TRUNCATE ON user_roles
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER api_keys_are_never_truncated BEFORE TRUNCATE ON api_keys
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
ALTER TABLE tenants ENABLE ALWAYS TRIGGER tenants_are_never_truncated;
ALTER TABLE users ENABLE ALWAYS TRIGGER users_are_never_truncated;
ALTER TABLE user_roles ENABLE ALWAYS TRIGGER user_roles_are_never_truncated;
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_are_never_truncated;

-- The sources' own INSERTs name only user and role: the tenant is the user's, whatever the caller says.
CREATE FUNCTION role_is_in_its_users_tenant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  SELECT u.tenant_id INTO NEW.tenant_id FROM public.users u WHERE u.id = NEW.user_id;
  RETURN NEW;
END $$;
CREATE TRIGGER role_is_in_its_users_tenant BEFORE INSERT OR UPDATE ON user_roles
  FOR EACH ROW EXECUTE FUNCTION role_is_in_its_users_tenant();
ALTER TABLE user_roles ENABLE ALWAYS TRIGGER role_is_in_its_users_tenant;

CREATE FUNCTION highest_role(person uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.role FROM public.user_roles r WHERE r.user_id = person
  ORDER BY array_position(ARRAY['super-admin', 'admin', 'editor', 'viewer'], r.role::text) LIMIT 1
$$;

-- A principal is found before its tenant only here; what is not live is named, so that the answer can say so.
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

CREATE FUNCTION person_by_email(wanted text) RETURNS SETOF users
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.* FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
  WHERE lower(u.email) = lower(wanted) AND u.kind = 'person' AND t.status = 'active'
$$;

CREATE FUNCTION person_by_id(wanted uuid) RETURNS SETOF users
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.* FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
  WHERE u.id = wanted AND u.kind = 'person' AND t.status = 'active'
$$;

REVOKE ALL ON FUNCTION highest_role(uuid), authenticate_key(text, bytea), person_by_email(text), person_by_id(uuid),
  role_is_in_its_users_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION authenticate_key(text, bytea) TO xm_api;
GRANT EXECUTE ON FUNCTION person_by_email(text), person_by_id(uuid) TO xm_staff, xm_platform;

GRANT SELECT ON tenants TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (name, type, settings), UPDATE (name, status, settings) ON tenants TO xm_platform;
GRANT SELECT (id, tenant_id, kind, email, username, display_name, status, is_active, is_staff, email_verified,
              operated_by, last_login_at, created_at, updated_at)
  ON users TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor;
GRANT SELECT ON users TO xm_backup;
GRANT INSERT (tenant_id, kind, email, username, password_hash, display_name, is_staff, operated_by),
      UPDATE (email, password_hash, display_name, status, is_staff, email_verified, last_login_at)
  ON users TO xm_staff, xm_platform;
GRANT SELECT ON user_roles TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (user_id, role), DELETE ON user_roles TO xm_staff, xm_platform;
GRANT SELECT (id, tenant_id, user_id, prefix, label, created_at, expires_at, revoked_at)
  ON api_keys TO xm_staff, xm_platform, xm_auditor;
GRANT SELECT ON api_keys TO xm_backup;
GRANT INSERT (tenant_id, user_id, prefix, digest, label, expires_at), UPDATE (revoked_at)
  ON api_keys TO xm_staff, xm_platform;
GRANT SELECT ON jobs TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT SELECT ON outbox_events TO xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
  ON outbox_events TO xm_api, xm_staff, xm_worker, xm_platform;
-- INSERT .. RETURNING reads back what the database filled in
GRANT SELECT ON outbox_events TO xm_api;
