-- What the API shows of a market is its first content.
CREATE OR REPLACE VIEW markets_shown WITH (security_invoker = true) AS
  SELECT m.tenant_id, m.market_id AS id,
         json_build_object(
           'market_id', m.market_id, 'symbol', m.symbol, 'type', m.type, 'subtype', m.subtype, 'region', m.region,
           'risk_level', m.risk_level, 'status', m.status, 'title', m.title, 'description', m.description,
           'resolution_criteria', m.resolution_criteria,
           'closes_at', to_char(m.closes_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'exposure', m.exposure::text, 'metadata', m.metadata,
           'snapshot_ids', (SELECT r.snapshot_ids FROM market_revisions r
                            WHERE r.tenant_id = m.tenant_id AND r.proposal_id = m.proposal_id AND r.digest = m.digest
                            ORDER BY r.revision_no DESC LIMIT 1),
           'created_by', m.created_by, 'proposal_id', m.proposal_id, 'digest', encode(m.digest, 'hex'),
           'human_approval_audit_id', m.human_approval_audit_id,
           'created_at', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'updated_at', to_char(m.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS shown
  FROM markets m;
