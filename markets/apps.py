"""The markets room."""

from importlib import import_module

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    """Names the room and says what its approved actions do, and what their effects are compared with."""

    name = "markets"

    def ready(self) -> None:
        """Register what approvals make happen, how to tell that there was one, and what is closed."""
        from audit import approvals, approved  # noqa: PLC0415 - models are not loaded before
        from core.jobs import services  # noqa: PLC0415
        from markets import publishing, trading  # noqa: PLC0415
        from markets.approved import ALL  # noqa: PLC0415
        from markets.life import changes, closing  # noqa: PLC0415

        import_module("markets.life.refusals")
        for compared in ALL:
            approved.register(compared)
        approvals.register_effect("market:create", trading.open_approved)
        approvals.register_effect("market:amend", changes.amend_approved)
        approvals.register_effect("market:resolve", changes.resolve_approved)
        approvals.register_effect("market:void", changes.resolve_approved)
        approvals.register_effect("market:reopen", changes.reopen_approved)
        approvals.register_effect("event:publish", publishing.publish_approved)
        services.register("closing", closing.tick, every=closing.EVERY)
