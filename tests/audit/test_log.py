"""The audit log only grows, and what is recorded says who, what, when, why and from where."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from audit.log import record
from audit.models import AuditEvent
from core.access.models import PLATFORM_TENANT_ID, User
from core.database import seeds, sessions
from core.database.roles import ROLES
from core.database.rows import insert
from core.database.unit import role_name, unit
from core.refusals import AlreadyExists, NotAccepted, NotFound, OutsideUnit, UnknownReference
from tests.factories import World, acting
from tests.raw import RUNTIME, WRITERS, denied, every, failing, grant, one, refused, run

ROW = "INSERT INTO audit_event (tenant_id, actor_type, action) VALUES (%s, 'system', 'a:b')"


def recorded(world: World, by: User | None, **known: object) -> AuditEvent:
    with unit("api", tenant=world.acme.pk, **known):
        audit_id = record(
            "page:seen",
            by=by,
            entity_type="pages",
            entity_id="7",
            reason="It was there.",
            new_value={"n": [1, None]},
        )
    return AuditEvent.objects.get(pk=audit_id)


@pytest.mark.django_db
class TestTheLog:
    @pytest.fixture(autouse=True)
    def _one_row(self) -> None:
        seeds.load("default")
        run(ROW, PLATFORM_TENANT_ID)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_event SET action = 'something:else'",
            "UPDATE audit_event SET metadata = metadata",
            "DELETE FROM audit_event",
            "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (audit_id) DO UPDATE SET action = 'x:y'",
        ],
    )
    def test_is_not_changed_by_its_owner(self, statement: str) -> None:
        with refused("audit_event_only_grows"):
            run(
                statement.replace(
                    "INSERT INTO audit_event SELECT", "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT"
                )
            )

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE audit_event SET action = 'x:y'", "DELETE FROM audit_event", "TRUNCATE audit_event CASCADE"],
    )
    def test_is_not_changed_by_any_role(self, role: str, statement: str) -> None:
        with unit(role), denied("audit_event"):
            run(statement)

    @pytest.mark.parametrize("role", WRITERS)
    @pytest.mark.parametrize("privilege", ["UPDATE", "DELETE"])
    def test_is_not_changed_by_a_role_that_was_given_the_right(self, role: str, privilege: str) -> None:
        grant(privilege, "audit_event", role)

        with unit(role, tenant=PLATFORM_TENANT_ID), refused("audit_event_only_grows"):
            run(
                {"UPDATE": "UPDATE audit_event SET action = 'x:y'", "DELETE": "DELETE FROM audit_event"}[
                    privilege
                ]
            )

    @pytest.mark.parametrize("role", WRITERS)
    @pytest.mark.parametrize("column", ["audit_id", "epoch", "xid", "seq", "created_at"])
    def test_takes_identity_time_and_order_from_no_role(self, role: str, column: str) -> None:
        with unit(role), denied("audit_event"):
            run(f"INSERT INTO audit_event (actor_type, action, {column}) VALUES ('system', 'a:b', DEFAULT)")

    @pytest.mark.parametrize("role", ["auditor", "backup"])
    def test_takes_no_row_from_who_only_reads(self, role: str) -> None:
        with unit(role), denied("audit_event"):
            run(ROW, PLATFORM_TENANT_ID)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_read_by_every_role(self, role: str) -> None:
        with unit(role, tenant=PLATFORM_TENANT_ID):
            assert one("SELECT count(*) FROM audit_event WHERE action = 'a:b'") == 1

    def test_counts_its_rows_itself_even_for_the_owner(self) -> None:
        with pytest.raises(Exception, match='cannot insert a non-DEFAULT value into column "seq"'):
            run(
                "INSERT INTO audit_event (tenant_id, actor_type, action, seq) VALUES (%s, 'system', 'a:b', 1)",
                PLATFORM_TENANT_ID,
            )

    def test_names_the_transaction_that_wrote_a_row(self) -> None:
        assert every("SELECT xid = pg_current_xact_id(), epoch FROM audit_event WHERE action = 'a:b'") == [
            (True, 1)
        ]

    def test_is_ordered_by_what_was_written_first(self) -> None:
        run(ROW.replace("a:b", "a:c"), PLATFORM_TENANT_ID)

        assert every("SELECT action FROM audit_event ORDER BY epoch, xid, seq")[-2:] == [("a:b",), ("a:c",)]

    def test_takes_the_time_of_the_writing_not_of_the_transaction(self) -> None:
        assert one("SELECT created_at > now() FROM audit_event WHERE action = 'a:b'") is True

    def test_of_orions_words_shows_the_same_rows(self) -> None:
        found = every("SELECT id, tenant_id, user_id, action FROM audit_log WHERE action = 'a:b'")

        assert found == every(
            "SELECT audit_id, tenant_id, actor_id, action FROM audit_event WHERE action = 'a:b'"
        )

    def test_in_orions_words_reads_with_the_rights_of_the_reader(self) -> None:
        assert (
            one("SELECT reloptions::text FROM pg_class WHERE relname = 'audit_log'")
            == "{security_invoker=true}"
        )

    def test_holds_each_identity_once(self) -> None:
        with refused("audit_event_pkey", AlreadyExists):
            run(
                "INSERT INTO audit_event (audit_id, actor_type, action) SELECT audit_id, 'system', 'x:y' FROM audit_event"
            )

    def test_knows_the_tenant_of_a_row(self) -> None:
        with unit("api", tenant=UUID(int=9)), refused("audit_event_has_a_known_tenant", UnknownReference):
            run(ROW, UUID(int=9))

    def test_knows_the_actor_of_a_row(self) -> None:
        with (
            unit("api", tenant=PLATFORM_TENANT_ID),
            refused("audit_event_has_a_known_actor", UnknownReference),
        ):
            run(
                "INSERT INTO audit_event (actor_id, actor_type, action) VALUES (%s, 'agent', 'a:b')",
                UUID(int=9),
            )

    @pytest.mark.parametrize("actor_type", ["human", "agent"])
    def test_takes_no_row_without_an_actor_but_from_the_system(self, actor_type: str) -> None:
        with unit("api", tenant=PLATFORM_TENANT_ID), refused("only_the_system_has_no_actor", NotAccepted):
            run("INSERT INTO audit_event (actor_type, action) VALUES (%s, 'a:b')", actor_type)

    def test_knows_three_types_of_actors(self) -> None:
        with unit("api", tenant=PLATFORM_TENANT_ID), refused("actor_type_is_known", NotAccepted):
            run(
                "INSERT INTO audit_event (actor_id, actor_type, action) VALUES (%s, 'robot', 'a:b')",
                UUID(int=9),
            )

    def test_of_a_source_that_names_no_entity_is_accepted(self) -> None:
        run("INSERT INTO audit_event (actor_type, action) VALUES ('system', 'job:done')")

        assert every(
            "SELECT entity_type, entity_id, metadata::text FROM audit_event WHERE action = 'job:done'"
        ) == [(None, None, "{}")]


@pytest.mark.django_db
class TestRecord:
    @pytest.mark.parametrize(
        ("who", "actor_type"), [("grace", "human"), ("scout", "agent"), ("feed", "system"), (None, "system")]
    )
    def test_says_who(self, world: World, who: str | None, actor_type: str) -> None:
        with acting(world.olga, "staff"):
            feed = insert(User, tenant_id=world.acme.pk, kind="service", username="feed")
        by = {"grace": world.grace, "scout": world.scout, "feed": feed, None: None}[who]

        event = recorded(world, by)

        assert (event.actor_id, event.actor_type) == (by.pk if by else None, actor_type)

    def test_says_what_and_why(self, world: World) -> None:
        event = recorded(world, world.grace)

        assert (event.action, event.entity_type, event.entity_id) == ("page:seen", "pages", "7")
        assert (event.new_value, event.metadata) == ({"n": [1, None]}, {"reason": "It was there."})

    def test_says_for_which_tenant_and_from_where(self, world: World) -> None:
        correlation = uuid4()

        event = recorded(world, None, correlation_id=correlation, ip="192.0.2.7", user_agent="curl/8")

        assert event.tenant_id == world.acme.pk
        assert (event.correlation_id, event.ip_address, event.user_agent) == (
            correlation,
            "192.0.2.7",
            "curl/8",
        )

    def test_says_by_which_signature_and_over_which_body(self, world: World) -> None:
        found = recorded(world, world.scout, signature="ed25519:xms_1:AAAA", payload_hash="ab" * 32)

        assert (found.signature, found.payload_hash) == ("ed25519:xms_1:AAAA", "ab" * 32)

    def test_says_nothing_where_nothing_is_known(self, world: World) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            event = AuditEvent.objects.get(
                pk=record("page:seen", by=None, entity_type="pages", entity_id="7")
            )

        assert (event.tenant_id, event.new_value, event.metadata) == (PLATFORM_TENANT_ID, None, {})
        assert (event.correlation_id, event.ip_address, event.user_agent) == (None, None, None)

    @pytest.mark.parametrize("role", WRITERS)
    def test_is_for_every_role_that_writes(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk):
            assert record("page:seen", by=None, entity_type="pages", entity_id="7").version == 7

    @pytest.mark.parametrize("role", WRITERS)
    def test_does_what_an_insert_of_django_cannot_because_it_names_every_column(
        self, world: World, role: str
    ) -> None:
        with unit(role, tenant=world.acme.pk), failing() as caught:
            AuditEvent.objects.create(tenant=world.acme, actor_type="system", action="page:seen")

        assert 'cannot insert a non-DEFAULT value into column "seq"' in str(caught.value)

    def test_is_refused_outside_a_unit(self, world: World) -> None:
        with pytest.raises(OutsideUnit):
            record("page:seen", by=None, entity_type="pages", entity_id="7")

    def test_is_gone_with_the_unit_that_failed(self, world: World) -> None:
        with pytest.raises(NotFound), unit("api", tenant=PLATFORM_TENANT_ID):
            record("page:seen", by=None, entity_type="pages", entity_id="7")
            raise NotFound

        assert not AuditEvent.objects.filter(action="page:seen").exists()


class TestWithRealCommits:
    @pytest.fixture
    def superuser(self, committing_db: str) -> psycopg.Connection[tuple[object, ...]]:
        seeds.load("default")
        run(ROW, PLATFORM_TENANT_ID)
        return sessions.connect(database=committing_db)

    def test_no_superuser_changes_the_log_in_whatever_mode(
        self, superuser: psycopg.Connection[tuple[object, ...]]
    ) -> None:
        said = []
        with superuser:
            for mode in ("origin", "local", "replica"):
                superuser.execute(f"SET session_replication_role = {mode}".encode())
                for statement in (
                    "UPDATE audit_event SET action = 'x:y'",
                    "DELETE FROM audit_event",
                    "TRUNCATE audit_event CASCADE",
                ):
                    with pytest.raises(errors.IntegrityError) as caught:
                        superuser.execute(statement.encode())
                    said.append(caught.value.diag.constraint_name)

        assert said == ["audit_event_only_grows"] * 9

    def test_the_owner_does_not_truncate_it(self, committing_db: str) -> None:
        with refused("audit_event_only_grows"):
            run("TRUNCATE audit_event CASCADE")

    def test_nothing_it_points_at_is_truncated_with_it(self, committing_db: str) -> None:
        seeds.load("default")

        with pytest.raises(Exception, match=r"never changed|only by an approved"):
            run("TRUNCATE tenants CASCADE")

    def test_no_login_switches_the_guards_off(self, committing_db: str) -> None:
        for role in ROLES:
            with unit(role) if role != "backup" else unit("backup"), denied():
                run("SET session_replication_role = replica")

    def test_it_was_written_at_the_time_it_says(self, committing_db: str) -> None:
        seeds.load("default")

        run(ROW, PLATFORM_TENANT_ID)

        (age,) = every("SELECT clock_timestamp() - created_at FROM audit_event WHERE action = 'a:b'")[0]
        assert timedelta(0) <= age < timedelta(minutes=1)  # type: ignore[operator]


@pytest.mark.django_db
def test_the_owner_of_the_log_is_no_login() -> None:
    assert every(
        "SELECT pg_get_userbyid(relowner)::text, rolcanlogin FROM pg_class JOIN pg_roles ON rolname = "
        "pg_get_userbyid(relowner) WHERE relname = 'audit_event'"
    ) == [(role_name("owner"), False)]
