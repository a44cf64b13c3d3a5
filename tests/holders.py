"""Those who keep checkpoints, for tests: how far they are, what was told of them, and a witness to go away."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import log
from audit.models import AuditEvent
from audit.sealing.holders import Holder
from audit.sealing.models import HolderState, LogCheckpoint, Seal
from audit.sealing.notes import COSIGNATURE, DASH, Verifier, text_of
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from tests.raw import run
from tests.sealing import seal_everything

Configure = Callable[..., list[Holder]]
KEY = Ed25519PrivateKey.from_private_bytes(b"9" * 32)
WITNESSES = Path(__file__).parents[1] / "clients" / "witness"


def write_and_seal(count: int = 3) -> int:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        for number in range(count):
            log.record("test:write", by=None, entity_type="tests", entity_id=str(number))
    seal_everything()
    return int(Seal.objects.get().size)


def due_now(holder: Holder) -> None:
    run("UPDATE audit_holder SET next_at = clock_timestamp() WHERE name = %s", holder.name)


def state_of(holder: Holder) -> HolderState:
    return HolderState.objects.get(name=holder.name)


def alarms() -> list[str]:
    events = AuditEvent.objects.filter(entity_type="log", action__startswith="log:").order_by("seq")
    return list(events.values_list("action", flat=True))


def messages() -> list[str]:
    return list(
        OutboxEvent.objects.filter(entity_type="log").order_by("id").values_list("event_type", flat=True)
    )


class Outside:
    """A witness in a process of its own, which can go away and come back."""

    def __init__(self, folder: Path, log_key: str) -> None:
        self.folder, self.log_key, self.port = folder, log_key, 0
        self.process: subprocess.Popen[str] | None = None
        made = self._run("--make-key", "witness.example.org/w1")
        self.key = made.communicate(timeout=30)[0].strip()
        self.start()

    def start(self) -> None:
        listen = ["--listen", f"127.0.0.1:{self.port}", "--state", str(self.folder / "state.json")]
        self.process = self._run(*listen, "--log", self.log_key)
        assert self.process.stdout
        address, key = self.process.stdout.readline().split()
        assert key == self.key
        self.port = int(address.rpartition(":")[2])

    def stop(self) -> str:
        """End it at once, and say what it said."""
        if self.process is None:
            return ""
        self.process.kill()
        said = self.process.communicate(timeout=30)[1]
        self.process = None
        return said

    @property
    def written(self) -> str:
        return f"http://127.0.0.1:{self.port}#{self.key}"

    def _run(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "xmarket_witness", "--key", str(self.folder / "key"), *words]
        return subprocess.Popen(
            command, cwd=WITNESSES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


def verifier_of_nobody() -> Verifier:
    return verifier_of("witness.example.org/w9")


def verifier_of(name: str) -> Verifier:
    return Verifier(name, KEY.public_key().public_bytes_raw(), COSIGNATURE)


def cosign(size: int, name: str = "witness.example.org/w9") -> str:
    """Have the checkpoint of a size cosigned by a witness, and say by which line."""
    text = text_of(LogCheckpoint.objects.get(size=size).note)
    at = int(time.time())
    signature = KEY.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    blob = verifier_of(name).id + at.to_bytes(8, "big") + signature
    line = f"{DASH} {name} {base64.b64encode(blob).decode()}\n"
    run(
        "INSERT INTO audit_cosignature (holder, size, line, cosigned_at) VALUES (%s, %s, %s, to_timestamp(%s))",
        name,
        size,
        line,
        at,
    )
    return line
