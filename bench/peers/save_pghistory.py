"""django-pghistory, as its documentation uses it: a trigger of the database copies each changed row."""

from __future__ import annotations

from bench.peers import project

project.configure("pgtrigger", "pghistory")

import pghistory  # noqa: E402 - Django is set up first

from bench.peers import saved  # noqa: E402


class Market(saved.Saved):
    """The row whose changes are copied."""

    class Meta:
        app_label = project.Peer.label


class MarketEvent(pghistory.create_event_model(Market)):  # type: ignore[misc]
    """One copy."""

    class Meta:
        app_label = project.Peer.label


if __name__ == "__main__":
    saved.attend(Market, MarketEvent, command="pgtrigger")
