"""A person can revoke what people granted: once, for good, with a reason and a password typed for it."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

import pytest

from audit import approvals
from audit.models import ApprovalGrant, AuditEvent, Reauthentication, Revocation
from core.access.models import User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAllowed, UnknownReference
from tests.audit.voting import DECIDE, ask, give_role, proof_of
from tests.calling import client_of
from tests.factories import PASSWORD, REASON, World, as_staff, open_market, request_for
from tests.raw import RUNTIME, denied, one, refused, run, untriggered
from tests.staff import browser

pytestmark = pytest.mark.django_db

REVOKE = "INSERT INTO approval_revocations (audit_id, revoked_by, reason, reauthentication_id) VALUES (%s, %s, %s, %s)"


class Revoke(Protocol):
    """Revoke, as the admin does it or as raw SQL of its database role would."""

    def __call__(self, audit_id: UUID, by: User, **changes: Any) -> None: ...


def by_verb(audit_id: UUID, by: User, **changes: Any) -> None:
    said = _said(by, changes)
    with as_staff(by):
        approvals.revoke(audit_id, by=by, **said)


def by_sql(audit_id: UUID, by: User, **changes: Any) -> None:
    said = _said(by, changes)
    with as_staff(by):
        run(REVOKE, audit_id, by.pk, said["reason"], said["reauthentication"].pk)


def _said(by: User, changes: dict[str, Any]) -> dict[str, Any]:
    proof = changes.get("reauthentication") or proof_of(by)
    return {"reason": REASON, **changes, "reauthentication": proof}


@pytest.fixture(params=[by_verb, by_sql], ids=["by the verb", "by raw SQL"])
def revoke(request: pytest.FixtureRequest) -> Revoke:
    chosen: Revoke = request.param
    return chosen


@pytest.fixture
def granted(world: World) -> UUID:
    open_market(world.proposal, world.grace)
    audit_id: UUID = ApprovalGrant.objects.get().pk
    return audit_id


class TestARevocation:
    def test_says_who_when_and_why(self, world: World, granted: UUID, revoke: Revoke) -> None:
        revoke(granted, world.alan)

        told = Revocation.objects.get()
        assert (told.grant_id, told.revoked_by, told.reason) == (granted, world.alan, REASON)
        assert told.tenant_id == world.acme.pk

    def test_is_in_the_log_with_its_reason(self, world: World, granted: UUID) -> None:
        by_verb(granted, world.alan)

        fact = AuditEvent.objects.get(entity_type="approval_revocations")
        assert (fact.action, fact.actor, (fact.metadata or {})["reason"]) == (
            "approval:revoke",
            world.alan,
            REASON,
        )

    def test_is_told_to_whoever_listens(self, world: World, granted: UUID) -> None:
        by_verb(granted, world.alan)

        message = OutboxEvent.objects.get(event_type="approval.revoked")
        assert message.entity_id == str(world.request.pk)
        assert message.payload == {
            "action": "market:create",
            "subject_id": str(world.proposal.pk),
            "grant_audit_id": str(granted),
        }

    def test_happens_once(self, world: World, granted: UUID, revoke: Revoke) -> None:
        revoke(granted, world.alan)

        with refused("grant_is_revoked_once"):
            revoke(granted, world.grace)

    def test_happens_once_even_without_triggers(self, world: World, granted: UUID) -> None:
        by_verb(granted, world.alan)
        proof = proof_of(world.grace)

        with untriggered("approval_revocations"), refused("grant_is_revoked_once"):
            run(
                "INSERT INTO approval_revocations (tenant_id, audit_id, revoked_by, reason, reauthentication_id) "
                "VALUES (%s, %s, %s, %s, %s)",
                *(world.acme.pk, granted, world.grace.pk, REASON, proof.pk),
            )

    def test_is_of_a_grant_there_is(self, world: World, revoke: Revoke) -> None:
        with refused("revocation_has_a_known_grant"):
            revoke(UUID(int=9), world.alan)

    def test_is_of_a_grant_of_ones_own_tenant(self, world: World, granted: UUID, revoke: Revoke) -> None:
        with refused("reviewer_is_of_another_tenant"):
            revoke(granted, world.boris)

    def test_gives_a_reason(self, world: World, granted: UUID, revoke: Revoke) -> None:
        with refused("revocation_says_why"):
            revoke(granted, world.alan, reason="  because ")

    def test_may_be_the_operators_because_it_only_stops(
        self, world: World, granted: UUID, revoke: Revoke
    ) -> None:
        revoke(granted, world.olga)

        assert Revocation.objects.get().revoked_by == world.olga

    def test_is_an_admins(self, world: World, granted: UUID) -> None:
        with pytest.raises(NotAllowed):
            by_verb(granted, world.edith)

    def test_is_an_admins_even_by_raw_sql(self, world: World, granted: UUID) -> None:
        with refused("reviewer_lacks_the_role"):
            by_sql(granted, world.edith)

    def test_is_nobodys_who_lost_the_role(self, world: World, granted: UUID) -> None:
        give_role(world.alan, "viewer")

        with refused("reviewer_lacks_the_role"):
            by_sql(granted, world.alan)

    def test_is_an_active_persons(self, world: World, granted: UUID, revoke: Revoke) -> None:
        proof = proof_of(world.alan)
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.alan.pk)

        with refused("reviewer_is_active_staff"):
            revoke(granted, world.alan, reauthentication=proof)

    def test_is_in_nobody_elses_name(self, world: World, granted: UUID) -> None:
        proof = proof_of(world.alan)

        with as_staff(world.grace), refused("decision_is_ones_own"):
            run(REVOKE, granted, world.alan.pk, REASON, proof.pk)

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_is_never_a_machines(self, world: World, granted: UUID, role: str) -> None:
        proof = proof_of(world.alan)

        with unit(role, tenant=world.acme.pk, actor=world.alan.pk), denied("approval_revocations"):
            run(REVOKE, granted, world.alan.pk, REASON, proof.pk)

    @pytest.mark.parametrize("column", ["tenant_id", "revoked_at", "id"])
    def test_takes_nothing_else_from_staff(self, world: World, granted: UUID, column: str) -> None:
        with as_staff(world.alan), denied("approval_revocations"):
            run(f"INSERT INTO approval_revocations (audit_id, {column}) VALUES (%s, DEFAULT)", granted)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_revocations SET reason = reason",
            "DELETE FROM approval_revocations",
            "TRUNCATE approval_revocations CASCADE",
        ],
    )
    def test_is_not_taken_back(self, world: World, granted: UUID, statement: str) -> None:
        by_verb(granted, world.alan)

        with refused("revocation_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_taken_back_by_no_role(self, world: World, granted: UUID, role: str) -> None:
        by_verb(granted, world.alan)

        with unit(role, tenant=world.acme.pk, actor=world.alan.pk), denied("approval_revocations"):
            run("DELETE FROM approval_revocations")

    @pytest.mark.parametrize(
        ("column", "name"),
        [
            ("audit_id", "revocation_has_a_known_grant"),
            ("revoked_by", "revocation_is_by_a_known_person"),
            ("reauthentication_id", "revocation_has_a_known_proof"),
        ],
    )
    def test_points_at_what_there_is_even_without_triggers(
        self, world: World, granted: UUID, column: str, name: str
    ) -> None:
        by_verb(granted, world.alan)
        answer = None if column == "audit_id" else UnknownReference

        with untriggered("approval_revocations"), refused(name, answer):
            run(f"UPDATE approval_revocations SET {column} = %s", UUID(int=9))


class TestItsProof:
    def test_is_the_persons_own(self, world: World, granted: UUID, revoke: Revoke) -> None:
        with refused("reauthentication_is_fresh"):
            revoke(granted, world.alan, reauthentication=proof_of(world.grace))

    def test_is_of_the_last_five_minutes(self, world: World, granted: UUID, revoke: Revoke) -> None:
        proof = proof_of(world.alan)
        with untriggered("reauthentications"):
            run("UPDATE reauthentications SET created_at = created_at - interval '301 seconds'")

        with refused("reauthentication_is_fresh"):
            revoke(granted, world.alan, reauthentication=proof)

    def test_has_not_decided_anything(self, world: World, granted: UUID, revoke: Revoke) -> None:
        used = Reauthentication.objects.get(person=world.grace)

        with refused("reauthentication_is_used_once"):
            revoke(granted, world.grace, reauthentication=used)

    def test_decides_nothing_afterwards(self, world: World, granted: UUID) -> None:
        proof, asked = proof_of(world.alan), request_for(ask(world))
        by_verb(granted, world.alan, reauthentication=proof)

        with as_staff(world.alan), refused("reauthentication_is_used_once"):
            run(DECIDE, asked.pk, bytes(asked.digest), world.alan.pk, "approve", REASON, proof.pk)


class TestWhatRestsOnAGrant:
    @pytest.fixture(autouse=True)
    def _effect(self, world: World) -> None:
        run("CREATE TABLE effects (grant_audit_id uuid)")
        run(
            "CREATE TRIGGER grant_still_stands BEFORE INSERT ON effects "
            "FOR EACH ROW EXECUTE FUNCTION grant_still_stands('grant_audit_id')"
        )

    def test_may_use_it_while_it_stands(self, granted: UUID) -> None:
        assert run("INSERT INTO effects VALUES (%s)", granted) == 1

    def test_may_not_use_it_once_it_is_revoked(self, world: World, granted: UUID) -> None:
        by_verb(granted, world.alan)

        with refused("approval_is_revoked"):
            run("INSERT INTO effects VALUES (%s)", granted)


class TestThePage:
    def sent(self, world: World, granted: UUID, **changes: str) -> Any:
        page = f"/admin/audit/approvalgrant/{granted}/revoke/"
        return browser(world.alan).post(page, {"reason": REASON, "password": PASSWORD, **changes})

    def test_revokes(self, world: World, granted: UUID) -> None:
        answer = self.sent(world, granted)

        assert answer.status_code == 302
        assert Revocation.objects.get().revoked_by == world.alan
        shown = browser(world.grace).get(answer.headers["Location"]).content.decode()
        assert f"Revoked by {world.alan.display_name or world.alan.email}" in shown
        assert "/revoke/" not in shown

    @pytest.mark.parametrize(
        ("changes", "status"),
        [({"password": "wrong"}, 403), ({"reason": "short"}, 422), ({"password": ""}, 422)],
    )
    def test_says_what_is_wrong_and_revokes_nothing(
        self, world: World, granted: UUID, changes: dict[str, str], status: int
    ) -> None:
        assert self.sent(world, granted, **changes).status_code == status

        assert not Revocation.objects.exists()

    def test_is_offered_to_whoever_may(self, world: World, granted: UUID) -> None:
        page = f"/admin/audit/approvalgrant/{granted}/change/"

        assert "/revoke/" in browser(world.grace).get(page).content.decode()
        assert "/revoke/" not in browser(world.vera).get(page).content.decode()


def test_the_api_says_when_a_grant_was_revoked(world: World, granted: UUID) -> None:
    asked = world.request.pk

    def shown() -> Any:
        return client_of(world.vera).get(f"/api/v1/approvals/{asked}").json()

    assert shown()["revoked_at"] is None
    by_verb(granted, world.alan)
    assert shown()["revoked_at"] is not None


def test_a_revoked_request_stays_granted(world: World, granted: UUID) -> None:
    by_verb(granted, world.alan)

    assert one("SELECT status FROM approval_requests") == "granted"


def test_a_grant_that_was_never_used_in_time_is_revoked_all_the_same(world: World, granted: UUID) -> None:
    with untriggered("approval_grants"):
        run("UPDATE approval_grants SET expires_at = clock_timestamp()")

    by_verb(granted, world.alan)

    assert Revocation.objects.exists()
