"""Reference rows: without them the system cannot run. Loading them again changes nothing.

Insert-only and idempotent, so that what an approval changed is never overwritten. Each room adds its own
through `register` in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections, transaction

Seed = Callable[[str], None]


def platform_tenant(using: str) -> None:
    """Make the platform tenant, whose people look after all the others."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenants (id, name, type) "
            "VALUES ('00000000-0000-0000-0000-000000000000', 'platform', 'platform') "
            "ON CONFLICT (id) DO NOTHING"
        )


def agents_mode(using: str) -> None:
    """Let agents write everywhere, until people say otherwise."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO switches (name, value) VALUES ('AGENTS_MODE', 'enabled') "
            "ON CONFLICT ON CONSTRAINT one_switch_of_each_name DO NOTHING"
        )


_seeds: list[Seed] = [platform_tenant, agents_mode]


def register(seed: Seed) -> None:
    """Add a loader, called with the database alias, as owner, in one transaction with the others."""
    if seed not in _seeds:
        _seeds.append(seed)


def load(using: str) -> None:
    """Load what every room registered, in the order of the rooms."""
    with transaction.atomic(using=using):
        for seed in _seeds:
            seed(using)
