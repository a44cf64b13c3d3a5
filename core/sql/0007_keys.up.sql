-- A key is good for its scopes, only ever ends, and two of one label are live at most.
ALTER TABLE api_keys
  ADD CONSTRAINT scopes_are_written_plainly CHECK (
    array_position(scopes, NULL) IS NULL AND array_to_string(scopes, ' ') ~ '^((\*|[a-z_-]+:[a-z_-]+)( (?!$)|$))*$');

CREATE FUNCTION key_only_ends() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside api_keys := NEW;
BEGIN
  beside.expires_at := OLD.expires_at;
  beside.revoked_at := OLD.revoked_at;
  beside.last_used_at := OLD.last_used_at;
  IF beside IS DISTINCT FROM OLD
     OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
     OR OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
    RAISE EXCEPTION 'A key never changes; it only ends, and sooner at that.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'key_only_ends', TABLE = 'api_keys',
            HINT = 'Revoke this key and issue another.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER key_only_ends BEFORE UPDATE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION key_only_ends();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER key_only_ends;

CREATE FUNCTION two_keys_are_live() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- one after the other, or two at once would each count the same two
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'api_keys', NEW.user_id, NEW.label), 0));
  IF (SELECT count(*) FROM api_keys k
      WHERE k.tenant_id = NEW.tenant_id AND k.user_id = NEW.user_id AND k.label = NEW.label
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) >= 2 THEN
    RAISE EXCEPTION 'Two keys of this label are live already.'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'two_keys_are_live', TABLE = 'api_keys',
            HINT = 'Revoke one of them first, or choose another label.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER two_keys_are_live BEFORE INSERT ON api_keys
  FOR EACH ROW EXECUTE FUNCTION two_keys_are_live();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER two_keys_are_live;

-- Asked with every request that comes with a remembered key: whoever is disabled is out at once.
CREATE FUNCTION key_is_live(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM api_keys k
    JOIN users u ON u.id = k.user_id AND u.status = 'active'
    JOIN tenants t ON t.id = u.tenant_id AND t.status = 'active'
    WHERE k.id = wanted AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp()))
$$;

REVOKE ALL ON FUNCTION two_keys_are_live(), key_is_live(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION key_is_live(uuid) TO xm_api;
GRANT SELECT (scopes, last_used_at) ON api_keys TO xm_staff, xm_platform, xm_auditor;
GRANT INSERT (scopes), UPDATE (expires_at) ON api_keys TO xm_staff, xm_platform;
