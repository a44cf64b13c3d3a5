"""Rows that exist only by people's approval, and which of them do not.

Guards see to it while they are on; whoever owns the database may switch them off. So each room says here by
which statement its rows are compared with what was approved. The statements are text of the program, not
functions of the database, which could be replaced together with the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import DataError, connection, transaction

# rows that one statement compares
AT_ONCE = 10_000
PAGE = """
    SELECT (array_agg(p.k ORDER BY p.k))[1], (array_agg(p.k ORDER BY p.k DESC))[1]
    FROM (SELECT t.{key} AS k FROM {table} t WHERE {beyond} ORDER BY t.{key} LIMIT %(most)s) p
"""
FAULTY = "SELECT f.id, f.said FROM ({compared}) f WHERE f.said IS NOT NULL ORDER BY f.id"


@dataclass(frozen=True)
class Approved:
    """How the rows of a table are compared with what was approved.

    :ivar key: the column of its primary key, a uuid.
    :ivar compared: a SELECT of `id` and `said`, what is wrong with the row or NULL, over the rows whose key
        is BETWEEN %(first)s AND %(last)s; it is read as the auditor.
    """

    table: str
    key: str
    compared: str


@dataclass(frozen=True)
class Unapproved:
    """A row that is not what people approved.

    :ivar said: why.
    """

    table: str
    id: UUID
    said: str

    def __str__(self) -> str:
        return f"{self.table} {self.id}: {self.said}"


_known: dict[str, Approved] = {}


def register(approved: Approved) -> None:
    """Have the rows of a table compared whenever the log is verified."""
    _known[approved.table] = approved


def tables() -> list[str]:
    """Whose rows are compared."""
    return sorted(_known)


def faults(at_once: int = AT_ONCE) -> Iterator[Unapproved]:
    """Every row that is not what people approved, over all tenants, in this unit."""
    for table in tables():
        approved = _known[table]
        for first, last in _pages(approved, at_once):
            yield from _compared(approved, first, last)


def _pages(approved: Approved, most: int) -> Iterator[tuple[UUID, UUID]]:
    """The first and the last key of each so many rows."""
    beyond, after = "true", None
    while True:
        with connection.cursor() as cursor:
            statement = PAGE.format(key=approved.key, table=approved.table, beyond=beyond)
            cursor.execute(statement, {"after": after, "most": most})
            begin, end = cursor.fetchone()
        if end is None:
            return
        yield begin, end
        beyond, after = f"t.{approved.key} > %(after)s", end


def _compared(approved: Approved, first: UUID, last: UUID) -> Iterator[Unapproved]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FAULTY.format(compared=approved.compared), {"first": first, "last": last})
            found = cursor.fetchall()
    except DataError:
        # content that no guard has seen need not even be JSON
        yield from _one_by_one(approved, first, last)
        return
    for row_id, said in found:
        yield Unapproved(approved.table, row_id, said)


def _one_by_one(approved: Approved, first: UUID, last: UUID) -> Iterator[Unapproved]:
    if first == last:
        yield Unapproved(approved.table, first, "what was approved cannot be read")
        return
    statement = "SELECT {key} FROM {table} WHERE {key} BETWEEN %s AND %s ORDER BY {key}"
    with connection.cursor() as cursor:
        cursor.execute(statement.format(key=approved.key, table=approved.table), [first, last])
        keys = [key for (key,) in cursor.fetchall()]
    for key in keys:
        yield from _compared(approved, key, key)


# a grant is what its row of the log says, which is sealed: the same request, the same people's decisions. Who
# counts is ruled as decides_in_role rules it; the rows it rules by are compared with the log, if it has them
GRANTS = Approved(
    "approval_grants",
    "audit_id",
    """
    SELECT g.audit_id AS id, CASE
      WHEN e.audit_id IS NULL THEN 'the log does not know it'
      WHEN (e.tenant_id, e.action, e.entity_id, e.payload_hash)
             IS DISTINCT FROM (g.tenant_id, 'approval:grant', g.request_id::text, encode(g.digest, 'hex'))
        OR (e.new_value ->> 'action', e.new_value ->> 'subject_id')
             IS DISTINCT FROM (g.action, g.subject_id::text)
        THEN 'its row of the log is about something else'
      WHEN (q.tenant_id, q.action, q.subject_id, q.digest, q.quorum::text)
             IS DISTINCT FROM (g.tenant_id, g.action, g.subject_id, g.digest, e.new_value ->> 'quorum')
        THEN 'its request is about something else'
      WHEN EXISTS (
             SELECT FROM audit_event a
             WHERE a.entity_type = 'approval_requests' AND a.entity_id = q.id::text
               AND (a.new_value ->> 'risk' <> q.risk OR a.new_value ->> 'proposed_by' <> q.proposed_by::text
                 OR a.new_value -> 'operated_by' <> COALESCE(to_jsonb(q.operated_by), 'null')
                 OR a.new_value -> 'barred' <> to_jsonb(q.barred)))
        THEN 'its request is not what the log says'
      WHEN d.people < d.needed THEN format('%%s of %%s people approved it', d.people, d.needed)
      WHEN jsonb_array_length(d.said) IS DISTINCT FROM jsonb_array_length(e.new_value -> 'decisions')
        OR EXISTS (
             SELECT FROM jsonb_array_elements(d.said) WITH ORDINALITY v (decision, place)
             JOIN jsonb_array_elements(e.new_value -> 'decisions') WITH ORDINALITY w (decision, place)
               USING (place)
             WHERE NOT v.decision @> (w.decision - 'decided_at'))
        THEN 'the decisions on it are not those of the log'
    END AS said
    FROM approval_grants g
    LEFT JOIN audit_event e ON e.audit_id = g.audit_id
    LEFT JOIN approval_requests q ON q.id = g.request_id
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE c.counts) AS people,
             -- one who breaks the glass stands for all, and at high risk beside another
             CASE WHEN bool_or(c.counts AND v.verdict = 'break_glass' AND v.role_held = 'super-admin'
                               AND v.delegation_id IS NULL)
               THEN CASE q.risk WHEN 'high' THEN 2 ELSE 1 END ELSE q.quorum END AS needed,
             jsonb_agg(jsonb_build_object('reviewer_id', v.reviewer_id, 'role', v.role_held, 'slot', v.slot,
                                          'verdict', v.verdict, 'delegation_id', v.delegation_id,
                                          'reason', v.reason) ORDER BY v.decided_at) AS said
      FROM approval_decisions v
      LEFT JOIN approval_delegations l ON l.id = v.delegation_id
      CROSS JOIN LATERAL (
        SELECT v.reviewer_kind = 'person'
          AND NOT ARRAY[v.reviewer_id, l.from_person_id] && (q.barred || ARRAY[q.proposed_by, q.operated_by])
          AND (v.delegation_id IS NULL
            OR ((l.to_person_id, l.role) = (v.reviewer_id, v.role_held)
              AND v.decided_at >= l.starts_at AND v.decided_at < LEAST(l.ends_at, l.revoked_at)
              AND NOT EXISTS (
                SELECT FROM audit_event a
                WHERE a.entity_type = 'approval_delegations' AND a.entity_id = l.id::text
                  AND (a.new_value ->> 'from_person_id' <> l.from_person_id::text
                    OR a.new_value ->> 'to_person_id' <> l.to_person_id::text
                    OR a.new_value ->> 'role' <> l.role
                    OR v.decided_at < (a.new_value ->> 'starts_at')::timestamptz
                    OR v.decided_at >= LEAST((a.new_value ->> 'ends_at')::timestamptz,
                                             (a.new_value ->> 'revoked_at')::timestamptz)))))
          AND NOT EXISTS (
            SELECT FROM approval_decisions o LEFT JOIN approval_delegations m ON m.id = o.delegation_id
            WHERE o.request_id = v.request_id AND (o.decided_at, o.id) < (v.decided_at, v.id)
              AND ARRAY[o.reviewer_id, m.from_person_id] && ARRAY[v.reviewer_id, l.from_person_id])
          AS counts) c
      WHERE v.request_id = g.request_id AND v.digest = g.digest AND v.slot IS NOT NULL
    ) d ON true
    WHERE g.audit_id BETWEEN %(first)s AND %(last)s
    """,
)
# a broken glass is owed a review within a day, by somebody who took no part in it
BROKEN_GLASSES = Approved(
    "approval_decisions",
    "id",
    """
    SELECT v.id, 'the glass was broken and ' || CASE
      WHEN o.id IS NULL THEN 'nobody owes a review'
      WHEN (o.tenant_id, o.about_id, o.opened_at, o.review_due_at)
             IS DISTINCT FROM (v.tenant_id, v.request_id, v.decided_at, v.decided_at + interval '24 hours')
        THEN 'its review is owed for something else, or at another time'
      WHEN o.reviewed_by IN (v.reviewer_id, q.proposed_by, q.operated_by)
        OR EXISTS (SELECT FROM approval_decisions w
                   WHERE w.request_id = v.request_id AND w.reviewer_id = o.reviewed_by)
        THEN 'somebody reviewed it who may not'
      WHEN num_nonnulls(o.outcome, o.reviewed_by, o.reviewed_at) > 0 AND NOT EXISTS (
             SELECT FROM audit_event a
             WHERE a.entity_type = 'approval_overrides' AND a.entity_id = o.id::text
               AND (a.new_value ->> 'outcome', a.new_value ->> 'reviewed_by')
                 = (o.outcome, o.reviewed_by::text))
        THEN 'the log does not know its review'
    END AS said
    FROM approval_decisions v
    LEFT JOIN approval_requests q ON q.id = v.request_id
    LEFT JOIN approval_overrides o
      ON (o.kind, o.request_id, o.person_id) = ('break_glass', v.request_id, v.reviewer_id)
    WHERE v.verdict = 'break_glass' AND v.id BETWEEN %(first)s AND %(last)s
    """,
)
# a policy is what the log says that it was made, and became since by people's approval
POLICIES = Approved(
    "approval_policies",
    "id",
    """
    SELECT p.id, CASE
      WHEN e.said IS NULL THEN 'the log does not know it'
      WHEN e.has_changed AND v.id IS NULL THEN 'there is no grant for what it became'
      ELSE 'it is not what the log says in ' || NULLIF(concat_ws(', ',
        CASE WHEN p.action <> e.said ->> 'action' THEN 'action' END,
        CASE WHEN p.risk <> e.said ->> 'risk' THEN 'risk' END,
        CASE WHEN p.quorum <> (e.said ->> 'quorum')::integer THEN 'quorum' END,
        CASE WHEN p.required_roles <> e.said -> 'required_roles' THEN 'required_roles' END,
        CASE WHEN p.request_lifetime <> (e.said ->> 'request_lifetime')::interval THEN 'request_lifetime' END,
        CASE WHEN p.grant_lifetime <> (e.said ->> 'grant_lifetime')::interval THEN 'grant_lifetime' END,
        CASE WHEN p.due_after <> (e.said ->> 'due_after')::interval THEN 'due_after' END,
        CASE WHEN p.publishes_by_itself <> (e.said ->> 'publishes_by_itself')::boolean
          THEN 'publishes_by_itself' END,
        CASE WHEN p.needs_reauthentication <> (e.said ->> 'needs_reauthentication')::boolean
          THEN 'needs_reauthentication' END), '')
    END AS said
    FROM approval_policies p
    LEFT JOIN LATERAL (
      SELECT w.id FROM approval_policy_versions w JOIN approval_grants g ON g.audit_id = w.audit_id
      WHERE w.audit_id = p.set_by_audit_id AND (w.action, w.risk) = (p.action, p.risk)
        AND (g.action, g.subject_id, g.digest) = ('policy:change', w.change_id, w.digest)) v ON true
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(c.key, c.value ORDER BY a.epoch, a.xid, a.seq) AS said,
             bool_or(a.metadata ->> 'operation' = 'update') AS has_changed
      FROM audit_event a CROSS JOIN jsonb_each(a.new_value) c
      WHERE a.entity_type = 'approval_policies' AND a.entity_id = p.id::text) e
    WHERE p.id BETWEEN %(first)s AND %(last)s
    """,
)
