"""django-auditlog, as its documentation uses it: the model is registered, and signals write what changed."""

from __future__ import annotations

from bench.peers import project

project.configure("auditlog")

from auditlog.registry import auditlog  # noqa: E402 - Django is set up first

from bench.peers import saved  # noqa: E402


class Market(saved.Saved):
    """The row whose changes are written down."""

    class Meta:
        app_label = project.Peer.label


auditlog.register(Market)

if __name__ == "__main__":
    saved.attend(Market)
