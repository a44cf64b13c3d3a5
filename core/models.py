"""The tables of this room, gathered where Django looks for them."""

from core.access.credentials import RequestNonce, SigningKey
from core.access.entitlements import RateBucket, UserEntitlement
from core.access.models import ApiKey, Tenant, User, UserRole
from core.access.switches import Switch
from core.idempotency.models import KeptAnswer
from core.jobs.models import Job, JobEvent, JobRate
from core.messaging.models import OutboxEvent

__all__ = [
    "ApiKey",
    "Job",
    "JobEvent",
    "JobRate",
    "KeptAnswer",
    "OutboxEvent",
    "RateBucket",
    "RequestNonce",
    "SigningKey",
    "Switch",
    "Tenant",
    "User",
    "UserEntitlement",
    "UserRole",
]
