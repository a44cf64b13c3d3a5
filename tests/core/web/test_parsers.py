from __future__ import annotations

import io
import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import InvalidInput, TooLarge
from core.web.parsers import LARGEST_WHOLE, StrictJson, read_object

PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_WHOLE, LARGEST_WHOLE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=12,
)


def faults(body: bytes) -> list[dict[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        read_object(body)
    return refused.value.errors


def pointers(body: bytes) -> list[str]:
    return [fault["pointer"] for fault in faults(body)]


def parse(body: bytes, *, announced: str | None = None, limit: int | None = None) -> dict[str, Any]:
    request = SimpleNamespace(META={"CONTENT_LENGTH": str(len(body)) if announced is None else announced})
    context = {"request": request, "view": SimpleNamespace(body_limit=limit)}
    return StrictJson().parse(io.BytesIO(body), "application/json", context)


@given(st.dictionaries(PLAIN, VALUES, max_size=5))
def test_what_json_can_say_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert read_object(json.dumps(value).encode()) == value
    assert read_object(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused_by_name(body: bytes) -> None:
    with suppress(InvalidInput):
        assert isinstance(read_object(body), dict)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"title": "a\\u0000b"}', "/title"),
        (b'{"tags": ["fine", {"deep": "\\u0000"}]}', "/tags/1/deep"),
        (b'{"a\\u0000": 1}', "/a\x00"),
        (b'{"title": "\\ud83d"}', "/title"),
        (b'{"title": "\\udc00\\ud83d"}', "/title"),
        (b'{"\\ud83d": 1}', "/\\ud83d"),
        (b'{"p": NaN}', "/p"),
        (b'{"p": [0, -Infinity]}', "/p/1"),
        (b'{"p": 1e999}', "/p"),
        (b'{"p": 9007199254740992}', "/p"),
        (b'{"p": -' + b"9" * 5000 + b"}", "/p"),
        (b'{"a": {"x": 1, "x": 1}}', "/a/x"),
        (b'{"a/b": {"c~d": NaN}}', "/a~1b/c~0d"),
        (b"[]", ""),
        (b'"text"', ""),
        (b"null", ""),
        (b"7", ""),
    ],
)
def test_each_fault_names_its_place(body: bytes, pointer: str) -> None:
    assert pointers(body) == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b"\xef\xbb\xbf{}",
        b'{"a": "\x00"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
    ],
)
def test_what_is_no_json_in_utf8_is_refused(body: bytes) -> None:
    assert pointers(body) == [""]


def test_several_faults_are_told_together_but_not_without_end() -> None:
    body = json.dumps({f"n{number}": "\x00" for number in range(50)}).encode()

    assert len(faults(body)) == 20


@pytest.mark.parametrize("depth", [2, 64])
def test_sixty_four_levels_are_read(depth: int) -> None:
    assert read_object(b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}")


@pytest.mark.parametrize("depth", [65, 900])
def test_deeper_nesting_is_refused_with_the_place(depth: int) -> None:
    body = b'{"a":' * depth + b"1" + b"}" * depth

    assert pointers(body) == ["/a" * 64]


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_nesting_without_end_is_refused(opening: bytes) -> None:
    assert "64" in faults(opening * 100_000)[0]["detail"]


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_object(b'{"title": "\\ud83d\\ude00"}') == {"title": "\U0001f600"}


def test_a_body_at_the_limit_is_read() -> None:
    assert parse(b'{"a": 1}', limit=8) == {"a": 1}


@pytest.mark.parametrize("announced", [None, "0", "nonsense", ""])
def test_a_body_over_the_limit_is_refused_whatever_its_length_was_said_to_be(announced: str | None) -> None:
    with pytest.raises(TooLarge) as refused:
        parse(b'{"a": 12}', announced=announced, limit=8)

    assert refused.value.facts == {"limit": 8}


def test_a_body_announced_as_too_large_is_not_read_at_all() -> None:
    body = io.BytesIO(b"{}")
    request = SimpleNamespace(META={"CONTENT_LENGTH": "99999999"})

    with pytest.raises(TooLarge):
        StrictJson().parse(body, "application/json", {"request": request, "view": SimpleNamespace()})

    assert body.tell() == 0
