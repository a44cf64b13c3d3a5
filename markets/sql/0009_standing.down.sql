-- A market says what was approved first, and has no end but to close.
DROP TRIGGER revocation_stops_its_market ON approval_revocations;
DROP FUNCTION revocation_stops_its_market();
DROP TRIGGER agreement_still_stands ON market_reopenings;
DROP TRIGGER agreement_still_stands ON market_resolutions;
DROP TRIGGER agreement_still_stands ON market_amendments;
DROP TRIGGER agreement_still_stands ON markets;
DROP TRIGGER market_moves_as_it_may ON markets;
DROP FUNCTION market_moves_as_it_may();
DROP FUNCTION market_has_lost_its_approval(markets);
DROP FUNCTION market_content_is_approved(markets, markets);
CREATE OR REPLACE FUNCTION market_is_what_was_approved() RETURNS trigger
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
DROP FUNCTION market_saying(markets, market_revisions);
CREATE OR REPLACE FUNCTION market_content_never_changes() RETURNS trigger
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
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_content_never_changes;
