-- A market that one person let through alone is paused once nobody reviewed that in time, and stays so until somebody does.
CREATE FUNCTION grants_a_market_rests_on(market markets) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT market.human_approval_audit_id
  UNION ALL
  SELECT a.human_approval_audit_id FROM market_amendments a
  WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.number = market.version - 1
  UNION ALL
  SELECT o.human_approval_audit_id FROM market_reopenings o
  WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.number = market.reopened
$$;

CREATE FUNCTION override_stops_its_market() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  market markets;
BEGIN
  SELECT m.* INTO market FROM approval_grants g JOIN market_proposals p ON p.id = g.subject_id
    JOIN markets m ON m.tenant_id = p.tenant_id
      AND (m.market_id = p.market_id OR (p.market_id IS NULL AND m.proposal_id = p.id))
  WHERE g.request_id = NEW.request_id AND g.action IN ('market:create', 'market:amend', 'market:reopen')
  FOR NO KEY UPDATE OF m;
  IF market.status = 'active' AND EXISTS (
      SELECT FROM grants_a_market_rests_on(market) r JOIN approval_grants g ON g.audit_id = r
      WHERE g.request_id = NEW.request_id) THEN
    UPDATE markets SET status = 'paused' WHERE market_id = market.market_id;
    INSERT INTO outbox_events (tenant_id, event_type, correlation_id, entity_type, entity_id, payload)
    VALUES (market.tenant_id, 'market.paused', unit_setting('correlation_id')::uuid, 'markets', market.market_id::text,
            jsonb_build_object('symbol', market.symbol, 'status', 'paused'));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER override_stops_its_market AFTER UPDATE OF overdue_at ON approval_overrides
  FOR EACH ROW WHEN (OLD.overdue_at IS NULL AND NEW.overdue_at IS NOT NULL AND NEW.kind = 'break_glass')
  EXECUTE FUNCTION override_stops_its_market();
ALTER TABLE approval_overrides ENABLE ALWAYS TRIGGER override_stops_its_market;

CREATE FUNCTION market_waits_for_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
      SELECT FROM grants_a_market_rests_on(NEW) r JOIN approval_grants g ON g.audit_id = r
        JOIN approval_overrides o ON o.request_id = g.request_id
      WHERE o.kind = 'break_glass' AND o.overdue_at IS NOT NULL AND o.reviewed_at IS NULL) THEN
    PERFORM refuse('market_waits_for_review', 'One person let this market through alone, and nobody reviewed that in time.',
                   'Have another admin review it.');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER market_waits_for_review BEFORE UPDATE OF status ON markets
  FOR EACH ROW WHEN (NEW.status = 'active' AND OLD.status <> 'active') EXECUTE FUNCTION market_waits_for_review();
ALTER TABLE markets ENABLE ALWAYS TRIGGER market_waits_for_review;

REVOKE ALL ON FUNCTION grants_a_market_rests_on(markets), override_stops_its_market(), market_waits_for_review() FROM PUBLIC;
