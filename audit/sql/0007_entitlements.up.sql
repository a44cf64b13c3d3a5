-- Who is entitled to what, and where the switches stand, is in the log; a stopped agent asks for nothing.
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON user_entitlements
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON switches
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
ALTER TABLE user_entitlements ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE switches ENABLE ALWAYS TRIGGER change_is_audited;

CREATE FUNCTION agents_are_not_paused() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  home uuid;
BEGIN
  SELECT u.tenant_id INTO home FROM users u WHERE u.id = unit_setting('actor_id')::uuid AND u.kind <> 'person';
  IF FOUND AND agents_are_paused(home) THEN
    PERFORM refuse('agents_are_paused', 'Agents and services are paused; people go on working.',
                   'Wait until people turn AGENTS_MODE to enabled again.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agents_are_not_paused BEFORE INSERT OR UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER agents_are_not_paused;
REVOKE ALL ON FUNCTION agents_are_not_paused() FROM PUBLIC;
