"""`manage.py keys` makes, rotates, revokes and lists keys, and says what went wrong and what there is."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from core.access import keys
from core.access.models import ApiKey
from tests.factories import World

pytestmark = pytest.mark.django_db


def manage(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("keys", *words, "--tenant", "acme", stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_a_key_is_alone_on_standard_output(world: World) -> None:
    out, err = manage(
        "create", "scout", "--label", "laptop", "--scope", "markets:read", "--expires", "2999-01-31"
    )

    key = ApiKey.objects.get()
    assert keys.WRITTEN.fullmatch(out.strip())
    assert (key.label, key.scopes, str(key.expires_at)) == (
        "laptop",
        ["markets:read"],
        "2999-01-31 00:00:00+00:00",
    )
    assert out.strip() not in err


def test_who_acts_and_why_is_in_the_log(world: World) -> None:
    manage("create", "scout", "--as", world.grace.username, "--reason", "A new machine.")

    event = AuditEvent.objects.get(action="key:issue")
    assert (event.actor_id, (event.metadata or {})["reason"]) == (world.grace.pk, "A new machine.")


def test_a_key_is_rotated_and_revoked_by_its_prefix(world: World) -> None:
    first = manage("create", "scout")[0].split("_")[1]

    second = manage("rotate", first, "--overlap", "1")[0].split("_")[1]
    said, _ = manage("revoke", first)

    assert first != second
    assert said == f"xm_{first}_... is revoked.\n"
    states = {line.split()[0]: line.split()[1] for line in manage("list")[0].splitlines()}
    assert states == {first: "revoked", second: "live"}


def test_a_list_of_none_says_so(world: World) -> None:
    assert manage("list")[0] == "There is no key here.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "nobody"], "No user 'nobody' here. There is: alan@acme.example"),
        (["create", "scout", "--scope", "markets:buy"], "No scope markets:buy. There is: *, proposals:read"),
        (["create", "scout", "--expires", "soon"], "'soon' is no date such as 2027-01-31"),
        (["rotate", "abc"], "No key 'abc' here: manage.py keys list shows the prefixes."),
        (["rotate", "abc", "--overlap", "long"], "'long' is no number of hours"),
        (["revoke", "abc"], "No key 'abc' here"),
        (["create", "scout", "--as", "vera@acme.example"], "This principal may not do that."),
        (["explode"], "invalid choice"),
    ],
)
def test_what_cannot_be_done_says_what_can(world: World, words: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        manage(*words)

    assert said in str(caught.value)
    assert not ApiKey.objects.exists()


def test_a_third_live_key_of_a_label_says_what_to_do(world: World) -> None:
    manage("create", "scout")
    manage("create", "scout")

    with pytest.raises(CommandError, match="Revoke one of them first"):
        manage("create", "scout")
