"""Loads what a question set resolved to, in ForecastBench's public format, as proposals of resolutions."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from core.access.models import User
from markets.life import resolutions
from markets.life.imports import Outcome, import_resolution
from markets.life.resolutions import ResolutionSet, Resolved
from markets.management.importing import ImportCommand


class Command(ImportCommand):
    """Propose a resolution for each market that a row resolves, each in one transaction; safe to repeat."""

    help = "Load a resolution set in ForecastBench's public format as proposed resolutions of an agent."
    noun = "resolutions"
    outcomes = Outcome

    def read(self, body: bytes) -> ResolutionSet:
        """The resolution set."""
        return resolutions.read(body)

    def rows(self, whole: ResolutionSet) -> Sequence[Any]:
        """Its rows."""
        return whole.resolutions

    def bring(self, row: Resolved, *, by: User) -> StrEnum:
        """Propose what one row says."""
        return import_resolution(row, by=by)
