-- An event is proposed with its evidence, says only what its canonical bytes say, and follows what people decide.
ALTER TABLE candidate_events
  ADD CONSTRAINT candidate_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT candidate_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT candidate_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT candidate_shows_evidence CHECK (
    cardinality(snapshot_ids) > 0 AND array_position(snapshot_ids, NULL) IS NULL AND NOT has_duplicates(snapshot_ids)),
  ADD CONSTRAINT summary_is_1_to_500_long CHECK (char_length(summary) BETWEEN 1 AND 500);

CREATE TRIGGER trg_candidate_events_updated_at BEFORE UPDATE ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();

CREATE FUNCTION candidate_is_its_canonical_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  proposer users;
  market markets;
  content jsonb;
  newest timestamptz;
  found_here integer;
BEGIN
  IF NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_ones_own', 'Nobody proposes in the name of another.', 'Use your own key.');
  END IF;
  SELECT * INTO proposer FROM users u WHERE u.id = NEW.proposed_by;
  IF NOT FOUND OR proposer.status <> 'active' THEN
    PERFORM refuse('proposal_has_a_known_proposer', 'The proposer is not an active user.', 'Use a live account.');
  END IF;
  BEGIN
    content := convert_from(NEW.canonical, 'UTF8')::jsonb;
    NEW.market_id := (content ->> 'market_id')::uuid;
    NEW.summary := content ->> 'summary';
    NEW.event_type := content ->> 'event_type';
    NEW.confidence := (content ->> 'confidence')::numeric;
    NEW.known_at := (content ->> 'known_at')::timestamptz;
    NEW.impact_score := (content ->> 'impact_score')::numeric;
    NEW.llm_reasoning := content ->> 'llm_reasoning';
    NEW.variable_name := content ->> 'variable_name';
    NEW.variable_description := content ->> 'variable_description';
    NEW.metadata := COALESCE(content -> 'metadata', '{}');
    NEW.snapshot_ids := ARRAY(SELECT jsonb_array_elements_text(content -> 'snapshot_ids'));
  EXCEPTION WHEN data_exception THEN
    PERFORM refuse('candidate_is_well_formed', 'The canonical text is not what an event says.',
                   'Send RFC 8785 JSON with market_id, symbol, summary and snapshot_ids.');
  END;
  IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(NEW.metadata) <> 'object' OR btrim(COALESCE(NEW.summary, '')) = ''
     OR NOT content ?& ARRAY['market_id', 'symbol', 'summary', 'snapshot_ids']
     OR NEW.confidence::text IS DISTINCT FROM content ->> 'confidence'
     OR NEW.impact_score::text IS DISTINCT FROM content ->> 'impact_score'
     OR to_char(NEW.known_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') IS DISTINCT FROM content ->> 'known_at' THEN
    PERFORM refuse('candidate_is_well_formed', 'The canonical text lacks something an event needs, or writes it another way.',
                   'It needs market_id, symbol, summary and snapshot_ids; amounts with two decimals, times in UTC with microseconds.');
  END IF;

  SELECT * INTO market FROM markets m
  WHERE m.market_id = NEW.market_id AND (m.tenant_id = proposer.tenant_id OR proposer.tenant_id = '00000000-0000-0000-0000-000000000000');
  IF NOT FOUND OR market.symbol IS DISTINCT FROM content ->> 'symbol' THEN
    PERFORM refuse('candidate_has_a_known_market', 'There is no such market here.', 'Name the market_id and symbol of a market of your tenant.');
  END IF;
  IF market.status = 'voided' THEN
    PERFORM refuse('market_takes_no_events', 'This market was voided.', 'Propose the event on another market.');
  END IF;
  NEW.tenant_id := market.tenant_id;
  NEW.risk := COALESCE(market.risk_level, market_risk(market.type, NULL));
  NEW.operated_by := proposer.operated_by;
  NEW.status := 'pending';
  NEW.rejection_reason := NULL;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  NEW.dedupe_hash := encode(sha256(convert_to(
    NEW.summary || COALESCE((SELECT string_agg(s, '' ORDER BY s COLLATE "C") FROM unnest(NEW.snapshot_ids) s), ''), 'UTF8')), 'hex');

  SELECT count(*), max(s.fetched_at) INTO found_here, newest FROM snapshots s
  WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids);
  IF found_here <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  -- what nobody dates was known when it was last read
  NEW.known_at := COALESCE(NEW.known_at, newest, NEW.created_at);
  IF NEW.known_at > NEW.created_at THEN
    PERFORM refuse('known_at_is_not_to_come', 'Nobody knows an event before it is known.', 'Send the time at which it was known.');
  END IF;
  IF proposer.kind = 'agent'
     AND (NEW.producer IS NULL OR NEW.schema_version IS NULL OR cardinality(NEW.safety_assertions) < 2
          OR has_duplicates(NEW.safety_assertions) OR NOT NEW.safety_assertions <@ ARRAY[
            'no-production-write', 'no-seed-data', 'requires-human-approval', 'uses-snapshot-ids-for-provenance']) THEN
    PERFORM refuse('agent_states_its_safety', 'An agent names its producer, its schema version and at least two safety assertions.',
                   'Send producer, schema_version and safety_assertions.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER candidate_is_its_canonical_text BEFORE INSERT ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION candidate_is_its_canonical_text();

-- Whoever may not propose a market may not propose what happens on it.
CREATE FUNCTION candidates_proposer_is_entitled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held user_entitlements;
  market markets;
BEGIN
  -- locked, so that two candidates at once do not each count the same open ones
  SELECT * INTO held FROM user_entitlements e WHERE e.user_id = NEW.proposed_by FOR NO KEY UPDATE;
  SELECT * INTO STRICT market FROM markets m WHERE m.market_id = NEW.market_id;
  IF NOT entitles(held.asset_classes, market.type) THEN
    PERFORM refuse('not_entitled_to_this_type', format('The proposer is not entitled to %s markets.', market.type),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF NOT entitles(held.instruments, market.symbol) THEN
    PERFORM refuse('not_entitled_to_this_symbol', format('The proposer is not entitled to the symbol %s.', market.symbol),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF market.region IS NOT NULL AND NOT entitles(held.venues, market.region) THEN
    PERFORM refuse('not_entitled_to_this_region', format('The proposer is not entitled to the region %s.', market.region),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF (SELECT count(*) FROM candidate_events c
      WHERE c.tenant_id = NEW.tenant_id AND c.proposed_by = NEW.proposed_by AND c.status = 'pending')
      > COALESCE(held.max_open_orders, 0) THEN
    PERFORM refuse('open_proposals_are_within_the_limit', format('The proposer is entitled to %s undecided events at most.',
                   COALESCE(held.max_open_orders, 0)), 'Wait for decisions, or withdraw one.');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER candidates_proposer_is_entitled AFTER INSERT ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION candidates_proposer_is_entitled();

CREATE FUNCTION candidate_can_be_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by)
  VALUES (NEW.tenant_id, 'event:publish', NEW.candidate_id, NEW.digest, NEW.risk, NEW.proposed_by, NEW.operated_by);
  RETURN NULL;
END $$;
CREATE TRIGGER candidate_can_be_approved AFTER INSERT ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION candidate_can_be_approved();

CREATE FUNCTION candidate_follows_its_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside candidate_events := NEW;
BEGIN
  beside.status := OLD.status;
  beside.rejection_reason := OLD.rejection_reason;
  beside.updated_at := OLD.updated_at;
  -- generated, and NEW does not know it yet
  beside.digest := OLD.digest;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('candidate_never_changes', 'A proposed event stays as it was proposed.', 'Withdraw it and propose another.');
  END IF;
  IF current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('candidate_follows_its_request', 'The status of a proposed event is what was decided on its request.',
                   'Decide on the request in the admin.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER candidate_follows_its_request BEFORE UPDATE ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION candidate_follows_its_request();

-- An event has no revisions: sent back is rejected, and the reason says what is missing.
CREATE FUNCTION request_moves_its_candidate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  becomes text := CASE NEW.status WHEN 'granted' THEN 'approved' WHEN 'rejected' THEN 'rejected'
                                  WHEN 'changes_requested' THEN 'rejected' WHEN 'withdrawn' THEN 'withdrawn' END;
BEGIN
  UPDATE candidate_events SET status = becomes, rejection_reason = CASE becomes WHEN 'rejected' THEN (
      SELECT d.reason FROM approval_decisions d
      WHERE d.request_id = NEW.id AND d.verdict IN ('reject', 'request_changes') ORDER BY d.decided_at DESC LIMIT 1) END
  WHERE becomes IS NOT NULL AND candidate_id = NEW.subject_id AND status = 'pending';
  RETURN NULL;
END $$;
CREATE TRIGGER request_moves_its_candidate AFTER UPDATE OF status ON approval_requests
  FOR EACH ROW WHEN (NEW.action = 'event:publish') EXECUTE FUNCTION request_moves_its_candidate();

CREATE TRIGGER candidate_is_never_deleted BEFORE DELETE ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change('candidate_never_changes');
CREATE TRIGGER candidates_are_never_truncated BEFORE TRUNCATE ON candidate_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('candidate_never_changes');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON candidate_events
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('candidate_id', 'canonical,llm_reasoning,variable_description', '');

-- Guards hold in replica role too.
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_moves_its_candidate;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER agents_are_not_paused;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidate_is_its_canonical_text;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidates_proposer_is_entitled;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidate_can_be_approved;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidate_follows_its_request;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidate_is_never_deleted;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER candidates_are_never_truncated;
ALTER TABLE candidate_events ENABLE ALWAYS TRIGGER change_is_audited;

-- Guards act as the owner, so nobody may hang one on a table of their own.
REVOKE ALL ON FUNCTION candidate_is_its_canonical_text(), candidates_proposer_is_entitled(), candidate_can_be_approved(),
  request_moves_its_candidate() FROM PUBLIC;

SELECT raise_tenant_wall('candidate_events');
GRANT SELECT ON candidate_events TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, canonical, proposed_by, producer, schema_version, safety_assertions)
  ON candidate_events TO xm_api, xm_staff, xm_worker, xm_platform;
