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

CREATE FUNCTION unit_setting(name text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULLIF(current_setting('app.' || name, true), '')
$$;

CREATE FUNCTION actor_type_of(actor uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT COALESCE((SELECT CASE u.kind WHEN 'person' THEN 'human' WHEN 'agent' THEN 'agent' END
                   FROM public.users u WHERE u.id = actor), 'system')
$$;

-- One row for one change: TG_ARGV is the key column, the columns left out (secrets and bulk), and the columns
-- whose change alone is no news, each a list parted by commas.
CREATE FUNCTION audit_governed_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  key_column text := TG_ARGV[0];
  left_out text[] := string_to_array(TG_ARGV[1], ',');
  no_news text[] := string_to_array(TG_ARGV[2], ',') || ARRAY['updated_at'];
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  any_row jsonb := COALESCE(new_row, old_row);
  metadata jsonb := jsonb_strip_nulls(jsonb_build_object('operation', lower(TG_OP), 'reason', unit_setting('reason')));
  actor uuid := unit_setting('actor_id')::uuid;
  changed text[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT array_agg(n.key ORDER BY n.key) INTO changed
    FROM jsonb_each(new_row) n WHERE n.value IS DISTINCT FROM old_row -> n.key AND NOT n.key = ANY (no_news);
    IF changed IS NULL THEN
      RETURN NULL;
    END IF;
    IF changed && left_out THEN
      metadata := metadata || jsonb_build_object('changed_unseen',
        to_jsonb(ARRAY(SELECT c FROM unnest(changed) c WHERE c = ANY (left_out))));
    END IF;
    SELECT COALESCE(jsonb_object_agg(c, old_row -> c), '{}'), COALESCE(jsonb_object_agg(c, new_row -> c), '{}')
    INTO old_row, new_row FROM unnest(changed) c WHERE NOT c = ANY (left_out);
  END IF;
  INSERT INTO public.audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value,
                                  new_value, correlation_id, ip_address, user_agent, metadata)
  VALUES (COALESCE((any_row ->> CASE TG_TABLE_NAME WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END)::uuid,
                   unit_setting('tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
          actor, public.actor_type_of(actor),
          COALESCE(unit_setting('action'), TG_TABLE_NAME || ':' || lower(TG_OP)),
          TG_TABLE_NAME, any_row ->> key_column, old_row - left_out, new_row - left_out,
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

REVOKE ALL ON FUNCTION actor_type_of(uuid), audit_governed_change() FROM PUBLIC;
GRANT SELECT ON audit_event, audit_log TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value, payload_hash,
              signature, job_id, correlation_id, ip_address, user_agent, metadata)
  ON audit_event TO xm_api, xm_staff, xm_worker, xm_platform;
