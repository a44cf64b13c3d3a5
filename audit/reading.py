"""What a person reads before deciding: data that the room of the subject gives, and one page shows.

A room above says everything in these words, so that a new action needs a `Reading` and no page of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from audit.comparison import Row
from core.refusals import Refusal


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    words: str
    address: str


@dataclass(frozen=True)
class Check:
    """One finding of a machine; `passed` is None for what only informs."""

    passed: bool | None
    subject: str
    said: str


@dataclass(frozen=True)
class Since:
    """The last fetch of the same address, after the one that is shown.

    :ivar is_other: whether it brought another content.
    """

    fetched_at: datetime
    is_other: bool
    address: str


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence as it was just read.

    :ivar name: where it came from.
    :ivar content_sha256: in hex; empty where the content is not known.
    :ivar problem: why nothing is shown of it; None when the content is what its digest says.
    :ivar address: its own page; `content_address` hands the content over as a file.
    """

    name: str
    snapshot_id: str
    fetched_at: datetime
    size_bytes: int | None
    content_sha256: str
    excerpt: str
    problem: Refusal | None
    is_damaged: bool
    address: str
    content_address: str
    since: Since | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the content was read and matches its digest."""
        return self.problem is None


@dataclass(frozen=True)
class Likeness:
    """Something that says nearly the same.

    :ivar similarity: 0 to 1.
    :ivar standing: what became of it, in one word ("active").
    """

    title: str
    name: str
    similarity: float
    standing: str
    address: str

    @property
    def percent(self) -> int:
        """The similarity as people say it, cut off and never rounded up."""
        return int(self.similarity * 100)


@dataclass(frozen=True)
class Made:
    """What an approval made.

    :ivar proof: the address of the API that proves it; empty where there is none.
    """

    words: str
    address: str
    id: UUID
    proof: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything a person reads before they decide on one request.

    :ivar title: what it asks or says.
    :ivar name: what it is called, such as a symbol.
    :ivar kind: what it is, in a few words ("new political market").
    :ivar wording: which wording is put to people ("revision 2").
    :ivar before: the wording it is compared with ("revision 1"), or what stands ("the market"); empty where
        there is nothing before it.
    :ivar effect: what an approval does, as the rest of a sentence after "It" ("opens the market at once").
    :ivar done: what is so afterwards, after "Approved: " ("the market exists").
    :ivar rows: every field of the content, from `comparison.compare`.
    :ivar wordings: which wording each request about the subject put to people, by its id.
    :ivar likes: what says nearly the same, the likest first; None where nobody looked.
    :ivar place: the subject's own page.
    :ivar made: what the approval of this request made; None until then.
    :ivar related: picks the requests about the same thing, this subject's own included.
    """

    title: str
    name: str
    kind: str
    wording: str
    before: str
    effect: str
    done: str
    rows: Sequence[Row]
    wordings: Mapping[UUID, str] = field(default_factory=dict)
    evidence: Sequence[Exhibit] = ()
    checks: Sequence[Check] = ()
    likes: Sequence[Likeness] | None = None
    place: Link | None = None
    made: Made | None = None
    related: Q | None = None
