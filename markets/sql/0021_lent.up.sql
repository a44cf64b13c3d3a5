-- At high risk whoever let a market in leaves its end to others, and so does whoever let them decide in their role.
CREATE OR REPLACE FUNCTION barred_from_resolving(resolved uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT p.person), '{}')
  FROM markets m
  JOIN approval_grants g ON g.audit_id = m.human_approval_audit_id OR g.audit_id = (
    SELECT a.human_approval_audit_id FROM market_amendments a
    WHERE a.tenant_id = m.tenant_id AND a.market_id = m.market_id AND a.number = m.version - 1)
  JOIN approval_decisions d ON d.request_id = g.request_id AND d.verdict IN ('approve', 'break_glass')
  LEFT JOIN approval_delegations l ON l.id = d.delegation_id
  CROSS JOIN LATERAL (VALUES (d.reviewer_id), (l.from_person_id)) p (person)
  WHERE m.market_id = resolved AND p.person IS NOT NULL
$$;
