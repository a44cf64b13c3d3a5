-- A market that rested on what one person let through alone waits for the review of that, whatever it says by then.
CREATE OR REPLACE FUNCTION market_waits_for_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (
      SELECT FROM approval_overrides o JOIN approval_grants g ON g.request_id = o.request_id
      WHERE o.tenant_id = NEW.tenant_id AND o.kind = 'break_glass' AND o.overdue_at IS NOT NULL AND o.reviewed_at IS NULL
        AND market_rested_on(NEW, g.audit_id, o.overdue_at)) THEN
    PERFORM refuse('market_waits_for_review', 'One person let this market through alone, and nobody reviewed that in time.',
                   'Have another admin review it.');
  END IF;
  RETURN NEW;
END $$;
