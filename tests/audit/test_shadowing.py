"""The guards look at our tables and our words alone, even where a role may make temporary ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from audit.models import ApprovalRequest
from core.access.models import User
from core.database import sessions
from core.database.unit import role_name
from markets.models import Market, Proposal
from tests.audit.voting import DECIDE, proof_of
from tests.factories import REASON, World, as_staff
from tests.raw import denied, every, refused, run

pytestmark = pytest.mark.django_db

INVENTED = "00000000-0000-0000-0000-000000000009"
GUARDS = "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.prorettype = 'trigger'::regtype ORDER BY p.proname"


@pytest.fixture(scope="module", autouse=True)
def _may_make_temporary_tables(django_db_setup: None) -> Iterator[None]:
    database = connection.settings_dict["NAME"]
    with sessions.connect(database=database) as superuser:
        superuser.execute(f'GRANT TEMPORARY ON DATABASE "{database}" TO {role_name("staff")}'.encode())
        yield
        superuser.execute(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM {role_name("staff")}'.encode())


def vote(world: World, by: User, proof: object) -> None:
    asked = world.request
    run(DECIDE, asked.pk, bytes(asked.digest), by.pk, "approve", REASON, proof)


def test_a_grant_in_a_temporary_table_opens_no_market(world: World) -> None:
    asked = world.request

    with as_staff(world.grace), refused("market_needs_human_approval"):
        run("CREATE TEMP TABLE approval_grants AS SELECT g.* FROM public.approval_grants g WHERE false")
        run(
            "INSERT INTO pg_temp.approval_grants (audit_id, tenant_id, action, subject_id, digest, expires_at) "
            "VALUES (%s, %s, 'market:create', %s, %s, 'infinity')",
            INVENTED,
            world.acme.pk,
            world.proposal.pk,
            bytes(asked.digest),
        )
        run(
            "INSERT INTO public.markets (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)",
            INVENTED,
            world.proposal.pk,
            bytes(asked.digest),
        )


def test_a_request_in_a_temporary_table_is_not_decided_on(world: World) -> None:
    proof = proof_of(world.olga)

    with as_staff(world.olga), refused("operator_cannot_decide"):
        run("CREATE TEMP TABLE approval_requests AS SELECT r.* FROM public.approval_requests r")
        run("UPDATE pg_temp.approval_requests SET operated_by = NULL")
        vote(world, world.olga, proof.pk)


def test_a_role_in_a_temporary_table_is_not_held(world: World) -> None:
    proof = proof_of(world.vera)

    with as_staff(world.vera), refused("reviewer_lacks_the_role"):
        run("CREATE TEMP TABLE user_roles (user_id uuid, role text)")
        run("INSERT INTO pg_temp.user_roles VALUES (%s, 'super-admin')", world.vera.pk)
        vote(world, world.vera, proof.pk)


def test_a_person_in_a_temporary_table_does_not_work_here(world: World) -> None:
    proof = proof_of(world.boris)

    with as_staff(world.boris, world.acme.pk), refused("reviewer_is_of_another_tenant"):
        run("CREATE TEMP TABLE users (id uuid, tenant_id uuid, kind text, status text, is_staff boolean)")
        run(
            "INSERT INTO pg_temp.users VALUES (%s, %s, 'person', 'active', true)",
            world.boris.pk,
            world.acme.pk,
        )
        vote(world, world.boris, proof.pk)


def test_a_password_in_a_temporary_table_was_not_typed(world: World) -> None:
    with as_staff(world.grace), refused("reauthentication_is_fresh"):
        run("CREATE TEMP TABLE reauthentications AS SELECT r.* FROM public.reauthentications r WHERE false")
        run(
            "INSERT INTO pg_temp.reauthentications (id, person_id, created_at) VALUES (%s, %s, clock_timestamp())",
            INVENTED,
            world.grace.pk,
        )
        vote(world, world.grace, INVENTED)


def test_a_word_of_the_guards_in_pg_temp_is_not_heard(world: World) -> None:
    proof = proof_of(world.vera)

    with as_staff(world.vera), refused("reviewer_lacks_the_role"):
        run(
            "CREATE FUNCTION pg_temp.highest_role(person uuid) RETURNS text LANGUAGE sql "
            "AS $$ SELECT 'super-admin' $$"
        )
        run("CREATE FUNCTION pg_temp.role_rank(role text) RETURNS integer LANGUAGE sql AS $$ SELECT 9 $$")
        vote(world, world.vera, proof.pk)


def test_a_log_in_a_temporary_table_is_not_written(world: World) -> None:
    with as_staff(world.grace):
        run("CREATE TEMP TABLE audit_event AS SELECT e.* FROM public.audit_event e WHERE false")
        run("UPDATE public.users SET display_name = 'G' WHERE id = %s", world.grace.pk)

        assert every("SELECT count(*) FROM pg_temp.audit_event") == [(0,)]
        assert every(
            'SELECT count(*) FROM public.audit_event WHERE new_value = \'{"display_name": "G"}\''
        ) == [(1,)]


def test_no_guard_hangs_on_a_table_of_ones_own(world: World) -> None:
    guards = [str(name) for (name,) in every(GUARDS)]

    for guard in guards:
        with as_staff(world.grace), denied(f"function public.{guard}"):
            run("CREATE TEMP TABLE bait (action text, subject_id uuid, status text)")
            run(
                f"CREATE TRIGGER bait AFTER INSERT ON bait FOR EACH ROW EXECUTE FUNCTION public.{guard}('id', '', '')"
            )

    assert len(guards) >= 12
    assert Proposal.objects.get().status == "proposed"
    assert (ApprovalRequest.objects.get().status, Market.objects.count()) == ("open", 0)
