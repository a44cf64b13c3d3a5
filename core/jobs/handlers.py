"""What work there is: plain functions with the Django Tasks decorator, and how each of them is run.

A handler is registered by being imported, so every room keeps its handlers in `tasks.py`, which workers
and web processes load at start.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

import rfc8785
from django_tasks.base import Task

from core.jobs.refusals import JobPayloadDoesNotFit, JobPayloadIsTooLarge, JobTypeIsUnknown

P = ParamSpec("P")
T = TypeVar("T")

LARGEST_PAYLOAD = 32 * 1024
LONGEST_TYPE = 100
BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)
_known: dict[str, Handler[Any, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler(Task[P, T]):
    """A function that does work, and how it is run. Its `queue_name` is the lane.

    :ivar job_type: the name in the table; the function's own path where none is given.
    :ivar max_attempts: 1 to 20.
    :ivar time_limit: seconds that one attempt may take.
    :ivar backoff: seconds before the second attempt; twice as long before each further one, at most an hour.
    :ivar concurrency: how many jobs of one concurrency key run at once; None for any number.
    :ivar keyed_by: makes the concurrency key of a payload; without it all jobs of the type share one.
    :ivar rate: how many jobs of the type begin per minute, on all workers together; None for any number.
    :ivar batch: how many are claimed at once, for work that is shorter than a claim.
    :ivar retention: how long payload and result are kept after the end.
    :ivar permission: what a principal of the API holds who asks for it; empty where nobody does.
    """

    job_type: str = ""
    max_attempts: int = 5
    time_limit: float = 300.0
    backoff: float = 60.0
    concurrency: int | None = None
    keyed_by: Callable[[Mapping[str, Any]], str] | None = None
    rate: int | None = None
    batch: int = 1
    retention: timedelta = timedelta(days=30)
    permission: str = ""

    def __post_init__(self) -> None:
        # zero-argument super() does not survive the second class that slots make
        Task.__post_init__(self)
        _known.setdefault(self.kind, self)

    @property
    def kind(self) -> str:
        """The name in the table."""
        return self.job_type or self.module_path

    def payload(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Write the arguments as a payload: by their names, where the function has names for all of them.

        :raises JobPayloadDoesNotFit: where the function does not take them.
        """
        shape = _shape_of(self.func, self.takes_context)
        try:
            bound = shape.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise JobPayloadDoesNotFit(detail=f"{self.kind}: {error}.") from None
        if shape.takes_places:
            return {"args": list(args), "kwargs": dict(kwargs)}
        return {**dict(zip(shape.signature.parameters, bound.args, strict=False)), **bound.kwargs}

    def arguments(self, payload: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Read a payload back.

        :raises JobPayloadDoesNotFit: where the function does not take it.
        """
        shape = _shape_of(self.func, self.takes_context)
        args: list[Any] = []
        kwargs = dict(payload)
        if shape.is_filled_by(payload):
            return args, kwargs
        try:
            if shape.takes_places:
                args, kwargs = list(payload.get("args", [])), dict(payload.get("kwargs", {}))
            shape.signature.bind(*args, **kwargs)
        except (TypeError, ValueError) as error:
            raise JobPayloadDoesNotFit(detail=f"{self.kind}: {error}.") from None
        return args, kwargs

    def concurrency_key(self, payload: Mapping[str, Any]) -> str | None:
        """The key whose jobs wait for each other."""
        if self.concurrency is None:
            return None
        return f"{self.kind}:{self.keyed_by(payload) if self.keyed_by else ''}"[:255]


def of(work: Task[Any, Any]) -> Handler[Any, Any]:
    """What `@task` made, as what it is here.

    :raises TypeError: for a task that was made for another backend.
    """
    if not isinstance(work, Handler):
        raise TypeError(f"{work.module_path} was made for another backend.")
    return work


def handler_of(job_type: str) -> Handler[Any, Any]:
    """The handler of a type.

    :raises JobTypeIsUnknown: naming those there are.
    """
    found = _known.get(job_type)
    if found is None:
        raise JobTypeIsUnknown(job_type=job_type[:LONGEST_TYPE], known=sorted(_known))
    return found


def every() -> dict[str, Handler[Any, Any]]:
    """Every handler by the name of its type."""
    return dict(_known)


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Write a payload as RFC 8785 does: the same work is the same bytes.

    :raises JobPayloadDoesNotFit: for what JSON, or PostgreSQL's reading of it, cannot hold.
    :raises JobPayloadIsTooLarge: over 32 KiB.
    """
    try:
        written: bytes = rfc8785.dumps(dict(payload))
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise JobPayloadDoesNotFit(detail=f"The payload cannot be written as JSON: {error}.") from None
    if rb"\u0000" in written:
        raise JobPayloadDoesNotFit(detail="The payload holds the character NUL, which no text may.")
    if len(written) > LARGEST_PAYLOAD:
        raise JobPayloadIsTooLarge(limit=LARGEST_PAYLOAD, size=len(written))
    return written


@dataclass(frozen=True)
class _Shape:
    """What a function takes, read once: reading it takes longer than writing a job."""

    signature: inspect.Signature
    takes_places: bool
    names: frozenset[str]
    required: frozenset[str]

    def is_filled_by(self, names: Iterable[str]) -> bool:
        """Whether these names fit without a closer look."""
        given = set(names)
        return not self.takes_places and self.required <= given <= self.names


@functools.cache
def _shape_of(func: Callable[..., Any], takes_context: bool) -> _Shape:
    signature = inspect.signature(func)
    parameters = list(signature.parameters.values())[int(takes_context) :]
    named = [parameter for parameter in parameters if parameter.kind in BY_NAME]
    return _Shape(
        signature.replace(parameters=parameters),
        any(parameter.kind in POSITIONAL for parameter in parameters),
        frozenset(parameter.name for parameter in named),
        frozenset(parameter.name for parameter in named if parameter.default is parameter.empty),
    )
