-- Whether an approval that the market rests on was revoked, and no reopening was approved since.
CREATE OR REPLACE FUNCTION market_has_lost_its_approval(market markets) RETURNS boolean
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

DROP FUNCTION market_rested_on(markets, uuid, timestamptz);
