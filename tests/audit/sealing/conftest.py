from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from audit.sealing import keys
from audit.sealing.holders import Holder
from audit.sealing.publishing import configured
from tests.holders import Configure, Outside


@pytest.fixture
def configure(committing_db: str, settings: LazySettings) -> Configure:
    def to(*written: str) -> list[Holder]:
        settings.AUDIT_WITNESSES = list(written)
        return configured()

    return to


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    witness = Outside(tmp_path, str(keys.verifiers()[0]))
    yield witness
    witness.stop()
