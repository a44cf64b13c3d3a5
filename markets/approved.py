"""Markets, what changed them and what was published on them are what people approved, also without guards."""

from __future__ import annotations

from audit.approved import Approved


def _effect(table: str, key: str, action: str, compared: str) -> Approved:
    """How the rows of an effect are compared: each has a grant of its own, and says what was granted.

    :param action: of the grant, in SQL; the row is `t`.
    :param compared: what is to be the same, one SQL expression for each column; `r.content` was approved.
    """
    return Approved(
        table,
        key,
        f"""
    SELECT t.{key} AS id, CASE
      WHEN g.audit_id IS NULL THEN 'there is no grant for it'
      WHEN (g.tenant_id, g.action, g.subject_id, g.digest)
             IS DISTINCT FROM (t.tenant_id, {action}, t.proposal_id, t.digest)
        THEN 'its grant is for something else'
      WHEN EXISTS (SELECT FROM {table} o
                   WHERE o.human_approval_audit_id = t.human_approval_audit_id AND o.{key} < t.{key})
        THEN 'its grant made another one'
      WHEN r.content IS NULL THEN 'the revision that was approved is not there'
      ELSE 'it is not what was approved in ' || NULLIF(concat_ws(', ', {compared}), '')
    END AS said
    FROM {table} t
    LEFT JOIN approval_grants g ON g.audit_id = t.human_approval_audit_id
    LEFT JOIN LATERAL (
      SELECT convert_from(v.canonical, 'UTF8')::jsonb AS content
      FROM market_revisions v
      WHERE v.proposal_id = t.proposal_id AND v.digest = t.digest AND sha256(v.canonical) = t.digest
      ORDER BY v.revision_no DESC LIMIT 1) r ON true
    WHERE t.{key} BETWEEN %(first)s AND %(last)s
    """,  # noqa: S608 - our own names
    )


# what stands comes from the last amendment, or from the creation where there is none
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
      WHEN c.proposed_by IS NULL OR r.content IS NULL THEN 'the revision that was approved is not there'
      ELSE 'it is not what was approved in ' || NULLIF(concat_ws(', ',
        CASE WHEN m.symbol IS DISTINCT FROM r.content ->> 'symbol' THEN 'symbol' END,
        CASE WHEN m.type IS DISTINCT FROM r.content ->> 'type' THEN 'type' END,
        CASE WHEN m.subtype IS DISTINCT FROM r.content ->> 'subtype' THEN 'subtype' END,
        CASE WHEN m.region IS DISTINCT FROM r.content ->> 'region' THEN 'region' END,
        CASE WHEN m.risk_level IS DISTINCT FROM r.risk THEN 'risk_level' END,
        CASE WHEN m.created_by IS DISTINCT FROM c.proposed_by THEN 'created_by' END,
        CASE WHEN m.title IS DISTINCT FROM r.content ->> 'title' THEN 'title' END,
        CASE WHEN m.description IS DISTINCT FROM r.content ->> 'description' THEN 'description' END,
        CASE WHEN m.resolution_criteria IS DISTINCT FROM r.content ->> 'resolution_criteria'
          THEN 'resolution_criteria' END,
        CASE WHEN m.closes_at IS DISTINCT FROM COALESCE(o.closes_at, (r.content ->> 'closes_at')::timestamptz)
          THEN 'closes_at' END,
        CASE WHEN m.exposure IS DISTINCT FROM COALESCE((r.content ->> 'exposure')::numeric(20, 4), 0)
          THEN 'exposure' END,
        CASE WHEN m.metadata IS DISTINCT FROM COALESCE(r.content -> 'metadata', '{}') THEN 'metadata' END,
        CASE WHEN m.content_digest IS DISTINCT FROM COALESCE(a.digest, m.digest) THEN 'content_digest' END,
        CASE WHEN m.version <> 1 + COALESCE(a.number, 0) THEN 'version' END,
        CASE WHEN m.reopened <> COALESCE(n.reopened, 0) THEN 'reopened' END,
        CASE WHEN m.outcome IS DISTINCT FROM e.outcome THEN 'outcome' END,
        CASE WHEN m.known_at IS DISTINCT FROM e.known_at THEN 'known_at' END,
        CASE WHEN m.resolved_at IS DISTINCT FROM e.recorded_at THEN 'resolved_at' END,
        CASE WHEN m.challenge_until IS DISTINCT FROM e.challenge_until THEN 'challenge_until' END,
        CASE WHEN (m.status IN ('resolved', 'voided', 'disputed')) <> (e.outcome IS NOT NULL)
          THEN 'status' END
      ), '')
    END AS said
    FROM markets m
    LEFT JOIN approval_grants g ON g.audit_id = m.human_approval_audit_id
    LEFT JOIN LATERAL (
      SELECT q.proposed_by FROM approval_requests q JOIN market_revisions v ON v.proposal_id = q.subject_id
      WHERE q.id = g.request_id AND v.digest = m.digest AND sha256(v.canonical) = m.digest LIMIT 1) c ON true
    LEFT JOIN LATERAL (
      SELECT w.number, w.proposal_id, w.digest, w.recorded_at FROM market_amendments w
      WHERE w.tenant_id = m.tenant_id AND w.market_id = m.market_id ORDER BY w.number DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (
      SELECT v.risk, convert_from(v.canonical, 'UTF8')::jsonb AS content FROM market_revisions v
      WHERE v.proposal_id = COALESCE(a.proposal_id, m.proposal_id) AND v.digest = COALESCE(a.digest, m.digest)
        AND sha256(v.canonical) = v.digest
      ORDER BY v.revision_no DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (
      SELECT w.closes_at FROM market_reopenings w
      WHERE w.tenant_id = m.tenant_id AND w.market_id = m.market_id
        AND w.recorded_at > COALESCE(a.recorded_at, '-infinity')
      ORDER BY w.number DESC LIMIT 1) o ON true
    LEFT JOIN LATERAL (
      SELECT max(w.number) AS reopened FROM market_reopenings w
      WHERE w.tenant_id = m.tenant_id AND w.market_id = m.market_id) n ON true
    LEFT JOIN LATERAL (
      SELECT w.outcome, w.known_at, w.recorded_at, w.challenge_until FROM market_resolutions w
      WHERE w.tenant_id = m.tenant_id AND w.market_id = m.market_id ORDER BY w.number DESC LIMIT 1) e ON true
    WHERE m.market_id BETWEEN %(first)s AND %(last)s
    """,
)
AMENDMENTS = _effect(
    "market_amendments",
    "id",
    "'market:amend'",
    "CASE WHEN t.market_id::text IS DISTINCT FROM r.content ->> 'market_id' THEN 'market_id' END, "
    "CASE WHEN encode(t.previous_digest, 'hex') IS DISTINCT FROM r.content ->> 'base_digest' "
    "THEN 'previous_digest' END",
)
RESOLUTIONS = _effect(
    "market_resolutions",
    "id",
    "CASE t.outcome WHEN 'void' THEN 'market:void' ELSE 'market:resolve' END",
    "CASE WHEN t.market_id::text IS DISTINCT FROM r.content ->> 'market_id' THEN 'market_id' END, "
    "CASE WHEN t.outcome IS DISTINCT FROM COALESCE(r.content ->> 'outcome', 'void') THEN 'outcome' END, "
    "CASE WHEN t.known_at IS DISTINCT FROM (r.content ->> 'known_at')::timestamptz THEN 'known_at' END",
)
REOPENINGS = _effect(
    "market_reopenings",
    "id",
    "'market:reopen'",
    "CASE WHEN t.market_id::text IS DISTINCT FROM r.content ->> 'market_id' THEN 'market_id' END, "
    "CASE WHEN t.closes_at IS DISTINCT FROM (r.content ->> 'closes_at')::timestamptz THEN 'closes_at' END",
)
# what a policy let out, or the owner wrote by hand, has no grant, and is on no political or economic market
EVENTS = Approved(
    "events",
    "event_id",
    """
    SELECT t.event_id AS id, CASE
      WHEN t.human_approval_audit_id IS NULL AND (t.basis = 'approval' OR m.type IN ('political', 'economic'))
        THEN 'there is no grant for it'
      WHEN t.human_approval_audit_id IS NOT NULL AND g.audit_id IS NULL THEN 'there is no grant for it'
      WHEN g.audit_id IS NOT NULL AND (g.tenant_id, g.action, g.subject_id, g.digest)
             IS DISTINCT FROM (t.tenant_id, 'event:publish', t.candidate_id, t.digest)
        THEN 'its grant is for something else'
      WHEN t.candidate_id IS NOT NULL AND c.content IS NULL THEN 'what was proposed is not there'
      WHEN t.candidate_id IS NOT NULL THEN 'it is not what was proposed in ' || NULLIF(concat_ws(', ',
        CASE WHEN t.market_id::text IS DISTINCT FROM c.content ->> 'market_id' THEN 'market_id' END,
        CASE WHEN t.summary IS DISTINCT FROM c.content ->> 'summary' THEN 'summary' END,
        CASE WHEN t.event_type IS DISTINCT FROM c.content ->> 'event_type' THEN 'event_type' END,
        CASE WHEN t.confidence IS DISTINCT FROM (c.content ->> 'confidence')::numeric THEN 'confidence' END,
        CASE WHEN t.metadata IS DISTINCT FROM COALESCE(c.content -> 'metadata', '{}') THEN 'metadata' END,
        CASE WHEN to_jsonb(t.snapshot_ids) IS DISTINCT FROM c.content -> 'snapshot_ids'
          THEN 'snapshot_ids' END
      ), '')
    END AS said
    FROM events t
    LEFT JOIN markets m ON m.tenant_id = t.tenant_id AND m.market_id = t.market_id
    LEFT JOIN approval_grants g ON g.audit_id = t.human_approval_audit_id
    LEFT JOIN LATERAL (
      SELECT convert_from(d.canonical, 'UTF8')::jsonb AS content FROM candidate_events d
      WHERE d.candidate_id = t.candidate_id AND sha256(d.canonical) = t.digest) c ON true
    WHERE t.event_id BETWEEN %(first)s AND %(last)s
    """,
)
ALL = (MARKETS, AMENDMENTS, RESOLUTIONS, REOPENINGS, EVENTS)
