"""The audit room."""

from functools import partial

from django.apps import AppConfig
from django.conf import settings

# seconds between two looks at who keeps checkpoints no longer
LOOKED_AFTER = 10


class AuditConfig(AppConfig):
    """Names the room and gives its reference rows."""

    name = "audit"
    verbose_name = "Decisions and log"

    def ready(self) -> None:
        """Register first rows, what the worker does, what watches and what verifies; note failed logins."""
        # not before the apps are there
        from audit import approvals, approved, logins, policies, subjects  # noqa: PLC0415
        from audit.notices import care  # noqa: PLC0415
        from audit.policing import reading  # noqa: PLC0415
        from audit.sealing import first, publishing, sealer, standing  # noqa: PLC0415
        from core.database import seeds  # noqa: PLC0415
        from core.jobs import gauges, services  # noqa: PLC0415

        approvals.register_effect(policies.CHANGE, policies.put_into_force)
        subjects.register(policies.CHANGE, reading.PRESENTATION)
        seeds.register(policies.first_policies)
        seeds.register(first.first_rows)
        services.register("sealer", sealer.tick, every=settings.AUDIT_SEAL_EVERY, opens_units=True)
        services.register("holders", publishing.let_go, every=LOOKED_AFTER)
        services.register("care of requests", care.tick, every=care.EVERY)
        gauges.register(standing.gauges)
        for holder in publishing.configured():
            services.register(
                f"witnesses {holder.name}",
                partial(publishing.tick, holder),
                every=settings.AUDIT_SEAL_EVERY,
                opens_units=True,
            )
        for checked in (approved.GRANTS, approved.BROKEN_GLASSES, approved.POLICIES):
            approved.register(checked)
        logins.watch()
