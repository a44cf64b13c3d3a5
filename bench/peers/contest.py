"""What every queue of P7 to P9 understands: one word and a number, answered by one number.

Each runs in a process of its own, in whichever environment it lives; nothing here needs more than Python.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping

WARM_UP = 30


def attend(words: Mapping[str, Callable[..., object]]) -> None:
    """Do what the command line asks for, and print what comes of it."""
    asked, *numbers = sys.argv[1:]
    answer = words[asked](*[int(number) for number in numbers])
    if answer is not None:
        print(answer, flush=True)


def rate(one: Callable[[int], object], times: int, *, each: int = 1, warm_up: int = WARM_UP) -> float:
    """How many a second, where each call of `one` makes `each`."""
    for number in range(warm_up):
        one(-1 - number)
    began = time.perf_counter()
    for number in range(times):
        one(number)
    return times * each / (time.perf_counter() - began)


def wait_for_the_start() -> None:
    """Say that everything is loaded and connected, and wait until all the others are, too."""
    print("ready", flush=True)
    sys.stdin.readline()


def take_turns(kinds: Mapping[str, Callable[[float], float]]) -> None:
    """Say ready, then do what each line of standard input names for so many seconds, and print the rate."""
    print("ready", flush=True)
    for line in sys.stdin:
        kind, seconds = line.split()
        print(kinds[kind](float(seconds)), flush=True)
