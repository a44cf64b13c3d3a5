"""A signed request is its principal's, once, now and whole; every other one gets one same answer."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError
from pytest_django import Settings

from core.access import signing_keys
from core.access.credentials import SigningKey
from core.database.unit import unit
from core.web import signatures
from tests.factories import REASON, World, as_staff, make_key
from tests.raw import every, one, run
from tests.signing import make_ed25519_key, make_hmac_key, require_signature, sent, signed
from xmarket_client import ApiKey, Credential

pytestmark = pytest.mark.django_db

MARKETS, SNAPSHOTS = "/api/v1/markets", "/api/v1/snapshots"
BODY = json.dumps(
    {"url": "https://example.org/signed", "content_type": "text/plain", "body": "Signed and sent."}
).encode()
Maker = Callable[..., Any]
EITHER = pytest.mark.parametrize("make", [make_hmac_key, make_ed25519_key])


def said(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, str(response.json().get("code"))


def posted(credential: Credential, body: bytes = BODY, **headers: str) -> httpx.Request:
    named = {"Content_Type": "application/json", "Idempotency_Key": "signed-once", **headers}
    return signed(credential, "POST", SNAPSHOTS, body, **named)


def without_id(response: httpx.Response) -> tuple[dict[str, Any], dict[str, str]]:
    kept = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    return {name: value for name, value in response.json().items() if name != "instance"}, kept


@EITHER
class TestASignedRequest:
    def test_is_answered_to_its_principal(self, world: World, make: Maker) -> None:
        response = sent(signed(make(world.scout), "GET", MARKETS))

        assert response.status_code == 200

    def test_is_not_accepted_twice(self, world: World, make: Maker) -> None:
        request = signed(make(world.scout), "GET", MARKETS)
        first = sent(request)

        assert first.status_code == 200
        assert said(sent(request)) == (401, "not_authenticated")

    def test_is_held_to_the_scopes_of_its_key(self, world: World, make: Maker) -> None:
        key = make(world.scout, scopes=["events:read"])

        assert said(sent(signed(key, "GET", MARKETS))) == (403, "scope_is_missing")
        assert sent(signed(key, "GET", "/api/v1/events")).status_code == 200

    def test_may_be_read_once_more_with_a_fresh_nonce(self, world: World, make: Maker) -> None:
        key = make(world.scout)

        assert [sent(signed(key, "GET", MARKETS)).status_code for _ in range(2)] == [200, 200]

    def test_leaves_signature_and_payload_hash_in_every_audit_row(self, world: World, make: Maker) -> None:
        key = make(world.scout)

        response = sent(posted(key))

        assert response.status_code == 201
        rows = every("SELECT signature, payload_hash, actor_id FROM audit_event WHERE signature IS NOT NULL")
        ((signature, payload_hash, actor),) = set(rows)
        assert str(signature).split(":")[1] == key.key_id
        assert payload_hash == hashlib.sha256(BODY).hexdigest()
        assert actor == world.scout.pk

    def test_leaves_no_trace_of_itself_in_the_next_unit(self, world: World, make: Maker) -> None:
        sent(posted(make(world.scout)))
        before = one("SELECT max(seq) FROM audit_event")

        make(world.olga)

        assert every("SELECT signature, payload_hash FROM audit_event WHERE seq > %s", before) == [
            (None, None)
        ]

    def test_with_another_body_is_refused(self, world: World, make: Maker) -> None:
        request = posted(make(world.scout))
        tampered = httpx.Request(
            "POST", request.url, content=BODY.replace(b"Signed", b"Forged"), headers=request.headers
        )

        assert said(sent(tampered)) == (401, "not_authenticated")

    def test_with_another_method_is_refused(self, world: World, make: Maker) -> None:
        request = signed(make(world.scout), "GET", MARKETS)

        assert sent(httpx.Request("POST", request.url, headers=request.headers)).status_code == 401

    def test_to_another_address_is_refused(self, world: World, make: Maker) -> None:
        request = signed(make(world.scout), "GET", MARKETS)
        elsewhere = httpx.Request(
            "GET", str(request.url).replace("markets", "proposals"), headers=request.headers
        )

        assert said(sent(elsewhere)) == (401, "not_authenticated")

    def test_with_the_nonce_of_another_is_refused(self, world: World, make: Maker) -> None:
        one_, other = (signed(make(world.scout), "GET", MARKETS) for _ in range(2))
        for name in ("X-HMAC-Nonce", "Signature-Input"):
            if name in one_.headers:
                one_.headers[name] = other.headers[name]

        assert said(sent(one_)) == (401, "not_authenticated")

    def test_that_failed_takes_no_nonce(self, world: World, make: Maker) -> None:
        request = posted(make(world.scout))
        tampered = httpx.Request("POST", request.url, content=b"{}", headers=request.headers)

        sent(tampered)

        assert one("SELECT count(*) FROM request_nonces") == 0
        assert sent(request).status_code == 201

    def test_that_was_refused_later_has_used_its_nonce(self, world: World, make: Maker) -> None:
        request = posted(make(world.vera))

        assert said(sent(request)) == (403, "not_allowed")
        assert said(sent(request)) == (401, "not_authenticated")

    def test_of_a_key_that_ended_says_so_to_whoever_holds_it(self, world: World, make: Maker) -> None:
        revoked, expired = make(world.scout), make(world.scout)
        with as_staff(world.grace):
            signing_keys.revoke(SigningKey.objects.get(key_id=revoked.key_id), by=world.grace, reason=REASON)
        run("UPDATE signing_keys SET expires_at = now() WHERE key_id = %s", expired.key_id)

        assert said(sent(signed(revoked, "GET", MARKETS))) == (401, "key_revoked")
        assert said(sent(signed(expired, "GET", MARKETS))) == (401, "key_expired")

    def test_of_a_key_that_ended_tells_nothing_to_anybody_else(self, world: World, make: Maker) -> None:
        key, other = make(world.scout), make(world.olga)
        run("UPDATE signing_keys SET revoked_at = now() WHERE key_id = %s", key.key_id)
        request = signed(other, "GET", MARKETS)
        for name in ("X-HMAC-KeyId", "Signature-Input"):
            if name in request.headers:
                request.headers[name] = request.headers[name].replace(other.key_id, key.key_id)

        assert said(sent(request)) == (401, "not_authenticated")

    @pytest.mark.parametrize("table", ["users", "tenants"])
    def test_of_somebody_disabled_is_a_strangers(self, world: World, make: Maker, table: str) -> None:
        key = make(world.scout)
        run(f"UPDATE {table} SET status = 'disabled'")

        assert said(sent(signed(key, "GET", MARKETS))) == (401, "not_authenticated")

    def test_of_an_unknown_key_gets_the_answer_of_a_wrong_signature(self, world: World, make: Maker) -> None:
        known, unknown = make(world.scout), make(world.scout)
        wrong = signed(known, "GET", MARKETS)
        wrong = httpx.Request("GET", str(wrong.url).replace("markets", "events"), headers=wrong.headers)
        stranger = signed(unknown, "GET", MARKETS)
        for name in ("X-HMAC-KeyId", "Signature-Input"):
            if name in stranger.headers:
                stranger.headers[name] = stranger.headers[name].replace(unknown.key_id, f"xms_{'0' * 16}")

        answers = [without_id(sent(request)) for request in (wrong, stranger)]

        assert answers[0] == answers[1]
        assert answers[0][1]["www-authenticate"] == "Bearer, Signature"
        assert known.key_id not in str(answers)
        assert "xms_0" not in str(answers)

    def test_with_a_key_besides_is_refused(self, world: World, make: Maker) -> None:
        request = signed(make(world.scout), "GET", MARKETS)
        request.headers["Authorization"] = f"Bearer {make_key(world.scout)}"

        assert said(sent(request)) == (400, "one_credential")

    def test_too_large_for_its_view_is_refused_before_it_is_hashed(
        self, world: World, make: Maker, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.API_BODY_LIMIT = 1000
        key = make(world.scout)
        monkeypatch.setattr(signatures, "_checked", lambda claim: pytest.fail("It was hashed."))

        response = sent(signed(key, "POST", "/api/v1/proposals", b"{" + b" " * 1000 + b"}"))

        assert (*said(response), response.json()["limit"]) == (413, "too_large", 1000)

    def test_may_be_larger_where_its_view_allows_it(self, world: World, make: Maker) -> None:
        evidence = {"url": "https://example.org/", "content_type": "text/plain", "body": "\x01" * 500_000}

        response = sent(posted(make(world.scout), json.dumps(evidence).encode()))

        assert response.status_code == 201

    def test_is_refused_where_no_nonce_can_be_kept(
        self, world: World, make: Maker, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = make(world.scout)
        run("ALTER TABLE request_nonces ADD CONSTRAINT the_store_is_full CHECK (false) NOT VALID")

        with caplog.at_level(logging.ERROR):
            response = sent(signed(key, "GET", MARKETS))

        assert said(response) == (503, "database_unavailable")
        assert response.headers["Retry-After"]
        assert "No nonce can be kept" in caplog.text

    def test_is_refused_while_the_database_is_away(
        self, world: World, make: Maker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> None:
            raise OperationalError

        key = make(world.scout)
        monkeypatch.setattr(signatures, "_take_nonce", away)

        assert said(sent(signed(key, "GET", MARKETS))) == (503, "database_unavailable")

    def test_is_not_asked_for_where_everybody_may_ask(self, world: World, make: Maker) -> None:
        request = signed(make(world.scout), "GET", "/api/v1/version")

        assert [sent(request).status_code for _ in range(2)] == [200, 200]
        assert one("SELECT count(*) FROM request_nonces") == 0


class TestThePolicy:
    @pytest.mark.parametrize(
        ("policy", "status"),
        [("none", (200, 200, 200)), ("hmac", (401, 200, 200)), ("ed25519", (401, 401, 200))],
    )
    def test_says_what_a_principal_signs_with(
        self, world: World, policy: str, status: tuple[int, int, int]
    ) -> None:
        credentials = (
            ApiKey(make_key(world.scout)),
            make_hmac_key(world.scout),
            make_ed25519_key(world.scout),
        )
        require_signature(world.scout, policy)

        answers = [sent(signed(credential, "GET", MARKETS)) for credential in credentials]

        assert tuple(answer.status_code for answer in answers) == status
        refused = [answer.json() for answer in answers if answer.status_code == 401]
        assert all((each["code"], each["policy"]) == ("signature_is_required", policy) for each in refused)

    def test_holds_nobody_else(self, world: World) -> None:
        require_signature(world.scout, "ed25519")

        assert sent(signed(ApiKey(make_key(world.edith)), "GET", MARKETS)).status_code == 200


def test_both_kinds_of_signature_at_once_are_refused(world: World) -> None:
    request = signed(make_hmac_key(world.scout), "GET", MARKETS)
    make_ed25519_key(world.scout).sign(request)

    assert said(sent(request)) == (400, "one_credential")


def test_a_secret_that_no_key_opens_signs_nothing_and_is_told_to_operators(
    world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    key = make_hmac_key(world.scout)
    settings.SIGNING_SECRETS_KEYS = [Fernet.generate_key().decode()]

    with caplog.at_level(logging.ERROR):
        response = sent(signed(key, "GET", MARKETS))

    assert said(response) == (401, "not_authenticated")
    assert "SIGNING_SECRETS_KEY does not open" in caplog.text
    assert key.secret not in caplog.text


def test_an_hmac_key_is_none_of_ed25519_and_the_other_way_round(world: World) -> None:
    secret, pair = make_hmac_key(world.scout), make_ed25519_key(world.scout)
    wrong = (type(secret)(pair.key_id, secret.secret), type(pair)(secret.key_id, pair.signer))

    answers = [said(sent(signed(credential, "GET", MARKETS))) for credential in wrong]

    assert answers == [(401, "not_authenticated")] * 2


def test_the_nonce_is_taken_in_a_unit_of_its_own_before_the_requests(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def noting(role: str, **known: Any) -> Any:
        opened.append(known.get("payload_hash", "for the nonce"))
        return unit(role, **known)

    monkeypatch.setattr("core.web.signatures.unit", noting)
    monkeypatch.setattr("core.web.views.unit", noting)
    sent(signed(make_hmac_key(world.scout), "GET", MARKETS))

    assert opened == ["for the nonce", hashlib.sha256(b"").hexdigest()]
