"""A market is what people approved, also where somebody switched its guards off."""

from __future__ import annotations

from audit.approved import Approved

MARKETS = Approved(
    "markets",
    "market_id",
    """
    SELECT m.market_id AS id, CASE
      WHEN g.audit_id IS NULL THEN 'there is no grant for it'
      WHEN (g.tenant_id, g.action, g.subject_id, g.digest)
             IS DISTINCT FROM (m.tenant_id, 'market:create', m.proposal_id, m.digest)
        THEN 'its grant is for something else'
      WHEN EXISTS (SELECT FROM markets o
                   WHERE o.human_approval_audit_id = m.human_approval_audit_id AND o.market_id < m.market_id)
        THEN 'its grant made another market'
      WHEN r.content IS NULL THEN 'the revision that was approved is not there'
      ELSE 'it is not what was approved in ' || NULLIF(concat_ws(', ',
        CASE WHEN m.symbol IS DISTINCT FROM r.content ->> 'symbol' THEN 'symbol' END,
        CASE WHEN m.type IS DISTINCT FROM r.content ->> 'type' THEN 'type' END,
        CASE WHEN m.subtype IS DISTINCT FROM r.content ->> 'subtype' THEN 'subtype' END,
        CASE WHEN m.region IS DISTINCT FROM r.content ->> 'region' THEN 'region' END,
        CASE WHEN m.risk_level IS DISTINCT FROM r.risk THEN 'risk_level' END,
        CASE WHEN m.created_by IS DISTINCT FROM r.proposed_by THEN 'created_by' END,
        CASE WHEN m.title IS DISTINCT FROM r.content ->> 'title' THEN 'title' END,
        CASE WHEN m.description IS DISTINCT FROM r.content ->> 'description' THEN 'description' END,
        CASE WHEN m.resolution_criteria IS DISTINCT FROM r.content ->> 'resolution_criteria'
          THEN 'resolution_criteria' END,
        CASE WHEN m.closes_at IS DISTINCT FROM (r.content ->> 'closes_at')::timestamptz THEN 'closes_at' END,
        CASE WHEN m.exposure IS DISTINCT FROM COALESCE((r.content ->> 'exposure')::numeric(20, 4), 0)
          THEN 'exposure' END,
        CASE WHEN m.metadata IS DISTINCT FROM COALESCE(r.content -> 'metadata', '{}') THEN 'metadata' END
      ), '')
    END AS said
    FROM markets m
    LEFT JOIN approval_grants g ON g.audit_id = m.human_approval_audit_id
    LEFT JOIN LATERAL (
      SELECT q.risk, q.proposed_by, convert_from(v.canonical, 'UTF8')::jsonb AS content
      FROM approval_requests q JOIN market_revisions v ON v.proposal_id = q.subject_id
      WHERE q.id = g.request_id AND v.digest = m.digest AND sha256(v.canonical) = m.digest
      ORDER BY v.revision_no DESC LIMIT 1) r ON true
    WHERE m.market_id BETWEEN %(first)s AND %(last)s
    """,
)
