"""A policy is set once, by the owner; whoever wants another asks people for it."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

from audit import policies
from audit.models import ApprovalPolicy
from core.database import seeds
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted
from tests.raw import RUNTIME, denied, every, grant, refused, run, untriggered

pytestmark = pytest.mark.django_db

SET = (
    "INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, grant_lifetime) "
    "VALUES ('agent:activate', %s, %s, %s, '1 day', '1 day')"
)


@pytest.fixture(autouse=True)
def _first_policies() -> None:
    seeds.load("default")


class TestTheFirstPolicies:
    @pytest.mark.parametrize("action", policies.DECIDED_BY_ADMINS)
    def test_ask_one_admin_and_at_high_risk_two(self, action: str) -> None:
        found = every(
            "SELECT risk, quorum, required_roles::text, needs_reauthentication FROM approval_policies "
            "WHERE action = %s ORDER BY quorum, risk",
            action,
        )

        assert found == [
            ("low", 1, '{"admin": 1}', True),
            ("medium", 1, '{"admin": 1}', True),
            ("high", 2, '{"admin": 2}', True),
        ]

    @pytest.mark.parametrize(
        ("action", "roles"),
        [("policy:change", {"admin": 1, "super-admin": 1}), ("snapshot:redact", {"admin": 2})],
    )
    def test_ask_two_people_for_what_is_always_risky(self, action: str, roles: dict[str, int]) -> None:
        found = ApprovalPolicy.objects.filter(action=action).values_list("risk", "quorum", "required_roles")

        assert list(found) == [("high", 2, roles)]

    def test_are_due_after_half_of_the_day(self) -> None:
        assert every("SELECT DISTINCT due_after::text FROM approval_policies") == [("12:00:00",)]

    def test_publish_nothing_without_people(self) -> None:
        assert not ApprovalPolicy.objects.filter(publishes_by_itself=True).exists()

    def test_give_a_day_to_decide_and_a_day_to_use_it(self) -> None:
        assert every(
            "SELECT DISTINCT request_lifetime::text, grant_lifetime::text FROM approval_policies"
        ) == [("24:00:00", "24:00:00")]

    def test_loaded_again_change_nothing(self) -> None:
        with untriggered("approval_policies"):
            run("UPDATE approval_policies SET quorum = 2, required_roles = '{\"admin\": 2}'")
        before = every("SELECT * FROM approval_policies ORDER BY id")

        seeds.load("default")

        assert every("SELECT * FROM approval_policies ORDER BY id") == before


class TestAPolicy:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_policies SET quorum = 1",
            "UPDATE approval_policies SET needs_reauthentication = false",
            "DELETE FROM approval_policies",
            "TRUNCATE approval_policies",
        ],
    )
    def test_is_not_changed_even_by_its_owner(self, statement: str) -> None:
        with refused("policy_change_needs_approval"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO approval_policies (action) VALUES ('market:create')",
            "UPDATE approval_policies SET quorum = 0",
            "DELETE FROM approval_policies",
        ],
    )
    def test_is_not_changed_by_any_role(self, role: str, statement: str) -> None:
        with unit(role), denied("approval_policies"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_not_set_by_a_role_that_was_given_the_right(self, role: str) -> None:
        grant("INSERT", "approval_policies", role)

        with unit(role), refused("policy_change_needs_approval"):
            run(SET, "low", 1, '{"admin": 1}')

    def test_is_set_once_for_an_action_and_a_risk(self) -> None:
        run(SET, "low", 1, '{"admin": 1}')

        with refused("one_policy_per_action_and_risk", AlreadyExists):
            run(SET, "low", 2, '{"admin": 2}')

    @pytest.mark.parametrize(
        ("risk", "quorum", "roles", "name"),
        [
            ("none", 1, {"admin": 1}, "policy_risk_is_known"),
            ("low", 0, {}, "policy_asks_at_least_one_person"),
            ("low", 2, {"admin": 1}, "policy_slots_fill_the_quorum"),
            ("low", 1, {"admin": 1, "super-admin": 1}, "policy_slots_fill_the_quorum"),
            ("low", 1, {"viewer": 1}, "policy_roles_are_known"),
            ("low", 1, {"editor": 1}, "policy_roles_are_known"),
            ("low", 1, {"king": 1}, "policy_roles_are_known"),
        ],
    )
    def test_asks_admins_and_super_admins_as_many_as_its_quorum(
        self, risk: str, quorum: int, roles: dict[str, int], name: str
    ) -> None:
        with refused(name, NotAccepted):
            run(SET, risk, quorum, json.dumps(roles))

    @pytest.mark.parametrize(("due", "fine"), [("1 day", True), ("25 hours", False), ("0", False)])
    def test_is_due_before_it_expires(self, due: str, fine: bool) -> None:
        changed = SET.replace("grant_lifetime)", "grant_lifetime, due_after)").replace(
            "'1 day')", "'1 day', %s)"
        )

        with nullcontext() if fine else refused("policy_is_due_in_time", NotAccepted):
            run(changed, "low", 1, '{"admin": 1}', due)

    @pytest.mark.parametrize(
        ("action", "risk", "fine"),
        [
            ("event:publish", "low", True),
            ("event:publish", "medium", True),
            ("event:publish", "high", False),
            ("market:create", "low", False),
        ],
    )
    def test_lets_only_events_publish_by_themselves_and_none_of_high_risk(
        self, action: str, risk: str, fine: bool
    ) -> None:
        said = nullcontext() if fine else refused("only_events_publish_by_themselves", NotAccepted)
        with untriggered("approval_policies"), said:
            run(
                "UPDATE approval_policies SET publishes_by_itself = true WHERE action = %s AND risk = %s",
                action,
                risk,
            )

    def test_may_ask_for_several_roles(self) -> None:
        run(SET, "high", 3, '{"admin": 1, "super-admin": 2}')

        assert every("SELECT approval_slots(required_roles) FROM approval_policies WHERE quorum = 3") == [
            (["super-admin", "super-admin", "admin"],)
        ]
