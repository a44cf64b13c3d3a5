"""What the demo remembers between its runs, in a file that only its owner reads."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

from django.conf import settings

PATH = Path(settings.BASE_DIR) / ".run" / "demo.json"


def read() -> dict[str, Any]:
    """Everything kept; nothing where there is no file, or none that can be read."""
    try:
        return dict(json.loads(PATH.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write(**changes: Any) -> None:
    """Keep these beside what is kept already, whole or not at all."""
    text = json.dumps(read() | changes, indent=2)
    PATH.parent.mkdir(exist_ok=True)
    fresh = PATH.with_suffix(".new")
    fresh.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(PATH)


def forget() -> None:
    """Begin anew the next time."""
    PATH.unlink(missing_ok=True)
