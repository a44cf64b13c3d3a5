-- A market exists only by people's approval of exactly its content.
ALTER TABLE market_proposals
  ADD CONSTRAINT symbol_is_written_plainly CHECK (symbol ~ '^[A-Za-z0-9._-]{1,50}$'),
  ADD CONSTRAINT proposal_has_a_known_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  ADD CONSTRAINT proposal_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT proposal_has_a_known_operator FOREIGN KEY (operated_by) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE market_revisions
  ADD CONSTRAINT revision_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id)
    REFERENCES market_proposals (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT revision_has_a_known_proposer FOREIGN KEY (proposed_by) REFERENCES users (id) ON DELETE RESTRICT,
  ADD CONSTRAINT revision_shows_evidence CHECK (
    cardinality(snapshot_ids) > 0 AND array_position(snapshot_ids, NULL) IS NULL AND NOT has_duplicates(snapshot_ids)),
  ADD CONSTRAINT title_is_1_to_1000_long CHECK (char_length(title) BETWEEN 1 AND 1000);
ALTER TABLE markets
  ADD CONSTRAINT market_needs_human_approval FOREIGN KEY (human_approval_audit_id, approval_action, proposal_id, digest)
    REFERENCES approval_grants (audit_id, action, subject_id, digest) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT market_approval_is_in_the_log FOREIGN KEY (tenant_id, human_approval_audit_id)
    REFERENCES audit_event (tenant_id, audit_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT market_has_a_known_proposal FOREIGN KEY (tenant_id, proposal_id)
    REFERENCES market_proposals (tenant_id, id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT market_has_a_known_creator FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE RESTRICT;
ALTER TABLE events
  ADD CONSTRAINT event_has_a_known_market FOREIGN KEY (tenant_id, market_id)
    REFERENCES markets (tenant_id, market_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT event_shows_evidence CHECK (
    cardinality(snapshot_ids) > 0 AND array_position(snapshot_ids, NULL) IS NULL AND NOT has_duplicates(snapshot_ids));
ALTER TABLE event_snapshots
  ADD CONSTRAINT evidence_has_a_known_event FOREIGN KEY (tenant_id, event_id)
    REFERENCES events (tenant_id, event_id) MATCH FULL ON DELETE RESTRICT,
  ADD CONSTRAINT evidence_is_a_known_snapshot FOREIGN KEY (tenant_id, snapshot_id)
    REFERENCES snapshots (tenant_id, snapshot_id) MATCH FULL ON DELETE RESTRICT;

CREATE TRIGGER trg_market_proposals_updated_at BEFORE UPDATE ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER trg_markets_updated_at BEFORE UPDATE ON markets
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- A proposal is its proposer's own, and carries who operates that proposer.
CREATE FUNCTION proposal_is_ones_own() RETURNS trigger
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
CREATE TRIGGER proposal_is_ones_own BEFORE INSERT ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION proposal_is_ones_own();

CREATE FUNCTION proposal_follows_its_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside market_proposals := NEW;
BEGIN
  beside.status := OLD.status;
  beside.updated_at := OLD.updated_at;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('proposal_never_changes', 'A proposal keeps its symbol and its proposer; its content changes by a revision.',
                   'Revise it, or withdraw it and propose anew.');
  END IF;
  IF current_user <> pg_get_userbyid((SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID)) THEN
    PERFORM refuse('proposal_follows_its_request', 'The status of a proposal is what was decided on its request.',
                   'Decide on the request in the admin.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_follows_its_request BEFORE UPDATE ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION proposal_follows_its_request();

CREATE FUNCTION request_moves_its_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  becomes text := CASE NEW.status WHEN 'open' THEN 'proposed' WHEN 'granted' THEN 'approved' ELSE NEW.status END;
BEGIN
  IF NEW.status <> 'superseded' THEN
    UPDATE market_proposals SET status = becomes WHERE id = NEW.subject_id AND status <> becomes;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER request_moves_its_proposal AFTER INSERT OR UPDATE OF status ON approval_requests
  FOR EACH ROW WHEN (NEW.action = 'market:create') EXECUTE FUNCTION request_moves_its_proposal();

-- A revision says only what its canonical bytes say, shows evidence of its own tenant, and can then be approved.
CREATE FUNCTION revision_is_its_canonical_text() RETURNS trigger
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
CREATE TRIGGER revision_is_its_canonical_text BEFORE INSERT ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION revision_is_its_canonical_text();

CREATE FUNCTION revision_can_be_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by)
  SELECT NEW.tenant_id, 'market:create', NEW.proposal_id, NEW.digest, NEW.risk, p.proposed_by, p.operated_by
  FROM market_proposals p WHERE p.id = NEW.proposal_id
  ON CONFLICT (tenant_id, action, subject_id, digest) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER revision_can_be_approved AFTER INSERT ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION revision_can_be_approved();

-- What was approved is what stands: the content comes from the approved revision, whatever the caller sent.
CREATE FUNCTION market_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants;
  revision market_revisions;
  content jsonb;
BEGIN
  SELECT * INTO approval FROM approval_grants g WHERE g.audit_id = NEW.human_approval_audit_id AND g.action = 'market:create';
  IF NOT FOUND OR NEW.proposal_id <> approval.subject_id OR NEW.digest <> approval.digest THEN
    PERFORM refuse('market_needs_human_approval', 'A market exists only by people''s approval of exactly its content.',
                   'Propose it and have it approved in the admin.');
  END IF;
  IF approval.expires_at <= clock_timestamp() THEN
    PERFORM refuse('approval_has_expired', format('This approval was to be used before %s.', approval.expires_at),
                   'Have it approved again.');
  END IF;
  IF EXISTS (SELECT FROM markets m WHERE m.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('approval_is_used_once', 'One approval makes one market.', 'The market exists already.');
  END IF;
  SELECT * INTO STRICT revision FROM market_revisions r
  WHERE r.proposal_id = approval.subject_id AND r.digest = approval.digest ORDER BY r.revision_no DESC LIMIT 1;
  content := convert_from(revision.canonical, 'UTF8')::jsonb;
  NEW.tenant_id := approval.tenant_id;
  NEW.proposal_id := approval.subject_id;
  NEW.digest := approval.digest;
  NEW.symbol := content ->> 'symbol';
  NEW.type := revision.type;
  NEW.subtype := content ->> 'subtype';
  NEW.region := content ->> 'region';
  NEW.risk_level := revision.risk;
  NEW.created_by := revision.proposed_by;
  NEW.title := revision.title;
  NEW.description := content ->> 'description';
  NEW.resolution_criteria := content ->> 'resolution_criteria';
  NEW.closes_at := (content ->> 'closes_at')::timestamptz;
  NEW.exposure := COALESCE((content ->> 'exposure')::numeric, 0);
  NEW.metadata := COALESCE(content -> 'metadata', '{}');
  NEW.status := 'active';
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  RETURN NEW;
END $$;
CREATE TRIGGER market_is_what_was_approved BEFORE INSERT ON markets
  FOR EACH ROW EXECUTE FUNCTION market_is_what_was_approved();

CREATE FUNCTION market_content_never_changes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside markets := NEW;
BEGIN
  beside.status := OLD.status;
  beside.updated_at := OLD.updated_at;
  -- generated, and NEW does not know it yet
  beside.approval_action := OLD.approval_action;
  IF beside IS DISTINCT FROM OLD THEN
    PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose an amendment.');
  END IF;
  IF NOT (OLD.status = NEW.status OR (OLD.status, NEW.status) IN (
      ('active', 'paused'), ('paused', 'active'), ('active', 'closed'), ('paused', 'closed'))) THEN
    PERFORM refuse('market_moves_as_it_may', format('A %s market cannot become %s.', OLD.status, NEW.status),
                   'Look at the state it is in.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER market_content_never_changes BEFORE UPDATE ON markets
  FOR EACH ROW EXECUTE FUNCTION market_content_never_changes();

CREATE FUNCTION event_links_its_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO event_snapshots (tenant_id, event_id, snapshot_id)
  SELECT NEW.tenant_id, NEW.event_id, s FROM unnest(NEW.snapshot_ids) s;
  RETURN NULL;
END $$;
CREATE TRIGGER event_links_its_evidence AFTER INSERT ON events
  FOR EACH ROW EXECUTE FUNCTION event_links_its_evidence();

CREATE FUNCTION evidence_is_linked_by_its_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    PERFORM refuse('evidence_is_linked_by_its_event', 'Evidence is linked when its event is published.', 'Publish an event.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evidence_is_linked_by_its_event BEFORE INSERT ON event_snapshots
  FOR EACH ROW EXECUTE FUNCTION evidence_is_linked_by_its_event();

CREATE TRIGGER proposal_is_never_deleted BEFORE DELETE ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION refuse_change('proposal_never_changes');
CREATE TRIGGER proposals_are_never_truncated BEFORE TRUNCATE ON market_proposals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('proposal_never_changes');
CREATE TRIGGER revision_never_changes BEFORE UPDATE OR DELETE ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION refuse_change('revision_never_changes');
CREATE TRIGGER revisions_are_never_truncated BEFORE TRUNCATE ON market_revisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('revision_never_changes');
CREATE TRIGGER market_is_never_deleted BEFORE DELETE ON markets
  FOR EACH ROW EXECUTE FUNCTION refuse_change('market_is_never_deleted');
CREATE TRIGGER markets_are_never_truncated BEFORE TRUNCATE ON markets
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('market_is_never_deleted');
CREATE TRIGGER event_never_changes BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_change('event_never_changes');
CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_never_changes');
CREATE TRIGGER evidence_link_never_changes BEFORE UPDATE OR DELETE ON event_snapshots
  FOR EACH ROW EXECUTE FUNCTION refuse_change('event_never_changes');
CREATE TRIGGER evidence_links_are_never_truncated BEFORE TRUNCATE ON event_snapshots
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_never_changes');

CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', 'canonical', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON markets
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('market_id', 'description,resolution_criteria', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('event_id', '', '');
CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON event_snapshots
  FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '');

-- Guards hold in replica role too.
ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_moves_its_proposal;
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER proposal_is_ones_own;
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER proposal_follows_its_request;
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER proposal_is_never_deleted;
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER proposals_are_never_truncated;
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER revision_is_its_canonical_text;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER revision_can_be_approved;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER revision_never_changes;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER revisions_are_never_truncated;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_is_what_was_approved;
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_content_never_changes;
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_is_never_deleted;
ALTER TABLE markets ENABLE ALWAYS TRIGGER markets_are_never_truncated;
ALTER TABLE markets ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE events ENABLE ALWAYS TRIGGER event_links_its_evidence;
ALTER TABLE events ENABLE ALWAYS TRIGGER event_never_changes;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_never_truncated;
ALTER TABLE events ENABLE ALWAYS TRIGGER change_is_audited;
ALTER TABLE event_snapshots ENABLE ALWAYS TRIGGER evidence_is_linked_by_its_event;
ALTER TABLE event_snapshots ENABLE ALWAYS TRIGGER evidence_link_never_changes;
ALTER TABLE event_snapshots ENABLE ALWAYS TRIGGER evidence_links_are_never_truncated;
ALTER TABLE event_snapshots ENABLE ALWAYS TRIGGER change_is_audited;

-- Guards act as the owner, so nobody may hang one on a table of their own.
REVOKE ALL ON FUNCTION proposal_is_ones_own(), request_moves_its_proposal(), revision_is_its_canonical_text(),
  revision_can_be_approved(), market_is_what_was_approved(), event_links_its_evidence() FROM PUBLIC;

GRANT SELECT ON market_proposals, market_revisions, markets, events, event_snapshots
  TO xm_api, xm_staff, xm_worker, xm_platform, xm_auditor, xm_backup;
GRANT INSERT (tenant_id, symbol, proposed_by) ON market_proposals TO xm_api, xm_staff, xm_worker, xm_platform;
GRANT INSERT (tenant_id, proposal_id, canonical, proposed_by, producer, schema_version, safety_assertions)
  ON market_revisions TO xm_api, xm_staff, xm_worker, xm_platform;
GRANT INSERT (human_approval_audit_id, proposal_id, digest), UPDATE (status) ON markets TO xm_staff, xm_platform;
