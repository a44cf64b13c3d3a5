-- A market that rested on what was revoked trades again by a later reopening alone, whatever it says by then.
CREATE OR REPLACE FUNCTION market_has_lost_its_approval(market markets) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM approval_revocations v
    -- what another had taken the place of before was not rested on any more
    WHERE v.tenant_id = market.tenant_id AND (v.audit_id = market.human_approval_audit_id
      OR EXISTS (SELECT FROM market_amendments a
                 WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.human_approval_audit_id = v.audit_id
                 AND NOT EXISTS (SELECT FROM market_amendments n WHERE n.tenant_id = a.tenant_id AND n.market_id = a.market_id
                                 AND n.number = a.number + 1 AND n.recorded_at < v.revoked_at))
      OR EXISTS (SELECT FROM market_reopenings o
                 WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.human_approval_audit_id = v.audit_id
                 AND NOT EXISTS (SELECT FROM market_reopenings n WHERE n.tenant_id = o.tenant_id AND n.market_id = o.market_id
                                 AND n.number = o.number + 1 AND n.recorded_at < v.revoked_at)))
    AND NOT EXISTS (
      SELECT FROM market_reopenings o JOIN approval_grants g ON g.audit_id = o.human_approval_audit_id
      WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND g.granted_at > v.revoked_at))
$$;
