-- Whoever waits for people's answer hears of every decision and of every move, with the COMMIT that makes it so.
CREATE FUNCTION tell_who_waits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- told once for each transaction: PostgreSQL drops what was said in it before
  PERFORM pg_notify('xm_approval', to_jsonb(NEW) ->> TG_ARGV[0]);
  RETURN NULL;
END $$;
CREATE TRIGGER move_is_told AFTER UPDATE ON approval_requests
  FOR EACH ROW EXECUTE FUNCTION tell_who_waits('id');
CREATE TRIGGER decision_is_told AFTER INSERT ON approval_decisions
  FOR EACH ROW EXECUTE FUNCTION tell_who_waits('request_id');
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER move_is_told;
ALTER TABLE approval_decisions ENABLE ALWAYS TRIGGER decision_is_told;
