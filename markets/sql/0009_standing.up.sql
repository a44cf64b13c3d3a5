-- A market says what was approved last, and goes from state to state as it may; the rows that moved it are the proof.
DROP TRIGGER market_content_never_changes ON markets;
-- markets that were opened before they could be amended say what they said first
ALTER TABLE markets ALTER COLUMN content_digest TYPE bytea USING digest;

CREATE FUNCTION market_saying(market markets, revision market_revisions) RETURNS markets
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  content jsonb := convert_from(revision.canonical, 'UTF8')::jsonb;
BEGIN
  market.content_digest := revision.digest;
  market.type := revision.type;
  market.subtype := content ->> 'subtype';
  market.region := content ->> 'region';
  market.risk_level := revision.risk;
  market.title := revision.title;
  market.description := content ->> 'description';
  market.resolution_criteria := content ->> 'resolution_criteria';
  market.closes_at := (content ->> 'closes_at')::timestamptz;
  market.exposure := COALESCE((content ->> 'exposure')::numeric, 0);
  market.metadata := COALESCE(content -> 'metadata', '{}');
  RETURN market;
END $$;

CREATE OR REPLACE FUNCTION market_is_what_was_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants := grant_to_use(NEW.human_approval_audit_id, 'market:create', NEW.proposal_id, NEW.digest,
                                           'market_needs_human_approval');
  revision market_revisions;
BEGIN
  IF EXISTS (SELECT FROM markets m WHERE m.human_approval_audit_id = approval.audit_id) THEN
    PERFORM refuse('approval_is_used_once', 'One approval makes one market.', 'The market exists already.');
  END IF;
  revision := revision_granted(approval);
  NEW.tenant_id := approval.tenant_id;
  NEW.symbol := (SELECT p.symbol FROM market_proposals p WHERE p.id = approval.subject_id);
  NEW.created_by := revision.proposed_by;
  NEW.version := 1;
  NEW.reopened := 0;
  NEW.status := 'active';
  NEW.outcome := NULL;
  NEW.known_at := NULL;
  NEW.resolved_at := NULL;
  NEW.challenge_until := NULL;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  RETURN market_saying(NEW, revision);
END $$;

-- What an amendment, a reopening or a resolution that is there makes of its market; without one nothing but the state changes.
CREATE FUNCTION market_content_is_approved(old_market markets, new_market markets) RETURNS markets
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  beside markets := old_market;
  amended market_amendments;
  opened market_reopenings;
BEGIN
  beside.status := new_market.status;
  beside.updated_at := new_market.updated_at;
  -- generated, and a row that is being written does not know it yet
  beside.approval_action := new_market.approval_action;
  beside.version := new_market.version;
  beside.reopened := new_market.reopened;
  IF new_market IS DISTINCT FROM beside THEN
    PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose an amendment.');
  END IF;
  IF new_market.version <> old_market.version THEN
    SELECT * INTO amended FROM market_amendments a
    WHERE a.tenant_id = old_market.tenant_id AND a.market_id = old_market.market_id AND a.number = old_market.version
      AND new_market.version = a.number + 1;
    IF NOT FOUND THEN
      PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose an amendment.');
    END IF;
    new_market := market_saying(new_market, (
      SELECT r FROM market_revisions r WHERE r.proposal_id = amended.proposal_id AND r.digest = amended.digest
      ORDER BY r.revision_no DESC LIMIT 1));
  END IF;
  IF new_market.reopened <> old_market.reopened THEN
    SELECT * INTO opened FROM market_reopenings o
    WHERE o.tenant_id = old_market.tenant_id AND o.market_id = old_market.market_id AND o.number = old_market.reopened + 1
      AND new_market.reopened = o.number AND new_market.status = 'active';
    IF NOT FOUND THEN
      PERFORM refuse('market_content_never_changes', 'What was approved is what stands.', 'Propose to open it again.');
    END IF;
    new_market.closes_at := opened.closes_at;
  END IF;
  RETURN new_market;
END $$;

-- Whether an approval that the market rests on was revoked, and no reopening was approved since.
CREATE FUNCTION market_has_lost_its_approval(market markets) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM approval_revocations v
    WHERE v.tenant_id = market.tenant_id AND (v.audit_id = market.human_approval_audit_id
      OR v.audit_id = (SELECT a.human_approval_audit_id FROM market_amendments a
                       WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.number = market.version - 1)
      OR v.audit_id = (SELECT o.human_approval_audit_id FROM market_reopenings o
                       WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.number = market.reopened))
    AND NOT EXISTS (
      SELECT FROM market_reopenings o JOIN approval_grants g ON g.audit_id = o.human_approval_audit_id
      WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND g.granted_at > v.revoked_at))
$$;

CREATE FUNCTION market_moves_as_it_may() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  is_opened boolean := NEW.reopened <> OLD.reopened;
  ended market_resolutions := standing_resolution(OLD.market_id);
  is_disputed boolean := EXISTS (SELECT FROM market_disputes d
                                 WHERE d.tenant_id = OLD.tenant_id AND d.market_id = OLD.market_id AND d.settled_by IS NULL)
    OR EXISTS (SELECT FROM approval_revocations v WHERE v.tenant_id = OLD.tenant_id AND v.audit_id = ended.human_approval_audit_id);
  may boolean;
BEGIN
  NEW := market_content_is_approved(OLD, NEW);
  may := CASE NEW.status
    WHEN OLD.status THEN NOT is_opened
    WHEN 'active' THEN OLD.status IN ('paused', 'closed') AND (is_opened OR OLD.status = 'paused')
    WHEN 'paused' THEN OLD.status = 'active'
    WHEN 'closed' THEN OLD.status IN ('active', 'paused')
    -- no resolution is there before the one that ends it, and none follows but a dispute that is settled by it
    WHEN 'resolved' THEN OLD.status IN ('active', 'paused', 'closed', 'disputed') AND ended.outcome IN ('yes', 'no') AND NOT is_disputed
    WHEN 'voided' THEN OLD.status <> 'voided' AND ended.outcome = 'void' AND NOT is_disputed
    WHEN 'disputed' THEN OLD.status = 'resolved' AND is_disputed
    ELSE false END;
  IF may IS NOT TRUE THEN
    PERFORM refuse('market_moves_as_it_may', format('A %s market cannot become %s.', OLD.status, NEW.status),
                   'Look at the state it is in.');
  END IF;
  IF NEW.status <> OLD.status AND NEW.status = 'active' AND market_has_lost_its_approval(NEW) THEN
    PERFORM refuse('market_waits_for_reopening', 'The approval of this market was revoked.', 'Propose to open it again.');
  END IF;
  IF NEW.status <> OLD.status AND NEW.status IN ('resolved', 'voided') THEN
    NEW.outcome := ended.outcome;
    NEW.known_at := ended.known_at;
    NEW.resolved_at := ended.recorded_at;
    NEW.challenge_until := ended.challenge_until;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER market_moves_as_it_may BEFORE UPDATE ON markets
  FOR EACH ROW EXECUTE FUNCTION market_moves_as_it_may();
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_moves_as_it_may;

DROP FUNCTION market_content_never_changes();

-- What was revoked opens, changes and ends nothing; named so that it is asked first, and the request locked first.
CREATE TRIGGER agreement_still_stands BEFORE INSERT ON markets
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('human_approval_audit_id');
CREATE TRIGGER agreement_still_stands BEFORE INSERT ON market_amendments
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('human_approval_audit_id');
CREATE TRIGGER agreement_still_stands BEFORE INSERT ON market_resolutions
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('human_approval_audit_id');
CREATE TRIGGER agreement_still_stands BEFORE INSERT ON market_reopenings
  FOR EACH ROW EXECUTE FUNCTION grant_still_stands('human_approval_audit_id');
ALTER TABLE markets ENABLE ALWAYS TRIGGER agreement_still_stands;
ALTER TABLE market_amendments ENABLE ALWAYS TRIGGER agreement_still_stands;
ALTER TABLE market_resolutions ENABLE ALWAYS TRIGGER agreement_still_stands;
ALTER TABLE market_reopenings ENABLE ALWAYS TRIGGER agreement_still_stands;

-- A market whose approval is revoked is paused in the same transaction; one that it resolved is disputed while there is time.
CREATE FUNCTION revocation_stops_its_market() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  approval approval_grants;
  market markets;
  becomes text;
BEGIN
  SELECT * INTO STRICT approval FROM approval_grants g WHERE g.audit_id = NEW.audit_id;
  -- the lock order of every verb: request, subject, market; the revocation holds the first
  SELECT m.* INTO market FROM market_proposals p JOIN markets m ON m.tenant_id = p.tenant_id
    AND (m.market_id = p.market_id OR (p.market_id IS NULL AND m.proposal_id = p.id))
  WHERE p.id = approval.subject_id FOR UPDATE OF p FOR NO KEY UPDATE OF m;
  becomes := CASE
    WHEN market.status = 'active' AND market_has_lost_its_approval(market) THEN 'paused'
    WHEN market.status = 'resolved' AND market.challenge_until > clock_timestamp()
      AND (standing_resolution(market.market_id)).human_approval_audit_id = NEW.audit_id THEN 'disputed' END;
  IF becomes IS NOT NULL THEN
    UPDATE markets SET status = becomes WHERE market_id = market.market_id;
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (market.tenant_id, 'market.' || becomes, unit_setting('correlation_id')::uuid, 'markets', market.market_id::text,
            jsonb_build_object('symbol', market.symbol, 'status', becomes));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER revocation_stops_its_market AFTER INSERT ON approval_revocations
  FOR EACH ROW EXECUTE FUNCTION revocation_stops_its_market();
ALTER TABLE approval_revocations ENABLE ALWAYS TRIGGER revocation_stops_its_market;

REVOKE ALL ON FUNCTION market_saying(markets, market_revisions), market_content_is_approved(markets, markets),
  market_has_lost_its_approval(markets), market_moves_as_it_may(), revocation_stops_its_market() FROM PUBLIC;
