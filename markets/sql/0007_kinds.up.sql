-- A proposal is of one kind for ever, and a change of a market says which market, as it stood when it was proposed.
ALTER TABLE market_proposals
  ADD CONSTRAINT change_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) ON DELETE RESTRICT;
GRANT INSERT (kind, market_id) ON market_proposals TO xm_api, xm_staff, xm_worker, xm_platform;

CREATE OR REPLACE FUNCTION proposal_is_ones_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  proposer users;
BEGIN
  SELECT * INTO proposer FROM users u WHERE u.id = NEW.proposed_by;
  IF NOT FOUND OR proposer.status <> 'active' THEN
    PERFORM refuse('proposal_has_a_known_proposer', 'The proposer is not an active user.', 'Use a live account.');
  END IF;
  IF NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_ones_own', 'Nobody proposes in the name of another.', 'Use your own key.');
  END IF;
  IF proposer.tenant_id NOT IN (NEW.tenant_id, '00000000-0000-0000-0000-000000000000') THEN
    PERFORM refuse('proposer_is_of_another_tenant', 'A proposer belongs to the tenant of the proposal.', 'Propose in your own tenant.');
  END IF;
  IF NEW.market_id IS NOT NULL THEN
    -- a change is called what its market is called
    NEW.symbol := COALESCE((SELECT m.symbol FROM markets m WHERE m.tenant_id = NEW.tenant_id AND m.market_id = NEW.market_id),
                           NEW.symbol, 'unknown');
  END IF;
  NEW.operated_by := proposer.operated_by;
  NEW.status := 'proposed';
  RETURN NEW;
END $$;

DROP TRIGGER request_moves_its_proposal ON approval_requests;
CREATE TRIGGER request_moves_its_proposal AFTER INSERT OR UPDATE OF status ON approval_requests
  FOR EACH ROW WHEN (NEW.action LIKE 'market:%') EXECUTE FUNCTION request_moves_its_proposal();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_moves_its_proposal;

CREATE FUNCTION time_is_written_plainly(content jsonb, field text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF to_char((content ->> field)::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') IS DISTINCT FROM content ->> field THEN
    PERFORM refuse('revision_is_well_formed', format('%s is not written as YYYY-MM-DDTHH:MM:SS.ffffffZ.', field),
                   'Write the time in UTC, with microseconds.');
  END IF;
END $$;

-- What a canonical text needs follows from the kind of its proposal.
CREATE FUNCTION revision_says_what_its_kind_needs(kind text, content jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  needed text[] := ARRAY['symbol', 'snapshot_ids']
    || CASE WHEN kind IN ('create', 'amend') THEN ARRAY['type', 'title', 'resolution_criteria', 'closes_at'] ELSE ARRAY['explanation'] END
    || CASE kind WHEN 'resolve' THEN ARRAY['outcome', 'known_at'] WHEN 'reopen' THEN ARRAY['closes_at'] ELSE '{}' END
    || CASE WHEN kind <> 'create' THEN ARRAY['market_id', 'base_digest'] ELSE '{}' END;
BEGIN
  IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(content -> 'snapshot_ids') IS DISTINCT FROM 'array'
     OR EXISTS (SELECT FROM unnest(needed) field WHERE content ->> field IS NULL
                OR (btrim(content ->> field) = '' AND field NOT IN ('closes_at', 'known_at'))) THEN
    PERFORM refuse('revision_is_well_formed', 'The canonical text lacks something that its kind needs.',
                   format('It needs %s.', array_to_string(needed, ', ')));
  END IF;
  IF 'closes_at' = ANY (needed) THEN
    PERFORM time_is_written_plainly(content, 'closes_at');
  END IF;
  IF kind = 'resolve' THEN
    PERFORM time_is_written_plainly(content, 'known_at');
    IF content ->> 'outcome' NOT IN ('yes', 'no') THEN
      PERFORM refuse('resolution_is_yes_or_no', 'A market resolves to yes or to no.', 'Propose a void where it can be neither.');
    END IF;
    IF (content ->> 'known_at')::timestamptz > clock_timestamp() THEN
      PERFORM refuse('resolution_was_known_before', 'Nobody resolves a market by what is not known yet.',
                     'Say in known_at when it became known.');
    END IF;
  END IF;
END $$;

-- A change fits the market as it is now: nothing was changed since, and the market is where this change can happen.
CREATE FUNCTION change_fits_its_market(kind text, market markets, content jsonb, written_at timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (kind IN ('amend', 'reopen') AND market.status NOT IN ('active', 'paused', 'closed'))
     OR (kind = 'reopen' AND market.status = 'active')
     OR (kind = 'resolve' AND market.status NOT IN ('active', 'paused', 'closed', 'disputed'))
     OR (kind = 'void' AND market.status = 'voided') THEN
    PERFORM refuse('market_moves_as_it_may', format('A market that is %s cannot be changed by a proposal to %s it.', market.status, kind),
                   'Look at the state it is in.');
  END IF;
  IF market.status = 'resolved' AND market.challenge_until <= clock_timestamp() THEN
    PERFORM refuse('resolution_is_final', format('This market could be disputed until %s.', market.challenge_until),
                   'Nothing changes it any more.');
  END IF;
  IF content ->> 'base_digest' IS DISTINCT FROM encode(market.content_digest, 'hex')
     OR EXISTS (SELECT FROM market_reopenings r WHERE r.tenant_id = market.tenant_id AND r.market_id = market.market_id
                AND r.recorded_at > written_at) THEN
    PERFORM refuse('market_has_moved_on', 'The market is not what it was when this was proposed.',
                   'Read it again, and propose on its content_digest.');
  END IF;
  IF kind = 'reopen' AND (content ->> 'closes_at')::timestamptz <= clock_timestamp() THEN
    PERFORM refuse('reopening_ends_in_the_future', 'A market opens again until a time to come.', 'Name a later closes_at.');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION revision_is_its_canonical_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  proposal market_proposals;
  market markets;
  content jsonb;
BEGIN
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r
  WHERE r.subject_id = NEW.proposal_id AND r.status = 'open'
    AND r.action = (SELECT 'market:' || p.kind FROM market_proposals p WHERE p.id = NEW.proposal_id) FOR UPDATE;
  SELECT * INTO proposal FROM market_proposals p WHERE p.id = NEW.proposal_id FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('revision_has_a_known_proposal', 'There is no such proposal.', 'Propose it first.');
  END IF;
  IF proposal.status NOT IN ('proposed', 'changes_requested') THEN
    PERFORM refuse('proposal_is_closed', format('This proposal is %s.', proposal.status), 'Propose anew.');
  END IF;
  IF NEW.proposed_by <> proposal.proposed_by OR NEW.proposed_by IS DISTINCT FROM unit_setting('actor_id')::uuid THEN
    PERFORM refuse('proposal_is_somebody_elses', 'Only the proposer revises.', 'Propose your own.');
  END IF;
  BEGIN
    content := convert_from(NEW.canonical, 'UTF8')::jsonb;
  EXCEPTION WHEN data_exception THEN
    PERFORM refuse('revision_is_well_formed', 'The canonical text is not JSON.', 'Send RFC 8785 JSON.');
  END;
  PERFORM revision_says_what_its_kind_needs(proposal.kind, content);
  IF content ->> 'symbol' IS DISTINCT FROM proposal.symbol THEN
    PERFORM refuse('symbol_never_changes', 'A proposal keeps its symbol.', 'Withdraw it and propose anew.');
  END IF;

  NEW.tenant_id := proposal.tenant_id;
  NEW.revision_no := 1 + (SELECT count(*) FROM market_revisions r WHERE r.proposal_id = NEW.proposal_id);
  NEW.snapshot_ids := ARRAY(SELECT jsonb_array_elements_text(content -> 'snapshot_ids'));
  NEW.created_at := clock_timestamp();
  IF proposal.kind <> 'create' THEN
    SELECT * INTO STRICT market FROM markets m WHERE m.market_id = proposal.market_id;
    IF content ->> 'market_id' IS DISTINCT FROM market.market_id::text THEN
      PERFORM refuse('symbol_never_changes', 'A proposal keeps its market.', 'Withdraw it and propose anew.');
    END IF;
    PERFORM change_fits_its_market(proposal.kind, market, content, NEW.created_at);
  END IF;
  NEW.title := COALESCE(content ->> 'title', market.title);
  NEW.type := COALESCE(content ->> 'type', market.type);
  -- a change is at least as risky as its market is
  NEW.risk := market_risk(NEW.type, riskier(content ->> 'risk_level', market.risk_level));
  IF (SELECT count(*) FROM snapshots s WHERE s.tenant_id = NEW.tenant_id AND s.snapshot_id = ANY (NEW.snapshot_ids))
     <> (SELECT count(DISTINCT shown) FROM unnest(NEW.snapshot_ids) shown) THEN
    PERFORM refuse('evidence_is_a_known_snapshot', 'A snapshot named as evidence does not exist here.', 'Ingest it first.');
  END IF;
  IF EXISTS (SELECT FROM users u WHERE u.id = NEW.proposed_by AND u.kind = 'agent')
     AND (NEW.producer IS NULL OR NEW.schema_version IS NULL OR cardinality(NEW.safety_assertions) < 2
          OR has_duplicates(NEW.safety_assertions) OR NOT NEW.safety_assertions <@ ARRAY[
            'no-production-write', 'no-seed-data', 'requires-human-approval', 'uses-snapshot-ids-for-provenance']) THEN
    PERFORM refuse('agent_states_its_safety', 'An agent names its producer, its schema version and at least two safety assertions.',
                   'Send producer, schema_version and safety_assertions.');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION riskier(one text, other text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (ARRAY['low', 'medium', 'high'])[GREATEST(
    array_position(ARRAY['low', 'medium', 'high'], one), array_position(ARRAY['low', 'medium', 'high'], other))]
$$;

-- At high risk whoever let a market in, or changed it to what it is, leaves its end to others.
CREATE FUNCTION barred_from_resolving(resolved uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT d.reviewer_id), '{}')
  FROM markets m
  JOIN approval_grants g ON g.audit_id = m.human_approval_audit_id OR g.audit_id = (
    SELECT a.human_approval_audit_id FROM market_amendments a
    WHERE a.tenant_id = m.tenant_id AND a.market_id = m.market_id AND a.number = m.version - 1)
  JOIN approval_decisions d ON d.request_id = g.request_id AND d.verdict IN ('approve', 'break_glass')
  WHERE m.market_id = resolved
$$;

CREATE OR REPLACE FUNCTION revision_can_be_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by, barred)
  SELECT NEW.tenant_id, 'market:' || p.kind, NEW.proposal_id, NEW.digest, NEW.risk, p.proposed_by, p.operated_by,
         CASE WHEN p.kind = 'resolve' AND NEW.risk = 'high' THEN barred_from_resolving(p.market_id) ELSE '{}' END
  FROM market_proposals p WHERE p.id = NEW.proposal_id
  ON CONFLICT (tenant_id, action, subject_id, digest) DO NOTHING;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION barred_from_resolving(uuid) FROM PUBLIC;
