"""What one wording of something says differently from the wording before it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

# numbers, times and ids stay whole
TOKENS = re.compile(r"\s+|\w(?:[\w.:/+-]*\w)?|[^\w\s]")
# what would let a text look like another one: controls, zero widths and changes of direction
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# comparing word by word costs the product of the lengths
MOST_TOKENS = 3000
# below this, marking single words would hide that the text is another one
ALIKE = 0.25


@dataclass(frozen=True)
class Piece:
    """Some words of a value; `mark` is `del`, `ins` or empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Layout:
    """How a room shows its contents.

    :ivar order: the fields in the order of reading; others come after them by name.
    :ivar labels: what a field is called where its name does not say it.
    """

    order: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One field: what it said, what it says now, and whether that is something else."""

    field: str
    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    is_changed: bool


def compare(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], layout: Layout | None = None
) -> list[Row]:
    """Put two contents side by side, field by field.

    :param before: None for a first wording: everything is new, and nothing is marked.
    """
    layout = layout or Layout()
    new = _flat(after, layout)
    old = {} if before is None else _flat(before, layout)
    fields = [*new, *(name for name in old if name not in new)]
    return [
        replace(
            _compared(name, old.get(name, ""), new.get(name, ""), is_first=before is None),
            label=layout.labels.get(name, name.replace("_", " ")),
        )
        for name in fields
    ]


def _compared(name: str, old: str, new: str, *, is_first: bool) -> Row:
    if is_first:
        return _row(name, "", new, is_changed=bool(new))
    if old == new:
        return _row(name, old, new, is_changed=False)
    before, after = _marked(old, new)
    return Row(name, "", tuple(before), tuple(after), is_changed=True)


def _row(name: str, old: str, new: str, *, is_changed: bool) -> Row:
    before = (Piece(old),) if old else ()
    return Row(name, "", before, (Piece(new),) if new else (), is_changed)


def _flat(content: Mapping[str, Any], layout: Layout) -> dict[str, str]:
    """Each field as text; the members of `metadata` are fields of their own, shown where there are any."""
    known = {name: _written(content[name]) for name in layout.order if name in content}
    others = {
        name: _written(value)
        for name, value in sorted(content.items())
        if name not in known and name != "metadata"
    }
    metadata = content.get("metadata") or {}
    return known | others | {f"metadata {name}": _written(metadata[name]) for name in sorted(metadata)}


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "\n".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def _marked(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    old_words, new_words = TOKENS.findall(old), TOKENS.findall(new)
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    if len(old_words) + len(new_words) > MOST_TOKENS or _likeness(matcher, old_words, new_words) < ALIKE:
        return [Piece(old, "del")] if old else [], [Piece(new, "ins")] if new else []
    before: list[Piece] = []
    after: list[Piece] = []
    for same, old_from, old_to, new_from, new_to in _steps(matcher, old_words):
        _add(before, "".join(old_words[old_from:old_to]), "" if same else "del")
        _add(after, "".join(new_words[new_from:new_to]), "" if same else "ins")
    return before, after


def _likeness(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> float:
    """The share of characters that both have in common, white space aside."""
    same = sum(_written_length(old[at : at + size]) for at, _, size in matcher.get_matching_blocks())
    return 2 * same / max(_written_length(old) + _written_length(new), 1)


def _written_length(tokens: list[str]) -> int:
    return sum(len(token.strip()) for token in tokens)


def _steps(matcher: SequenceMatcher[str], old: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """The matcher's steps; white space between two changes counts as changed too."""
    steps = matcher.get_opcodes()
    return [
        (tag == "equal" and (step in (0, len(steps) - 1) or _says_something(old[a:b])), a, b, c, d)
        for step, (tag, a, b, c, d) in enumerate(steps)
    ]


def _says_something(tokens: list[str]) -> bool:
    return bool("".join(tokens).strip())


def _add(pieces: list[Piece], text: str, mark: str) -> None:
    if text and pieces and pieces[-1].mark == mark:
        pieces[-1] = Piece(pieces[-1].text + text, mark)
    elif text:
        pieces.append(Piece(text, mark))
