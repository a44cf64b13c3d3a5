"""How work is refused: when it is asked for, and while it is done."""

from __future__ import annotations

from core.refusals import Refusal


class JobTypeIsUnknown(Refusal):
    """There is no such work."""

    code = "job_type_is_unknown"
    status = 422
    hint = "Ask for one of the types in `known`."


class JobPayloadDoesNotFit(Refusal):
    """This payload is not what the work takes."""

    code = "job_payload_does_not_fit"
    status = 422
    hint = "`detail` says what is missing, too many, or not JSON."


class JobPayloadIsTooLarge(Refusal):
    """The payload of a job has at most 32 KiB."""

    code = "job_payload_is_small"
    status = 413
    hint = "Store what is large as evidence, and name it in the payload."
    constraints = ("job_payload_is_small",)


class JobAttempts(Refusal):
    """A job is tried 1 to 20 times."""

    code = "job_attempts_are_1_to_20"
    status = 422
    hint = "Send max_attempts from 1 to 20, or leave it out."


class JobDiffers(Refusal):
    """This key belongs to a job with another payload or of another type."""

    code = "job_differs"
    status = 422
    hint = "Ask for other work under a key of its own."


class JobMovesAsItMay(Refusal):
    """This job cannot do that now: what has ended stays as it ended, and what runs is its worker's."""

    code = "job_moves_as_it_may"
    status = 409
    hint = "Look at the job again: docs/states.md shows every way."


class JobPayloadStays(Refusal):
    """What a job was asked to do never changes."""

    code = "job_payload_stays"
    status = 409
    hint = "Ask for another job."


class LeaseIsLost(Refusal):
    """Another worker has this job, or nobody: what this attempt did is undone."""

    code = "lease_is_lost"
    status = 409
    hint = "Nothing: whoever has the job now goes on with it."
    constraints = ("lease_is_lost",)


class TimeLimitIsReached(Refusal):
    """The attempt took longer than its type may."""

    code = "time_limit_is_reached"
    status = 409
    hint = "Make the work smaller, or give its type more time."


class JobIsCancelled(Refusal):
    """Somebody asked to stop this job while it ran."""

    code = "job_is_cancelled"
    status = 409
    hint = "Drive it again if that was a mistake."


class ResultIsNotJson(Refusal):
    """The handler returned what JSON cannot hold, or more than 32 KiB of it."""

    code = "job_result_is_json"
    status = 422
    hint = "Return texts, whole and finite numbers, booleans, lists and objects; store what is large."


class TransactionIsTheUnits(Refusal):
    """The handler ended the attempt's transaction, or left one of its own open."""

    code = "transaction_is_the_units"
    status = 409
    hint = "Use transaction.atomic() as a with-block, and no COMMIT or ROLLBACK."
