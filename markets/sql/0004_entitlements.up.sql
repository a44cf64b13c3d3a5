-- Nobody proposes what they are not entitled to, and a stopped agent proposes nothing.
CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON market_proposals
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();
CREATE TRIGGER agents_are_not_paused BEFORE INSERT ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION agents_are_not_paused();
ALTER TABLE market_proposals ENABLE ALWAYS TRIGGER agents_are_not_paused;
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER agents_are_not_paused;

CREATE FUNCTION proposer_is_entitled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  held user_entitlements;
  content jsonb := convert_from(NEW.canonical, 'UTF8')::jsonb;
BEGIN
  -- locked, so that two proposals at once do not each count the same open ones
  SELECT * INTO held FROM user_entitlements e WHERE e.user_id = NEW.proposed_by FOR NO KEY UPDATE;
  IF NOT entitles(held.asset_classes, NEW.type) THEN
    PERFORM refuse('not_entitled_to_this_type', format('The proposer is not entitled to %s markets.', NEW.type),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF NOT entitles(held.instruments, content ->> 'symbol') THEN
    PERFORM refuse('not_entitled_to_this_symbol', format('The proposer is not entitled to the symbol %s.', content ->> 'symbol'),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF content ->> 'region' IS NOT NULL AND NOT entitles(held.venues, content ->> 'region') THEN
    PERFORM refuse('not_entitled_to_this_region', format('The proposer is not entitled to the region %s.', content ->> 'region'),
                   'Ask an administrator for the entitlement.');
  END IF;
  IF COALESCE((content ->> 'exposure')::numeric, 0) > COALESCE(held.max_notional, 0) THEN
    PERFORM refuse('exposure_is_within_the_limit', format('The proposer is entitled to an exposure of %s at most.',
                   COALESCE(held.max_notional, 0)), 'State a lower exposure, or ask an administrator for a higher limit.');
  END IF;
  IF NEW.revision_no = 1 AND (SELECT count(*) FROM market_proposals p
      WHERE p.tenant_id = NEW.tenant_id AND p.proposed_by = NEW.proposed_by AND p.status IN ('proposed', 'changes_requested'))
      > COALESCE(held.max_open_orders, 0) THEN
    PERFORM refuse('open_proposals_are_within_the_limit', format('The proposer is entitled to %s undecided proposals at most.',
                   COALESCE(held.max_open_orders, 0)), 'Wait for decisions, or withdraw a proposal.');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER proposer_is_entitled AFTER INSERT ON market_revisions
  FOR EACH ROW EXECUTE FUNCTION proposer_is_entitled();
ALTER TABLE market_revisions ENABLE ALWAYS TRIGGER proposer_is_entitled;
REVOKE ALL ON FUNCTION proposer_is_entitled() FROM PUBLIC;
