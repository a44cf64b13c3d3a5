-- People are asked about an event only while it waits; what was sent back, decided or published is proposed anew.
CREATE FUNCTION candidate_waits_for_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  stands text;
BEGIN
  -- held, so that nothing is published by a policy while people are asked about it
  SELECT c.status INTO stands FROM candidate_events c WHERE c.candidate_id = NEW.subject_id FOR SHARE;
  IF stands IS DISTINCT FROM 'pending' THEN
    PERFORM refuse('candidate_is_closed', format('This proposed event is %s.', stands), 'Propose another.');
  END IF;
  RETURN NEW;
END $$;
-- named so that the request is filled first, and the older one locked before the event
CREATE TRIGGER request_is_of_what_waits BEFORE INSERT ON approval_requests
  FOR EACH ROW WHEN (NEW.action = 'event:publish') EXECUTE FUNCTION candidate_waits_for_people();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_is_of_what_waits;

REVOKE ALL ON FUNCTION candidate_waits_for_people() FROM PUBLIC;
