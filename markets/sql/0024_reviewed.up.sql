-- A market that rested on what one person let through alone waits for the review of that, whatever it says by then.
CREATE OR REPLACE FUNCTION market_waits_for_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
      SELECT FROM approval_overrides o JOIN approval_grants g ON g.request_id = o.request_id
      WHERE o.tenant_id = NEW.tenant_id AND o.kind = 'break_glass' AND o.overdue_at IS NOT NULL AND o.reviewed_at IS NULL
        -- what another had taken the place of before it was overdue was not rested on any more
        AND (g.audit_id = NEW.human_approval_audit_id
          OR EXISTS (SELECT FROM market_amendments a
                     WHERE a.tenant_id = NEW.tenant_id AND a.market_id = NEW.market_id AND a.human_approval_audit_id = g.audit_id
                     AND NOT EXISTS (SELECT FROM market_amendments n WHERE n.tenant_id = a.tenant_id AND n.market_id = a.market_id
                                     AND n.number = a.number + 1 AND n.recorded_at < o.overdue_at))
          OR EXISTS (SELECT FROM market_reopenings r
                     WHERE r.tenant_id = NEW.tenant_id AND r.market_id = NEW.market_id AND r.human_approval_audit_id = g.audit_id
                     AND NOT EXISTS (SELECT FROM market_reopenings n WHERE n.tenant_id = r.tenant_id AND n.market_id = r.market_id
                                     AND n.number = r.number + 1 AND n.recorded_at < o.overdue_at)))) THEN
    PERFORM refuse('market_waits_for_review', 'One person let this market through alone, and nobody reviewed that in time.',
                   'Have another admin review it.');
  END IF;
  RETURN NEW;
END $$;
