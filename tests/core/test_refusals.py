"""Every no has one name, whether Python or PostgreSQL said it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from artifacts.refusals import EvidenceNeverChanges
from core.access.refusals import EmailTaken
from core.refusals import (
    BY_CONSTRAINT,
    AlreadyExists,
    DatabaseUnavailable,
    InvalidInput,
    NotAccepted,
    NotAllowed,
    NotFound,
    Refusal,
    UnknownReference,
    translate,
)
from tests.raw import run

RAISED = "DO $$ BEGIN RAISE EXCEPTION 'said so' USING ERRCODE = '{state}', CONSTRAINT = '{name}'; END $$"


def error_of(statement: str, *values: object) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        run(statement, *values)
    return caught.value


class TestARefusal:
    def test_speaks_its_docstring(self) -> None:
        assert NotFound().message == str(NotFound()) == "There is nothing here by that name."

    def test_carries_the_facts_it_is_raised_with(self) -> None:
        assert NotFound(symbol="MOON").facts == {"symbol": "MOON"}

    def test_of_bad_input_names_each_place(self) -> None:
        errors = [{"pointer": "/title", "detail": "is missing"}]

        refusal = InvalidInput(errors=errors)

        assert refusal.errors == errors
        assert refusal.facts == {"errors": errors}

    def test_is_known_by_its_code(self) -> None:
        assert BY_CONSTRAINT["email_is_taken"] is EmailTaken

    def test_is_known_by_every_constraint_it_answers_for(self) -> None:
        assert BY_CONSTRAINT["content_never_changes"] is EvidenceNeverChanges


class TestWithoutADatabase:
    def test_a_refusal_is_its_own_translation(self) -> None:
        refusal = NotFound()

        assert translate(refusal) is refusal

    def test_a_defect_is_not_a_refusal(self) -> None:
        assert translate(ValueError("oops")) is None

    @pytest.mark.parametrize("failure", [OperationalError("gone"), InterfaceError("closed")])
    def test_a_lost_connection_is_an_unavailable_database(self, failure: DatabaseError) -> None:
        assert isinstance(translate(failure), DatabaseUnavailable)

    def test_a_database_error_that_says_nothing_is_a_defect(self) -> None:
        assert translate(DatabaseError("?")) is None


@pytest.mark.django_db
class TestWhatTheDatabaseSays:
    def test_by_a_name_of_ours_becomes_the_refusal_of_that_name(self) -> None:
        refusal = translate(error_of(RAISED.format(state="23000", name="email_is_taken")))

        assert isinstance(refusal, EmailTaken)
        assert refusal.facts == {"detail": "said so"}

    def test_by_another_constraint_of_a_refusal_becomes_that_refusal(self) -> None:
        refusal = translate(error_of(RAISED.format(state="23000", name="email_is_taken_in_this_tenant")))

        assert isinstance(refusal, EmailTaken)

    @pytest.mark.parametrize(
        ("state", "answer"),
        [
            ("23503", UnknownReference),
            ("23505", AlreadyExists),
            ("23502", NotAccepted),
            ("23514", NotAccepted),
            ("23P01", NotAccepted),
            ("23000", NotAccepted),
        ],
    )
    def test_by_a_name_without_a_refusal_becomes_a_general_one(
        self, state: str, answer: type[Refusal]
    ) -> None:
        refusal = translate(error_of(RAISED.format(state=state, name="nobody_knows_this")))

        assert type(refusal) is answer
        assert refusal.facts == {"constraint": "nobody_knows_this"}

    def test_never_becomes_bad_input_by_its_name_alone(self) -> None:
        refusal = translate(error_of(RAISED.format(state="23514", name="invalid_input")))

        assert type(refusal) is NotAccepted

    def test_about_a_missing_grant_is_not_allowed(self) -> None:
        error = error_of("SET LOCAL ROLE xm_api; DELETE FROM users")

        refusal = translate(error)

        assert isinstance(refusal, NotAllowed)
        assert refusal.facts == {}

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT 'rubbish'::uuid",
            "SELECT 99999999999::integer",
            "SELECT 'tomorrowish'::timestamptz",
            "SELECT '2026-13-45'::date",
            r"""SELECT '{"a": "\u0000"}'::jsonb""",
            "INSERT INTO tenants (name) VALUES (repeat('x', 256))",
            "SELECT convert_from(decode('ff', 'hex'), 'UTF8')",
        ],
    )
    def test_about_a_value_it_cannot_read_is_bad_input(self, statement: str) -> None:
        refusal = translate(error_of(statement.replace("%", "%%")))

        assert isinstance(refusal, InvalidInput)
        assert refusal.errors[0]["detail"]

    @pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "08006", "53300", "57P01"])
    def test_about_its_own_trouble_is_an_unavailable_database(self, state: str) -> None:
        refusal = translate(error_of(RAISED.format(state=state, name="")))

        assert isinstance(refusal, DatabaseUnavailable)

    def test_about_our_own_mistake_is_a_defect(self) -> None:
        assert translate(error_of("SELEC 1")) is None

    def test_about_a_missing_row_of_ours_names_the_key(self) -> None:
        error = error_of(
            "INSERT INTO jobs (tenant_id, idempotency_key, job_type) VALUES (%s, 'k', 't')", UUID(int=7)
        )

        refusal = translate(error)

        assert isinstance(refusal, UnknownReference)
        assert refusal.facts == {"constraint": "job_has_a_known_tenant"}
