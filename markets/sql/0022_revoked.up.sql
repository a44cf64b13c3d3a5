-- A market that rested on what was revoked trades again by a later reopening alone, whatever it says by then.
-- What another had taken the place of before that moment was not rested on any more.
CREATE FUNCTION market_rested_on(market markets, approval uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT approval = market.human_approval_audit_id
    OR EXISTS (SELECT FROM market_amendments a
               WHERE a.tenant_id = market.tenant_id AND a.market_id = market.market_id AND a.human_approval_audit_id = approval
               AND NOT EXISTS (SELECT FROM market_amendments n WHERE n.tenant_id = a.tenant_id AND n.market_id = a.market_id
                               AND n.number = a.number + 1 AND n.recorded_at < moment))
    OR EXISTS (SELECT FROM market_reopenings o
               WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND o.human_approval_audit_id = approval
               AND NOT EXISTS (SELECT FROM market_reopenings n WHERE n.tenant_id = o.tenant_id AND n.market_id = o.market_id
                               AND n.number = o.number + 1 AND n.recorded_at < moment))
$$;

CREATE OR REPLACE FUNCTION market_has_lost_its_approval(market markets) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM approval_revocations v
    WHERE v.tenant_id = market.tenant_id AND market_rested_on(market, v.audit_id, v.revoked_at)
    AND NOT EXISTS (
      SELECT FROM market_reopenings o JOIN approval_grants g ON g.audit_id = o.human_approval_audit_id
      WHERE o.tenant_id = market.tenant_id AND o.market_id = market.market_id AND g.granted_at > v.revoked_at))
$$;

REVOKE ALL ON FUNCTION market_rested_on(markets, uuid, timestamptz) FROM PUBLIC;
