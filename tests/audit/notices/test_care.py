"""What is overdue is escalated once, and everybody whom a request concerns is told once for each occasion."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from audit import tasks
from audit.models import ApprovalRequest, AuditEvent, Notice
from audit.notices import care
from core.access import people
from core.access.models import User
from core.database import sessions
from core.database.unit import unit
from core.jobs.models import Job
from core.messaging.models import OutboxEvent
from core.refusals import NotAccepted, UnknownReference
from markets import proposals
from tests.audit.voting import ask, ask_of, bar, by_verb, expire, give_role
from tests.core.jobs.asking import work
from tests.factories import REASON, World, acting, as_staff, make_content, make_proposal, request_for
from tests.raw import RUNTIME, denied, every, grant, refused, run, untriggered

pytestmark = pytest.mark.django_db


def be_due(asked: ApprovalRequest, within: str) -> None:
    """Let a request be due after so long."""
    with untriggered("approval_requests"):
        run(
            "UPDATE approval_requests SET due_at = clock_timestamp() + %s::interval WHERE id = %s",
            within,
            asked.pk,
        )


def tick() -> str | None:
    with unit("worker"):
        return care.tick()


def occasions(asked: ApprovalRequest) -> list[str]:
    return sorted(Notice.objects.filter(request=asked).values_list("occasion", flat=True))


def told() -> dict[str, EmailMessage]:
    """Let the worker do everything, and take what everybody got, by address."""
    mail.outbox.clear()
    tick()
    work()
    return {message.to[0]: message for message in mail.outbox}


def name(person: User) -> str:
    return str(person.email)


class TestNotices:
    def test_a_request_is_noticed_when_it_is_put_and_when_it_is_answered(self, world: World) -> None:
        request = world.request
        before = occasions(request)

        by_verb(request, world.grace)

        assert (before, occasions(request)) == (["put"], ["closed", "put"])

    @pytest.mark.parametrize("verdict", ["reject", "request_changes"])
    def test_a_no_is_an_answer(self, world: World, verdict: str) -> None:
        by_verb(world.request, world.grace, verdict)

        assert occasions(world.request) == ["closed", "put"]

    def test_what_is_taken_back_is_no_news_to_whoever_took_it_back(self, world: World) -> None:
        with acting(world.scout):
            proposals.withdraw(world.proposal.pk, by=world.scout, reason=REASON)

        assert occasions(world.request) == ["put"]

    @pytest.mark.parametrize("role", RUNTIME)
    def test_no_role_writes_a_notice_or_takes_one_away(self, world: World, role: str) -> None:
        insert = "INSERT INTO approval_notices (tenant_id, request_id, occasion) VALUES (%s, %s, 'due')"
        with acting(world.grace, role), denied("approval_notices"):
            run(insert, world.acme.pk, world.request.pk)
        for statement in ("UPDATE approval_notices SET job_id = NULL", "DELETE FROM approval_notices"):
            with acting(world.grace, role), denied("approval_notices"):
                run(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_notices SET job_id = NULL",
            "UPDATE approval_notices SET job_id = gen_random_uuid()",
            "UPDATE approval_notices SET occasion = 'due'",
            "DELETE FROM approval_notices",
            "TRUNCATE approval_notices",
        ],
    )
    def test_not_even_its_owner_tells_a_notice_twice(self, world: World, statement: str) -> None:
        tick()

        with refused("notice_is_told_once"):
            run(statement)

    def test_whoever_was_given_the_right_does_not_either(self, world: World) -> None:
        tick()
        grant("SELECT, UPDATE", "approval_notices", "staff")

        with acting(world.grace, "staff"), refused("notice_is_told_once"):
            run("UPDATE approval_notices SET job_id = NULL")

    def test_a_notice_is_of_its_requests_own_tenant(self, world: World) -> None:
        insert = "INSERT INTO approval_notices (tenant_id, request_id, occasion) VALUES (%s, %s, 'due')"
        with refused("notice_has_a_known_request", UnknownReference):
            run(insert, world.beta.pk, world.request.pk)
        with refused("notice_occasion_is_known", NotAccepted):
            run(insert.replace("'due'", "'new'"), world.acme.pk, world.request.pk)


class TestEscalating:
    def test_what_is_overdue_is_escalated_once_in_the_log_and_to_whoever_listens(self, world: World) -> None:
        request, other = world.request, request_for(ask(world))
        be_due(request, "0 s")

        said = [tick(), tick()]

        request.refresh_from_db()
        other.refresh_from_db()
        assert said == ["1 requests escalated, 0 overrides overdue, people of 1 tenants told", None]
        assert (request.status, other.escalated_at) == ("open", None)
        message = OutboxEvent.objects.get(event_type="approval.escalated")
        assert (message.tenant_id, message.entity_id) == (world.acme.pk, str(request.pk))
        assert message.payload == {"action": "market:create", "subject_id": str(request.subject_id)}
        fact = AuditEvent.objects.get(action="approval:escalate")
        assert (fact.tenant_id, fact.actor_type, fact.entity_id) == (
            world.acme.pk,
            "system",
            str(request.pk),
        )
        assert list(fact.new_value or {}) == ["escalated_at"]
        assert occasions(request) == ["escalated", "put"]

    def test_nothing_is_escalated_that_is_closed_or_over(self, world: World) -> None:
        closed, over = world.request, request_for(ask(world))
        for request in (closed, over):
            be_due(request, "0 s")
        by_verb(closed, world.grace, "reject")
        expire(over)

        tick()

        assert not ApprovalRequest.objects.filter(escalated_at__isnull=False).exists()
        # of the end of the time to decide, whoever asked is told
        assert occasions(over) == ["closed", "put"]

    def test_it_is_due_within_the_hour(self, world: World) -> None:
        soon, later = world.request, request_for(ask(world))
        be_due(soon, "3500 s")
        be_due(later, "3700 s")
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET requested_at = requested_at - interval '2 hours'")

        tick()
        tick()

        assert (occasions(soon), occasions(later)) == (["due", "put"], ["put"])

    def test_whoever_has_little_time_is_told_once(self, world: World) -> None:
        be_due(world.request, "3500 s")

        tick()

        assert occasions(world.request) == ["put"]

    @pytest.mark.parametrize("role", [role for role in RUNTIME if role != "worker"])
    @pytest.mark.parametrize(
        "call",
        [
            "SELECT care_for_requests(1)",
            "SELECT tenants_to_tell()",
            "SELECT hand_over_notices(gen_random_uuid())",
            "SELECT people_to_tell(gen_random_uuid())",
        ],
    )
    def test_only_the_worker_takes_care(self, world: World, role: str, call: str) -> None:
        with acting(world.grace, role), denied():
            run(call)

    def test_the_worker_escalates_nothing_by_hand(self, world: World) -> None:
        be_due(world.request, "0 s")

        with unit("worker", tenant=world.acme.pk), denied("approval_requests"):
            run("UPDATE approval_requests SET escalated_at = clock_timestamp()")

    def test_two_keepers_do_not_do_it_twice(self, world: World) -> None:
        with sessions.connect() as other:
            other.execute("BEGIN")
            other.execute("SELECT pg_advisory_xact_lock(%s)", [care.LOCK])

            assert tick() is None
            other.execute("ROLLBACK")

        assert tick() == "0 requests escalated, 0 overrides overdue, people of 1 tenants told"

    def test_due_requests_are_found_without_looking_at_all_of_them(self, world: World) -> None:
        run("SET LOCAL enable_seqscan = off")
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN SELECT id FROM approval_requests WHERE status = 'open' AND escalated_at IS NULL "
                "AND due_at <= clock_timestamp() ORDER BY due_at"
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "idx_approval_requests_due" in plan


class TestTelling:
    def test_one_job_tells_everything_of_a_tenant(self, world: World) -> None:
        for number in range(3):
            make_proposal(world.scout, make_content(world.evidence, symbol=f"MORE-{number}"))

        tick()
        tick()

        jobs = Job.objects.filter(job_type="approval:notify")
        assert [job.tenant_id for job in jobs] == [world.acme.pk]
        assert every("SELECT count(*), count(DISTINCT job_id) FROM approval_notices") == [(4, 1)]

    def test_the_notices_of_one_tenant_are_no_job_of_anothers(self, world: World) -> None:
        run(
            "INSERT INTO jobs (tenant_id, job_type, idempotency_key) VALUES (%s, 'approval:notify', 'k'), "
            "(%s, 'another:type', 'k')",
            world.beta.pk,
            world.acme.pk,
        )

        with unit("worker"):
            handed = every("SELECT hand_over_notices(job_id) FROM jobs")

        assert handed == [(0,), (0,)]

    def test_whoever_can_decide_is_told_of_what_is_new_and_nobody_else(self, world: World) -> None:
        letters = told()

        # olga operates the agent, edith and vera hold no such role, boris and root are elsewhere
        assert letters.keys() == {name(world.grace), name(world.alan)}
        letter = letters[name(world.grace)]
        digest = bytes(world.request.digest).hex()
        assert letter.subject == "Xmarket: 1 to decide on"
        assert "Will a crewed mission orbit the Moon in 2027? (market: low risk, until" in letter.body
        assert f"http://127.0.0.1:8000/admin/audit/approvalrequest/{world.request.pk}/" in letter.body
        assert digest not in letter.body
        assert world.evidence.snapshot_id not in letter.body
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        assert told() == {}

    def test_of_what_is_overdue_the_platform_is_told_as_well(self, world: World) -> None:
        be_due(world.request, "0 s")

        letters = told()

        assert letters.keys() == {name(world.grace), name(world.alan), name(world.root)}
        for letter in letters.values():
            # what is overdue is not listed as new once more
            assert letter.body.count(str(world.request.pk)) == 1
            assert "Overdue, and nobody has decided:" in letter.body

    def test_only_those_are_told_who_reach_what_is_missing(self, world: World) -> None:
        request = ask_of(world, admin=1, super_admin=1)
        with as_staff(world.grace):
            people.disable(world.vera, by=world.grace, reason=REASON)
        give_role(world.edith, "admin")
        bar(world.edith, request.subject_id)
        by_verb(world.request, world.grace)
        by_verb(request, world.alan)

        letters = told()

        # the super-admin has filled the higher slot, so an admin is what is missing
        assert letters.keys() == {name(world.grace), name(world.olga)}
        assert str(request.pk) in letters[name(world.grace)].body
        assert str(world.request.pk) not in letters[name(world.grace)].body

    def test_an_admin_is_not_asked_for_what_takes_a_super_admin(self, world: World) -> None:
        request = ask_of(world, admin=1, super_admin=1)
        give_role(world.edith, "admin")
        by_verb(request, world.grace)

        letters = told()

        assert str(request.pk) not in letters[name(world.edith)].body
        assert str(request.pk) in letters[name(world.alan)].body

    def test_the_person_behind_an_agent_is_told_what_became_of_it(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        letters = told()

        assert letters.keys() == {name(world.olga)}
        assert letters[name(world.olga)].subject == "Xmarket: 1 decided"
        assert "(market: sent back to you)" in letters[name(world.olga)].body
        assert REASON not in letters[name(world.olga)].body

    def test_whoever_proposed_is_told_that_nobody_decided(self, world: World) -> None:
        told()
        expire(world.request)

        letters = told()

        assert letters.keys() == {name(world.olga)}
        assert "(market: nobody decided in time)" in letters[name(world.olga)].body

    def test_what_others_decided_meanwhile_is_no_news(self, world: World) -> None:
        mail.outbox.clear()
        tick()
        telling = Job.objects.get(job_type="approval:notify")
        with unit("worker", tenant=world.acme.pk, job=telling.pk):
            asked_for = tasks.notify.func()
        by_verb(world.request, world.grace)

        work()

        assert (asked_for, mail.outbox) == ({"letters": 2}, [])
        assert [job.result for job in Job.objects.filter(job_type="approval:letter")] == [{"told": 0}] * 2

    def test_a_letter_that_fails_is_sent_again_and_the_others_are_not(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mail.outbox.clear()
        send = EmailMessage.send

        def failing(message: EmailMessage, **how: Any) -> int:
            if message.to == [name(world.alan)]:
                raise ConnectionRefusedError("The mail server is away.")
            return send(message, **how)

        monkeypatch.setattr(EmailMessage, "send", failing)
        tick()
        work()
        states = sorted(Job.objects.filter(job_type="approval:letter").values_list("status", flat=True))
        monkeypatch.undo()
        run("UPDATE jobs SET next_attempt_at = clock_timestamp() WHERE status = 'retry'")
        work()

        assert states == ["completed", "retry"]
        assert sorted(message.to[0] for message in mail.outbox) == [name(world.alan), name(world.grace)]

    def test_a_title_is_one_line_and_a_letter_is_not_endless(self, world: World) -> None:
        title = "Will it\nBcc: somebody@example.org happen?"
        make_proposal(world.scout, make_content(world.evidence, symbol="TWO-LINES", title=title))
        with untriggered("approval_requests"):
            copied = "action, digest, risk, proposed_by, operated_by, barred, quorum, required_roles, "
            copied += "grant_lifetime, needs_reauthentication, requested_at, expires_at, due_at, tenant_id"
            run("ALTER TABLE approval_requests DROP CONSTRAINT request_has_a_known_subject")
            run(
                f"INSERT INTO approval_requests ({copied}, subject_id) SELECT {copied}, gen_random_uuid() "
                "FROM approval_requests, generate_series(1, 30)"
            )
        run(
            "INSERT INTO approval_notices (tenant_id, request_id, occasion) SELECT tenant_id, id, 'put' "
            "FROM approval_requests ON CONFLICT DO NOTHING"
        )

        body = told()[name(world.grace)].body

        assert "Will it Bcc: somebody@example.org happen?" in body
        assert body.count("  http://127.0.0.1:8000/admin/") == 50
        assert "And 12 more." in body

    def test_without_a_mail_server_nobody_is_written_to(self, world: World, settings: Any) -> None:
        settings.SENDS_EMAIL = False

        assert told() == {}

        job = Job.objects.get(job_type="approval:notify")
        assert job.result == {"letters": 0, "why": "EMAIL_URL is not set."}
