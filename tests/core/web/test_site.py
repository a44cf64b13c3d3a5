"""Every page of the admin: who opens it, that it only reads, and that it runs nothing of its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import ApprovalRequest, AuditEvent
from core.access import people
from core.access.models import User
from core.access.permissions import PERMISSIONS, ROLES
from core.web.admin import ReadOnlyAdmin
from core.web.csp import POLICY
from tests.factories import PASSWORD, World, make_content, make_proposal
from tests.raw import multiply, run, untriggered
from tests.staff import browser

NEW_PASSWORD = "an even better battery staple"
PAGES: dict[type[Model], ReadOnlyAdmin] = {
    model: page for model, page in admin.site._registry.items() if isinstance(page, ReadOnlyAdmin)
}
FEW, MANY = 5, 30
CAST = ("vera", "edith", "grace", "alan", "olga", "boris", "root")
by_model = pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)


def listing(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def rows_of(world: World, model: type[Model]) -> Any:
    field = PAGES[model].tenant_field
    every = model._default_manager.all()
    return every.filter(**{field: world.acme.pk}) if field else every


def may(world: World, who: str, model: type[Model]) -> bool:
    person: User = getattr(world, who)
    role = person.role
    return role is not None and ROLES.index(role) >= ROLES.index(PERMISSIONS[PAGES[model].permission].role)


def test_only_pages_that_read_are_there() -> None:
    assert set(admin.site._registry) == set(PAGES)
    assert len(PAGES) >= 16


@by_model
def test_a_list_opens_by_its_permission(full: World, model: type[Model]) -> None:
    answers = {who: browser(getattr(full, who)).get(listing(model)) for who in CAST}

    codes = {who: answer.status_code for who, answer in answers.items()}
    assert codes == {who: 200 if may(full, who, model) else 403 for who in CAST}
    assert {answer.headers["Content-Security-Policy"] for answer in answers.values()} == {POLICY}


@by_model
def test_a_row_opens_for_its_tenant_and_the_platform_alone(full: World, model: type[Model]) -> None:
    row = rows_of(full, model).first()

    codes = {who: browser(getattr(full, who)).get(change(row), follow=True).status_code for who in CAST}

    foreign = 404 if PAGES[model].tenant_field else 200
    assert codes["grace"] == codes["root"] == 200
    assert codes["boris"] == foreign
    assert codes["vera"] == (200 if may(full, "vera", model) else 403)


@by_model
def test_a_list_shows_rows_of_ones_own_tenant_alone(full: World, model: type[Model]) -> None:
    field = PAGES[model].tenant_field
    if field is None:
        return

    every = {"state": "all"} if model is ApprovalRequest else {}

    shown = browser(full.boris).get(listing(model), every).context["cl"].result_list

    assert {getattr(row, "pk" if field == "id" else "tenant_id") for row in shown} <= {full.beta.pk}


@by_model
def test_nothing_is_added_changed_or_deleted_by_form(full: World, model: type[Model]) -> None:
    client, row = browser(full.root), rows_of(full, model).first()
    base = change(row).removesuffix("change/")

    codes = {
        client.get(f"{listing(model)}add/").status_code,
        client.post(f"{listing(model)}add/", {}).status_code,
        client.post(f"{base}delete/", {"post": "yes"}).status_code,
        client.get(f"{base}delete/").status_code,
    }
    changed = client.post(f"{base}change/", {"status": "active"})

    assert codes == {403}
    # the review queue's rows lead to their review page whatever the method
    assert changed.status_code in {302, 403}


@by_model
def test_a_page_has_no_style_and_no_script_of_its_own(full: World, model: type[Model]) -> None:
    client = browser(full.root)

    for address in (listing(model), change(rows_of(full, model).first())):
        page = client.get(address, follow=True).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)


@by_model
def test_a_list_costs_the_same_however_many_rows_it_has(
    full: World, model: type[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    multiply(model._meta.db_table, str(model._meta.pk.column), FEW + MANY)
    client, asked = browser(full.root), {}

    for shown in (FEW, MANY):
        monkeypatch.setattr(PAGES[model], "list_per_page", shown)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(listing(model), {"state": "all"} if model is ApprovalRequest else {})
        assert len(page.context["cl"].result_list) == shown
        asked[shown] = [query["sql"] for query in captured]

    assert len(asked[MANY]) == len(asked[FEW])
    # what is counted at all is counted to a limit
    assert not any("COUNT(" in query.upper() and "LIMIT" not in query for query in asked[MANY])


@by_model
def test_a_search_for_anything_is_answered(full: World, model: type[Model]) -> None:
    client = browser(full.grace)
    surrogate = "\ud83d".encode("utf-8", "surrogatepass")

    for wanted in ("MOON", "moon", str(full.proposal.pk), "%", "\x00", surrogate, "'", "x" * 5000):
        assert client.get(listing(model), {"q": wanted}).status_code == 200, wanted


def test_a_symbol_is_found_by_its_beginning_whatever_its_case(full: World) -> None:
    make_proposal(full.scout, make_content(full.evidence, symbol="SET-1a2b"))

    def found(page: str, wanted: str) -> int:
        answer = browser(full.vera).get(f"/admin/markets/{page}/", {"q": wanted})
        return len(answer.context["cl"].result_list)

    assert {
        w: found("market", w) for w in ("MOON", "moon-20", "OON", str(full.proposal.pk), "MOON-2028")
    } == {
        "MOON": 1,
        "moon-20": 1,
        "OON": 0,
        str(full.proposal.pk): 1,
        "MOON-2028": 0,
    }
    assert [found("proposal", wanted) for wanted in ("SET-1a2b", "set-1A", "SET-1A2B")] == [1, 1, 1]


def test_a_list_that_grows_for_ever_is_cut_and_says_so(full: World) -> None:
    with untriggered("audit_event"):
        run(
            "INSERT INTO audit_event (tenant_id, actor_type, action) "
            "SELECT %s, 'system', 'test:fill' FROM generate_series(1, 1100)",
            full.acme.pk,
        )

    page = browser(full.vera).get("/admin/audit/auditevent/").content.decode()

    assert "The first 1000 audit events; search or filter to reach the others." in page


def test_the_history_of_a_row_is_what_the_log_says_of_it(full: World) -> None:
    client = browser(full.vera)
    row = change(full.proposal).removesuffix("change/")

    answer = client.get(f"{row}history/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/admin/audit/auditevent/?q={full.proposal.pk}"
    assert {event.entity_id for event in answer.context["cl"].result_list} == {str(full.proposal.pk)}


def test_agents_and_strangers_do_not_come_in(world: World) -> None:
    scout = browser(world.scout)

    answers = [client.get("/admin/") for client in (scout, Client())]

    assert {answer.status_code for answer in answers} == {302}
    assert {answer.headers["Location"] for answer in answers} == {"/admin/login/?next=/admin/"}


def test_a_password_is_wrong_for_an_unknown_and_a_known_person_alike(world: World) -> None:
    for email in (world.grace.email, "nobody@acme.example"):
        answer = Client().post("/admin/login/", {"username": email, "password": "wrong"})
        assert "Please enter the correct email and password" in answer.content.decode()


class TestTheFirstPage:
    def test_begins_with_the_queue(self, world: World) -> None:
        answer = browser(world.grace).get("/admin/")

        rooms = answer.context["app_list"]
        assert rooms[0]["models"][0]["name"] == "Review queue"
        page = answer.content.decode()
        assert page.index("Open the review queue") < page.index("Decisions")

    def test_says_how_much_waits_how_risky_it_is_and_until_when(self, world: World) -> None:
        page = " ".join(browser(world.vera).get("/admin/").content.decode().split())

        assert "<strong>1</strong> proposal waits for a decision." in page
        assert "<strong>23 h</strong>" in page
        assert re.search(r'risk-low">low</span> <strong>1</strong>', page)
        assert re.search(r'risk-high">high</span> <strong>0</strong>', page)

    def test_counts_for_ones_own_tenant_and_for_the_platform_all(self, world: World) -> None:
        assert "Nothing waits for a decision." in browser(world.boris).get("/admin/").content.decode()
        assert "<strong>1</strong> proposal" in browser(world.root).get("/admin/").content.decode()

    def test_asks_for_the_role_once(self, world: World) -> None:
        client = browser(world.grace)

        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")

        assert sum("user_roles" in query["sql"] for query in captured) == 1


class TestOnesOwnPassword:
    def change(self, client: Client, **changes: str) -> Any:
        form = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        return client.post("/admin/password_change/", {**form, **changes})

    @pytest.mark.parametrize("who", ["vera", "grace", "root"])
    def test_is_changed_and_ends_every_other_session(self, world: World, who: str) -> None:
        person: User = getattr(world, who)
        here, elsewhere = browser(person), browser(person)

        answer = self.change(here)

        assert answer.headers["Location"] == "/admin/password_change/done/"
        assert here.get("/admin/").status_code == 200
        assert elsewhere.get("/admin/").status_code == 302
        login = {"username": person.email, "password": NEW_PASSWORD}
        assert Client().post("/admin/login/", login).status_code == 302

    def test_leaves_one_row_in_the_log_without_the_password(self, world: World) -> None:
        self.change(browser(world.grace))

        event = AuditEvent.objects.get(action="person:change_password")
        assert (event.actor_id, event.entity_id) == (world.grace.pk, str(world.grace.pk))
        assert "argon2" not in f"{event.old_value} {event.new_value} {event.metadata}"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"old_password": "wrong"}, "Your old password was entered incorrectly"),
            ({"new_password2": "something else entirely"}, "The two password fields didn"),
            ({"new_password1": "short", "new_password2": "short"}, "This password is too short"),
        ],
    )
    def test_stays_when_the_form_is_wrong(self, world: World, changes: dict[str, str], said: str) -> None:
        answer = self.change(browser(world.grace), **changes)

        assert said in answer.content.decode()
        assert not AuditEvent.objects.filter(action="person:change_password").exists()

    def test_is_changed_in_a_unit_only(self, world: World) -> None:
        with pytest.raises(Exception, match="outside a unit"):
            people.change_password(world.grace, NEW_PASSWORD, by=world.grace, reason="A test of the verb.")
