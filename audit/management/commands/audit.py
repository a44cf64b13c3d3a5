"""`manage.py audit`: the log is sealed, verified, exported, and goes on in another cluster."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFailure

from audit.sealing import exporting, keys, rotation, sealer
from audit.sealing.notes import COSIGNATURE, ED25519, NoteIsBroken, Verifier
from audit.sealing.verification import verify
from core.database.unit import unit
from core.refusals import Refusal, translate

TOLD_EVERY = 0.2


class Command(BaseCommand):
    """Seal, verify, export, rotate, and show the key that others check with."""

    help = "Seal, verify and export the audit log."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("seal", help="seal now what can be sealed, and end")
        check = actions.add_parser("verify", help="read every row, and say what is not as it was sealed")
        check.add_argument("--against", type=Path, nargs="*", default=[], help="checkpoints kept elsewhere")
        check.add_argument(
            "--key",
            type=_verifier,
            action="append",
            help="a verifier key of the log, once for each it had (those of AUDIT_SIGNING_KEY)",
        )
        check.add_argument(
            "--witness",
            type=_witness,
            action="append",
            default=[],
            help="the verifier key of a witness that must have cosigned the log",
        )
        check.add_argument("--jobs", type=int, default=4, help="how many statements read at once (4)")
        export = actions.add_parser("export", help="write the sealed log, and the program that checks it")
        export.add_argument("folder", type=Path)
        actions.add_parser("rotate", help="go on in a new epoch, after the database moved to another cluster")
        actions.add_parser("key", help="show the verifier key, for whoever checks the log")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it.

        :raises CommandError: for a refusal; a log that is not as it was sealed ends with exit 1.
        """
        try:
            getattr(self, f"_{action}")(options)
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            raise CommandError(f"{refusal} {refusal.hint}") from error
        except OSError as error:
            raise CommandError(str(error)) from None

    def _seal(self, options: dict[str, Any]) -> None:
        rows = 0
        while True:
            with unit("worker"):
                done = sealer.seal()
            if done is None:
                raise CommandError("Another sealer is at it.")
            rows += done.rows
            if not done.rows:
                break
        self.stdout.write(f"Sealed {rows} rows; {done.size} in all.")

    def _verify(self, options: dict[str, Any]) -> None:
        # what is no text at all is no signed note either
        kept = {str(path): path.read_text(errors="replace") for path in options["against"]}
        trusted = options["key"] or keys.verifiers()
        faults = verify(
            trusted,
            witnesses=options["witness"],
            kept=kept,
            jobs=max(1, options["jobs"]),
            tell=self._told("tiles"),
        )
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} things are not as they were sealed.")
        self.stdout.write("Everything is as it was sealed.")

    def _export(self, options: dict[str, Any]) -> None:
        folder = options["folder"]
        count = exporting.export(folder, tell=self._told("records"))
        self.stdout.write(
            f"{count} records are in {folder}. Check them anywhere, with the key of manage.py audit key:\n"
            f"    python3 {folder}/xmarket_verify.py log {folder} --key KEY"
        )

    def _rotate(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"The log goes on in epoch {rotation.rotate()}.")

    def _key(self, options: dict[str, Any]) -> None:
        for verifier in keys.verifiers():
            self.stdout.write(str(verifier))

    def _told(self, what: str) -> Any:
        """A line that counts, where somebody looks."""
        last = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal last
            if sys.stderr.isatty() and (done == total or time.monotonic() - last > TOLD_EVERY):
                last = time.monotonic()
                part = 100 * done // max(1, total)
                self.stderr.write(
                    f"\r{done} of {total} {what}, {part} %", ending="\n" if done == total else ""
                )

        return tell


def _verifier(text: str) -> Verifier:
    return _key(text, ED25519, "This is the key of a witness: give it as --witness.")


def _witness(text: str) -> Verifier:
    return _key(text, COSIGNATURE, "This is the key of a log: give it as --key.")


def _key(text: str, algorithm: bytes, otherwise: str) -> Verifier:
    try:
        found = Verifier.read(text)
    except NoteIsBroken as broken:
        raise ArgumentTypeError(str(broken)) from None
    if found.algorithm != algorithm:
        raise ArgumentTypeError(otherwise)
    return found
