"""How markets say no; each name is also the name the database refuses by."""

from __future__ import annotations

from core.refusals import Refusal


class MarketNeedsHumanApproval(Refusal):
    """A market exists only by people's approval of exactly its content."""

    code = "market_needs_human_approval"
    status = 422
    hint = "Propose it and have it approved in the admin."
    constraints = ("market_approval_is_in_the_log",)


class ApprovalIsUsedOnce(Refusal):
    """One approval makes one market, or one change of it."""

    code = "approval_is_used_once"
    hint = "The market exists already, or is changed already."
    constraints = (
        "proposal_becomes_one_market",
        "amendment_approval_is_used_once",
        "resolution_approval_is_used_once",
        "reopening_approval_is_used_once",
        "proposal_amends_once",
        "proposal_resolves_once",
        "proposal_reopens_once",
    )


class SymbolTaken(Refusal):
    """Another proposal or market of this tenant has this symbol."""

    code = "symbol_is_taken"
    hint = "Choose another symbol, or revise the existing proposal."
    constraints = ("market_symbol_is_taken",)


class SymbolIsPlain(Refusal):
    """A symbol is 1 to 50 letters, digits, dots, underscores or hyphens."""

    code = "symbol_is_written_plainly"
    status = 422
    hint = "Write it with `A-Z a-z 0-9 . _ -` alone."


class SymbolNeverChanges(Refusal):
    """A proposal keeps its symbol."""

    code = "symbol_never_changes"
    status = 422
    hint = "Withdraw it and propose anew."


class ProposalIsClosed(Refusal):
    """This proposal has been decided or withdrawn."""

    code = "proposal_is_closed"
    hint = "Propose anew."


class NothingChanged(Refusal):
    """This revision says the same as the one people have read."""

    code = "nothing_changed"
    hint = "Change what they asked for, or withdraw the proposal."


class StillOpen(Refusal):
    """People can still decide on this proposal."""

    code = "request_is_still_open"
    hint = "Wait for the decision, or revise."


class RevisionIsWellFormed(Refusal):
    """A revision's canonical text says what its kind needs."""

    code = "revision_is_well_formed"
    status = 422
    hint = "Send every field that this kind of proposal needs."
    constraints = ("revision_type_is_known", "title_is_1_to_1000_long")


class ShowsNoEvidence(Refusal):
    """A proposal shows at least one snapshot as evidence, each once."""

    code = "revision_shows_evidence"
    status = 422
    hint = "Ingest the page you rely on, and name its snapshot_id."


class EventShowsNoEvidence(Refusal):
    """An event shows at least one snapshot as evidence, each once."""

    code = "event_shows_evidence"
    status = 422
    hint = "Ingest the page you rely on, and name its snapshot_id."


class UnknownEvidence(Refusal):
    """A snapshot named as evidence does not exist here."""

    code = "evidence_is_a_known_snapshot"
    status = 422
    hint = "Ingest it first."


class AgentStatesItsSafety(Refusal):
    """An agent names its producer, its schema version and at least two safety assertions."""

    code = "agent_states_its_safety"
    status = 422
    hint = "Send producer, schema_version and safety_assertions."


class ProposalIsOnesOwn(Refusal):
    """Nobody proposes in the name of another."""

    code = "proposal_is_ones_own"
    status = 403
    hint = "Use your own key."
    constraints = ("proposer_is_of_another_tenant",)


class ProposerIsNotActive(Refusal):
    """Only an active user proposes."""

    code = "proposal_has_a_known_proposer"
    status = 403
    hint = "Use a live account."


class UnknownProposal(Refusal):
    """There is no such proposal."""

    code = "revision_has_a_known_proposal"
    status = 422
    hint = "Propose it first."


class ProposalNeverChanges(Refusal):
    """A proposal keeps what it was made of; its content changes by a revision."""

    code = "proposal_never_changes"
    hint = "Revise it, or withdraw it and propose anew."
    constraints = ("revision_never_changes",)


class ProposalFollowsItsRequest(Refusal):
    """The status of a proposal is what was decided on its request."""

    code = "proposal_follows_its_request"
    status = 403
    hint = "Decide on the request in the admin."


class MarketContentNeverChanges(Refusal):
    """What was approved is what stands."""

    code = "market_content_never_changes"
    hint = "Propose an amendment."
    constraints = ("market_is_never_deleted",)


class MarketMovesAsItMay(Refusal):
    """A market cannot go from its state to that one."""

    code = "market_moves_as_it_may"
    hint = "docs/states.md shows every way there is; what is decided on is proposed first."


class EventNeverChanges(Refusal):
    """A published event stays as it was published."""

    code = "event_never_changes"
    hint = "Publish another event that corrects it."
    constraints = ("evidence_is_linked_by_its_event",)


class NotEntitledToType(Refusal):
    """The proposer is not entitled to markets of this type."""

    code = "not_entitled_to_this_type"
    status = 403
    hint = "Ask an administrator for the entitlement."


class NotEntitledToSymbol(Refusal):
    """The proposer is not entitled to this symbol."""

    code = "not_entitled_to_this_symbol"
    status = 403
    hint = "Ask an administrator for the entitlement."


class NotEntitledToRegion(Refusal):
    """The proposer is not entitled to this region."""

    code = "not_entitled_to_this_region"
    status = 403
    hint = "Ask an administrator for the entitlement."


class ExposureIsLimited(Refusal):
    """A proposal's exposure is within what its proposer is entitled to."""

    code = "exposure_is_within_the_limit"
    status = 403
    hint = "State a lower exposure, or ask an administrator for a higher limit."


class OpenProposalsAreLimited(Refusal):
    """A proposer has no more undecided proposals than they are entitled to."""

    code = "open_proposals_are_within_the_limit"
    status = 403
    hint = "Wait for decisions, or withdraw a proposal."
