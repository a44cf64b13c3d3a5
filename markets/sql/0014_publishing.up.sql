-- An event is public by people's approval of exactly its content, or because a policy lets small ones out by themselves.
ALTER TABLE events
  ADD CONSTRAINT event_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, candidate_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) ON DELETE RESTRICT,
  ADD CONSTRAINT event_approval_is_in_the_log FOREIGN KEY (tenant_id, human_approval_audit_id)
    REFERENCES audit_event (tenant_id, audit_id) ON DELETE RESTRICT,
  ADD CONSTRAINT event_has_a_known_candidate FOREIGN KEY (tenant_id, candidate_id)
    REFERENCES candidate_events (tenant_id, candidate_id) ON DELETE RESTRICT;
ALTER TABLE event_retractions
  ADD CONSTRAINT retraction_has_a_known_event FOREIGN KEY (tenant_id, event_id)
    REFERENCES events (tenant_id, event_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT retraction_is_by_a_known_person FOREIGN KEY (retracted_by) REFERENCES users (id) ON DELETE RESTRICT;

-- Never a political or an economic one, and never at high risk, whatever a policy says.
CREATE FUNCTION event_publishes_by_itself(market_type text, market_risk text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT market_type NOT IN ('political', 'economic') AND market_risk <> 'high' AND EXISTS (
    SELECT FROM approval_policies p WHERE p.action = 'event:publish' AND p.risk = market_risk AND p.publishes_by_itself)
$$;

CREATE FUNCTION event_is_of_a_candidate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.candidate_id IS NULL
     AND current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('event_needs_human_approval', 'An event is public by people''s approval of exactly its content.',
                   'Propose it and have it approved in the admin.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_is_of_a_candidate BEFORE INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION event_is_of_a_candidate();

-- What was approved is what is published: the content comes from the candidate, whatever the caller sent.
CREATE FUNCTION event_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  candidate candidate_events;
  market markets;
  approval approval_grants;
BEGIN
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r WHERE r.subject_id = NEW.candidate_id AND r.action = 'event:publish' FOR UPDATE;
  SELECT * INTO candidate FROM candidate_events c WHERE c.candidate_id = NEW.candidate_id FOR UPDATE;
  IF NEW.candidate_id IS NOT NULL AND NOT FOUND THEN
    PERFORM refuse('event_has_a_known_candidate', 'There is no such proposed event.', 'Propose it first.');
  END IF;
  SELECT * INTO market FROM markets m WHERE m.market_id = COALESCE(candidate.market_id, NEW.market_id) FOR SHARE;
  IF market.status = 'voided' THEN
    PERFORM refuse('market_takes_no_events', 'This market was voided.', 'Propose the event on another market.');
  END IF;

  IF NEW.candidate_id IS NULL THEN
    IF market.type IN ('political', 'economic') THEN
      PERFORM refuse('event_needs_human_approval', format('An event on a market of type %s is public by people''s approval alone.',
                     market.type), 'Propose it and have it approved in the admin.');
    END IF;
    NEW.basis := 'hand';
    RETURN NEW;
  END IF;

  IF NEW.human_approval_audit_id IS NOT NULL THEN
    SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'event:publish';
    IF NOT FOUND OR approval.subject_id <> candidate.candidate_id OR approval.digest <> candidate.digest THEN
      PERFORM refuse('event_needs_human_approval', 'This approval is of something else.', 'Have this event approved in the admin.');
    END IF;
    IF approval.expires_at <= clock_timestamp() THEN
      PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                     'Have it approved again.');
    END IF;
    NEW.basis := 'approval';
  ELSE
    IF NOT event_publishes_by_itself(market.type, candidate.risk)
       OR EXISTS (SELECT FROM approval_requests r WHERE r.subject_id = candidate.candidate_id AND r.action = 'event:publish') THEN
      PERFORM refuse('event_needs_human_approval', 'People decide whether this event is published.',
                     'Have it approved in the admin.');
    END IF;
    IF unit_setting('actor_id')::uuid IS DISTINCT FROM candidate.proposed_by THEN
      PERFORM refuse('proposal_is_ones_own', 'Nobody publishes in the name of another.', 'Propose your own.');
    END IF;
    NEW.basis := 'policy';
  END IF;
  IF EXISTS (SELECT FROM events e WHERE e.candidate_id = candidate.candidate_id) THEN
    PERFORM refuse('candidate_is_published_once', 'This event is published already.', 'Look at the event.');
  END IF;

  NEW.tenant_id := candidate.tenant_id;
  NEW.market_id := candidate.market_id;
  NEW.summary := candidate.summary;
  NEW.event_type := candidate.event_type;
  NEW.confidence := candidate.confidence;
  NEW.snapshot_ids := candidate.snapshot_ids;
  NEW.metadata := candidate.metadata;
  NEW.known_at := candidate.known_at;
  NEW.digest := candidate.digest;
  NEW.published_at := clock_timestamp();
  NEW.created_at := NEW.published_at;
  RETURN NEW;
END $$;
CREATE TRIGGER event_is_what_was_approved BEFORE INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION event_is_what_was_approved();

CREATE TRIGGER event_approval_still_stands BEFORE INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('human_approval_audit_id');

CREATE FUNCTION publication_ends_its_candidate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE candidate_events SET status = 'processed' WHERE candidate_id = NEW.candidate_id;
  RETURN NULL;
END $$;
CREATE TRIGGER publication_ends_its_candidate AFTER INSERT ON events
  FOR EACH ROW WHEN (NEW.candidate_id IS NOT NULL) EXECUTE FUNCTION publication_ends_its_candidate();

-- A published event is taken back by staff, once, with a reason, and stays to be seen.
CREATE FUNCTION retraction_is_ones_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  event events;
  person users;
BEGIN
  SELECT * INTO event FROM events e WHERE e.event_id = NEW.event_id;
  IF NOT FOUND THEN
    PERFORM refuse('retraction_has_a_known_event', 'There is no such event.', 'Look at the list of events.');
  END IF;
  IF NEW.retracted_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('retraction_is_ones_own', 'Nobody takes back in the name of another.', 'Log in as yourself.');
  END IF;
  SELECT * INTO person FROM users u WHERE u.id = NEW.retracted_by;
  IF NOT FOUND OR person.kind <> 'person' OR person.status <> 'active' OR NOT person.is_staff
     OR person.tenant_id NOT IN (event.tenant_id, '00000000-0000-0000-0000-000000000000')
     OR COALESCE(role_rank(highest_role(person.id)) < role_rank('admin'), true) THEN
    PERFORM refuse('retraction_is_by_staff', 'Only an active admin of the tenant, or of the platform, takes an event back.',
                   'Ask an administrator.');
  END IF;
  IF length(btrim(COALESCE(NEW.reason, ''))) < 10 THEN
    PERFORM refuse('reason_is_given', 'A reason has at least ten characters.', 'Say why it is taken back.');
  END IF;
  NEW.tenant_id := event.tenant_id;
  NEW.created_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER retraction_is_ones_own BEFORE INSERT ON event_retractions
  FOR EACH ROW EXECUTE FUNCTION retraction_is_ones_own();

-- Whoever revokes the approval of an event takes the event back with it.
CREATE FUNCTION revocation_takes_its_event_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO event_retractions (event_id, retracted_by, reason)
  SELECT e.event_id, NEW.revoked_by, NEW.reason FROM events e
  WHERE e.human_approval_audit_id = NEW.audit_id AND NOT EXISTS (
    SELECT FROM event_retractions r WHERE r.event_id = e.event_id);
  RETURN NULL;
END $$;
CREATE TRIGGER revocation_takes_its_event_back AFTER INSERT ON approval_revocations
  FOR EACH ROW EXECUTE FUNCTION revocation_takes_its_event_back();

CREATE TRIGGER retraction_never_changes BEFORE UPDATE OR DELETE ON event_retractions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('retraction_never_changes');
CREATE TRIGGER retractions_are_never_truncated BEFORE TRUNCATE ON event_retractions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('retraction_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON event_retractions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

-- Guards hold in replica role too.
ALTER TABLE events ENABLE ALWAYS TRIGGER event_is_of_a_candidate;
ALTER TABLE events ENABLE ALWAYS TRIGGER event_is_what_was_approved;
ALTER TABLE events ENABLE ALWAYS TRIGGER event_approval_still_stands;
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER revocation_takes_its_event_back;
ALTER TABLE events ENABLE ALWAYS TRIGGER publication_ends_its_candidate;
ALTER TABLE event_retractions ENABLE ALWAYS TRIGGER retraction_is_ones_own;
ALTER TABLE event_retractions ENABLE ALWAYS TRIGGER retraction_never_changes;
ALTER TABLE event_retractions ENABLE ALWAYS TRIGGER retractions_are_never_truncated;
ALTER TABLE event_retractions ENABLE ALWAYS TRIGGER change_is_audited;

-- Guards act as the owner, so nobody may hang one on a table of their own.
REVOKE ALL ON FUNCTION event_is_what_was_approved(), publication_ends_its_candidate(), retraction_is_ones_own(),
  revocation_takes_its_event_back() FROM PUBLIC;

SELECT raise_tenant_wall('event_retractions');
GRANT SELECT ON event_retractions TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (event_id, retracted_by, reason) ON event_retractions TO xm_staff, xm_platform;
GRANT INSERT (candidate_id) ON events TO xm_api, xm_worker;
GRANT INSERT (candidate_id, human_approval_audit_id) ON events TO xm_staff, xm_platform;
