"""How a change of a market is refused; each name is also the name the database refuses by."""

from __future__ import annotations

from core.refusals import Refusal


class ChangeNeedsHumanApproval(Refusal):
    """A market changes only by people's approval of exactly that change."""

    code = "amendment_needs_human_approval"
    status = 422
    hint = "Propose it and have it approved in the admin."
    constraints = ("resolution_needs_human_approval", "reopening_needs_human_approval")


class MarketHasMovedOn(Refusal):
    """The market is not what it was when this was proposed."""

    code = "market_has_moved_on"
    hint = "Read it again, and propose on its content_digest."


class MarketWaitsForReopening(Refusal):
    """The approval of this market was revoked, and it was not approved to open again since."""

    code = "market_waits_for_reopening"
    hint = "Propose to open it again."


class MarketWaitsForReview(Refusal):
    """One person let this market through alone, and nobody reviewed that in time."""

    code = "market_waits_for_review"
    hint = "Have another admin review it."


class ChangeIsProposed(Refusal):
    """A change of this kind waits for a decision already."""

    code = "change_is_proposed_already"
    hint = "Wait for the decision, or revise that proposal."


class ResolutionIsYesOrNo(Refusal):
    """A market resolves to yes or to no."""

    code = "resolution_is_yes_or_no"
    status = 422
    hint = "Propose a void where it can be neither."


class ResolvedTooEarly(Refusal):
    """Nobody resolves or clarifies a market by what is not known yet."""

    code = "resolution_was_known_before"
    status = 422
    hint = "Say in known_at when it became known."
    constraints = ("clarification_was_known_before",)


class ResolutionIsFinal(Refusal):
    """The time to dispute this resolution is over."""

    code = "resolution_is_final"
    hint = "Nothing changes it any more."


class ReopensTooShortly(Refusal):
    """A market opens again until a time to come."""

    code = "reopening_ends_in_the_future"
    status = 422
    hint = "Name a later closes_at."


class ChangeNeverChanges(Refusal):
    """What became of a market stays as it was recorded."""

    code = "change_never_changes"
    hint = "Propose another change."
    constraints = ("dispute_never_changes", "clarification_never_changes")


class NothingToDispute(Refusal):
    """Only a market that was resolved is disputed."""

    code = "dispute_is_about_a_resolution"
    hint = "Look at the state it is in."


class DisputeIsOnesOwn(Refusal):
    """Nobody disputes or clarifies in the name of another."""

    code = "dispute_is_ones_own"
    status = 403
    hint = "Act as yourself."
    constraints = ("clarification_is_ones_own",)


class DisputedAlready(Refusal):
    """One disputes a resolution once."""

    code = "dispute_is_raised_once"
    hint = "Wait until people have settled it."


class DisputeSaysWhy(Refusal):
    """A dispute says in 10 to 4000 characters what is wrong."""

    code = "dispute_says_why"
    status = 422
    hint = "Say in a sentence why."


class DisputeShowsNoEvidence(Refusal):
    """A dispute shows at least one snapshot as evidence, each once."""

    code = "dispute_shows_evidence"
    status = 422
    hint = "Ingest the page you rely on, and name its snapshot_id."


class ClarificationTooShort(Refusal):
    """A clarification has 1 to 4000 characters."""

    code = "clarification_is_1_to_4000_long"
    status = 422
    hint = "Write what is to be understood."
