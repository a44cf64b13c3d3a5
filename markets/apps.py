"""The markets room."""

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    """Names the room and says what its approved actions do, and what their effects are compared with."""

    name = "markets"

    def ready(self) -> None:
        """Register what approved actions make happen, and how to tell that they were approved."""
        from audit import approvals, approved  # noqa: PLC0415 - models are not loaded before
        from markets import publishing, trading  # noqa: PLC0415
        from markets.approved import MARKETS  # noqa: PLC0415

        approved.register(MARKETS)
        approvals.register_effect("market:create", trading.open_approved)
        approvals.register_effect("event:publish", publishing.publish_approved)
