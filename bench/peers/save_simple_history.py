"""django-simple-history, as its documentation uses it: each save leaves a copy of the row beside it."""

from __future__ import annotations

from bench.peers import project

project.configure("simple_history")

from simple_history.models import HistoricalRecords  # noqa: E402 - Django is set up first

from bench.peers import saved  # noqa: E402


class Market(saved.Saved):
    """The row whose copies are kept."""

    history = HistoricalRecords()

    class Meta:
        app_label = project.Peer.label


if __name__ == "__main__":
    saved.attend(Market, Market.history.model)
