"""How a request that carries an Idempotency-Key is refused."""

from __future__ import annotations

from core.refusals import Refusal


class KeyIsRequired(Refusal):
    """A POST carries an Idempotency-Key, so that it can be sent again without being done again."""

    code = "idempotency_key_is_required"
    status = 400
    hint = "Send `Idempotency-Key: <a new uuid>`, and the same one when you send this request again."


class RequestIsInFlight(Refusal):
    """A request with this Idempotency-Key is being answered right now."""

    code = "request_is_in_flight"
    status = 409
    hint = "Wait for as many seconds as Retry-After says, then send the same request again."
    # whoever gets here past the lock met the other one's row
    constraints = ("request_is_answered_once",)

    def __init__(self, **facts: object) -> None:
        super().__init__(**{"retry_after": 1, **facts})


class KeyIsReused(Refusal):
    """This Idempotency-Key belongs to a request with another body."""

    code = "idempotency_key_is_reused"
    status = 422
    hint = "Send another request with a key of its own."


class KeptAnswerStays(Refusal):
    """A kept answer never changes, and stays for 24 hours."""

    code = "kept_answer_stays_for_a_day"
    status = 409
    hint = "Send the next request with a key of its own."
