-- A market that rests on what one person let through alone waits for the review of that.
CREATE OR REPLACE FUNCTION market_waits_for_review() RETURNS trigger
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
