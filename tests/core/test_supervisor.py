"""Processes that end are started again: at once at first, and ever more rarely where they end at once."""

from __future__ import annotations

from typing import Any

import pytest

from core.management import children, supervisor
from core.management.supervisor import Member, Supervisor


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Process:
    """One that ends when the test says so."""

    pid = 0

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.was_asked = False

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.was_asked = True
        self.returncode = 0

    def wait(self, timeout: float | None = None) -> int | None:
        return self.returncode


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(supervisor, "time", clock)
    return clock


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes in the order in which they were started."""
    started: list[Process] = []

    def start(words: Any, env: Any) -> Process:
        started.append(Process())
        return started[-1]

    monkeypatch.setattr(children, "start", start)
    return started


def watched(*members: Member) -> Supervisor:
    watching = Supervisor(members, lambda member, name: [member.kind, name], patience=1.0)
    watching.start()
    return watching


def waits(watching: Supervisor, clock: Clock, started: list[Process], lasted: float) -> float:
    """How long it takes until another is there, where the one before lasted so long."""
    before = len(started)
    clock.now += lasted
    started[-1].returncode = 1
    watching.look_after()
    ended = clock.now
    while len(started) == before:
        clock.now += 0.25
        watching.look_after()
    return clock.now - ended


def test_a_process_that_ends_at_once_is_started_ever_more_rarely(
    clock: Clock, started: list[Process]
) -> None:
    watching = watched(Member("worker", []))

    assert [waits(watching, clock, started, 1) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_process_that_lasted_is_started_soon(clock: Clock, started: list[Process]) -> None:
    watching = watched(Member("worker", []))
    for _ in range(5):
        waits(watching, clock, started, 1)

    assert waits(watching, clock, started, 60) == 0.5


def test_what_a_process_had_is_taken_back_under_its_name_and_the_next_has_another(
    clock: Clock, started: list[Process]
) -> None:
    told: list[str] = []
    member = Member("worker", [], after=told.append)
    watching = watched(member)
    first = member.name

    waits(watching, clock, started, 1)

    assert told == [first]
    assert member.name != first


def test_the_others_are_left_alone(clock: Clock, started: list[Process]) -> None:
    watching = watched(Member("keeper", []), Member("worker", []))

    waits(watching, clock, started, 1)

    assert len(started) == 3
    assert started[0].poll() is None


def test_all_are_asked_to_end(clock: Clock, started: list[Process]) -> None:
    watching = watched(Member("keeper", []), Member("worker", []))

    watching.stop()

    assert [process.was_asked for process in started] == [True, True]
