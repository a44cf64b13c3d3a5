"""What looks like a secret is hidden wherever payloads, results and errors are shown to people."""

from __future__ import annotations

import re
from typing import Any

from core.access import keys

HIDDEN = "(hidden)"
DEEPEST = 64
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAMES = (
    r"pass(?:word|wd|phrase|code)|secret|token|credential|authori[sz]ation|cookie|session_?id|"
    r"(?<![a-z])(?:pwd|otp|totp)(?![a-z])|keys?(?![a-z])"
)
_IS_SECRET = re.compile(_NAMES)
# the lengths are bounded, so that no text takes long to read
_ASSIGNED = re.compile(
    rf"""(\b[\w-]{{0,40}}(?:{_NAMES})[\w-]{{0,40}}["']?\s{{0,3}}[=:]\s{{0,3}}["']?)"""
    r"""(?:(?:bearer|basic)\s+)?[^\s&"',;]{1,4096}""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(\bbearer\s{1,3})[\w.~+/=-]{8,4096}", re.IGNORECASE)
_IN_AN_ADDRESS = re.compile(r"(://)[^\s/@]{1,500}@")


def masked(value: Any, depth: int = 0) -> Any:
    """The same value with every secret hidden: what a telling name leads to, and what a text gives away.

    :param value: what JSON holds; pairs of a name and a value count as an object does.
    """
    if depth > DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        named = {name: _under(str(name), each, depth) for name, each in value.items()}
        label = value.get("name", value.get("key"))
        if "value" in value and isinstance(label, str):
            # the other way to write a pair
            named["value"] = _under(label, value["value"], depth)
        return named
    if isinstance(value, list | tuple):
        is_pair = len(value) == len(("name", "value")) and isinstance(value[0], str)
        if is_pair and is_secret(value[0]):
            return [value[0], _under(value[0], value[1], depth)]
        return [masked(each, depth + 1) for each in value]
    return text(value) if isinstance(value, str) else value


def is_secret(name: str) -> bool:
    """Whether something of this name is nobody's to see: `api_key`, `X-Auth-Token`, `dbPassword`."""
    return bool(_IS_SECRET.search(_HUMP.sub("_", name).lower()))


def text(said: str) -> str:
    """A text without the secrets that it spells out: keys of ours, bearer tokens, `password=...`."""
    said = keys.WRITTEN.sub(HIDDEN, said)
    said = _BEARER.sub(rf"\1{HIDDEN}", said)
    said = _IN_AN_ADDRESS.sub(rf"\1{HIDDEN}@", said)
    return _ASSIGNED.sub(rf"\1{HIDDEN}", said)


def _under(name: str, value: Any, depth: int) -> Any:
    return HIDDEN if value is not None and is_secret(name) else masked(value, depth + 1)
