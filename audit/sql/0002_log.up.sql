-- The audit log only grows, and every change of a governed row writes itself into it.
ALTER TABLE audit_event
  ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY,
  ADD CONSTRAINT audit_event_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT audit_event_has_a_known_actor FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE RESTRICT;

CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_event_only_grows');
CREATE TRIGGER audit_event_is_never_truncated BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_event_only_grows');
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_only_grows;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_is_never_truncated;

-- Every name in it is qualified and it sets no search_path, so that PostgreSQL can inline it.
CREATE FUNCTION unit_setting(name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT NULLIF(pg_catalog.current_setting(pg_catalog.concat('app.', name), true), '')
$$;

-- One row for one change: TG_ARGV is the key column, the columns left out (secrets and bulk), and the columns
-- whose change alone is no news, each a list parted by commas.
CREATE FUNCTION audit_governed_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  left_out text[] := string_to_array(TG_ARGV[1], ',');
  old_row jsonb;
  new_row jsonb;
  any_row jsonb;
  metadata jsonb := jsonb_strip_nulls(jsonb_build_object('operation', lower(TG_OP), 'reason', unit_setting('reason')));
  actor uuid := unit_setting('actor_id')::uuid;
  unseen jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN
    any_row := to_jsonb(NEW);
    new_row := any_row - left_out;
  ELSIF TG_OP = 'DELETE' THEN
    any_row := to_jsonb(OLD);
    old_row := any_row - left_out;
  ELSE
    any_row := to_jsonb(NEW);
    SELECT jsonb_object_agg(n.key, o.value) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_object_agg(n.key, n.value) FILTER (WHERE NOT n.key = ANY (left_out)),
           jsonb_agg(n.key ORDER BY n.key) FILTER (WHERE n.key = ANY (left_out))
    INTO old_row, new_row, unseen
    FROM jsonb_each(any_row) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
    WHERE n.value <> o.value AND n.key <> 'updated_at' AND NOT n.key = ANY (string_to_array(TG_ARGV[2], ','));
    IF new_row IS NULL AND unseen IS NULL THEN
      RETURN NULL;
    END IF;
    IF unseen IS NOT NULL THEN
      metadata := metadata || jsonb_build_object('changed_unseen', unseen);
    END IF;
  END IF;
  INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value,
                           correlation_id, ip_address, user_agent, metadata)
  VALUES (COALESCE((any_row ->> CASE TG_TABLE_NAME WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END)::uuid,
                   unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
          actor,
          COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                    FROM users u WHERE u.id = actor), 'system'),
          COALESCE(unit_setting('action'), TG_TABLE_NAME || ':' || lower(TG_OP)),
          TG_TABLE_NAME, any_row ->> TG_ARGV[0], old_row, new_row,
          unit_setting('correlation_id')::uuid, unit_setting('ip')::inet, unit_setting('user_agent'), metadata);
  RETURN NULL;
END $$;

CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON tenants
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'password_hash', 'last_login_at');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON user_roles
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'digest', '');
ALTER TABLE tenants ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE users ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE user_roles ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER change_is_audited;

CREATE VIEW audit_log WITH (security_invoker = true) AS
  SELECT audit_id AS id, tenant_id, actor_id AS user_id, action, entity_type, entity_id, old_value, new_value,
         correlation_id, ip_address, user_agent, created_at
  FROM audit_event;

REVOKE ALL ON FUNCTION audit_governed_change() FROM PUBLIC;
GRANT SELECT ON audit_event, audit_log TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value, payload_hash,
              signature, job_id, correlation_id, ip_address, user_agent, metadata)
  ON audit_event TO xm_api, xm_staff, xm_worker, xm_platform;
