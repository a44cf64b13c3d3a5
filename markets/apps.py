"""The markets room."""

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    """Names the room and says what its approved actions do."""

    name = "markets"

    def ready(self) -> None:
        """Register what an approved `market:create` makes happen."""
        from audit import approvals  # noqa: PLC0415 - models are not loaded before
        from markets import trading  # noqa: PLC0415

        approvals.register_effect("market:create", trading.open_approved)
