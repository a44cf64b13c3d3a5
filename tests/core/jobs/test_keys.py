"""A key is the name of a job for ever: the same work is asked for once, and other work is refused under it."""

from __future__ import annotations

import pytest

from core.jobs.models import Job
from core.jobs.queue import Wanted, bulk_enqueue, enqueue
from core.jobs.refusals import JobDiffers
from tests.core.jobs import work
from tests.factories import World, acting

pytestmark = pytest.mark.django_db


def test_the_same_key_and_payload_is_the_same_job(world: World) -> None:
    with acting(world.edith):
        first, is_new = enqueue(work.add, {"left": 1, "right": 2}, Wanted(key="k"))
        again, is_new_again = enqueue(work.add, {"right": 2, "left": 1}, Wanted(key="k"))

    assert (is_new, is_new_again) == (True, False)
    assert again.pk == first.pk


def test_another_payload_under_the_same_key_is_refused(world: World) -> None:
    with acting(world.edith):
        enqueue(work.add, {"left": 1}, Wanted(key="k"))
        with pytest.raises(JobDiffers):
            enqueue(work.add, {"left": 2}, Wanted(key="k"))


def test_a_key_of_nobodys_job_is_free_for_another_type(world: World) -> None:
    with acting(world.edith):
        enqueue(work.add, {"left": 1}, Wanted(key="k"))
        assert enqueue(work.nothing, {}, Wanted(key="k"))[1]


def test_an_owners_key_is_one_job_whatever_is_asked(world: World) -> None:
    mine = Wanted(key="k", owner=world.edith)
    with acting(world.edith):
        first, _ = enqueue(work.add, {"left": 1}, mine)
        again, is_new = enqueue(work.add, {"left": 1}, mine)
        with pytest.raises(JobDiffers):
            enqueue(work.nothing, {}, mine)

    assert (again.pk, is_new) == (first.pk, False)


def test_many_at_once_leave_those_that_are_there(world: World) -> None:
    payloads = [(f"k-{number}", {"left": number}) for number in range(10)]
    with acting(world.edith):
        assert bulk_enqueue(work.add, payloads[:4]) == 4
        assert bulk_enqueue(work.add, payloads) == 6
        with pytest.raises(JobDiffers) as refused:
            bulk_enqueue(work.add, [("k-1", {"left": 7}), ("new", {"left": 1})])

    assert refused.value.facts["keys"] == ["k-1"]
    assert Job.objects.count() == 11


def test_many_at_once_with_one_that_differs_are_rolled_back_with_their_unit(world: World) -> None:
    with acting(world.edith):
        enqueue(work.add, {"left": 1}, Wanted(key="k"))
    with pytest.raises(JobDiffers), acting(world.edith):
        bulk_enqueue(work.add, [("k", {"left": 2}), ("new", {"left": 1})])

    assert Job.objects.count() == 1
