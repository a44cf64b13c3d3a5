-- What the API shows of a market says nothing of a receipt.
CREATE OR REPLACE VIEW markets_shown WITH (security_invoker = true) AS
  SELECT m.tenant_id, m.market_id AS id,
         json_build_object(
           'market_id', m.market_id, 'symbol', m.symbol, 'type', m.type, 'subtype', m.subtype, 'region', m.region,
           'risk_level', m.risk_level, 'status', m.status, 'title', m.title, 'description', m.description,
           'resolution_criteria', m.resolution_criteria,
           'closes_at', to_char(m.closes_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'exposure', m.exposure::text, 'metadata', m.metadata,
           'snapshot_ids', (SELECT r.snapshot_ids FROM market_revisions r
                            WHERE r.tenant_id = m.tenant_id AND r.digest = m.content_digest AND r.proposal_id = CASE m.version
                              WHEN 1 THEN m.proposal_id
                              ELSE (SELECT a.proposal_id FROM market_amendments a
                                    WHERE a.tenant_id = m.tenant_id AND a.market_id = m.market_id AND a.number = m.version - 1) END
                            ORDER BY r.revision_no DESC LIMIT 1),
           'created_by', m.created_by, 'proposal_id', m.proposal_id, 'digest', encode(m.digest, 'hex'),
           'content_digest', encode(m.content_digest, 'hex'), 'version', m.version,
           'human_approval_audit_id', m.human_approval_audit_id, 'outcome', m.outcome,
           'known_at', to_char(m.known_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'resolved_at', to_char(m.resolved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'challenge_until', to_char(m.challenge_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'created_at', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'updated_at', to_char(m.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS shown
  FROM markets m;
