-- Nobody raises themselves or another above what they hold; only persons hold roles.
CREATE OR REPLACE FUNCTION role_is_granted_from_above() RETURNS trigger
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
