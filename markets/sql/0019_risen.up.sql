-- An event is let out at the risk that its market has by now, and at no machine's hand while machines are stopped.
CREATE OR REPLACE FUNCTION event_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  candidate candidate_events;
  market markets;
  approval approval_grants;
  risk text;
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

  -- what is at stake may have been raised since it was proposed
  risk := riskier(candidate.risk, COALESCE(market.risk_level, market_risk(market.type, NULL)));
  IF NEW.human_approval_audit_id IS NOT NULL THEN
    SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'event:publish';
    IF NOT FOUND OR approval.subject_id <> candidate.candidate_id OR approval.digest <> candidate.digest THEN
      PERFORM refuse('event_needs_human_approval', 'This approval is of something else.', 'Have this event approved in the admin.');
    END IF;
    IF approval.expires_at <= clock_timestamp() THEN
      PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                     'Have it approved again.');
    END IF;
    IF risk <> candidate.risk THEN
      PERFORM refuse('market_has_moved_on', 'The market is not what it was when this was proposed.',
                     'Withdraw it, and propose it anew.');
    END IF;
    NEW.basis := 'approval';
  ELSE
    IF NOT event_publishes_by_itself(market.type, risk)
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

CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();
ALTER TABLE events ENABLE ALWAYS TRIGGER agents_are_not_paused;
