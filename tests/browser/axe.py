"""axe-core, which looks for what keeps people from using a page; fetched once into .run/axe, and never kept."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
WHERE = Path(settings.BASE_DIR) / ".run" / "axe"
MEMBER = "package/axe.min.js"
PATIENCE = 120
GRAVE = ("serious", "critical")
RUN = """
async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map(v => ({id: v.id, impact: v.impact, where: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}))
"""


def source() -> str:
    """The script of the version that is pinned; where it cannot be had, the test is skipped and says why."""
    script = WHERE / f"axe-{VERSION}.min.js"
    if not script.exists():
        _fetch(script)
    code = script.read_bytes()
    if hashlib.sha256(code).hexdigest() != SHA256:
        script.unlink()
        pytest.fail(f"{script} was not axe-core {VERSION}, and is removed.")
    return code.decode()


def grave(page: Page, script: str) -> list[dict[str, Any]]:
    """What it finds on the page that is serious or worse."""
    page.evaluate(script)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [violation for violation in found if violation["impact"] in GRAVE]


def _fetch(script: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"axe-core {VERSION} is fetched by npm, and there is no npm here.")
    WHERE.mkdir(parents=True, exist_ok=True)
    asked = [npm, "pack", "--silent", "--ignore-scripts", f"axe-core@{VERSION}"]
    try:
        subprocess.run(asked, cwd=WHERE, check=True, capture_output=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        pytest.skip(f"axe-core {VERSION} cannot be fetched from the npm registry: {problem}")
    with tarfile.open(WHERE / f"axe-core-{VERSION}.tgz") as packed:
        member = packed.extractfile(MEMBER)
        assert member is not None
        script.write_bytes(member.read())
