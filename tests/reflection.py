"""What there is, found by looking: modules, verbs, refusals and SQL files."""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings

from core.database.unit import verb
from core.refusals import Refusal

ROOMS = ("core", "audit", "artifacts", "markets", "config")
BASE = Path(settings.BASE_DIR)
# these begin to serve when they are imported
SERVERS = {"config.wsgi", "config.asgi"}
# every decorated verb runs the same wrapper
WRAPPER = verb("a:sample")(lambda: None).__code__


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of ours but migrations and servers, which do things when they are imported."""
    found = []
    for room in ROOMS:
        package = import_module(room)
        found.append(package)
        names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{room}.")]
        found += [import_module(name) for name in names if ".migrations" not in name and name not in SERVERS]
    return tuple(found)


@functools.cache
def verbs() -> dict[str, Callable[..., Any]]:
    """Every verb by `module.name`."""
    return {
        f"{module.__name__}.{name}": thing
        for module in modules()
        for name, thing in vars(module).items()
        if getattr(thing, "__code__", None) is WRAPPER and thing.__module__ == module.__name__
    }


def refusals() -> list[type[Refusal]]:
    """Every refusal of every room."""
    modules()
    return [each for each in _below(Refusal) if each.__module__.split(".")[0] in ROOMS]


def sources(pattern: str) -> list[Path]:
    """Our own files of this name, wherever they lie."""
    return sorted(
        path for room in (*ROOMS, "tests", "bench", "clients") for path in (BASE / room).rglob(pattern)
    )


def _below(family: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in family.__subclasses__():
        yield each
        yield from _below(each)
