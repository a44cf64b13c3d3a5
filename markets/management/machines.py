"""Every state machine of the project, as docs/states.md shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from audit import approvals
from audit.models import REQUEST_STATUSES, ApprovalRequest
from core.access import people, tenants
from core.access.models import Tenant, User
from core.jobs import claims, queue
from core.jobs.models import STATUSES as JOB_STATUSES
from core.jobs.models import Job
from markets import candidates, proposals, publishing, trading
from markets.life import changes, closing, disputes
from markets.management.pages import table
from markets.models import CANDIDATE_STATUSES, MARKET_STATUSES, PROPOSAL_STATUSES, Candidate, Market, Proposal


@dataclass(frozen=True)
class Move:
    """One way from one state to another.

    :ivar source: None where the row begins.
    :ivar verb: None where a guard of the database moves it, as a consequence.
    """

    source: str | None
    target: str
    verb: Callable[..., Any] | None
    who: str


@dataclass(frozen=True)
class Machine:
    """Everything that has a status: its states, and every way between them."""

    title: str
    model: type[Any]
    states: Sequence[str]
    moves: Sequence[Move]
    said: str


OWN = "The proposer, by key or as an editor"
STAFF = "A person whose role the policy asks for, who neither proposed nor operates the proposer"
OPERATOR = "The proposer, or the person who operates the agent that proposed"
OPERATES = "A person who holds `markets:operate`, with a reason"
CLOCK = "The worker, once `closes_at` has come"
REOPENS = "The vote that grants `market:reopen`"
RESOLVES = "The vote that grants `market:resolve`; an open dispute is settled by it"
VOIDS = "The vote that grants `market:void`"
DISPUTES = "An agent by key, or an editor, with evidence, before `challenge_until`"
REVOKES = "An admin who revokes the approval"
MARKET_VERBS = {"paused": trading.pause, "active": trading.resume, "closed": trading.close}

MACHINES = (
    Machine(
        "Proposal",
        Proposal,
        PROPOSAL_STATUSES,
        (
            Move(None, "proposed", proposals.propose, "An agent by key, or an editor"),
            Move("proposed", "proposed", proposals.revise, OWN),
            Move("proposed", "proposed", proposals.resubmit, f"{OWN}, after the time to decide ran out"),
            Move("proposed", "approved", None, "The vote that fills the quorum of its request"),
            Move("proposed", "changes_requested", None, "A decision `request_changes` on its request"),
            Move("proposed", "rejected", None, "A decision `reject` on its request"),
            Move("changes_requested", "proposed", proposals.revise, f"{OWN}, with another wording"),
            Move("proposed", "withdrawn", proposals.withdraw, OPERATOR),
            Move("changes_requested", "withdrawn", proposals.withdraw, OPERATOR),
        ),
        "A proposal has no will of its own: a trigger copies what happened to its request, and refuses "
        "everybody else (`proposal_follows_its_request`).",
    ),
    Machine(
        "Approval request",
        ApprovalRequest,
        REQUEST_STATUSES,
        (
            Move(None, "open", approvals.request, "The verbs that propose, revise and resubmit"),
            Move("open", "open", approvals.abstain, STAFF),
            Move("open", "open", approvals.approve, f"{STAFF}; slots are still missing"),
            Move("open", "granted", approvals.approve, f"{STAFF}; the last missing slot"),
            Move(
                "open",
                "granted",
                approvals.break_glass,
                f"{STAFF}; a super-admin in an emergency, for everybody",
            ),
            Move("open", "rejected", approvals.reject, STAFF),
            Move("open", "changes_requested", approvals.request_changes, STAFF),
            Move("open", "superseded", None, "A newer request about the same subject"),
            Move("open", "withdrawn", approvals.withdraw, OPERATOR),
            Move("changes_requested", "withdrawn", approvals.withdraw, OPERATOR),
        ),
        "Expiry is no state: an open request whose `expires_at` has passed can only be replaced or withdrawn "
        "(`request_has_expired`). A request only ever closes (`request_only_closes`).",
    ),
    Machine(
        "Market",
        Market,
        MARKET_STATUSES,
        (
            Move(None, "active", trading.open_approved, "The vote that grants `market:create`"),
            *(
                Move(source, target, MARKET_VERBS[target], OPERATES)
                for source, targets in trading.MOVES.items()
                for target in targets
            ),
            *(Move(source, "closed", closing.close_due, CLOCK) for source in ("active", "paused")),
            *(Move(source, "active", changes.reopen_approved, REOPENS) for source in ("paused", "closed")),
            *(
                Move(source, "resolved", changes.resolve_approved, RESOLVES)
                for source in ("active", "paused", "closed", "disputed")
            ),
            Move("resolved", "disputed", disputes.dispute, DISPUTES),
            *(
                Move(source, "voided", changes.resolve_approved, VOIDS)
                for source in ("active", "paused", "closed", "resolved", "disputed")
            ),
            Move("active", "paused", None, f"{REVOKES} it rests on"),
            Move("resolved", "disputed", None, f"{REVOKES} of its resolution, before `challenge_until`"),
        ),
        "There is no `pending_approval`: a market exists only after approval, and its proposal shows the "
        "waiting. The trigger `market_moves_as_it_may` allows exactly these moves. Once `challenge_until` is "
        "over, nothing changes a resolved market (`resolution_is_final`).",
    ),
    Machine(
        "Proposed event",
        Candidate,
        CANDIDATE_STATUSES,
        (
            Move(None, "pending", candidates.propose, "An agent by key, or an editor"),
            Move("pending", "pending", candidates.resubmit, f"{OWN}, after the time to decide ran out"),
            Move("pending", "approved", None, "The vote that fills the quorum of its request"),
            Move("approved", "processed", publishing.publish_approved, "The same vote, which publishes it"),
            Move("pending", "processed", publishing.publish_by_policy, "Its proposal, if a policy says so"),
            Move("pending", "rejected", None, "A decision `reject` or `request_changes` on its request"),
            Move("pending", "withdrawn", candidates.withdraw, OPERATOR),
        ),
        "An event has no revisions: what is sent back is rejected, with the reason. A trigger copies what "
        "happened to its request, and refuses everybody else (`candidate_follows_its_request`).",
    ),
    Machine(
        "Job",
        Job,
        JOB_STATUSES,
        (
            Move(None, "pending", queue.enqueue, "Whoever may ask for the work; also a schedule"),
            Move("pending", "processing", claims.claim, "A worker, when the job is due"),
            Move("retry", "processing", claims.claim, "A worker, when the job is due"),
            Move("processing", "completed", claims.complete, "Its worker, in the transaction of the effect"),
            Move("processing", "retry", claims.fail, "Its worker, or whoever finds its lease over"),
            Move("processing", "dlq", claims.fail, "The same, after the last attempt"),
            Move("processing", "failed", claims.fail, "Its worker, where no further attempt would help"),
            Move("processing", "cancelled", claims.fail, "Its worker, which was asked to stop it"),
            Move("processing", "pending", claims.give_back, "Its worker, which did not begin it"),
            Move("processing", "retry", claims.give_back, "The same, after an attempt that failed"),
            Move("pending", "cancelled", queue.cancel, "Whoever sees it and may cancel"),
            Move("retry", "cancelled", queue.cancel, "Whoever sees it and may cancel"),
            *(
                Move(state, "pending", queue.drive_again, "An admin")
                for state in ("retry", "failed", "dlq", "cancelled")
            ),
        ),
        "The trigger `job_moves_as_it_may` allows exactly these moves; what has been completed stays so.",
    ),
    Machine(
        "Tenant",
        Tenant,
        ("active", "disabled"),
        (
            Move(None, "active", tenants.create, "A super-admin of the platform"),
            Move(
                "active",
                "disabled",
                tenants.disable,
                "A super-admin of the platform, not the platform itself",
            ),
            Move("disabled", "active", tenants.enable, "A super-admin of the platform"),
        ),
        "The keys and people of a disabled tenant are nobody's.",
    ),
    Machine(
        "User",
        User,
        ("active", "disabled"),
        (
            Move(None, "active", None, "A verb of `core.access.people`; the default of the column"),
            Move("active", "disabled", people.disable, "An admin, not for themselves"),
            Move("disabled", "active", people.enable, "An admin"),
        ),
        "Somebody disabled is refused at the next request.",
    ),
)


def states() -> Iterator[str]:
    """Every state machine as a diagram and a table."""
    yield from ("# States", "", "Who moves what, and by which verb. What is not listed is refused.")
    for machine in MACHINES:
        yield from ("", f"## {machine.title}", "", f"`{machine.model._meta.db_table}.status`. {machine.said}")
        yield from ("", "```mermaid", "stateDiagram-v2")
        reached = {move.target for move in machine.moves}
        yield from (f"    {state}" for state in machine.states if state not in reached)
        yield from dict.fromkeys(
            f"    {move.source or '[*]'} --> {move.target}: {_word(move)}" for move in machine.moves
        )
        yield from ("```", "")
        rows = ((move.source or "(new)", move.target, _named(move), move.who) for move in machine.moves)
        yield from table(("from", "to", "verb", "who"), rows)


def _word(move: Move) -> str:
    return move.verb.__name__ if move.verb else "by trigger" if move.source else "insert"


def _named(move: Move) -> str:
    return f"`{move.verb.__module__}.{move.verb.__name__}`" if move.verb else "none"
