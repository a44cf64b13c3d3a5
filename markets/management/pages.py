"""How drawn pages are written: Markdown, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

ROOMS = ("core", "audit", "artifacts", "markets", "config")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lay rows out as a table of Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
