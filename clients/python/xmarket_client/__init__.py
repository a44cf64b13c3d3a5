"""A small client of Xmarket: signs requests, sends them once, and waits for people's decisions."""

from xmarket_client.client import Client
from xmarket_client.errors import (
    ApprovalTimedOut,
    Conflict,
    InvalidRequest,
    JobTimedOut,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    ServerFault,
    TooManyRequests,
    Unavailable,
    Unreachable,
    XmarketError,
)
from xmarket_client.signing import ApiKey, Credential, Ed25519Key, HmacKey

__all__ = [
    "ApiKey",
    "ApprovalTimedOut",
    "Client",
    "Conflict",
    "Credential",
    "Ed25519Key",
    "HmacKey",
    "InvalidRequest",
    "JobTimedOut",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "ServerFault",
    "TooManyRequests",
    "Unavailable",
    "Unreachable",
    "XmarketError",
]
