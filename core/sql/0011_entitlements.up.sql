-- Nobody proposes or writes more than they are entitled to, and agents stop when people say so.
ALTER TABLE user_entitlements
  ADD CONSTRAINT entitlement_has_a_known_user FOREIGN KEY (tenant_id, user_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE CASCADE;
ALTER TABLE rate_buckets
  ADD CONSTRAINT bucket_has_a_known_user FOREIGN KEY (tenant_id, user_id)
    REFERENCES users (tenant_id, id) MATCH FULL ON DELETE RESTRICT;
ALTER TABLE switches
  ADD CONSTRAINT switch_has_a_known_tenant FOREIGN KEY (for_tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT;
SELECT raise_tenant_wall('user_entitlements');
SELECT raise_tenant_wall('rate_buckets');

CREATE TRIGGER user_entitlements_updated_at BEFORE UPDATE ON user_entitlements
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER switches_updated_at BEFORE UPDATE ON switches
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER entitlement_is_in_its_users_tenant BEFORE INSERT OR UPDATE ON user_entitlements
  FOR EACH ROW EXECUTE FUNCTION role_is_in_its_users_tenant();
ALTER TABLE user_entitlements ENABLE ALWAYS TRIGGER entitlement_is_in_its_users_tenant;
CREATE TRIGGER user_entitlements_are_never_truncated BEFORE TRUNCATE ON user_entitlements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER rate_buckets_are_never_truncated BEFORE TRUNCATE ON rate_buckets
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
CREATE TRIGGER switches_are_never_truncated BEFORE TRUNCATE ON switches
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('access_is_never_truncated');
ALTER TABLE user_entitlements ENABLE ALWAYS TRIGGER user_entitlements_are_never_truncated;
ALTER TABLE rate_buckets ENABLE ALWAYS TRIGGER rate_buckets_are_never_truncated;
ALTER TABLE switches ENABLE ALWAYS TRIGGER switches_are_never_truncated;

-- A tenant's people stop their own agents; whose switch it is never changes.
CREATE FUNCTION switch_is_turned_at_home() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_user = 'xm_staff'
     AND NEW.for_tenant_id IS DISTINCT FROM NULLIF(current_setting('app.tenant_id', true), '')::uuid
     OR TG_OP = 'UPDATE' AND (NEW.id, NEW.name, NEW.for_tenant_id) IS DISTINCT FROM (OLD.id, OLD.name, OLD.for_tenant_id) THEN
    RAISE EXCEPTION 'A tenant turns its own switches; the others are the platform''s.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'switch_is_turned_at_home', TABLE = 'switches',
            HINT = 'Ask the people of the platform.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER switch_is_turned_at_home BEFORE INSERT OR UPDATE ON switches
  FOR EACH ROW EXECUTE FUNCTION switch_is_turned_at_home();
ALTER TABLE switches ENABLE ALWAYS TRIGGER switch_is_turned_at_home;

CREATE FUNCTION agents_are_paused(of_tenant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM switches s
                 WHERE s.name = 'AGENTS_MODE' AND s.value = 'paused' AND (s.for_tenant_id IS NULL OR s.for_tenant_id = of_tenant))
$$;

-- One statement takes a token or finds none: however many come at once, nobody takes the last one twice.
CREATE FUNCTION take_token(of_user uuid, wanted text)
RETURNS TABLE (said text, quota integer, remaining integer, seconds integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  now_is timestamptz := clock_timestamp();
  per_minute integer;
  is_person boolean;
  home uuid;
  standing float8;
BEGIN
  SELECT u.kind = 'person', u.tenant_id, CASE wanted WHEN 'proposals' THEN e.rfq_rate_limit ELSE e.order_rate_limit END
  INTO is_person, home, per_minute
  FROM users u LEFT JOIN user_entitlements e ON e.user_id = u.id WHERE u.id = of_user;
  IF NOT is_person AND agents_are_paused(home) THEN
    RETURN QUERY SELECT 'paused', 0, 0, 0;
    RETURN;
  END IF;
  IF COALESCE(per_minute, 0) <= 0 THEN
    RETURN QUERY SELECT 'not_entitled', 0, 0, 0;
    RETURN;
  END IF;
  INSERT INTO rate_buckets AS b (tenant_id, user_id, kind, tokens, refilled_at)
  VALUES (home, of_user, wanted, per_minute - 1, now_is)
  ON CONFLICT ON CONSTRAINT one_bucket_of_each_kind DO UPDATE
    SET tokens = least(per_minute, b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60) - 1,
        refilled_at = now_is
    WHERE least(per_minute, b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60) >= 1
  RETURNING b.tokens INTO standing;
  IF FOUND THEN
    RETURN QUERY SELECT 'taken', per_minute, floor(standing)::integer, 0;
    RETURN;
  END IF;
  SELECT b.tokens + extract(epoch FROM now_is - b.refilled_at) * per_minute / 60 INTO standing
  FROM rate_buckets b WHERE b.tenant_id = home AND b.user_id = of_user AND b.kind = wanted;
  RETURN QUERY SELECT 'too_many', per_minute, 0, greatest(1, ceil((1 - standing) * 60 / per_minute))::integer;
END $$;

CREATE FUNCTION entitles(granted text[], wanted text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(pg_catalog.bool_or(
    g = wanted OR (pg_catalog."right"(g, 1) = '*' AND pg_catalog.starts_with(wanted, pg_catalog."left"(g, -1)))), false)
  FROM pg_catalog.unnest(granted) g
$$;

-- Nobody raises themselves or another above what they hold; only persons hold roles.
CREATE FUNCTION role_is_granted_from_above() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  granter uuid := NULLIF(current_setting('app.actor_id', true), '')::uuid;
  touched user_roles := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  ranks text[] := ARRAY['viewer', 'editor', 'admin', 'super-admin'];
BEGIN
  IF TG_OP <> 'DELETE' AND EXISTS (SELECT FROM users u WHERE u.id = NEW.user_id AND u.kind <> 'person') THEN
    RAISE EXCEPTION 'Only persons hold roles.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_persons_hold_roles', TABLE = 'user_roles',
            HINT = 'Agents and services may what docs/permissions.md says of them.';
  END IF;
  IF granter IS NOT NULL AND granter = touched.user_id THEN
    RAISE EXCEPTION 'Nobody changes their own roles.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'nobody_changes_their_own_roles', TABLE = 'user_roles',
            HINT = 'Ask another administrator.';
  END IF;
  IF granter IS NOT NULL
     AND COALESCE(array_position(ranks, highest_role(granter)), 0) < greatest(3, array_position(ranks, touched.role::text)) THEN
    RAISE EXCEPTION 'Nobody gives or takes a role above their own.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'role_is_granted_from_above', TABLE = 'user_roles',
            HINT = 'Ask somebody who holds that role.';
  END IF;
  RETURN touched;
END $$;
CREATE TRIGGER role_is_granted_from_above BEFORE INSERT OR UPDATE OR DELETE ON user_roles
  FOR EACH ROW EXECUTE FUNCTION role_is_granted_from_above();
ALTER TABLE user_roles ENABLE ALWAYS TRIGGER role_is_granted_from_above;

REVOKE ALL ON FUNCTION agents_are_paused(uuid), take_token(uuid, text), role_is_granted_from_above() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_token(uuid, text) TO xm_api;
GRANT SELECT ON user_entitlements, rate_buckets TO xm_staff, xm_platform, xm_auditor, xm_backup;
GRANT SELECT ON user_entitlements TO xm_api, xm_worker;
GRANT INSERT (user_id, asset_classes, instruments, venues, max_notional, rfq_rate_limit, order_rate_limit, max_open_orders),
      UPDATE (asset_classes, instruments, venues, max_notional, rfq_rate_limit, order_rate_limit, max_open_orders), DELETE
  ON user_entitlements TO xm_staff, xm_platform;
GRANT SELECT ON switches TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (name, for_tenant_id, value), UPDATE (value) ON switches TO xm_staff, xm_platform;
