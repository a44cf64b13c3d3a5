"""What is not in the log did not happen: when the audit row fails, nothing else was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from artifacts import blobs, snapshots
from audit import approvals, policies, reauthentications
from audit.approving import claims, delegations, overrides
from audit.models import ApprovalRequest, AuditEvent, Delegation
from audit.notices import care
from core.access import entitlements, keys, people, signing_keys, switches, tenants
from core.access.credentials import SigningKey
from core.access.models import ApiKey
from core.database.unit import unit
from core.jobs import queue
from core.jobs.models import Job
from markets import proposals, trading
from markets.models import Market
from tests.audit import traces
from tests.audit.policing.people import make_platform, wanted
from tests.audit.voting import lend
from tests.factories import (
    PASSWORD,
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_key,
    request_for,
)
from tests.markets import steps
from tests.markets.life.changing import change, put
from tests.raw import run, untriggered, unwritable_log
from tests.reflection import verbs

pytestmark = pytest.mark.django_db

Step = Callable[[World], object]

# it changes nothing governed, so nothing of it is in the log
WITHOUT_A_ROW = {"audit.reauthentications.confirm"}


def propose(world: World) -> None:
    with acting(world.scout):
        proposals.propose(
            make_content(world.evidence, symbol="MARS-2030"), by=world.scout, provenance=PROVENANCE
        )


def revise(world: World) -> None:
    with acting(world.scout):
        changed = make_content(world.evidence, title="Will anybody land on Mars in 2030?")
        proposals.revise(world.proposal.pk, changed, by=world.scout, provenance=PROVENANCE)


def run_out(world: World) -> None:
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET expires_at = clock_timestamp()")


def resubmit(world: World) -> None:
    with acting(world.scout):
        proposals.resubmit(world.proposal.pk, by=world.scout)


def withdraw(world: World) -> None:
    with acting(world.olga, "staff"):
        proposals.withdraw(world.proposal.pk, by=world.olga, reason=REASON)


def request(world: World) -> None:
    known = world.request
    with acting(world.scout):
        approvals.request(known.action, known.subject_id, bytes(known.digest), by=world.scout)


def take_back(world: World) -> None:
    with acting(world.scout):
        approvals.withdraw(world.request.pk, by=world.scout, reason=REASON)


def be_late(world: World) -> None:
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET due_at = clock_timestamp()")


def escalate(world: World) -> None:
    with unit("worker"):
        care.escalate(by=None)


def break_glass_long_ago(world: World) -> None:
    traces.break_glass(world)
    with untriggered("approval_overrides"):
        run("UPDATE approval_overrides SET review_due_at = clock_timestamp()")


def be_overdue(world: World) -> None:
    with unit("worker"):
        overrides.become_overdue(10, by=None)


def propose_policy(world: World) -> None:
    with as_staff(world.root):
        policies.propose_change(wanted(), by=world.root, reason=REASON)


def revoke_grant(world: World) -> None:
    traces.revoke(world)


def release(world: World) -> None:
    asked = world.request.pk
    with as_staff(world.grace):
        claims.release(asked, by=world.grace)


def delegate(world: World) -> None:
    lend(world.grace, world.edith)


def end_delegation(world: World) -> None:
    with as_staff(world.grace):
        delegations.end(Delegation.objects.get().pk, by=world.grace, reason=REASON)


def deciding(verb: Callable[..., object]) -> Step:
    return lambda world: decide(verb, ApprovalRequest.objects.get(), world.grace)  # type: ignore[arg-type]


def ingest(world: World) -> None:
    with acting(world.scout):
        snapshots.ingest(
            "https://example.org/other",
            b"Another page.",
            content_type="text/plain",
            by=world.scout,
            fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
        )


def quarantine(world: World) -> None:
    with unit("worker", tenant=world.acme.pk):
        blobs.quarantine(bytes(world.evidence.content_digest or b""), by=None, reason=REASON)


def create_person(world: World) -> None:
    with as_staff(world.grace):
        people.create_person(
            "ada@acme.example", tenant_id=world.acme.pk, role="viewer", password=None, by=world.grace
        )


def create_agent(world: World) -> None:
    with as_staff(world.grace):
        people.create_agent("probe", operated_by=world.olga, by=world.grace)


def change_password(world: World) -> None:
    with as_staff(world.grace):
        people.change_password(world.grace, "another horse", by=world.grace)


def issue(world: World) -> None:
    with as_staff(world.grace):
        keys.issue(world.scout, label="laptop", scopes=["*"], by=world.grace)


def have_a_key(world: World) -> None:
    make_key(world.scout)


def revoke(world: World) -> None:
    with as_staff(world.grace):
        keys.revoke(ApiKey.objects.get(), by=world.grace, reason=REASON)


def rotate(world: World) -> None:
    with as_staff(world.grace):
        keys.rotate(ApiKey.objects.get(), by=world.grace, reason=REASON)


def entitle(world: World) -> None:
    with as_staff(world.grace):
        entitlements.entitle(world.vera, by=world.grace, reason=REASON)


def withdraw_entitlement(world: World) -> None:
    with as_staff(world.grace):
        entitlements.withdraw(world.vera, by=world.grace, reason=REASON)


def turn(world: World) -> None:
    with as_staff(world.alan):
        switches.turn("paused", tenant=world.acme, by=world.alan, reason=REASON)


def make_secret(world: World) -> None:
    with as_staff(world.grace):
        signing_keys.issue_hmac(world.scout, label="server", by=world.grace)


def register(world: World) -> None:
    with as_staff(world.grace):
        signing_keys.register_ed25519(world.scout, bytes(32), label="laptop", by=world.grace)


def rotate_signing_key(world: World) -> None:
    with as_staff(world.grace):
        signing_keys.rotate(SigningKey.objects.get(), by=world.grace, reason=REASON)


def revoke_signing_key(world: World) -> None:
    with as_staff(world.grace):
        signing_keys.revoke(SigningKey.objects.get(), by=world.grace, reason=REASON)


def require_signature(world: World) -> None:
    with as_staff(world.grace):
        signing_keys.require(world.scout, "ed25519", by=world.grace, reason=REASON)


def disable_user(world: World) -> None:
    with as_staff(world.grace):
        people.disable(world.vera, by=world.grace, reason=REASON)


def enable_user(world: World) -> None:
    with as_staff(world.grace):
        people.enable(world.vera, by=world.grace, reason=REASON)


def grant_role(world: World) -> None:
    with as_staff(world.grace):
        people.grant_role(world.vera, "editor", by=world.grace, reason=REASON)


def revoke_role(world: World) -> None:
    with as_staff(world.grace):
        people.revoke_role(world.vera, "viewer", by=world.grace, reason=REASON)


def make_tenant(world: World) -> None:
    with as_staff(world.root):
        tenants.create("gamma", by=world.root, reason=REASON)


def disable_tenant(world: World) -> None:
    with as_staff(world.root):
        tenants.disable(world.beta, by=world.root, reason=REASON)


def enable_tenant(world: World) -> None:
    with as_staff(world.root):
        tenants.enable(world.beta, by=world.root, reason=REASON)


def have_a_job(status: str) -> Step:
    def left(world: World) -> None:
        columns = "tenant_id, job_type, idempotency_key, status"
        run(f"INSERT INTO jobs ({columns}) VALUES (%s, 'test:any', 'k', %s)", world.acme.pk, status)

    return left


def cancel_job(world: World) -> None:
    with as_staff(world.grace):
        queue.cancel(Job.objects.get().pk, by=world.grace, reason=REASON)


def drive_job_again(world: World) -> None:
    with as_staff(world.grace):
        queue.drive_again(Job.objects.get().pk, by=world.grace, reason=REASON)


def drive_jobs_again(world: World) -> None:
    with as_staff(world.grace):
        queue.drive_all_again("test:any", by=world.grace, reason=REASON)


def nothing(world: World) -> None:
    pass


# each verb: what comes before it, and the verb
STEPS: dict[str, tuple[Step, Step]] = {
    "artifacts.blobs.quarantine": (nothing, quarantine),
    "artifacts.snapshots.ingest": (nothing, ingest),
    "audit.approvals.abstain": (nothing, deciding(approvals.abstain)),
    "audit.approvals.approve": (nothing, deciding(approvals.approve)),
    "audit.approvals.break_glass": (nothing, traces.break_glass),
    "audit.approvals.reject": (nothing, deciding(approvals.reject)),
    "audit.approvals.request": (nothing, request),
    "audit.approvals.request_changes": (nothing, deciding(approvals.request_changes)),
    "audit.approving.overrides.become_overdue": (break_glass_long_ago, be_overdue),
    "audit.approving.overrides.review": (traces.break_glass, traces.review),
    "audit.approving.bulk.make_list": (nothing, traces.make_list),
    "audit.approving.claims.claim": (nothing, traces.claim),
    "audit.approving.claims.release": (traces.claim, release),
    "audit.approving.comments.comment": (nothing, traces.say),
    "audit.approving.delegations.end": (delegate, end_delegation),
    "audit.approving.delegations.give": (nothing, delegate),
    "audit.approvals.revoke": (steps.open_one, revoke_grant),
    "audit.approvals.withdraw": (nothing, take_back),
    "audit.notices.care.escalate": (be_late, escalate),
    "audit.policies.propose_change": (make_platform, propose_policy),
    "core.access.entitlements.entitle": (nothing, entitle),
    "core.access.entitlements.withdraw": (nothing, withdraw_entitlement),
    "core.access.keys.issue": (nothing, issue),
    "core.access.keys.revoke": (have_a_key, revoke),
    "core.access.keys.rotate": (have_a_key, rotate),
    "core.access.switches.turn": (nothing, turn),
    "core.access.tenants.create": (nothing, make_tenant),
    "core.access.tenants.disable": (nothing, disable_tenant),
    "core.access.tenants.enable": (disable_tenant, enable_tenant),
    "core.access.people.disable": (nothing, disable_user),
    "core.access.people.enable": (disable_user, enable_user),
    "core.access.people.grant_role": (nothing, grant_role),
    "core.access.people.revoke_role": (nothing, revoke_role),
    "core.access.people.change_password": (nothing, change_password),
    "core.access.people.create_agent": (nothing, create_agent),
    "core.access.people.create_person": (nothing, create_person),
    "core.access.signing_keys.issue_hmac": (nothing, make_secret),
    "core.access.signing_keys.register_ed25519": (nothing, register),
    "core.access.signing_keys.require": (nothing, require_signature),
    "core.access.signing_keys.revoke": (make_secret, revoke_signing_key),
    "core.access.signing_keys.rotate": (make_secret, rotate_signing_key),
    "core.jobs.queue.cancel": (have_a_job("pending"), cancel_job),
    "core.jobs.queue.drive_again": (have_a_job("failed"), drive_job_again),
    "core.jobs.queue.drive_all_again": (have_a_job("dlq"), drive_jobs_again),
    "markets.candidates.propose": (steps.open_one, steps.propose_candidate),
    "markets.candidates.resubmit": (steps.miss_a_candidate, steps.resubmit_candidate),
    "markets.candidates.withdraw": (steps.have_a_candidate, steps.withdraw_candidate),
    "markets.life.clarifications.clarify": (steps.open_one, steps.clarify_it),
    "markets.life.closing.close_due": (steps.open_one_that_is_due, steps.close_what_is_due),
    "markets.life.disputes.dispute": (steps.resolve_one, steps.dispute_it),
    "markets.proposals.propose": (nothing, propose),
    "markets.proposals.resubmit": (run_out, resubmit),
    "markets.proposals.revise": (nothing, revise),
    "markets.proposals.withdraw": (nothing, withdraw),
    "markets.publishing.retract": (steps.publish, steps.retract),
    "markets.trading.close": (steps.open_one, steps.moving(trading.close)),
    "markets.trading.pause": (steps.open_one, steps.moving(trading.pause)),
    "markets.trading.resume": (steps.open_and_pause, steps.moving(trading.resume)),
}


@pytest.mark.parametrize("name", STEPS)
def test_when_the_audit_row_fails_nothing_changed(world: World, name: str) -> None:
    before, verb = STEPS[name]
    before(world)

    with unwritable_log():
        verb(world)


@pytest.mark.parametrize("name", STEPS)
def test_with_its_audit_row_it_happens(world: World, name: str) -> None:
    before, verb = STEPS[name]
    before(world)
    told = AuditEvent.objects.count()

    verb(world)

    assert AuditEvent.objects.count() > told


def test_every_verb_is_tried() -> None:
    assert STEPS.keys() | WITHOUT_A_ROW == verbs().keys()


@pytest.mark.parametrize("kind", ["amend", "resolve", "void", "reopen"])
def test_when_the_audit_row_fails_no_market_changed(world: World, kind: str) -> None:
    steps.open_one(world)
    if kind == "reopen":
        steps.moving(trading.close)(world)
    waiting = put(change(kind, Market.objects.get(), world), world.scout)

    with unwritable_log():
        decide(approvals.approve, request_for(waiting), world.grace)


def test_typing_a_password_leaves_no_row_in_the_log(world: World) -> None:
    before = AuditEvent.objects.count()

    with as_staff(world.grace):
        reauthentications.confirm(PASSWORD, by=world.grace)

    assert AuditEvent.objects.count() == before
