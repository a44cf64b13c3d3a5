"""Work is asked for once, seen by whom it concerns, and nobody sets a status by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.access import keys
from core.database.unit import unit
from core.idempotency import answers
from core.idempotency.models import KeptAnswer
from core.jobs import handlers
from core.jobs.handlers import LARGEST_PAYLOAD
from core.jobs.models import Job, JobEvent
from core.jobs.refusals import JobPayloadDoesNotFit
from tests.bad_input.sending import refused, send
from tests.calling import client_of, queries_of
from tests.conftest import LoginTaker
from tests.core.jobs import work as work_to_do
from tests.core.jobs.asking import ask, body, work
from tests.factories import World, make_agent, make_world
from tests.raw import one

in_one_transaction = pytest.mark.django_db


def scoped(world: World, *scopes: str) -> Client:
    """A client of grace's whose key is good for these alone."""
    with unit("staff", tenant=world.acme.pk):
        written = keys.issue(world.grace, label="narrow", scopes=list(scopes), by=None)[1]
    return Client(headers={"Authorization": f"Bearer {written}"})


@in_one_transaction
class TestAsking:
    def test_new_work_is_201_with_its_address_and_waits(self, world: World) -> None:
        response = ask(client_of(world.scout), body(idempotency_key="once"))

        assert response.status_code == 201, response.content
        made = response.json()
        assert (made["status"], made["attempts"], made["max_attempts"]) == ("pending", 0, 5)
        assert (made["owner_id"], made["requested_by"]) == (None, str(world.scout.pk))
        assert made["links"] == {
            "events": f"/api/v1/jobs/{made['job_id']}/events",
            "wait": f"/api/v1/wait/jobs/{made['job_id']}",
        }
        assert response.headers["Location"].endswith(f"/api/v1/jobs/{made['job_id']}")
        again = client_of(world.scout).get(response.headers["Location"])
        assert (again.content, again.headers["ETag"]) == (response.content, response.headers["ETag"])

    def test_the_same_key_and_payload_is_the_same_job_however_it_is_written(self, world: World) -> None:
        scout = client_of(world.scout)
        first = ask(scout, body(idempotency_key="once", payload={"text": "a", "number": 1}))

        again = ask(scout, body(idempotency_key="once", payload={"number": 1, "text": "a"}, max_attempts=2))

        assert (first.status_code, again.status_code) == (201, 200)
        assert again.content == first.content
        assert Job.objects.count() == 1

    def test_the_same_key_with_another_payload_is_refused(self, world: World) -> None:
        scout = client_of(world.scout)
        ask(scout, body(idempotency_key="once"))

        response = ask(scout, body(idempotency_key="once", payload={"text": "another"}))

        refused(response, 422, "job_differs")
        assert Job.objects.count() == 1

    def test_an_owners_key_is_one_job_whatever_the_type(self, world: World) -> None:
        grace = client_of(world.grace)
        first = ask(grace, body(idempotency_key="once", owned=True)).json()
        assert first["owner_id"] == str(world.grace.pk)

        refused(
            ask(grace, body(idempotency_key="once", owned=True, job_type="test:managers", payload={})),
            422,
            "job_differs",
        )
        others = [
            ask(grace, body(idempotency_key="once")),
            ask(client_of(world.edith), body(idempotency_key="once", owned=True)),
        ]
        assert [other.status_code for other in others] == [201, 201]

    def test_the_header_is_welcome_where_it_is_the_bodys_key(self, world: World) -> None:
        scout = client_of(world.scout)
        same = {"headers": {"Idempotency-Key": "once"}}

        first = ask(scout, body(idempotency_key="once"), **same)
        again = ask(scout, body(idempotency_key="once"), **same)

        assert (first.status_code, again.status_code) == (201, 200)
        # the job itself remembers
        assert not KeptAnswer.objects.exists()

    @pytest.mark.parametrize("header", ["another", '"another"', "a b", ""])
    def test_a_header_that_differs_from_the_bodys_key_is_refused(self, world: World, header: str) -> None:
        response = ask(client_of(world.scout), body(), headers={"Idempotency-Key": header})

        refused(response, 400, "invalid_input")
        assert [fault["header"] for fault in response.json()["errors"]] == ["Idempotency-Key"]
        assert not Job.objects.exists()

    @pytest.mark.parametrize("wanted", ["test:nothing", "test:add", "x" * 100, "core.jobs.upkeep"])
    def test_a_type_that_is_not_open_is_unknown(self, world: World, wanted: str) -> None:
        response = ask(client_of(world.scout), body(job_type=wanted))

        refused(response, 422, "job_type_is_unknown")
        known = set(response.json()["known"])
        assert known >= {"evidence:verify", "test:open"}
        assert not known & {wanted, "test:managers"}
        assert not Job.objects.exists()

    def test_a_type_is_open_to_whoever_holds_its_permission(self, world: World) -> None:
        given = body(job_type="test:managers", payload={})

        assert ask(client_of(world.grace), given).status_code == 201
        refused(ask(client_of(world.edith), given), 422, "job_type_is_unknown")

    def test_a_type_is_open_to_a_key_that_covers_its_permission(self, world: World) -> None:
        given = body(job_type="evidence:verify", payload={"snapshot_id": world.evidence.snapshot_id})

        response = ask(scoped(world, "jobs:write"), given)

        refused(response, 422, "job_type_is_unknown")
        assert "test:open" in response.json()["known"]
        assert "evidence:verify" not in response.json()["known"]
        assert ask(scoped(world, "jobs:write", "snapshots:read"), given).status_code == 201

    @pytest.mark.parametrize(
        "payload",
        [{}, {"text": 1}, {"text": None}, {"text": "a", "more": 1}, {"text": "a", "number": "1"}, {"": ""}],
    )
    def test_a_payload_that_the_work_does_not_take_is_refused(
        self, world: World, payload: dict[str, Any]
    ) -> None:
        refused(ask(client_of(world.scout), body(payload=payload)), 422, "job_payload_does_not_fit")

    @pytest.mark.parametrize("attempts", [0, 21, -1, 2**53 - 1])
    def test_attempts_out_of_1_to_20_are_refused(self, world: World, attempts: int) -> None:
        refused(ask(client_of(world.scout), body(max_attempts=attempts)), 422, "job_attempts_are_1_to_20")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("max_attempts", "5"),
            ("max_attempts", True),
            ("owned", "true"),
            ("owned", 1),
            ("run_after", "tomorrow"),
            ("payload", []),
            ("payload", "x"),
            ("idempotency_key", ""),
            ("idempotency_key", "x" * 256),
            ("job_type", 7),
            ("status", "completed"),
            ("owner_id", "somebody"),
        ],
    )
    def test_what_is_malformed_is_refused_by_its_place(self, world: World, field: str, value: Any) -> None:
        refused(ask(client_of(world.scout), body(**{field: value})), 400, "invalid_input", f"/{field}")

    def test_a_payload_has_at_most_32_kib(self, world: World) -> None:
        scout = client_of(world.scout)
        most = LARGEST_PAYLOAD - len('{"text":""}')

        assert ask(scout, body(payload={"text": "x" * most})).status_code == 201
        refused(ask(scout, body(payload={"text": "x" * (most + 1)})), 413, "job_payload_is_small")
        refused(ask(scout, body(payload={"text": "x" * 300_000})), 413, "too_large")

    def test_work_begins_not_before_its_moment_and_the_past_puts_nobody_in_front(self, world: World) -> None:
        scout = client_of(world.scout)

        later = ask(scout, body(run_after="2999-01-01T00:00:00Z")).json()
        earlier = ask(scout, body(run_after="1999-01-01T00:00:00Z")).json()

        assert later["next_attempt_at"] == "2999-01-01T00:00:00.000000Z"
        assert earlier["next_attempt_at"] >= earlier["created_at"]
        assert work() == {"completed": 1}

    def test_what_was_asked_is_done_and_shown(self, world: World) -> None:
        scout = client_of(world.scout)
        asked = ask(scout, body(payload={"text": "a", "number": 3})).json()

        work()

        done = scout.get(f"/api/v1/jobs/{asked['job_id']}").json()
        assert (done["status"], done["progress"], done["attempts"]) == ("completed", 100, 1)
        assert done["payload"] == done["result"] == {"text": "a", "number": 3}
        assert done["trace_id"] == asked["trace_id"]

    def test_whoever_may_only_read_asks_for_nothing(self, world: World) -> None:
        refused(ask(client_of(world.vera), body()), 403, "not_allowed")


@pytest.mark.parametrize("payload", [{"args": 5}, {"kwargs": [1]}, {"args": [], "kwargs": "x"}])
def test_a_payload_that_is_none_of_a_function_of_anything_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(JobPayloadDoesNotFit):
        handlers.of(work_to_do.anything).arguments(payload)


@in_one_transaction
class TestSeeing:
    def test_a_list_shows_no_payload_and_no_result(self, world: World) -> None:
        scout = client_of(world.scout)
        ask(scout, body(payload={"text": "A secret."}))
        work()

        response = scout.get("/api/v1/jobs")

        (row,) = response.json()["results"]
        assert not {"payload", "result", "error_message"} & row.keys()
        assert b"A secret." not in response.content

    def test_a_list_is_searched_by_type_status_and_time(self, world: World) -> None:
        grace = client_of(world.grace)
        done = ask(grace, body()).json()["job_id"]
        work()
        waits = ask(grace, body(job_type="test:managers", payload={})).json()["job_id"]

        def found(**query: str) -> list[str]:
            return [row["job_id"] for row in grace.get("/api/v1/jobs", query).json()["results"]]

        assert found() == [waits, done]
        assert found(job_type="test:open") == [done]
        assert found(status="pending") == [waits]
        assert found(created_after="2999-01-01T00:00:00Z") == []
        assert found(created_before="2999-01-01T00:00:00Z", limit="1") == [waits]
        refused(grace.get("/api/v1/jobs?status=queued"), 400, "invalid_input")
        refused(grace.get("/api/v1/jobs?limit=101"), 400, "invalid_input")

    def test_what_is_owned_is_seen_by_its_owner_alone(self, world: World) -> None:
        edith, others = client_of(world.edith), [client_of(world.grace), client_of(world.boris)]
        job = ask(edith, body(owned=True)).json()["job_id"]

        assert [row["job_id"] for row in edith.get("/api/v1/jobs").json()["results"]] == [job]
        assert edith.get(f"/api/v1/jobs/{job}").status_code == 200
        for other in others:
            assert other.get("/api/v1/jobs").json()["results"] == []
            for path in (f"jobs/{job}", f"jobs/{job}/events"):
                refused(other.get(f"/api/v1/{path}"), 404, "not_found")
            refused(send(other, f"jobs/{job}/cancel", {"reason": "It is not mine."}), 404, "not_found")

    def test_what_happened_to_a_job_is_listed_newest_first(self, world: World) -> None:
        edith = client_of(world.edith)
        job = ask(edith, body(run_after="2999-01-01T00:00:00Z")).json()["job_id"]
        ask(edith, body())
        work()
        send(edith, f"jobs/{job}/cancel", {"reason": "It was a mistake."})

        (event,) = edith.get(f"/api/v1/jobs/{job}/events").json()["results"]

        assert event["event_type"] == "cancelled"
        assert event["payload"] == {"reason": "It was a mistake.", "by": str(world.edith.pk)}
        assert JobEvent.objects.count() == 2

    def test_a_job_that_is_as_it_was_is_spared(self, world: World) -> None:
        scout = client_of(world.scout)
        path = f"/api/v1/jobs/{ask(scout, body()).json()['job_id']}"
        tag = scout.get(path).headers["ETag"]

        assert scout.get(path, headers={"If-None-Match": tag}).status_code == 304
        work()
        assert scout.get(path, headers={"If-None-Match": tag}).status_code == 200

    def test_a_list_asks_as_much_for_many_as_for_one(self, world: World) -> None:
        scout = client_of(world.scout)
        ask(scout, body())
        one = queries_of(lambda: scout.get("/api/v1/jobs"))
        for _ in range(3):
            ask(scout, body())

        assert queries_of(lambda: scout.get("/api/v1/jobs")) == one

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_nobody_sets_a_status_by_hand(self, world: World, method: str) -> None:
        alan = client_of(world.alan)
        job = ask(alan, body()).json()["job_id"]

        response = getattr(alan, method)(
            f"/api/v1/jobs/{job}", {"status": "completed"}, content_type="application/json"
        )

        assert response.status_code == 405
        assert Job.objects.get().status == "pending"


@in_one_transaction
class TestCancelling:
    def test_a_job_that_waits_ends(self, world: World) -> None:
        scout = client_of(world.scout)
        job = ask(scout, body()).json()["job_id"]

        response = send(scout, f"jobs/{job}/cancel", {"reason": "It was a mistake."})

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
        assert response.json()["completed_at"]
        assert one("SELECT entity_id FROM outbox_events WHERE event_type = 'job.cancelled'") == job
        assert work() == {}
        refused(send(scout, f"jobs/{job}/cancel", {"reason": "Again."}), 409, "job_moves_as_it_may")

    def test_a_job_that_runs_is_asked_to_stop(self, world: World) -> None:
        edith = client_of(world.edith)
        job = ask(edith, body()).json()["job_id"]
        Job.objects.update(status="processing", attempts=1, locked_by="somebody")

        response = send(edith, f"jobs/{job}/cancel", {"reason": "It was a mistake."})

        assert (response.status_code, response.json()["status"]) == (200, "processing")
        assert response.json()["cancel_requested_at"]

    @pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "x" * 1001}])
    def test_a_reason_is_given(self, world: World, given: dict[str, str]) -> None:
        scout = client_of(world.scout)
        job = ask(scout, body()).json()["job_id"]

        refused(send(scout, f"jobs/{job}/cancel", given), 400, "invalid_input", "/reason")

    def test_whoever_may_only_read_cancels_nothing(self, world: World) -> None:
        job = ask(client_of(world.scout), body()).json()["job_id"]

        refused(send(client_of(world.vera), f"jobs/{job}/cancel", {"reason": "No."}), 403, "not_allowed")


def test_a_key_that_another_request_holds_is_in_flight_until_it_ends(
    committing_db: str, login_as: LoginTaker
) -> None:
    world = make_world()
    scout, other = client_of(world.scout), login_as("api")
    held = answers.lock_of(["jobs", str(world.acme.pk), "type test:open", "once"])

    with other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [held])
        response = ask(scout, body(idempotency_key="once"))
    refused(response, 409, "request_is_in_flight")
    assert response.headers["Retry-After"] == "1"
    assert ask(scout, body(idempotency_key="once")).status_code == 201


@in_one_transaction
def test_another_tenant_has_keys_of_its_own(world: World) -> None:
    probe = make_agent("probe", world.boris)

    made = [ask(client_of(who), body(idempotency_key="once")).status_code for who in (world.scout, probe)]

    assert made == [201, 201]
