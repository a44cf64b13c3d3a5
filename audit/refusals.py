"""How the log and the approvals say no; each name is also the name the database refuses by."""

from __future__ import annotations

from core.refusals import Refusal


class AuditOnlyGrows(Refusal):
    """The audit log only grows."""

    code = "audit_event_only_grows"
    hint = "Record a new event instead."


class NeverChanges(Refusal):
    """What people were asked and what they decided stays as it was."""

    code = "decision_never_changes"
    hint = "Put a new request, or decide again on it."
    constraints = (
        "subject_never_changes",
        "request_never_changes",
        "grant_never_changes",
        "revocation_never_changes",
        "reauthentication_never_changes",
        "policy_change_never_changes",
    )


class PolicyChangeNeedsApproval(Refusal):
    """An approval policy changes only by an approved proposal."""

    code = "policy_change_needs_approval"
    status = 403
    hint = "Propose the change and have it approved."
    constraints = ("policy_version_has_an_approval_of_its_own",)


class PolicyIsMalformed(Refusal):
    """No policy can say this."""

    code = "policy_change_is_well_formed"
    status = 422
    hint = (
        "Ask for 1 to 9 people in all, and keep to the lengths of time that docs/runbooks/policies.md names."
    )


class PolicyIsSoAlready(Refusal):
    """The policy says this already."""

    code = "policy_is_so_already"
    status = 422
    hint = "Change something, or leave it as it is."


class PolicyMovedOn(Refusal):
    """The policy was changed since this was proposed."""

    code = "policy_has_moved_on"
    hint = "Reject it, and propose the change anew."


class NothingToApprove(Refusal):
    """There is no such content to approve."""

    code = "request_has_a_known_subject"
    status = 422
    hint = "Propose it first."


class NoPolicy(Refusal):
    """No policy says who approves this, so nobody can."""

    code = "approval_needs_a_policy"
    status = 422
    hint = "Load the reference rows with `manage.py migrate`."


class AlreadyRequested(Refusal):
    """Somebody else has just put a request for the same thing."""

    code = "one_open_request"
    hint = "Read it and try again."


class UnknownRequest(Refusal):
    """There is no such request."""

    code = "decision_has_a_known_request"
    status = 422
    hint = "Open the queue again."


class RequestIsClosed(Refusal):
    """This request has been decided, replaced or withdrawn already."""

    code = "request_is_closed"
    hint = "Look at the newest request for this proposal."


class RequestHasExpired(Refusal):
    """The time to decide on this request is over."""

    code = "request_has_expired"
    hint = "Ask the proposer to put it again."


class DigestDiffers(Refusal):
    """What you saw is not what is under review now."""

    code = "digest_is_not_the_one_under_review"
    hint = "Read the page again and decide on what it shows."
    constraints = ("decision_is_over_the_requests_digest",)


class ProposerCannotDecide(Refusal):
    """Whoever proposed cannot decide."""

    code = "proposer_cannot_decide"
    status = 403
    hint = "Ask another member of staff."


class OperatorCannotDecide(Refusal):
    """Whoever operates the proposing agent cannot decide."""

    code = "operator_cannot_decide"
    status = 403
    hint = "Ask another member of staff."


class ReviewerIsBarred(Refusal):
    """You decided on an earlier step of the same market, so others decide on this one."""

    code = "reviewer_is_barred"
    status = 403
    hint = "Ask another member of staff."


class DecisionIsOnesOwn(Refusal):
    """Nobody decides in the name of another."""

    code = "decision_is_ones_own"
    status = 403
    hint = "Log in as yourself."


class ReviewerIsNotStaff(Refusal):
    """Only an active person of staff decides."""

    code = "reviewer_is_active_staff"
    status = 403
    hint = "Ask a member of staff."
    constraints = (
        "decision_is_by_a_person",
        "decision_is_by_a_known_person",
        "reauthentication_is_a_persons",
    )


class ReviewerOfAnotherTenant(Refusal):
    """A reviewer belongs to the tenant of the proposal, or to the platform."""

    code = "reviewer_is_of_another_tenant"
    status = 403
    hint = "Ask a member of that tenant."


class ReviewerLacksTheRole(Refusal):
    """The policy asks for a higher role than yours."""

    code = "reviewer_lacks_the_role"
    status = 403
    hint = "Ask somebody who holds that role."
    constraints = ("open_slot_needs_a_higher_role",)


class NoticeIsToldOnce(Refusal):
    """What people are told about a request is told once, and stays."""

    code = "notice_is_told_once"
    hint = "Look at the job that told it."


class AlreadyDecided(Refusal):
    """You have decided on this request already."""

    code = "reviewer_decides_once"
    hint = "Your first word stands; the others decide now."


class ReauthenticationIsStale(Refusal):
    """A decision needs your password, typed within the last five minutes."""

    code = "reauthentication_is_fresh"
    status = 403
    hint = "Type your password again."


class ReauthenticationIsUsed(Refusal):
    """One typing of the password serves one decision."""

    code = "reauthentication_is_used_once"
    status = 403
    hint = "Type your password again."
    constraints = (
        "revocation_has_a_proof_of_its_own",
        "delegation_has_a_proof_of_its_own",
        "review_has_a_proof_of_its_own",
    )


class UnknownGrant(Refusal):
    """There is no such grant."""

    code = "revocation_has_a_known_grant"
    status = 422
    hint = "Look for it among the grants in the admin."


class AlreadyRevoked(Refusal):
    """This approval has been revoked already."""

    code = "grant_is_revoked_once"
    hint = "Read who revoked it, and why."


class ApprovalIsRevoked(Refusal):
    """The approval that this rests on has been revoked."""

    code = "approval_is_revoked"
    status = 403
    hint = "Propose it anew and have it approved."


class ApprovalHasExpired(Refusal):
    """This approval was not used in time."""

    code = "approval_has_expired"
    hint = "Have it approved again."


class TrialIsTakenBack(Refusal):
    """What was only tried is never kept."""

    code = "trial_is_taken_back"
    hint = "Take it back before the transaction ends."


class WrongPassword(Refusal):
    """That is not your password."""

    code = "wrong_password"
    status = 403
    hint = "Type the password you log in with."


class ApprovalNeedsItsQuorum(Refusal):
    """The people this policy asks for have not approved this content."""

    code = "approval_needs_its_quorum"
    status = 403
    hint = "Decide on the request in the admin."


class ProposalIsSomebodyElses(Refusal):
    """Only the proposer, or the person who operates it, does that."""

    code = "proposal_is_somebody_elses"
    status = 403
    hint = "Propose your own, or reject this one in the admin."


class EpochIsOver(Refusal):
    """The database moved to another cluster, whose transactions count anew."""

    code = "epoch_is_over"
    hint = "Begin the next epoch: manage.py audit rotate."


class LogIsNotInUtf8(Refusal):
    """The log is sealed in UTF8 alone, so that its bytes are the same for ever."""

    code = "log_is_in_utf8"
    hint = "Remove client_encoding from the address of the database."


class LogCannotBeSigned(Refusal):
    """There is no key to sign the log with; rows are kept, and wait to be sealed."""

    code = "log_cannot_be_signed"
    status = 503
    hint = "Set AUDIT_SIGNING_KEY where manage.py work runs."


class NotSealedYet(Refusal):
    """This fact is in the log and not sealed yet."""

    code = "not_sealed_yet"
    hint = "Ask again in as many seconds as Retry-After says."

    def __init__(self, **facts: object) -> None:
        super().__init__(**{"retry_after": 2, **facts})
