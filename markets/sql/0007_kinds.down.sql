-- Proposals are of markets to come alone.
REVOKE INSERT (kind, market_id) ON market_proposals FROM xm_api, xm_staff, xm_worker, xm_platform;
DROP TRIGGER request_moves_its_proposal ON approval_requests;
CREATE TRIGGER request_moves_its_proposal AFTER INSERT OR UPDATE OF status ON approval_requests
  FOR EACH ROW WHEN (NEW.action = 'market:create') EXECUTE FUNCTION request_moves_its_proposal();
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_moves_its_proposal;

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
  NEW.operated_by := proposer.operated_by;
  NEW.status := 'proposed';
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION revision_is_its_canonical_text() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  proposal market_proposals;
  content jsonb;
BEGIN
  -- the lock order of every verb: request, subject, market
  PERFORM FROM approval_requests r
  WHERE r.subject_id = NEW.proposal_id AND r.action = 'market:create' AND r.status = 'open' FOR UPDATE;
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
  IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(content -> 'snapshot_ids') IS DISTINCT FROM 'array'
     OR NOT content ?& ARRAY['symbol', 'type', 'title', 'resolution_criteria', 'closes_at', 'snapshot_ids']
     OR btrim(COALESCE(content ->> 'resolution_criteria', '')) = '' OR btrim(COALESCE(content ->> 'title', '')) = '' THEN
    PERFORM refuse('revision_is_well_formed', 'The canonical text lacks something a market needs.',
                   'It needs symbol, type, title, resolution_criteria, closes_at and snapshot_ids.');
  END IF;
  IF content ->> 'symbol' IS DISTINCT FROM proposal.symbol THEN
    PERFORM refuse('symbol_never_changes', 'A proposal keeps its symbol.', 'Withdraw it and propose anew.');
  END IF;

  NEW.tenant_id := proposal.tenant_id;
  NEW.revision_no := 1 + (SELECT count(*) FROM market_revisions r WHERE r.proposal_id = NEW.proposal_id);
  NEW.title := content ->> 'title';
  NEW.type := content ->> 'type';
  NEW.risk := market_risk(NEW.type, content ->> 'risk_level');
  NEW.snapshot_ids := ARRAY(SELECT jsonb_array_elements_text(content -> 'snapshot_ids'));
  NEW.created_at := clock_timestamp();
  IF to_char((content ->> 'closes_at')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
     IS DISTINCT FROM content ->> 'closes_at' THEN
    PERFORM refuse('revision_is_well_formed', 'closes_at is not written as YYYY-MM-DDTHH:MM:SS.ffffffZ.',
                   'Write the time in UTC, with microseconds.');
  END IF;
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

CREATE OR REPLACE FUNCTION revision_can_be_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by)
  SELECT NEW.tenant_id, 'market:create', NEW.proposal_id, NEW.digest, NEW.risk, p.proposed_by, p.operated_by
  FROM market_proposals p WHERE p.id = NEW.proposal_id
  ON CONFLICT (tenant_id, action, subject_id, digest) DO NOTHING;
  RETURN NULL;
END $$;

DROP FUNCTION barred_from_resolving(uuid);
DROP FUNCTION riskier(text, text);
DROP FUNCTION change_fits_its_market(text, markets, jsonb, timestamptz);
DROP FUNCTION revision_says_what_its_kind_needs(text, jsonb);
DROP FUNCTION time_is_written_plainly(jsonb, text);
ALTER TABLE market_proposals DROP CONSTRAINT change_has_a_known_market;
