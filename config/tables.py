"""Every table of ours: whose rows it holds, whether it is governed, and what of it the audit log shows.

Read by tests, which compare it with the database's own catalogue: a new table or column fails until it is
listed here. `system` tables have no tenant and are protected by grants alone; `tenant` tables carry tenant_id
and stand behind the tenant's wall; of an `owned` table the API shows each owner their own rows. A governed
table's changes write themselves into the audit log; secrets and bulk are left out,
because what is logged can never be removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["system", "tenant", "owned"]


@dataclass(frozen=True)
class Table:
    """What tests and the system check hold a table to.

    :param is_engine: the worker serves it for all tenants.
    :param logged: the columns the audit log shows.
    :param left_out: the columns it never shows.
    """

    kind: Kind
    is_governed: bool = True
    is_engine: bool = False
    logged: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


def columns(names: str) -> frozenset[str]:
    """Read a list of columns parted by spaces."""
    return frozenset(names.split())


TABLES = {
    "tenants": Table(
        "system",
        logged=columns("id name type status settings created_at updated_at"),
    ),
    "users": Table(
        "tenant",
        logged=columns(
            "id kind email username display_name status is_active is_staff email_verified "
            "signature_policy last_login_at created_at updated_at operated_by tenant_id"
        ),
        left_out=columns("password_hash"),
    ),
    "user_roles": Table(
        "tenant",
        logged=columns("id role created_at tenant_id user_id"),
    ),
    "api_keys": Table(
        "tenant",
        logged=columns(
            "id prefix label scopes created_at expires_at revoked_at last_used_at user_id tenant_id"
        ),
        left_out=columns("digest"),
    ),
    "signing_keys": Table(
        "tenant",
        logged=columns(
            "id key_id algorithm public_key label scopes created_at expires_at revoked_at last_used_at "
            "user_id tenant_id"
        ),
        left_out=columns("secret"),
    ),
    "request_nonces": Table("tenant", is_governed=False),
    "user_entitlements": Table(
        "tenant",
        logged=columns(
            "id asset_classes instruments venues max_notional rfq_rate_limit order_rate_limit "
            "max_open_orders created_at updated_at user_id tenant_id"
        ),
    ),
    "rate_buckets": Table("tenant", is_governed=False),
    "switches": Table("system", logged=columns("id name value created_at updated_at for_tenant_id")),
    "idempotency_keys": Table("tenant", is_governed=False),
    "jobs": Table("owned", is_governed=False, is_engine=True),
    "job_events": Table("owned", is_governed=False, is_engine=True),
    "job_rates": Table("system", is_governed=False),
    "outbox_events": Table("tenant", is_governed=False, is_engine=True),
    "audit_event": Table("tenant", is_governed=False),
    "audit_tile": Table("system", is_governed=False),
    "audit_checkpoint": Table("system", is_governed=False),
    "audit_seal": Table("system", is_governed=False),
    "audit_holder": Table("system", is_governed=False),
    "audit_cosignature": Table("system", is_governed=False),
    "truth_chain": Table("system", is_governed=False),
    "truth_chain_head": Table("system", is_governed=False),
    "approval_policies": Table(
        "system",
        logged=columns(
            "id action risk quorum required_roles request_lifetime grant_lifetime "
            "needs_reauthentication due_after publishes_by_itself set_by_audit_id created_at"
        ),
    ),
    "approval_policy_changes": Table(
        "system",
        logged=columns("id action risk digest created_at proposed_by"),
        left_out=columns("canonical"),
    ),
    "approval_policy_versions": Table(
        "system",
        logged=columns(
            "id audit_id approval_action change_id digest number action risk quorum required_roles "
            "request_lifetime grant_lifetime needs_reauthentication due_after publishes_by_itself created_at"
        ),
    ),
    "approval_subjects": Table(
        "tenant",
        logged=columns(
            "id action subject_id digest risk barred created_at operated_by proposed_by tenant_id"
        ),
    ),
    "approval_requests": Table(
        "tenant",
        logged=columns(
            "id action subject_id digest risk barred quorum required_roles grant_lifetime "
            "needs_reauthentication status requested_at expires_at due_at escalated_at closed_at "
            "operated_by proposed_by tenant_id"
        ),
    ),
    "approval_decisions": Table(
        "tenant",
        logged=columns(
            "id digest reviewer_kind verdict reason role_held slot decided_at read_for reviewer_id "
            "tenant_id request_id reauthentication_id delegation_id"
        ),
    ),
    "approval_grants": Table(
        "tenant",
        logged=columns("audit_id action subject_id digest granted_at expires_at request_id tenant_id"),
    ),
    "approval_revocations": Table(
        "tenant",
        logged=columns("id audit_id revoked_by reason reauthentication_id revoked_at tenant_id"),
    ),
    "approval_delegations": Table(
        "tenant",
        logged=columns(
            "id from_person_id to_person_id role starts_at ends_at reason reauthentication_id created_at "
            "revoked_at tenant_id"
        ),
    ),
    "approval_claims": Table(
        "tenant",
        logged=columns("id request_id person_id claimed_at released_at tenant_id"),
    ),
    "approval_comments": Table(
        "tenant",
        logged=columns("id request_id author_id created_at tenant_id"),
        left_out=columns("body"),
    ),
    "approval_overrides": Table(
        "tenant",
        logged=columns(
            "id kind about_id request_id person_id reason opened_at review_due_at overdue_at outcome "
            "reviewed_by review_reason reauthentication_id reviewed_at tenant_id"
        ),
    ),
    "approval_lists": Table(
        "tenant",
        logged=columns("id person_id digest created_at tenant_id"),
        left_out=columns("canonical"),
    ),
    "approval_notices": Table("tenant", is_governed=False),
    "reauthentications": Table("tenant", is_governed=False),
    "blobs": Table("system", is_governed=False),
    "snapshots": Table(
        "tenant",
        logged=columns(
            "id snapshot_id url fetched_at object_store_path content_digest content_type size_bytes "
            "record_digest created_at tenant_id"
        ),
    ),
    "market_proposals": Table(
        "tenant",
        logged=columns(
            "id kind symbol status created_at updated_at operated_by proposed_by tenant_id market_id"
        ),
    ),
    "market_revisions": Table(
        "tenant",
        logged=columns(
            "id revision_no digest title type risk snapshot_ids producer schema_version "
            "safety_assertions created_at proposal_id proposed_by tenant_id simhash"
        ),
        left_out=columns("canonical simhash_bands"),
    ),
    "markets": Table(
        "tenant",
        logged=columns(
            "market_id symbol type subtype region risk_level approval_action digest title closes_at "
            "exposure metadata status created_at updated_at created_by human_approval_audit_id "
            "tenant_id proposal_id content_digest version reopened outcome known_at resolved_at "
            "challenge_until"
        ),
        left_out=columns("description resolution_criteria"),
    ),
    "market_amendments": Table(
        "tenant",
        logged=columns(
            "id number approval_action digest previous_digest recorded_at human_approval_audit_id "
            "market_id proposal_id tenant_id"
        ),
    ),
    "market_resolutions": Table(
        "tenant",
        logged=columns(
            "id number outcome approval_action digest known_at recorded_at challenge_until "
            "human_approval_audit_id market_id proposal_id supersedes_id tenant_id"
        ),
    ),
    "market_reopenings": Table(
        "tenant",
        logged=columns(
            "id number approval_action digest closes_at recorded_at human_approval_audit_id market_id "
            "proposal_id tenant_id"
        ),
    ),
    "market_disputes": Table(
        "tenant",
        logged=columns(
            "id reason snapshot_ids settled_by created_at market_id raised_by resolution_id tenant_id"
        ),
    ),
    "market_clarifications": Table(
        "tenant",
        logged=columns("id text known_at created_at market_id tenant_id written_by"),
    ),
    "events": Table(
        "tenant",
        logged=columns(
            "event_id summary event_type confidence snapshot_ids metadata published_at created_at "
            "tenant_id market_id known_at candidate_id human_approval_audit_id approval_action digest basis"
        ),
    ),
    "candidate_events": Table(
        "tenant",
        logged=columns(
            "candidate_id digest summary event_type confidence snapshot_ids known_at impact_score "
            "variable_name metadata risk dedupe_hash status rejection_reason producer schema_version "
            "safety_assertions created_at updated_at tenant_id market_id proposed_by operated_by"
        ),
        left_out=columns("canonical llm_reasoning variable_description"),
    ),
    "event_retractions": Table(
        "tenant",
        logged=columns("id reason created_at tenant_id event_id retracted_by"),
    ),
    "event_snapshots": Table(
        "tenant",
        logged=columns("id snapshot_id event_id tenant_id"),
    ),
}

# A UNIQUE on a business value is led by tenant_id, or it would tell one tenant about another.
UNIQUE_OVER_ALL_TENANTS = {
    "email_is_taken": "a person logs in with an address before anybody knows the tenant",
    "key_prefix_is_taken": "a key is found by its prefix before anybody knows the tenant",
    "signing_key_id_is_taken": "a signing key is found by its id before anybody knows the tenant",
    "message_is_sent_once": "consumers of all tenants know a message by its event_id",
    "tenant_name_is_taken": "the list of tenants belongs to the platform",
}

# Django's own and those of its libraries; staff sessions and failed logins live here
FOREIGN_TABLES = {
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "otp_static_staticdevice",
    "otp_static_statictoken",
    "otp_totp_totpdevice",
}
