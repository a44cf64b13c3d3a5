"""What a proposal and its market may do, in memory: the model that E13 holds the database to.

A move answers with the name of the refusal it must meet, or None where it must happen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

OPEN = ("proposed", "changes_requested")
MOVES = {"pause": {"active": "paused"}, "resume": {"paused": "active"}}
MOVES["close"] = {"active": "closed", "paused": "closed"}
CHANGES = {
    "amend": ("active", "paused", "closed"),
    "resolve": ("active", "paused", "closed", "disputed"),
    "void": ("active", "paused", "closed", "resolved", "disputed"),
    "reopen": ("paused", "closed"),
}
RANKS = {"viewer": 0, "editor": 1, "admin": 2, "super-admin": 3}


@dataclass(frozen=True)
class Voter:
    """Somebody who tries to decide."""

    name: str
    role: str = "admin"
    is_operator: bool = False
    is_foreign: bool = False


@dataclass
class Life:
    """One proposal, the question put about it, and the market it became.

    :ivar quorum: how many admins must say yes.
    :ivar wording: which revision stands; the request is over the same.
    :ivar votes: who decided on the request, and how.
    :ivar market: the state of the market; empty while there is none.
    :ivar is_revoked: the approval that opened the market was taken back, and nobody approved its reopening since.
    :ivar disputed_by: who disputed the resolution that stands.
    """

    quorum: int
    proposal: str = "proposed"
    request: str = "open"
    wording: int = 1
    votes: dict[str, str] = field(default_factory=dict)
    market: str = ""
    is_revoked: bool = False
    disputed_by: set[str] = field(default_factory=set)
    revocations: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.proposal in ("rejected", "withdrawn") or self.market == "voided"

    def vote(self, voter: Voter, verdict: str, *, saw_this: bool) -> str | None:
        """Decide on the newest request, having seen its content or another one."""
        refusal = self._why_not(voter, saw_this=saw_this)
        if refusal:
            return refusal
        self.votes[voter.name] = verdict
        if verdict == "reject":
            self.request = self.proposal = "rejected"
        elif verdict == "request_changes":
            self.request = self.proposal = "changes_requested"
        elif verdict == "approve" and self._approvals() == self.quorum:
            self.request, self.proposal, self.market = "granted", "approved", "active"
        return None

    def revise(self, *, to_another: bool) -> str | None:
        """Put another wording, or the same again."""
        if not to_another and self.proposal == "proposed":
            return None
        if not to_another and self.proposal == "changes_requested":
            return "nothing_changed"
        if self.proposal not in OPEN:
            return "proposal_is_closed"
        self.wording += 1
        self._ask_anew()
        return None

    def resubmit(self) -> str | None:
        """Ask again about the same wording."""
        return "request_is_still_open" if self.proposal == "proposed" else "proposal_is_closed"

    def withdraw(self, *, own: bool) -> str | None:
        """Take it back, or what is somebody else's."""
        if not own:
            return "proposal_is_somebody_elses"
        if self.proposal not in OPEN:
            return "proposal_is_closed"
        self.proposal = self.request = "withdrawn"
        return None

    def trade(self, move: str) -> str | None:
        """Pause, resume or close the market."""
        if not self.market:
            return "not_found"
        becomes = MOVES[move].get(self.market)
        if becomes is None:
            return "market_moves_as_it_may"
        if becomes == "active" and self.is_revoked:
            return "market_waits_for_reopening"
        self.market = becomes
        return None

    def change(self, kind: str, *, is_stale: bool) -> str | None:
        """Propose a change of the market, and let as many people approve it as it takes."""
        if self.market not in CHANGES[kind]:
            return "market_moves_as_it_may"
        if is_stale:
            return "market_has_moved_on"
        if kind != "amend":
            self.market = {"resolve": "resolved", "void": "voided", "reopen": "active"}[kind]
            self.disputed_by = set()
        if kind == "reopen":
            self.is_revoked = False
        return None

    def revoke(self) -> str | None:
        """Take back the approval that opened the market."""
        if self.revocations:
            return "grant_is_revoked_once"
        self.revocations, self.is_revoked = 1, True
        if self.market == "active":
            self.market = "paused"
        return None

    def dispute(self, name: str) -> str | None:
        """Say that the market ended otherwise."""
        if self.market not in ("resolved", "disputed"):
            return "dispute_is_about_a_resolution"
        if name in self.disputed_by:
            return "dispute_is_raised_once"
        self.disputed_by.add(name)
        self.market = "disputed"
        return None

    def _why_not(self, voter: Voter, *, saw_this: bool) -> str | None:
        if self.request != "open":
            return "request_is_closed"
        if not saw_this:
            return "digest_is_not_the_one_under_review"
        if voter.is_operator:
            return "operator_cannot_decide"
        if voter.is_foreign:
            return "reviewer_is_of_another_tenant"
        if RANKS[voter.role] < RANKS["admin"]:
            return "reviewer_lacks_the_role"
        return "reviewer_decides_once" if voter.name in self.votes else None

    def _approvals(self) -> int:
        return sum(verdict == "approve" for verdict in self.votes.values())

    def _ask_anew(self) -> None:
        self.proposal, self.request = "proposed", "open"
        self.votes = {}
