"""The tables of this room, gathered where Django looks for them."""

from core.access.credentials import RequestNonce, SigningKey
from core.access.models import ApiKey, Tenant, User, UserRole
from core.jobs.models import Job
from core.messaging.models import OutboxEvent

__all__ = [
    "ApiKey",
    "Job",
    "OutboxEvent",
    "RequestNonce",
    "SigningKey",
    "Tenant",
    "User",
    "UserRole",
]
