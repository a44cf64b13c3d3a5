"""How what happens around decisions says no; each name is also the name the database refuses by."""

from __future__ import annotations

from core.refusals import Refusal


class DelegationIsNotInForce(Refusal):
    """No delegation of that kind is given to you at this moment."""

    code = "delegation_is_in_force"
    status = 403
    hint = "Decide in your own role, or ask the person for a delegation."


class DelegatorLacksTheRole(Refusal):
    """Nobody lets another decide in a role that is not, or no longer, their own."""

    code = "delegator_holds_the_role"
    status = 403
    hint = "Ask somebody who holds that role."


class DelegatorCannotDecide(Refusal):
    """Whoever may not decide on this lets nobody else do it for them."""

    code = "delegator_cannot_decide"
    status = 403
    hint = "Decide in your own role, or by the delegation of somebody else."


class SpokenForAlready(Refusal):
    """Whoever delegates and whoever decides for them give one word between them."""

    code = "delegator_and_delegate_speak_once"
    status = 403
    hint = "Ask another member of staff."


class DelegateIsNotStaff(Refusal):
    """One delegates to another active person of staff of the same tenant."""

    code = "delegate_is_active_staff"
    status = 422
    hint = "Choose a member of staff of your own tenant."
    constraints = (
        "delegation_is_to_another",
        "delegation_is_to_a_known_person",
        "delegation_is_by_a_known_person",
    )


class DelegationIsInThePast(Refusal):
    """A delegation ends after it begins, and not in the past."""

    code = "delegation_ends_after_it_begins"
    status = 422
    hint = "Say until when it is to last."


class DelegationNeverChanges(Refusal):
    """A delegation stays as it was given; it only ends, early or in time."""

    code = "delegation_never_changes"
    hint = "End it and give another."


class DelegationIsSomebodyElses(Refusal):
    """Only the two people of a delegation end it early, or an admin."""

    code = "delegation_is_somebody_elses"
    status = 403
    hint = "Ask one of the two."


class RequestIsClaimed(Refusal):
    """Somebody else looked at this request within the last half hour."""

    code = "request_is_claimed"
    hint = "Ask them, or wait; you may decide all the same."
    constraints = ("one_open_claim",)


class ClaimIsSomebodyElses(Refusal):
    """A claim is made and released by the person whose it is."""

    code = "claim_is_ones_own"
    status = 403
    hint = "Claim it yourself."


class ClaimNeverChanges(Refusal):
    """A claim stays as it was made; it is only released."""

    code = "claim_never_changes"
    hint = "Release it and claim again."


class CommentNeverChanges(Refusal):
    """What was said about a request stays said."""

    code = "comment_never_changes"
    hint = "Write another comment."


class CommentIsByWhoeverTakesPart(Refusal):
    """People of staff comment on a request, its proposer, and the person who operates that proposer."""

    code = "comment_is_by_whoever_takes_part"
    status = 403
    hint = "Ask a member of staff."


class CommentSaysSomething(Refusal):
    """A comment has 1 to 4000 characters."""

    code = "comment_says_something"
    status = 422
    hint = "Write what you have to say in at most 4000 characters."


class BreakGlassIsForSuperAdmins(Refusal):
    """Only a super-admin breaks the glass, in a role of their own."""

    code = "break_glass_is_for_super_admins"
    status = 403
    hint = "Ask a super-admin, or wait for the people whom the policy asks for."


class OverrideWaitsForReview(Refusal):
    """What you overrode last time has not been reviewed yet."""

    code = "override_waits_for_review"
    status = 403
    hint = "Ask another admin to review it."
    constraints = ("one_unreviewed_break_glass",)


class BreakGlassNeedsAnotherPerson(Refusal):
    """At high risk the glass is broken only beside the approval of another person."""

    code = "break_glass_needs_another_person"
    status = 403
    hint = "Ask an admin to approve it first."


class OverrideIsReviewedByAnother(Refusal):
    """An override is reviewed by an admin who neither made it, nor decided on it, nor proposed it."""

    code = "override_is_reviewed_by_another"
    status = 403
    hint = "Ask another admin."


class OverrideIsReviewedOnce(Refusal):
    """An override stays as it was made, and is reviewed once."""

    code = "override_is_reviewed_once"
    hint = "Read what the review came to."


class ListIsWellFormed(Refusal):
    """A list names 1 to 50 requests, each once and with its digest."""

    code = "list_is_well_formed"
    status = 422
    hint = "Choose at most 50 requests, and read the page again."


class ListIsOnesOwn(Refusal):
    """A list is decided on by the person who made it, and stays as it was made."""

    code = "list_is_ones_own"
    status = 403
    hint = "Make a list of your own."
    constraints = ("list_never_changes",)


class BulkIsForLowRisk(Refusal):
    """Only what is of low risk is decided on by a list."""

    code = "bulk_is_for_low_risk"
    status = 403
    hint = "Open it and decide on it by itself."


class NotOnTheList(Refusal):
    """The password was typed for a list that does not name this request with this digest."""

    code = "not_on_the_list"
    status = 403
    hint = "Open it, read it again and decide on what it shows."
