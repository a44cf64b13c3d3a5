"""How events say no, proposed or published; each name is also the name the database refuses by."""

from __future__ import annotations

from core.refusals import Refusal


class CandidateIsWellFormed(Refusal):
    """A proposed event's canonical text says what an event needs."""

    code = "candidate_is_well_formed"
    status = 422
    hint = "It needs market_id, symbol, summary and snapshot_ids."
    constraints = ("summary_is_1_to_500_long", "candidate_confidence_is_0_to_1", "impact_is_100_at_most")


class UnknownMarket(Refusal):
    """There is no such market here to propose an event on."""

    code = "candidate_has_a_known_market"
    status = 422
    hint = "Name the market_id of a market of your tenant."


class MarketTakesNoEvents(Refusal):
    """Nothing is published on a market that was voided."""

    code = "market_takes_no_events"
    hint = "Propose the event on another market."


class KnownAtIsNotToCome(Refusal):
    """Nobody knows an event before it is known."""

    code = "known_at_is_not_to_come"
    status = 422
    hint = "Send the time at which it was known, or leave it out."


class CandidateShowsNoEvidence(Refusal):
    """A proposed event shows at least one snapshot as evidence, each once."""

    code = "candidate_shows_evidence"
    status = 422
    hint = "Ingest the page you rely on, and name its snapshot_id."


class EventIsProposedOnce(Refusal):
    """The same event, by the same evidence, was proposed on this market before."""

    code = "event_is_proposed_once"
    hint = (
        "Look at the proposed events of this market; what was rejected needs other words or other evidence."
    )


class CandidateNeverChanges(Refusal):
    """A proposed event stays as it was proposed."""

    code = "candidate_never_changes"
    hint = "Withdraw it and propose another."


class CandidateFollowsItsRequest(Refusal):
    """The status of a proposed event is what was decided on its request."""

    code = "candidate_follows_its_request"
    status = 403
    hint = "Decide on the request in the admin."


class CandidateIsClosed(Refusal):
    """This proposed event has been decided, withdrawn or published."""

    code = "candidate_is_closed"
    hint = "Propose another."


class CandidateIsSomebodyElses(Refusal):
    """A proposed event belongs to its proposer, and to the person who operates that agent."""

    code = "candidate_is_somebody_elses"
    status = 403
    hint = "Propose your own, or reject it in the admin."


class EventNeedsHumanApproval(Refusal):
    """An event is public by people's approval of exactly its content."""

    code = "event_needs_human_approval"
    status = 422
    hint = "Propose it and have it approved in the admin."
    constraints = (
        "event_approval_is_in_the_log",
        "event_has_a_known_candidate",
        "event_says_why_it_is_public",
    )


class CandidateIsPublishedOnce(Refusal):
    """This proposed event is published already."""

    code = "candidate_is_published_once"
    hint = "Look at the event."
    constraints = ("publication_is_approved_once",)


class UnknownEvent(Refusal):
    """There is no such event to take back."""

    code = "retraction_has_a_known_event"
    status = 422
    hint = "Look at the list of events."


class RetractionIsOnesOwn(Refusal):
    """An event is taken back by an active admin of its tenant, or of the platform, in their own name."""

    code = "retraction_is_ones_own"
    status = 403
    hint = "Log in as yourself, or ask an administrator."
    constraints = ("retraction_is_by_staff",)


class EventIsRetractedOnce(Refusal):
    """This event was taken back already."""

    code = "event_is_retracted_once"
    hint = "Look at the event, which says why."


class RetractionNeverChanges(Refusal):
    """What was taken back stays taken back."""

    code = "retraction_never_changes"
    hint = "Propose the event anew."
