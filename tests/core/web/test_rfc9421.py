"""RFC 9421: what must be covered, by which parameters, and that the body is the one that was signed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms
from pytest_django import Settings

from core.web import rfc9421
from tests.factories import World
from tests.raw import one
from tests.signing import make_ed25519_key, seconds_from_now, sent, signed
from xmarket_client import Ed25519Key

pytestmark = pytest.mark.django_db

URL = "http://localhost/api/v1/markets"
NONCE = "0123456789abcdefg"
Change = dict[str, Any]


def digest(body: bytes = b"", algorithm: str = "sha-256") -> str:
    made = hashlib.new(algorithm.replace("-", ""), body).digest()
    return f"{algorithm}=:{base64.b64encode(made).decode()}:"


def written(
    key: Ed25519Key, parameters: str, covered: dict[str, str] | None = None, **headers: str
) -> httpx.Request:
    """A request whose signature is genuine over whatever it covers, as a hand would write it."""
    values = (
        {"@method": "GET", "@target-uri": URL, "content-digest": headers.get("digest", digest())}
        if covered is None
        else covered
    )
    names = " ".join(f'"{name}"' if not name.startswith('"') else name for name in values)
    inputs = f"({names}){parameters}"
    lines = [
        f'"{name}": {value}' if not name.startswith('"') else f"{name}: {value}"
        for name, value in values.items()
    ]
    base = "\n".join([*lines, f'"@signature-params": {inputs}'])
    signature = base64.b64encode(key.signer(base.encode())).decode()
    label = headers.get("label", "sig")
    return httpx.Request(
        "GET",
        URL,
        headers={
            "Content-Digest": headers.get("digest", digest()),
            "Signature-Input": f"{label}={inputs}",
            "Signature": f"{label}=:{signature}:",
        },
    )


def parameters(key: Ed25519Key, **changes: Any) -> str:
    given = {"created": int(datetime.now(UTC).timestamp()), "keyid": key.key_id, "nonce": NONCE, **changes}
    return "".join(f";{name}={_item(value)}" for name, value in given.items() if value is not None)


def _item(value: Any) -> str:
    if isinstance(value, bool):
        return f"?{int(value)}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def status(request: httpx.Request) -> int:
    return sent(request).status_code


def now(seconds: int = 0) -> int:
    return int(seconds_from_now(seconds).timestamp())


def test_a_signature_written_by_hand_is_accepted(world: World) -> None:
    key = make_ed25519_key(world.scout)

    assert status(written(key, parameters(key))) == 200
    assert one("SELECT nonce FROM request_nonces") == NONCE


def test_a_signature_of_the_package_itself_is_accepted(world: World) -> None:
    private = Ed25519PrivateKey.generate()
    known = make_ed25519_key(world.scout)
    ours = MappingKeyResolver(public_keys={}, private_keys={known.key_id: private})
    request = httpx.Request("GET", f"{URL}?limit=3")
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=ours)
    # under another private key, and then under the right one
    covered = ("@method", "@target-uri", "content-digest")
    signer.sign(request, key_id=known.key_id, nonce=NONCE, covered_component_ids=covered, body=b"")
    assert status(request) == 401

    class Ours(algorithms.ED25519):
        def sign(self, message: bytes) -> bytes:
            return known.signer(message)

    request = httpx.Request("GET", f"{URL}?limit=3")
    signer = HTTPMessageSigner(signature_algorithm=Ours, key_resolver=ours)
    signer.sign(request, key_id=known.key_id, nonce=NONCE, covered_component_ids=covered, body=b"")
    assert status(request) == 200


def test_a_query_is_covered(world: World) -> None:
    key = make_ed25519_key(world.scout)
    request = signed(key, "GET", "/api/v1/markets?limit=3&status=active")
    tampered = httpx.Request("GET", str(request.url).replace("limit=3", "limit=4"), headers=request.headers)

    assert status(tampered) == 401
    assert status(request) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"created": None},
        {"keyid": None},
        {"nonce": None},
        {"created": "2026-11-21T12:00:00Z"},
        {"created": True},
        {"created": 1763726400.5},
        {"created": 0},
        {"created": -1},
        {"created": 999999999999999},
        {"nonce": "short"},
        {"nonce": "n" * 129},
        {"nonce": 12345678901234},
        {"nonce": "a nonce with blanks"},
        {"keyid": "xms_0000000000000000"},
        {"keyid": "' OR 1=1 --"},
        {"keyid": 7},
        {"alg": "hmac-sha256"},
        {"alg": "rsa-v1_5-sha256"},
        {"tag": "another-application"},
        {"colour": "green"},
    ],
    ids=str,
)
def test_other_parameters_are_refused_although_the_signature_is_genuine(
    world: World, changes: Change
) -> None:
    key = make_ed25519_key(world.scout)

    assert status(written(key, parameters(key, **changes))) == 401


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"alg": "ed25519"}, 200),
        ({"expires": 60}, 200),
        ({"expires": -1}, 401),
        ({"created": -115}, 200),
        ({"created": 115}, 200),
        ({"created": -125}, 401),
        ({"created": 125}, 401),
    ],
    ids=str,
)
def test_time_is_judged_by_the_clock_of_the_database(world: World, changes: Change, expected: int) -> None:
    key = make_ed25519_key(world.scout)
    given = {name: now(value) if isinstance(value, int) else value for name, value in changes.items()}

    assert status(written(key, parameters(key, **given))) == expected


@pytest.mark.parametrize("left_out", rfc9421.COVERED)
def test_what_must_be_covered_is(world: World, left_out: str) -> None:
    key = make_ed25519_key(world.scout)
    covered = {"@method": "GET", "@target-uri": URL, "content-digest": digest()}
    del covered[left_out]

    assert status(written(key, parameters(key), covered)) == 401


@pytest.mark.parametrize(
    "part", ['"content-digest";key="sha-256"', '"content-digest";sf', '"content-digest";bs']
)
def test_a_part_of_the_digest_is_not_the_digest(world: World, part: str) -> None:
    key = make_ed25519_key(world.scout)
    covered = {"@method": "GET", "@target-uri": URL, part: digest().partition("=")[2]}

    assert status(written(key, parameters(key), covered)) == 401


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (digest(), 200),
        (digest(algorithm="sha-512"), 200),
        (f"{digest()}, {digest(algorithm='sha-512')}", 200),
        (digest(b"another body"), 401),
        (f"{digest()}, {digest(b'another body', 'sha-512')}", 401),
        (digest(algorithm="md5"), 401),
        ("", 401),
        ("sha-256", 401),
        ("sha-256=:!:", 401),
        ("sha-256=1", 401),
        (f"{digest()}, {digest()}", 401),
    ],
)
def test_the_digest_is_recomputed_from_the_bytes_that_came(world: World, header: str, expected: int) -> None:
    key = make_ed25519_key(world.scout)

    assert status(written(key, parameters(key), digest=header)) == expected


def test_two_labels_are_refused_by_name(world: World) -> None:
    key = make_ed25519_key(world.scout)
    first, second = written(key, parameters(key)), written(key, parameters(key), label="other")
    for name in ("Signature", "Signature-Input"):
        first.headers[name] += f", {second.headers[name]}"

    response = sent(first)

    assert (response.status_code, response.json()["code"]) == (400, "one_signature")


def spoiling(name: str, value: str) -> Callable[[httpx.Request], None]:
    return lambda request: request.headers.update({name: value})


@pytest.mark.parametrize(
    "spoil",
    [
        spoiling("Signature", ""),
        spoiling("Signature", "sig"),
        spoiling("Signature", "sig=:AAAA:"),
        spoiling("Signature", "sig=:not base64:"),
        spoiling("Signature", 'sig="text"'),
        spoiling("Signature", f"sig=:{base64.b64encode(bytes(64)).decode()}:"),
        spoiling("Signature", "other=:AAAA:"),
        spoiling("Signature", "sig=:" + "A" * 10_000 + ":"),
        spoiling("Signature-Input", ""),
        spoiling("Signature-Input", "sig"),
        spoiling("Signature-Input", "sig=1"),
        spoiling("Signature-Input", "sig=()"),
        spoiling("Signature-Input", "sig=("),
        spoiling("Signature-Input", "\x7f"),
        spoiling("Signature-Input", 'sig=("@method" "@method")'),
        lambda request: request.headers.pop("Signature"),
        lambda request: request.headers.pop("Signature-Input"),
        lambda request: request.headers.pop("Content-Digest"),
    ],
)
def test_headers_that_are_not_well_written_get_the_one_answer(
    world: World, spoil: Callable[[httpx.Request], None]
) -> None:
    key = make_ed25519_key(world.scout)
    request = written(key, parameters(key))
    spoil(request)

    response = sent(request)

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_behind_a_proxy_the_address_is_the_one_the_client_knows(world: World, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["xmarket.example.org"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    key = make_ed25519_key(world.scout)
    request = httpx.Request("GET", "https://xmarket.example.org/api/v1/markets")
    key.sign(request)
    forwarded = httpx.Request(
        "GET",
        "http://inside/api/v1/markets",
        headers=[*request.headers.items(), ("X-Forwarded-Proto", "https")],
    )

    assert status(forwarded) == 200
