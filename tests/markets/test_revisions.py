"""A revision says only what its canonical bytes say, and shows evidence of its own tenant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.access.models import User
from core.database.unit import unit
from core.refusals import AlreadyExists, InvalidInput, NotAccepted, Refusal, UnknownReference, translate
from markets import proposals
from markets.content import SAFETY_ASSERTIONS, Provenance
from markets.models import MARKET_TYPES, Revision
from tests.factories import (
    World,
    acting,
    make_content,
    make_proposal,
    make_snapshot,
    open_market,
)
from tests.raw import RUNTIME, WRITERS, denied, failing, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

RAW = (
    "INSERT INTO market_revisions (tenant_id, proposal_id, canonical, proposed_by, producer, schema_version, "
    "safety_assertions) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
ASSERTED = ["requires-human-approval", "no-seed-data"]


def write(
    world: World,
    canonical: bytes | None = None,
    *,
    by: User | None = None,
    role: str = "api",
    said: tuple[object, ...] = ("scout", "v1", ASSERTED),
    **changes: Any,
) -> None:
    """Write one revision by raw SQL."""
    person = by or world.scout
    content = json.loads(make_content(world.evidence).canonical()) | changes
    with acting(person, role):
        run(
            RAW, world.acme.pk, world.proposal.pk, canonical or json.dumps(content).encode(), person.pk, *said
        )


class TestTheCanonicalText:
    @pytest.mark.parametrize(
        "canonical",
        [
            b"not json",
            b"{",
            b"\xff\xfe",
            b'{"title": "\\u0000"}',
            b"[]",
            b"null",
            b'"text"',
            b"{}",
        ],
    )
    def test_is_json_of_an_object(self, world: World, canonical: bytes) -> None:
        with refused("revision_is_well_formed"):
            write(world, canonical)

    @pytest.mark.parametrize(
        "key", ["symbol", "type", "title", "resolution_criteria", "closes_at", "snapshot_ids"]
    )
    def test_has_what_a_market_needs(self, world: World, key: str) -> None:
        content = json.loads(make_content(world.evidence).canonical())
        del content[key]

        with refused("revision_is_well_formed"):
            write(world, json.dumps(content).encode())

    @pytest.mark.parametrize(
        "change",
        [
            {"title": ""},
            {"title": "   "},
            {"title": None},
            {"title": "x" * 1001},
            {"resolution_criteria": " "},
            {"resolution_criteria": None},
            {"snapshot_ids": "all"},
            {"snapshot_ids": None},
            {"type": "weather"},
        ],
    )
    def test_says_something_in_each_place(self, world: World, change: dict[str, Any]) -> None:
        name = {"x" * 1001: "title_is_1_to_1000_long", "weather": "revision_type_is_known"}.get(
            str(next(iter(change.values()))), "revision_is_well_formed"
        )

        with refused(name):
            write(world, **change)

    def test_may_have_a_title_of_1000_characters(self, world: World) -> None:
        write(world, title="\u00fc" * 1000)

        assert one("SELECT char_length(title) FROM market_revisions WHERE revision_no = 2") == 1000

    @pytest.mark.parametrize("closes_at", ["tomorrowish", "", "2027-13-01T00:00:00Z"])
    def test_closes_at_a_time(self, world: World, closes_at: str) -> None:
        with failing() as caught:
            write(world, closes_at=closes_at)

        assert isinstance(translate(caught.value), InvalidInput)

    def test_keeps_the_symbol(self, world: World) -> None:
        with refused("symbol_never_changes"):
            write(world, symbol="OTHER")

    def test_alone_says_title_type_evidence_and_digest_whatever_the_owner_sends(self, world: World) -> None:
        content = make_content(world.evidence, title="The real title?").canonical()
        with unit("owner", actor=world.scout.pk):
            run(
                "INSERT INTO market_revisions (tenant_id, proposal_id, canonical, proposed_by, producer, schema_version, "
                "safety_assertions, title, type, risk, snapshot_ids, revision_no) "
                "VALUES (%s, %s, %s, %s, 'scout', 'v1', %s, 'Another', 'political', 'high', '{x}', 7)",
                world.beta.pk,
                world.proposal.pk,
                content,
                world.scout.pk,
                ASSERTED,
            )

        made = Revision.objects.get(revision_no=2)
        assert (made.title, made.type, made.risk) == ("The real title?", "technology", "low")
        assert (made.tenant_id, made.snapshot_ids) == (world.acme.pk, [world.evidence.snapshot_id])
        assert one("SELECT digest = sha256(canonical) FROM market_revisions WHERE revision_no = 2") is True

    @pytest.mark.parametrize(
        "column", ["title", "type", "risk", "snapshot_ids", "revision_no", "created_at", "id"]
    )
    def test_alone_says_so_to_every_role(self, column: str) -> None:
        for role in WRITERS:
            with unit(role), denied("market_revisions"):
                run(f"INSERT INTO market_revisions (canonical, {column}) VALUES ('x', DEFAULT)")


class TestWhoRevises:
    @pytest.mark.parametrize("name", ["edith", "olga", "grace"])
    def test_is_the_proposer(self, world: World, name: str) -> None:
        with refused("proposal_is_somebody_elses"):
            write(world, by=getattr(world, name))

    def test_is_whoever_acts(self, world: World) -> None:
        with acting(world.edith), refused("proposal_is_somebody_elses"):
            run(RAW, world.acme.pk, world.proposal.pk, b"{}", world.scout.pk, "s", "v1", ASSERTED)

    def test_is_somebody(self, world: World) -> None:
        with unit("worker"), refused("proposal_is_somebody_elses"):
            run(RAW, world.acme.pk, world.proposal.pk, b"{}", world.scout.pk, "s", "v1", ASSERTED)

    def test_revises_what_exists(self, world: World) -> None:
        with acting(world.scout), refused("revision_has_a_known_proposal"):
            run(RAW, world.acme.pk, world.acme.pk, b"{}", world.scout.pk, "s", "v1", ASSERTED)

    def test_revises_what_is_open(self, world: World) -> None:
        open_market(world.proposal, world.grace)

        with refused("proposal_is_closed"):
            write(world, title="Something nobody approved")


class TestEvidence:
    def test_is_shown(self, world: World) -> None:
        with refused("revision_shows_evidence"):
            make_proposal(world.scout, make_content(world.evidence, symbol="X", snapshot_ids=()))

    def test_is_shown_once_each(self, world: World) -> None:
        shown = world.evidence.snapshot_id

        with refused("revision_shows_evidence"):
            make_proposal(world.scout, make_content(world.evidence, symbol="X", snapshot_ids=(shown, shown)))

    def test_is_named(self, world: World) -> None:
        with refused("revision_shows_evidence"):
            write(world, snapshot_ids=[world.evidence.snapshot_id, None])

    @pytest.mark.parametrize("unknown", ["0" * 64, "", "x"])
    def test_exists(self, world: World, unknown: str) -> None:
        with refused("evidence_is_a_known_snapshot"):
            make_proposal(world.scout, make_content(world.evidence, symbol="X", snapshot_ids=(unknown,)))

    def test_is_of_the_same_tenant(self, world: World) -> None:
        theirs = make_snapshot(world.boris, url="https://example.org/theirs")

        with refused("evidence_is_a_known_snapshot"):
            make_proposal(world.scout, make_content(theirs, symbol="X"))

    def test_may_be_several(self, world: World) -> None:
        other = make_snapshot(world.scout, url="https://example.org/other")

        write(world, snapshot_ids=[world.evidence.snapshot_id, other.snapshot_id])

        assert one("SELECT cardinality(snapshot_ids) FROM market_revisions WHERE revision_no = 2") == 2


class TestAnAgentsWord:
    @pytest.mark.parametrize(
        "said",
        [
            (None, "v1", ASSERTED),
            ("scout", None, ASSERTED),
            ("scout", "v1", []),
            ("scout", "v1", ["no-seed-data"]),
            ("scout", "v1", ["no-seed-data", "no-seed-data"]),
            ("scout", "v1", ["no-seed-data", "cross-my-heart"]),
        ],
    )
    def test_names_producer_version_and_two_known_assertions(
        self, world: World, said: tuple[object, ...]
    ) -> None:
        with refused("agent_states_its_safety"):
            write(world, said=said, title="Another?")

    def test_is_needed_by_the_verb_too(self, world: World) -> None:
        with acting(world.scout), refused("agent_states_its_safety"):
            proposals.propose(make_content(world.evidence, symbol="X"), by=world.scout)

    @pytest.mark.parametrize("assertion", SAFETY_ASSERTIONS)
    def test_may_be_any_of_the_known_assertions(self, world: World, assertion: str) -> None:
        other = next(each for each in SAFETY_ASSERTIONS if each != assertion)
        with acting(world.scout):
            made = proposals.propose(
                make_content(world.evidence, symbol="X"),
                by=world.scout,
                provenance=Provenance("scout", "v1", (assertion, other)),
            )

        kept = proposals.latest_revision(made)
        assert (kept.producer, kept.schema_version, kept.safety_assertions) == (
            "scout",
            "v1",
            [assertion, other],
        )

    def test_is_not_asked_of_a_person(self, world: World) -> None:
        with acting(world.edith):
            made = proposals.propose(make_content(world.evidence, symbol="X"), by=world.edith)

        assert proposals.latest_revision(made).safety_assertions == []


class TestTheRisk:
    TABLE = {
        "political": ("high", "high", "high", "high"),
        "economic": ("high", "high", "high", "high"),
        "finance": ("medium", "medium", "medium", "high"),
        "social": ("medium", "medium", "medium", "high"),
        "technology": ("low", "low", "medium", "high"),
        "culture": ("low", "low", "medium", "high"),
        "sports": ("low", "low", "medium", "high"),
    }

    @pytest.mark.parametrize("market_type", MARKET_TYPES)
    def test_is_of_the_type_and_only_raised_by_what_is_stated(self, market_type: str) -> None:
        found = tuple(
            one("SELECT market_risk(%s, %s)", market_type, stated)
            for stated in (None, "low", "medium", "high")
        )

        assert found == self.TABLE[market_type]

    def test_is_not_lowered_by_an_unknown_word(self) -> None:
        assert one("SELECT market_risk('political', 'none')") == "high"

    def test_of_the_content_is_the_risk_of_the_request(self, world: World) -> None:
        made = make_proposal(world.scout, make_content(world.evidence, symbol="X", risk_level="high"))

        assert (proposals.latest_revision(made).risk, proposals.latest_request(made).risk) == ("high", "high")


class TestARevision:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE market_revisions SET canonical = 'x'",
            "UPDATE market_revisions SET title = title",
            "DELETE FROM market_revisions",
            "TRUNCATE market_revisions CASCADE",
        ],
    )
    def test_never_changes(self, world: World, statement: str) -> None:
        with refused("revision_never_changes"):
            run(statement)

    def test_is_changed_by_no_role(self) -> None:
        for role in RUNTIME:
            for statement in ("UPDATE market_revisions SET canonical = 'x'", "DELETE FROM market_revisions"):
                with unit(role), denied("market_revisions"):
                    run(statement)

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("snapshot_ids = '{}'", "revision_shows_evidence", None),
            ("snapshot_ids = '{a,a}'", "revision_shows_evidence", None),
            ("snapshot_ids = ARRAY['a', NULL]", "revision_shows_evidence", None),
            ("title = ''", "title_is_1_to_1000_long", None),
            ("type = 'weather'", "revision_type_is_known", None),
            ("risk = 'none'", "revision_risk_is_known", NotAccepted),
            ("tenant_id = '00000000-0000-0000-0000-000000000000'", "revision_has_a_known_proposal", None),
            (
                "proposed_by = '00000000-0000-0000-0000-000000000009'",
                "revision_has_a_known_proposer",
                UnknownReference,
            ),
        ],
    )
    def test_keeps_its_rules_even_without_triggers(
        self, world: World, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        with untriggered("market_revisions"), refused(name, answer):
            run(f"UPDATE market_revisions SET {change}")

    def test_is_counted_within_its_proposal(self, world: World) -> None:
        write(world, title="Another?")

        with untriggered("market_revisions"), refused("revisions_are_counted", AlreadyExists):
            run("UPDATE market_revisions SET revision_no = 1")

    def test_of_the_same_content_is_one_subject(self, world: World) -> None:
        write(world, make_content(world.evidence).canonical())

        assert one("SELECT count(*) FROM approval_subjects") == 1
