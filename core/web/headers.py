"""What is said in headers, read strictly: a fault names its header."""

from __future__ import annotations

from core.refusals import InvalidInput


def fault(header: str, detail: str) -> InvalidInput:
    """Refuse a header by its name."""
    return InvalidInput(errors=[{"header": header, "detail": detail}])
